"""Items of the menu, and the menu of a base."""

from typing import Annotated

from fastapi import Query, Response
from sqlmodel import col

from contracts.access import Action
from services.bases.api.menu.views import (
    ItemChange,
    ItemFilters,
    ItemRequest,
    ItemView,
    MenuView,
    PackageView,
)
from services.bases.domain.menu import Item
from services.bases.handlers import menu as handlers
from services.bases.tables import menu as tables
from services.bases.tables.menu import ItemRow
from services.bases.tables.rows import BaseRow
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
    set_etag,
)
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Paging
from services.chassis.http.lists import as_file
from services.chassis.ids import new_id

commands = command_router(tags=["活动菜单"])
queries = query_router(tags=["活动菜单"])

Held = Annotated[ItemRow, held(ItemRow, "菜单项目", Action.MANAGE_BASES)]
Edited = Annotated[ItemRow, held(ItemRow, "菜单项目", Action.MANAGE_BASES, edit=True)]
Seen = Annotated[ItemRow, seen(ItemRow, "菜单项目")]
SeenBase = Annotated[BaseRow, seen(BaseRow, "基地")]


@commands.post("/menu-items", status_code=201, summary="发布菜单项目")
async def publish_item(request: ItemRequest, caller: Caller, uow: Work) -> ItemView:
    area = await handlers.area_of(uow, request.area, request.base_id)
    caller.require(Action.MANAGE_BASES, area)
    item = Item(
        item_id=new_id(),
        code=request.code,
        area=area,
        base_id=request.base_id,
        details=request.details(),
        retired_on=None,
        version=1,
    )
    return ItemView.of(await handlers.publish(item, uow, request.at(uow)))


@commands.patch("/menu-items/{item_id}", summary="变更菜单项目")
async def change_item(item: Edited, request: ItemChange, uow: Work) -> ItemView:
    """What is booked already keeps the version it was booked as."""
    return ItemView.of(await handlers.change(item, request.changes(), uow, request.at(uow)))


@commands.post("/menu-items/{item_id}/retire", summary="下架菜单项目")
async def retire_item(item: Held, request: Timed, uow: Work) -> ItemView:
    return ItemView.of(await handlers.retire(item, uow, request.at(uow)))


@as_file(queries, "活动菜单")
@queries.get("/menu-items", summary="菜单项目列表")
async def list_items(filters: Annotated[ItemFilters, Query()], paging: Paging) -> Page[ItemView]:
    """In order of code. What one base offers with what its area offers: `/bases/{base_id}/menu`."""
    where = [] if filters.retired or filters.code else [col(ItemRow.retired_on).is_(None)]
    page = await paging.rows(ItemRow, filters, order="code", where=where)
    return page.of([ItemView.of(row) for row in page.items])


@queries.get("/menu-items/{item_id}", summary="单个菜单项目")
async def get_item(
    item: Seen,
    context: Context,
    response: Response,
    version: Annotated[
        int | None, Query(ge=1, description="As it was then: what a booking was booked as.")
    ] = None,
) -> ItemView:
    if version is None:
        set_etag(response, item.version)
        return ItemView.of(item)
    async with context.database.sessions() as session:
        return ItemView.of(item, await tables.edition(session, item, version))


@queries.get("/bases/{base_id}/menu", summary="基地的活动菜单")
async def menu_of_base(base: SeenBase, context: Context) -> MenuView:
    """Items and packages that may be had there, its area's included."""
    async with context.database.sessions() as session:
        items, packages = await tables.menu_of(session, base.base_id, base.area)
        parts = await tables.parts(session, [row.package_id for row in packages])
    return MenuView(
        base_id=base.base_id,
        name=base.name,
        items=[ItemView.of(row) for row in items],
        packages=[PackageView.of(row, parts[row.package_id]) for row in packages],
    )
