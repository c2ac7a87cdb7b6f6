"""Rotas over HTTP: the weekly pattern, who takes turns, and how far it is laid out."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.areas import AreaCode, within
from contracts.kinds.books import Bound
from contracts.kinds.liaison import DutyKind
from services.chassis.clock import business_date
from services.chassis.http import Caller, Context, Page, Timed, Work, command_router, query_router
from services.chassis.http.edits import edits
from services.chassis.http.fields import Code, Day, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, Paging
from services.chassis.http.lists import as_file
from services.chassis.http.views import before
from services.chassis.http.words import Weekday
from services.chassis.ids import new_id
from services.membership.api.liaison.common import HolderRequest
from services.membership.api.liaison.points import Closing
from services.membership.api.written import OrganisationId, PointId
from services.membership.domain.liaison.rotas import Rota, Shift
from services.membership.handlers.liaison import duties as duty_handlers
from services.membership.handlers.liaison import rotas as handlers
from services.membership.tables.liaison import duties as duty_tables
from services.membership.tables.liaison.rows import RotaRow

commands = command_router(tags=["值班值勤"])
queries = query_router(tags=["值班值勤"])

Held = Annotated[RotaRow, held(RotaRow, "值班安排", Action.MANAGE_SERVICE)]
Edited = Annotated[RotaRow, held(RotaRow, "值班安排", Action.MANAGE_SERVICE, edit=True)]
Seen = Annotated[RotaRow, seen(RotaRow, "值班安排")]


def _local(shift: Shift) -> Shift:
    return Shift(starts=shift.starts.replace(tzinfo=None), ends=shift.ends.replace(tzinfo=None))


Weekdays = Annotated[
    list[Annotated[int, Field(ge=1, le=7)]],
    Field(max_length=7, title="值班日", description="1 Monday to 7 Sunday."),
    AfterValidator(lambda days: sorted(set(days))),
]
Shifts = Annotated[
    list[Annotated[Shift, AfterValidator(_local)]], Field(max_length=12, title="班次")
]
Routes = Annotated[list[AreaCode], Field(max_length=50, title="巡防区域")]


class RotaRequest(Timed):
    code: Code
    kind: DutyKind = Field(default=DutyKind.DUTY, title="值勤类别")
    organisation_id: UUID = Field(title="负责党组织")
    area: AreaCode
    point_id: UUID | None = Field(default=None, title="联络点")
    weekdays: Weekdays = Field(default_factory=list)
    shifts: Shifts = Field(default_factory=list)
    headcount: int = Field(default=1, ge=1, le=50, title="每班人数")
    routes: Routes = Field(default_factory=list)
    times_per_month: int = Field(default=0, ge=0, le=31, title="每月次数")
    bound: Bound = Field(default=Bound.EXACT, title="次数含义")
    on_holidays: bool = Field(default=False, title="节假日照常")
    effective_from: Day | None = Field(default=None, title="开始日期", description="Else today.")


@edits(RotaRequest, "code", "kind", "organisation_id", "area", "point_id", "effective_from")
class RotaChange(Timed):
    """Fields left out stay as they are."""


@before(slots_per_week="headcount")
class RotaView(Rota):
    organisation_id: OrganisationId = Field(title="负责党组织")
    point_id: PointId | None = Field(title="联络点")
    weekdays: list[Weekday] = Field(title="值班日")
    slots_per_week: int = Field(title="每周班次")
    version: int


class RotaFilters(Filters):
    code: Sought | None = None
    kind: DutyKind | None = None
    point_id: UUID | None = None
    organisation_id: UUID | None = None


class Pool(BaseModel):
    """Who takes turns, in order."""

    holders: list[HolderRequest] = Field(title="轮值人员")


class PoolRequest(Timed):
    holders: list[HolderRequest] = Field(min_length=1, max_length=500, title="轮值人员")


class PlanRequest(Timed):
    until: Day = Field(title="排至日期", description="Included.")


class AbsenceRequest(Timed):
    first_day: Day = Field(title="首日")
    last_day: Day = Field(title="末日")
    holder: HolderRequest = Field(title="人员")


@commands.post("/duty-rotas", status_code=201, summary="制定值班安排")
async def adopt(request: RotaRequest, caller: Caller, uow: Work) -> RotaView:
    """By the week (`weekdays` and `shifts`) or by the month (`times_per_month`)."""
    caller.require(Action.MANAGE_SERVICE, request.area)
    at = request.at(uow)
    effective_from = request.effective_from or business_date(at)
    fields = request.fields() | {"effective_from": effective_from}
    rota = Rota(rota_id=new_id(), ended_on=None, planned_until=None, **fields)
    return _view(await handlers.adopt(rota, uow, at))


@commands.patch("/duty-rotas/{rota_id}", summary="调整值班安排")
async def change(rota: Edited, request: RotaChange, uow: Work) -> RotaView:
    """Duties that have not begun are released and laid out anew."""
    return _view(await handlers.change(rota, request.changes(), uow, request.at(uow)))


@commands.post("/duty-rotas/{rota_id}/end", summary="终止值班安排")
async def end(rota: Edited, request: Closing, uow: Work) -> RotaView:
    at = request.at(uow)
    return _view(await handlers.end(rota, request.on or business_date(at), uow, at))


@commands.post("/duty-rotas/{rota_id}/holders", summary="增加轮值人员")
async def add_holders(rota: Held, request: PoolRequest, uow: Work) -> Pool:
    """They come last in the order of turns; whoever takes turns already stays in place."""
    await handlers.add_holders(rota, [each.holder() for each in request.holders], uow)
    return await _pool(uow.session, rota.rota_id)


@commands.delete("/duty-rotas/{rota_id}/holders/{holder_id}", summary="减少轮值人员")
async def take_holder(rota: Held, holder_id: UUID, uow: Work) -> Pool:
    """Duties laid out for them already stay until they are handed over."""
    await duty_tables.take_from_pool(uow.session, rota.rota_id, holder_id)
    return await _pool(uow.session, rota.rota_id)


@commands.post("/duty-rotas/{rota_id}/plan", summary="排定值班表")
async def plan(rota: Held, request: PlanRequest, uow: Work) -> RotaView:
    """In fair rotation, without public holidays. What is laid out already stays."""
    return _view(await handlers.plan(rota, request.until, uow))


@commands.post("/duty-absences", status_code=201, summary="登记不能值班的日期")
async def say_absent(request: AbsenceRequest, caller: Caller, uow: Work) -> AbsenceRequest:
    """Which days, never why. Rotas laid out later leave them out.

    For whoever manages service where the holder belongs, or where they take turns.
    """
    managed = caller.areas(Action.MANAGE_SERVICE)
    if not managed:
        caller.refuse(Action.MANAGE_SERVICE)
    areas = await duty_tables.areas_of(uow.session, request.holder.holder_id)
    if areas and not any(within(area, each) for area in areas for each in managed):
        caller.require(Action.MANAGE_SERVICE, areas[0])
    await duty_handlers.say_absent(
        request.holder.holder(), request.first_day, request.last_day, uow
    )
    return request


@as_file(queries, "值班安排")
@queries.get("/duty-rotas", summary="值班安排列表")
async def list_rotas(filters: Annotated[RotaFilters, Query()], paging: Paging) -> Page[RotaView]:
    page = await paging.rows(RotaRow, filters, order="code")
    return page.of([_view(row) for row in page.items])


@queries.get("/duty-rotas/{rota_id}", summary="单个值班安排")
async def get_rota(rota: Seen) -> RotaView:
    return _view(rota)


@queries.get("/duty-rotas/{rota_id}/holders", summary="轮值人员")
async def get_pool(rota: Seen, context: Context) -> Pool:
    async with context.database.sessions() as session:
        return await _pool(session, rota.rota_id)


async def _pool(session: AsyncSession, rota_id: UUID) -> Pool:
    holders = await duty_tables.pool(session, rota_id)
    return Pool(holders=[HolderRequest(**vars(holder)) for holder in holders])


def _view(row: RotaRow) -> RotaView:
    return row.shown(RotaView, slots_per_week=row.per_week)
