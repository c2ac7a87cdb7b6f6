"""HTTP routes of the pools of reserve cadres."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
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
    sealed,
    set_etag,
)
from services.chassis.http.context import ServiceContext
from services.chassis.http.fields import Day, Name
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.membership.api.days import on_day
from services.membership.api.written import MemberId
from services.membership.handlers import reserve as handlers
from services.membership.tables import reserve as tables
from services.membership.tables.reserve import ReserveRow

commands = command_router(tags=["后备干部"])
queries = APIRouter(prefix="/v1", tags=["后备干部"], responses=dict(RESPONSES))


class ReserveRequest(Timed):
    area: AreaCode
    name: Name = Field(title="姓名", description="Sealed; shown masked.")
    member_id: UUID | None = Field(default=None, title="党员编号")
    since: Day = Field(title="入库日期")


class ReserveEnd(Timed):
    until: Day = Field(title="出库日期")


class ReserveView(BaseModel):
    reserve_id: UUID
    area: str = Field(title="社区")
    name: str | None = Field(title="姓名", description="Masked.")
    member_id: MemberId | None = Field(title="党员编号")
    since: date = Field(title="入库日期")
    until: date | None = Field(title="出库日期")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


@commands.post("/reserve-cadres", status_code=201, summary="后备干部入库")
async def join(
    request: ReserveRequest, context: Context, caller: Caller, uow: Work, response: Response
) -> ReserveView:
    """A community keeps as many as rule `reserve.pool` says at most."""
    caller.require(Action.MANAGE_ORGANISATIONS, request.area)
    at = on_day(request.since, uow.now, "since", request.occurred_at)
    row = ReserveRow(
        reserve_id=new_id(),
        **request.model_dump(exclude={"occurred_at", "name"}),
        recorded_at=uow.now,
    )
    await handlers.join(row, request.name, context.vault, uow, at)
    set_etag(response, row.version)
    return _view(row, None)


@commands.post("/reserve-cadres/{reserve_id}/remove", summary="后备干部出库")
async def remove(
    *,
    reserve_id: UUID,
    request: ReserveEnd,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> ReserveView:
    current = await tables.reserve(uow.session, reserve_id)
    caller.require(Action.MANAGE_ORGANISATIONS, current.area)
    at = on_day(request.until, uow.now, "until", request.occurred_at)
    row = await handlers.remove(reserve_id, request.until, version, uow, at)
    set_etag(response, row.version)
    return _view(row, None)


@as_file(queries, "后备干部")
@queries.get("/reserve-cadres", summary="后备干部列表")
async def list_reserves(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query(description="Only in this area.")] = None,
    past: Annotated[bool, Query(description="Show those who left the pool, too.")] = False,
    limit: Limit = 50,
) -> Page[ReserveView]:
    async with context.database.sessions() as session:
        rows = await tables.reserves(
            session,
            areas_to_list(caller, within),
            present_only=not past,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    page = page_of(rows, limit, lambda row: row, lambda row: (row.reserve_id,))
    return Page(items=await _views(context, page.items), next=page.next)


async def _views(context: ServiceContext, rows: list[ReserveRow]) -> list[ReserveView]:
    names = await sealed.names(context, [row.reserve_id for row in rows])
    return [_view(row, names.get(row.reserve_id)) for row in rows]


def _view(row: ReserveRow, name: str | None) -> ReserveView:
    """Commands answer without the name, even masked: their answers are kept for repetition."""
    return ReserveView(name=name, **row.model_dump())


routers = (commands, queries)
