"""Members by grid, and who is near: the fifteen-minute service circle over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlmodel import col

from contracts.access import Action
from contracts.areas import AREA_PATTERN, AreaCode
from contracts.kinds.members import HolderKind
from services.chassis.errors import NotFound
from services.chassis.http import Caller, Context, Page, Timed, Work, command_router, query_router
from services.chassis.http.listing import Filters, Paging
from services.chassis.http.lists import as_file
from services.membership.api.liaison.points import PointView
from services.membership.api.written import HolderId
from services.membership.domain.liaison import grids as domain
from services.membership.domain.liaison.grids import Responder
from services.membership.domain.volunteering.holders import Holder
from services.membership.handlers.liaison import grids as handlers
from services.membership.tables.liaison import store
from services.membership.tables.liaison.rows import ResponderRow

commands = command_router(tags=["网格服务圈"])
queries = query_router(tags=["网格服务圈"])

NEAREST = 100
"""Responders and points that the service circle names at most."""


class ResponderRequest(Timed):
    holder_kind: HolderKind = Field(default=HolderKind.MEMBER, title="党员类别")
    area: AreaCode = Field(title="网格")


class ResponderView(Responder):
    holder_id: HolderId = Field(title="党员编号")
    version: int


class ResponderFilters(Filters):
    holder_kind: HolderKind | None = None
    holder_id: UUID | None = None


class CircleView(BaseModel):
    grid: str = Field(title="网格")
    area: str | None = Field(
        title="就近范围", description="The grid, else its community, else its street."
    )
    responders: list[ResponderView] = Field(title="就近党员")
    points: list[PointView] = Field(title="就近联络点")


@commands.put("/grid-responders/{holder_id}", summary="编入网格")
async def assign(
    holder_id: UUID, request: ResponderRequest, caller: Caller, uow: Work
) -> ResponderView:
    """The one grid of a member or working member from now on; another one is left."""
    caller.require(Action.MANAGE_SERVICE, request.area)
    current = await _current(holder_id, caller, uow)
    holder, at = Holder(holder_id, request.holder_kind), request.at(uow)
    row = await handlers.assign(holder, request.area, current, uow, at)
    return row.shown(ResponderView)


@commands.delete("/grid-responders/{holder_id}", summary="退出网格")
async def release(holder_id: UUID, caller: Caller, uow: Work) -> ResponderView:
    current = await _current(holder_id, caller, uow)
    if current is None:
        raise NotFound(f"{holder_id} belongs to no grid.", zh="此人未编入任何网格。")
    return (await handlers.release(current, uow, uow.now)).shown(ResponderView)


@as_file(queries, "网格党员")
@queries.get("/grid-responders", summary="网格党员列表")
async def list_responders(
    filters: Annotated[ResponderFilters, Query()], paging: Paging
) -> Page[ResponderView]:
    standing = col(ResponderRow.released_at).is_(None)
    page = await paging.rows(ResponderRow, filters, where=[standing])
    return page.shown(ResponderView)


@queries.get("/service-circle", summary="十五分钟党员服务圈：就近响应")
async def circle(
    context: Context,
    caller: Caller,
    grid: Annotated[str, Query(pattern=AREA_PATTERN, description="A grid's 15-digit code.")],
) -> CircleView:
    """Whoever is nearest: of the grid itself, else of its community, else of its street."""
    caller.require(Action.READ, grid)
    domain.check_grid(grid)
    async with context.database.sessions() as session:
        near = domain.nearest(grid, await store.peopled(session, domain.around(grid)))
        responders = await store.responders(session, near or grid, NEAREST)
        points = await store.points_near(session, domain.around(grid), NEAREST)
    return CircleView(
        grid=grid,
        area=near,
        responders=[row.shown(ResponderView) for row in responders],
        points=[PointView(**row.model_dump()) for row in points],
    )


async def _current(holder_id: UUID, caller: Caller, uow: Work) -> ResponderRow | None:
    """The grid that would be left, once the caller may act there."""
    current = await store.grid_of(uow.session, holder_id)
    if current is not None:
        caller.require(Action.MANAGE_SERVICE, current.area)
    return current
