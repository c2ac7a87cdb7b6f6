"""When bases are open: hours, closures, and what they come to on each day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.bases import DayKind
from services.bases.api.fields import after_start
from services.bases.api.written import BaseId, VenueId
from services.bases.domain.closing import AnnounceClosure, Booked, StateHours, clocks_of
from services.bases.domain.opening import Range
from services.bases.handlers import enlarging
from services.bases.handlers import opening as handlers
from services.bases.handlers.opening import Stated
from services.bases.tables import opening, places
from services.bases.tables.opening import ClosureRow, HoursRow
from services.chassis.clock import LOCAL, midnight, occurred
from services.chassis.errors import Invalid
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    IfMatchUnlessNew,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    page_of,
    set_etag,
)
from services.chassis.http.fields import Day, Instant, Kind, Sought
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.http.words import of_family
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.working_days import ONE_DAY

commands = command_router(tags=["开放时间"])
queries = APIRouter(prefix="/v1", tags=["开放时间"], responses=dict(RESPONSES))

MOST_DAYS = 93
"""That one question about open hours may span: a quarter."""

Clock = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
Spans = Annotated[list[tuple[Clock, Clock]], Field(max_length=12)]
OfDay = Annotated[Day | None, Query(description="Only those that hold on this day.")]


class HoursRequest(Timed):
    """What holds from a day on. Earlier than today only where nothing was stated for that day or a
    later one (补录).
    """

    effective_from: Day = Field(title="施行日期")
    hours: dict[DayKind, Spans] = Field(
        title="开放时段",
        description='By kind of day, such as `{"monday": [["09:00", "11:30"], ["13:30", "24:00"]]}`'
        ". Days left out are closed; `holiday` and `make-up` left out follow the day of the week.",
    )


class BaseHoursRequest(HoursRequest):
    venue_id: UUID | None = Field(
        default=None, title="场馆编号", description="Of one venue; else of the whole base."
    )


class HoursView(BaseModel):
    opening_hours_id: UUID
    base_id: BaseId = Field(title="基地")
    venue_id: VenueId | None = Field(title="场馆")
    effective_from: date = Field(title="施行日期")
    hours: dict[DayKind, list[tuple[str, str]]] = Field(title="开放时段")
    version: int

    @classmethod
    def of(cls, row: HoursRow) -> Self:
        spans = row.stated().spans
        hours = {kind: clocks_of(spans[kind]) for kind in DayKind if kind in spans}
        return cls(**row.model_dump(exclude={"hours", "recorded_at"}), hours=hours)


class BookedView(BaseModel):
    booking_id: UUID
    venue_id: UUID
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, booked: Booked) -> Self:
        return cls(**{name: getattr(booked, name) for name in cls.model_fields})


class StatedView(HoursView):
    outside: list[BookedView] = Field(
        description="Bookings made before that lie outside of these hours; they stay as they are."
    )


class ClosureRequest(Timed):
    base_id: UUID = Field(title="基地编号")
    venue_id: UUID | None = Field(
        default=None, title="场馆编号", description="One venue; else the whole base."
    )
    starts_at: Instant = Field(title="开始时刻")
    ends_at: Instant = Field(title="结束时刻", description="Exclusive.")
    reason_kind: Kind = Field(title="闭馆原因")
    cancel_bookings: bool = Field(
        default=False,
        title="取消已有预约",
        description="Else bookings in the way refuse the closure.",
    )


class ClosureView(BaseModel):
    closure_id: UUID
    base_id: BaseId = Field(title="基地")
    venue_id: VenueId | None = Field(title="场馆")
    area: str = Field(title="区划")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    reason_kind: Annotated[str, of_family("closure-reason")] = Field(title="闭馆原因")
    reopens_at: datetime | None = Field(
        title="恢复开放时刻",
        description="Withdrawn: closed up to then; not after it began if equal.",
    )
    cancelled: int = Field(title="取消的预约数")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class OpenRange(BaseModel):
    since: datetime = Field(title="起")
    until: datetime = Field(title="止")


class OpenDay(BaseModel):
    venue_id: VenueId = Field(title="场馆")
    day: date = Field(title="日期")
    open: list[OpenRange] = Field(title="开放时段", description="Within the day; none: closed.")


class YearView(BaseModel):
    year: int = Field(title="年度")
    days_off: int = Field(title="放假的工作日数")
    days_worked: int = Field(title="调休上班日数")


# Hours


NEW: dict[int | str, dict[str, Any]] = {201: {"model": StatedView}}


@commands.put("/bases/{base_id}/opening-hours", summary="公布基地开放时间", responses=NEW)
async def state_hours_of_base(
    base_id: UUID,
    request: BaseHoursRequest,
    caller: Caller,
    version: IfMatchUnlessNew,
    uow: Work,
    response: Response,
) -> StatedView:
    """201 for a day that had none; hours of one that has some are said anew with `If-Match`."""
    base = await places.base(uow.session, base_id)
    caller.require(Action.MANAGE_BASES, base.area)
    return await _state(base_id, request.venue_id, request, version, uow, response)


@commands.put("/venues/{venue_id}/opening-hours", summary="公布场馆开放时间", responses=NEW)
async def state_hours_of_venue(
    venue_id: UUID,
    request: HoursRequest,
    caller: Caller,
    version: IfMatchUnlessNew,
    uow: Work,
    response: Response,
) -> StatedView:
    """They go before those of the base, from that day on."""
    _, base = await places.venue(uow.session, venue_id)
    caller.require(Action.MANAGE_BASES, base.area)
    return await _state(base.base_id, venue_id, request, version, uow, response)


async def _state(
    base_id: UUID,
    venue_id: UUID | None,
    request: HoursRequest,
    version: int | None,
    uow: UnitOfWork,
    response: Response,
) -> StatedView:
    command = StateHours(
        base_id=base_id,
        venue_id=venue_id,
        effective_from=request.effective_from,
        hours=request.hours,
    )
    at = occurred(request.occurred_at, uow.now)
    stated: Stated = await handlers.state_hours(command, version, uow, at)
    set_etag(response, stated.row.version)
    response.status_code = 201 if stated.new else 200
    shown = HoursView.of(stated.row)
    return StatedView(**dict(shown), outside=[BookedView.of(each) for each in stated.outside])


@as_file(queries, "开放时间")
@queries.get("/bases/{base_id}/opening-hours", summary="基地开放时间")
async def list_hours_of_base(
    base_id: UUID, context: Context, caller: Caller, day: OfDay = None
) -> list[HoursView]:
    """All versions, the newest first; with `day`, the one that holds then, if any."""
    async with context.database.sessions() as session:
        base = await places.base(session, base_id)
        caller.require(Action.READ, base.area)
        return _held(await opening.hours(session, base_id, None), day)


@as_file(queries, "场馆开放时间")
@queries.get("/venues/{venue_id}/opening-hours", summary="场馆开放时间")
async def list_hours_of_venue(
    venue_id: UUID, context: Context, caller: Caller, day: OfDay = None
) -> list[HoursView]:
    """Its own; with `day`, what holds then: its own, or else that of its base."""
    async with context.database.sessions() as session:
        _, base = await places.venue(session, venue_id)
        caller.require(Action.READ, base.area)
        own = _held(await opening.hours(session, base.base_id, venue_id), day)
        if own or day is None:
            return own
        return _held(await opening.hours(session, base.base_id, None), day)


def _held(rows: Sequence[HoursRow], day: date | None) -> list[HoursView]:
    if day is None:
        return [HoursView.of(row) for row in rows]
    return [HoursView.of(row) for row in rows if row.effective_from <= day][:1]


# Closures


@commands.post("/closures", status_code=201, summary="公告闭馆")
async def announce_closure(
    request: ClosureRequest, caller: Caller, uow: Work, response: Response
) -> ClosureView:
    """Bookings in the way are listed in a 409, or cancelled with it by `cancel_bookings`."""
    base = await places.base(uow.session, request.base_id)
    caller.require(Action.MANAGE_BASES, base.area)
    command = AnnounceClosure(closure_id=new_id(), **request.model_dump(exclude={"occurred_at"}))
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.announce_closure(command, uow, at, actor=caller.subject)
    return _closure_shown(row, response)


@commands.post("/closures/{closure_id}/withdraw", summary="撤销闭馆")
async def withdraw_closure(
    closure_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> ClosureView:
    """Before it begins it never happens; while it lasts, the base opens again at once."""
    current = await opening.closure(uow.session, closure_id)
    caller.require(Action.MANAGE_BASES, current.area)
    at = occurred(request.occurred_at, uow.now)
    return _closure_shown(await enlarging.withdraw_closure(closure_id, uow, at), response)


@as_file(queries, "闭馆安排")
@queries.get("/closures", summary="闭馆安排")
async def list_closures(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    base_id: UUID | None = None,
    venue_id: UUID | None = None,
    reason_kind: Sought | None = None,
    first: Annotated[Day | None, Query(alias="from", description="First day.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="Last day, inclusive.")] = None,
    withdrawn: bool | None = None,
    limit: Limit = 50,
) -> Page[ClosureView]:
    """In order of start; those that touch a day from first to last."""
    async with context.database.sessions() as session:
        rows = await opening.closures(
            session,
            within=areas_to_list(caller, within),
            base_id=base_id,
            venue_id=venue_id,
            reason_kind=reason_kind,
            since=midnight(first) if first else None,
            until=midnight(last + ONE_DAY) if last else None,
            withdrawn=withdrawn,
            after=after_start(cursor),
            limit=limit + 1,
        )
    return page_of(rows, limit, _closure, lambda row: (row.starts_at, row.closure_id))


@queries.get("/closures/{closure_id}", summary="单个闭馆安排")
async def get_closure(
    closure_id: UUID, context: Context, caller: Caller, response: Response
) -> ClosureView:
    async with context.database.sessions() as session:
        row = await opening.closure(session, closure_id)
    caller.require(Action.READ, row.area)
    return _closure_shown(row, response)


# What they come to


@as_file(queries, "开放日历")
@queries.get("/bases/{base_id}/open", summary="每日开放时段")
async def list_open(
    base_id: UUID,
    context: Context,
    caller: Caller,
    first: Annotated[Day, Query(alias="from", description="First day.")],
    last: Annotated[Day, Query(alias="to", description="Last day, inclusive.")],
) -> list[OpenDay]:
    """Every venue in use on every day: hours, holidays and closures taken together.

    Refused for a year whose calendar is not known, where holidays matter.
    """
    if not timedelta() <= last - first < timedelta(days=MOST_DAYS):
        raise Invalid(
            f"`to` is not before `from`, and at most {MOST_DAYS} days lie between them.",
            zh=f"截止日期不早于起始日期，且至多 {MOST_DAYS} 天。",
            field="to",
            most=MOST_DAYS,
        )
    async with context.database.sessions() as session:
        base = await places.base(session, base_id)
        caller.require(Action.READ, base.area)
        venue_ids = await places.venues_of(session, base_id)
    async with context.database.pool.acquire() as connection:
        found = await opening.timetables(connection, venue_ids, first, last)
    days = [first + ONE_DAY * n for n in range((last - first).days + 1)]
    return [
        OpenDay(venue_id=venue_id, day=day, open=_ranges(found[venue_id].open_between(day, day)))
        for venue_id in venue_ids
        for day in days
    ]


@as_file(queries, "节假日数据年度")
@queries.get("/calendar-years", summary="已有节假日数据的年度")
async def list_calendar_years(context: Context, caller: Caller) -> list[YearView]:
    """The years that membership told this service of; for any other, nothing is guessed."""
    areas_to_list(caller, None)
    async with context.database.pool.acquire() as connection:
        return [YearView(**row) for row in await opening.years(connection)]


def _closure(row: ClosureRow) -> ClosureView:
    return ClosureView.model_validate(row.model_dump())


def _closure_shown(row: ClosureRow, response: Response) -> ClosureView:
    set_etag(response, row.version)
    return _closure(row)


def _ranges(ranges: Sequence[Range]) -> list[OpenRange]:
    return [
        OpenRange(since=since.astimezone(LOCAL), until=until.astimezone(LOCAL))
        for since, until in ranges
    ]


routers = (commands, queries)
