"""Packages of items (红色套餐)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.areas import AreaCode
from services.bases.api.menu.views import PackageChange, PackageRequest, PackageView, PartBody
from services.bases.handlers import menu as handlers
from services.bases.handlers.menu import Asked
from services.bases.tables import menu as tables
from services.bases.tables.menu import PackageRow
from services.chassis.clock import occurred
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    IfMatch,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    page_of,
    set_etag,
)
from services.chassis.http.fields import Sought
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list

commands = command_router(tags=["红色套餐"])
queries = APIRouter(prefix="/v1", tags=["红色套餐"], responses=dict(RESPONSES))


@commands.post("/packages", status_code=201, summary="发布套餐")
async def publish_package(
    request: PackageRequest, caller: Caller, uow: Work, response: Response
) -> PackageView:
    """Items follow one another back to back, but for the pauses stated before them."""
    by = await handlers.scope(uow, request.area, request.base_id)
    caller.require(Action.MANAGE_BASES, by.area)
    at = occurred(request.occurred_at, uow.now)
    asked = _asked(request.parts)
    row = await handlers.publish_package(request.code, request.name, by, asked, uow, at)
    return await _shown(uow.session, row, response)


@commands.patch("/packages/{package_id}", summary="变更套餐")
async def change_package(
    package_id: UUID,
    request: PackageChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> PackageView:
    current = await tables.package_row(uow.session, package_id)
    caller.require(Action.MANAGE_BASES, current.area)
    at = occurred(request.occurred_at, uow.now)
    asked = None if request.parts is None else _asked(request.parts)
    row = await handlers.change_package(package_id, request.name, asked, version, uow, at)
    return await _shown(uow.session, row, response)


@commands.post("/packages/{package_id}/retire", summary="下架套餐")
async def retire_package(
    package_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> PackageView:
    current = await tables.package_row(uow.session, package_id)
    caller.require(Action.MANAGE_BASES, current.area)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.retire_package(package_id, uow, at)
    return await _shown(uow.session, row, response)


@as_file(queries, "红色套餐")
@queries.get("/packages", summary="套餐列表")
async def list_packages(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    base_id: UUID | None = None,
    code: Sought | None = None,
    retired: Annotated[bool, Query(description="Those taken off the menu, too.")] = False,
    limit: Limit = 50,
) -> Page[PackageView]:
    async with context.database.sessions() as session:
        rows = await tables.packages(
            session,
            within=areas_to_list(caller, within),
            base_id=base_id,
            code=code,
            retired=retired,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
        parts = await tables.parts(session, [row.package_id for row in rows])
    return page_of(
        rows, limit, lambda row: PackageView.of(row, parts[row.package_id]), lambda row: (row.code,)
    )


@queries.get("/packages/{package_id}", summary="单个套餐")
async def get_package(
    package_id: UUID, context: Context, caller: Caller, response: Response
) -> PackageView:
    async with context.database.sessions() as session:
        row = await tables.package_row(session, package_id)
        caller.require(Action.READ, row.area)
        return await _shown(session, row, response)


def _asked(parts: list[PartBody]) -> list[Asked]:
    return [Asked(**part.model_dump()) for part in parts]


async def _shown(session: AsyncSession, row: PackageRow, response: Response) -> PackageView:
    set_etag(response, row.version)
    parts = await tables.parts(session, [row.package_id])
    return PackageView.of(row, parts[row.package_id])
