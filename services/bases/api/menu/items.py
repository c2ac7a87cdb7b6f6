"""Items of the menu, and the menu of a base."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from contracts.access import Action
from contracts.areas import AreaCode
from services.bases.api.menu.views import ItemChange, ItemRequest, ItemView, MenuView, PackageView
from services.bases.handlers import menu as handlers
from services.bases.tables import menu as tables
from services.bases.tables import places
from services.bases.tables.menu import ItemRow
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

commands = command_router(tags=["活动菜单"])
queries = APIRouter(prefix="/v1", tags=["活动菜单"], responses=dict(RESPONSES))


@commands.post("/menu-items", status_code=201, summary="发布菜单项目")
async def publish_item(
    request: ItemRequest, caller: Caller, uow: Work, response: Response
) -> ItemView:
    by = await handlers.scope(uow, request.area, request.base_id)
    caller.require(Action.MANAGE_BASES, by.area)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.publish(request.code, by, request.details(), uow, at)
    return _shown(row, response)


@commands.patch("/menu-items/{item_id}", summary="变更菜单项目")
async def change_item(
    item_id: UUID,
    request: ItemChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> ItemView:
    """What is booked already keeps the version it was booked as."""
    current = await tables.item_row(uow.session, item_id)
    caller.require(Action.MANAGE_BASES, current.area)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.change(item_id, request.changes(), version, uow, at), response)


@commands.post("/menu-items/{item_id}/retire", summary="下架菜单项目")
async def retire_item(
    item_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> ItemView:
    current = await tables.item_row(uow.session, item_id)
    caller.require(Action.MANAGE_BASES, current.area)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.retire(item_id, uow, at), response)


@as_file(queries, "活动菜单")
@queries.get("/menu-items", summary="菜单项目列表")
async def list_items(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    base_id: UUID | None = None,
    kind: Sought | None = None,
    code: Sought | None = None,
    retired: Annotated[bool, Query(description="Those taken off the menu, too.")] = False,
    limit: Limit = 50,
) -> Page[ItemView]:
    """In order of code. What one base offers with what its area offers: `/bases/{base_id}/menu`."""
    async with context.database.sessions() as session:
        rows = await tables.items(
            session,
            within=areas_to_list(caller, within),
            base_id=base_id,
            kind=kind,
            code=code,
            retired=retired,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, ItemView.of, lambda row: (row.code,))


@queries.get("/menu-items/{item_id}", summary="单个菜单项目")
async def get_item(
    item_id: UUID,
    context: Context,
    caller: Caller,
    response: Response,
    version: Annotated[
        int | None, Query(ge=1, description="As it was then: what a booking was booked as.")
    ] = None,
) -> ItemView:
    async with context.database.sessions() as session:
        row = await tables.item_row(session, item_id)
        caller.require(Action.READ, row.area)
        if version is not None:
            return ItemView.of(row, await tables.edition(session, row, version))
    return _shown(row, response)


@queries.get("/bases/{base_id}/menu", summary="基地的活动菜单")
async def menu_of_base(base_id: UUID, context: Context, caller: Caller) -> MenuView:
    """Items and packages that may be had there, its area's included."""
    async with context.database.sessions() as session:
        base = await places.base(session, base_id)
        caller.require(Action.READ, base.area)
        items, packages = await tables.menu_of(session, base_id, base.area)
        parts = await tables.parts(session, [row.package_id for row in packages])
    return MenuView(
        base_id=base_id,
        name=base.name,
        items=[ItemView.of(row) for row in items],
        packages=[PackageView.of(row, parts[row.package_id]) for row in packages],
    )


def _shown(row: ItemRow, response: Response) -> ItemView:
    set_etag(response, row.version)
    return ItemView.of(row)
