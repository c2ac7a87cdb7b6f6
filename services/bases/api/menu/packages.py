"""Packages of items (红色套餐)."""

from typing import Annotated

from fastapi import Query
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from services.bases.api.menu.views import (
    PackageChange,
    PackageFilters,
    PackageRequest,
    PackageView,
    PartBody,
)
from services.bases.domain.menu import Offer
from services.bases.handlers import menu as handlers
from services.bases.handlers.menu import Stated
from services.bases.tables import menu as tables
from services.bases.tables.menu import PackageRow
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Paging
from services.chassis.http.lists import as_file
from services.chassis.ids import new_id

commands = command_router(tags=["红色套餐"])
queries = query_router(tags=["红色套餐"])

Held = Annotated[PackageRow, held(PackageRow, "套餐", Action.MANAGE_BASES)]
Edited = Annotated[PackageRow, held(PackageRow, "套餐", Action.MANAGE_BASES, edit=True)]
Seen = Annotated[PackageRow, seen(PackageRow, "套餐")]


@commands.post("/packages", status_code=201, summary="发布套餐")
async def publish_package(request: PackageRequest, caller: Caller, uow: Work) -> PackageView:
    """Items follow one another back to back, but for the pauses stated before them."""
    area = await handlers.area_of(uow, request.area, request.base_id)
    caller.require(Action.MANAGE_BASES, area)
    fields = request.fields("parts") | {"area": area}
    offer = Offer(package_id=new_id(), retired_on=None, **fields)
    at = request.at(uow)
    row = await handlers.publish_package(offer, _stated(request.parts), uow, at)
    return await _shown(uow.session, row)


@commands.patch("/packages/{package_id}", summary="变更套餐")
async def change_package(package: Edited, request: PackageChange, uow: Work) -> PackageView:
    stated = None if request.parts is None else _stated(request.parts)
    row = await handlers.change_package(package, request.name, stated, uow, request.at(uow))
    return await _shown(uow.session, row)


@commands.post("/packages/{package_id}/retire", summary="下架套餐")
async def retire_package(package: Held, request: Timed, uow: Work) -> PackageView:
    row = await handlers.retire_package(package, uow, request.at(uow))
    return await _shown(uow.session, row)


@as_file(queries, "红色套餐")
@queries.get("/packages", summary="套餐列表")
async def list_packages(
    filters: Annotated[PackageFilters, Query()], paging: Paging
) -> Page[PackageView]:
    where = [] if filters.retired or filters.code else [col(PackageRow.retired_on).is_(None)]
    page = await paging.rows(PackageRow, filters, order="code", where=where)
    async with paging.context.database.sessions() as session:
        parts = await tables.parts(session, [row.package_id for row in page.items])
    return page.of([PackageView.of(row, parts[row.package_id]) for row in page.items])


@queries.get("/packages/{package_id}", summary="单个套餐")
async def get_package(package: Seen, context: Context) -> PackageView:
    async with context.database.sessions() as session:
        return await _shown(session, package)


def _stated(parts: list[PartBody]) -> Stated:
    return [(part.item_code, part.pause_minutes) for part in parts]


async def _shown(session: AsyncSession, row: PackageRow) -> PackageView:
    parts = await tables.parts(session, [row.package_id])
    return PackageView.of(row, parts[row.package_id])
