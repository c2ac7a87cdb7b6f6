"""HTTP routes of the pools of reserve cadres."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Work,
    command_router,
    query_router,
    sealed,
)
from services.chassis.http.fields import Name
from services.chassis.http.held import held
from services.chassis.http.listing import Filters, Paging, with_past
from services.chassis.http.lists import as_file
from services.chassis.http.views import before
from services.chassis.ids import new_id
from services.membership.api.days import HappenedOn, OnDay
from services.membership.api.written import MemberId
from services.membership.domain.reserve import Reserve
from services.membership.handlers import reserve as handlers
from services.membership.tables.reserve import ReserveRow

commands = command_router(tags=["后备干部"])
queries = query_router(tags=["后备干部"])

Held = Annotated[ReserveRow, held(ReserveRow, "后备干部", Action.MANAGE_ORGANISATIONS, edit=True)]


class ReserveRequest(OnDay):
    area: AreaCode
    name: Name = Field(title="姓名", description="Sealed; shown masked.")
    member_id: UUID | None = Field(default=None, title="党员编号")
    since: HappenedOn = Field(title="入库日期")


class ReserveEnd(OnDay):
    until: HappenedOn = Field(title="出库日期")


@before(name="member_id")
class ReserveView(Reserve):
    name: str | None = Field(title="姓名", description="Masked.")
    member_id: MemberId | None = Field(title="党员编号")
    until: date | None = Field(title="出库日期")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class ReserveFilters(Filters):
    past: Annotated[bool, with_past("until")] = Field(
        default=False, description="Show those who left the pool, too."
    )


@commands.post("/reserve-cadres", status_code=201, summary="后备干部入库")
async def join(request: ReserveRequest, context: Context, caller: Caller, uow: Work) -> ReserveView:
    """A community keeps as many as rule `reserve.pool` says at most."""
    caller.require(Action.MANAGE_ORGANISATIONS, request.area)
    reserve = Reserve(reserve_id=new_id(), **request.fields("name"))
    return _view(await handlers.join(reserve, request.name, context.vault, uow, request.at(uow)))


@commands.post("/reserve-cadres/{reserve_id}/remove", summary="后备干部出库")
async def remove(reserve: Held, request: ReserveEnd, uow: Work) -> ReserveView:
    return _view(await handlers.remove(reserve, request.until, uow, request.at(uow)))


@as_file(queries, "后备干部")
@queries.get("/reserve-cadres", summary="后备干部列表")
async def list_reserves(
    filters: Annotated[ReserveFilters, Query()], paging: Paging
) -> Page[ReserveView]:
    page = await paging.rows(ReserveRow, filters)
    names = await sealed.names(paging.context, [row.reserve_id for row in page.items])
    return page.of([_view(row, names.get(row.reserve_id)) for row in page.items])


def _view(row: ReserveRow, name: str | None = None) -> ReserveView:
    """Commands answer without the name, even masked: their answers are kept for repetition."""
    return row.shown(ReserveView, name=name)


routers = (commands, queries)
