"""Rotas over HTTP: the weekly pattern, who takes turns, and how far it is laid out."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.areas import AreaCode, within
from contracts.kinds.books import Bound
from contracts.kinds.liaison import DutyKind
from services.chassis.clock import business_date, occurred
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
from services.chassis.http.fields import Code, Day, Sought
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.http.words import Weekday
from services.chassis.ids import new_id
from services.membership.api.liaison.common import HolderRequest, given
from services.membership.api.liaison.points import Closing, Within
from services.membership.api.written import OrganisationId, PointId
from services.membership.domain.liaison.rotas import ChangeRota, Rota, Shift
from services.membership.handlers.liaison import duties as duty_handlers
from services.membership.handlers.liaison import rotas as handlers
from services.membership.tables.liaison import duties as duty_tables
from services.membership.tables.liaison import store
from services.membership.tables.liaison.rows import RotaRow
from services.membership.tables.liaison.store import Wanted

commands = command_router(tags=["值班值勤"])
queries = APIRouter(prefix="/v1", tags=["值班值勤"], responses=dict(RESPONSES))

Weekdays = Annotated[
    list[Annotated[int, Field(ge=1, le=7)]],
    Field(max_length=7, title="值班日", description="1 Monday to 7 Sunday."),
]


Shifts = Annotated[list[Shift], Field(max_length=12, title="班次")]
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


class RotaChange(Timed):
    """Fields left out stay as they are."""

    weekdays: Weekdays | None = None
    shifts: Shifts | None = None
    headcount: int | None = Field(default=None, ge=1, le=50, title="每班人数")
    routes: Routes | None = None
    times_per_month: int | None = Field(default=None, ge=0, le=31, title="每月次数")
    bound: Bound | None = Field(default=None, title="次数含义")
    on_holidays: bool | None = Field(default=None, title="节假日照常")


class RotaView(BaseModel):
    rota_id: UUID
    code: str = Field(title="值班安排代码")
    kind: DutyKind = Field(title="值勤类别")
    organisation_id: OrganisationId = Field(title="负责党组织")
    area: str = Field(title="区划")
    point_id: PointId | None = Field(title="联络点")
    weekdays: list[Weekday] = Field(title="值班日")
    shifts: list[Shift] = Field(title="班次")
    slots_per_week: int = Field(title="每周班次")
    headcount: int = Field(title="每班人数")
    routes: list[str] = Field(title="巡防区域")
    times_per_month: int = Field(title="每月次数")
    bound: Bound = Field(title="次数含义")
    on_holidays: bool = Field(title="节假日照常")
    effective_from: date = Field(title="开始日期")
    ended_on: date | None = Field(title="终止日期")
    planned_until: date | None = Field(title="已排至")
    version: int


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
async def adopt(request: RotaRequest, caller: Caller, uow: Work, response: Response) -> RotaView:
    """By the week (`weekdays` and `shifts`) or by the month (`times_per_month`)."""
    caller.require(Action.MANAGE_SERVICE, request.area)
    at = occurred(request.occurred_at, uow.now)
    said = request.model_dump(exclude={"occurred_at", "shifts"})
    said |= {
        "weekdays": tuple(sorted(set(request.weekdays))),
        "shifts": tuple(_local(shift) for shift in request.shifts),
        "routes": tuple(request.routes),
        "effective_from": request.effective_from or business_date(at),
    }
    return _shown(await handlers.adopt(Rota(rota_id=new_id(), **said), uow, at), response)


@commands.patch("/duty-rotas/{rota_id}", summary="调整值班安排")
async def change(
    rota_id: UUID,
    request: RotaChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> RotaView:
    """Duties that have not begun are released and laid out anew."""
    await _require(caller, uow, rota_id)
    said = request.model_dump(exclude={"occurred_at", "shifts"}, exclude_none=True)
    if request.weekdays is not None:
        said["weekdays"] = tuple(sorted(set(request.weekdays)))
    if request.shifts is not None:
        said["shifts"] = tuple(_local(shift) for shift in request.shifts)
    if request.routes is not None:
        said["routes"] = tuple(request.routes)
    at = occurred(request.occurred_at, uow.now)
    return _shown(
        await handlers.change(rota_id, ChangeRota(given=said), version, uow, at), response
    )


@commands.post("/duty-rotas/{rota_id}/end", summary="终止值班安排")
async def end(
    rota_id: UUID,
    request: Closing,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> RotaView:
    await _require(caller, uow, rota_id)
    at = occurred(request.occurred_at, uow.now)
    on = request.on or business_date(at)
    return _shown(await handlers.end(rota_id, on, version, uow, at), response)


@commands.post("/duty-rotas/{rota_id}/holders", summary="增加轮值人员")
async def add_holders(rota_id: UUID, request: PoolRequest, caller: Caller, uow: Work) -> Pool:
    """They come last in the order of turns; whoever takes turns already stays in place."""
    await _require(caller, uow, rota_id)
    await handlers.add_holders(rota_id, [each.holder() for each in request.holders], uow)
    return await _pool(uow.session, rota_id)


@commands.delete("/duty-rotas/{rota_id}/holders/{holder_id}", summary="减少轮值人员")
async def take_holder(rota_id: UUID, holder_id: UUID, caller: Caller, uow: Work) -> Pool:
    """Duties laid out for them already stay until they are handed over."""
    await _require(caller, uow, rota_id)
    await duty_tables.take_from_pool(uow.session, rota_id, holder_id)
    return await _pool(uow.session, rota_id)


@commands.post("/duty-rotas/{rota_id}/plan", summary="排定值班表")
async def plan(
    rota_id: UUID, request: PlanRequest, caller: Caller, uow: Work, response: Response
) -> RotaView:
    """In fair rotation, without public holidays. What is laid out already stays."""
    await _require(caller, uow, rota_id)
    return _shown(await handlers.plan(rota_id, request.until, uow), response)


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
async def list_rotas(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    code: Sought | None = None,
    kind: DutyKind | None = None,
    point_id: UUID | None = None,
    organisation_id: UUID | None = None,
    limit: Limit = 50,
) -> Page[RotaView]:
    wanted = Wanted(
        within=areas_to_list(caller, within),
        equal=given(code=code, kind=kind, point_id=point_id, organisation_id=organisation_id),
        after=cursor,
        limit=limit + 1,
    )
    async with context.database.sessions() as session:
        rows = await store.rotas(session, wanted)
    return page_of(rows, limit, _rota, lambda row: (row.code,))


@queries.get("/duty-rotas/{rota_id}", summary="单个值班安排")
async def get_rota(rota_id: UUID, context: Context, caller: Caller, response: Response) -> RotaView:
    async with context.database.sessions() as session:
        row = await store.load(session, RotaRow, rota_id)
    caller.require(Action.READ, row.area)
    return _shown(row, response)


@queries.get("/duty-rotas/{rota_id}/holders", summary="轮值人员")
async def get_pool(rota_id: UUID, context: Context, caller: Caller) -> Pool:
    async with context.database.sessions() as session:
        row = await store.load(session, RotaRow, rota_id)
        caller.require(Action.READ, row.area)
        return await _pool(session, rota_id)


async def _require(caller: Caller, uow: Work, rota_id: UUID) -> None:
    row = await store.load(uow.session, RotaRow, rota_id)
    caller.require(Action.MANAGE_SERVICE, row.area)


async def _pool(session: AsyncSession, rota_id: UUID) -> Pool:
    holders = await duty_tables.pool(session, rota_id)
    return Pool(holders=[HolderRequest(holder_id=h.holder_id, holder_kind=h.kind) for h in holders])


def _local(shift: Shift) -> Shift:
    return Shift(starts=shift.starts.replace(tzinfo=None), ends=shift.ends.replace(tzinfo=None))


def _rota(row: RotaRow) -> RotaView:
    slots = len(row.weekdays) * len(row.shifts)
    return RotaView.model_validate(row.model_dump() | {"slots_per_week": slots})


def _shown(row: RotaRow, response: Response) -> RotaView:
    set_etag(response, row.version)
    return _rota(row)
