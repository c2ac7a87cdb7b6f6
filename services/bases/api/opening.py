"""When bases are open: hours, closures, and what they come to on each day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.kinds.bases import DayKind
from services.bases.api.filters import Filters
from services.bases.api.written import BaseId, VenueId
from services.bases.domain.closing import Closure, OpeningHours, clocks_of
from services.bases.domain.opening import Range
from services.bases.handlers import enlarging
from services.bases.handlers import opening as handlers
from services.bases.tables import opening, places
from services.bases.tables.opening import ClosureRow, HoursRow
from services.bases.tables.rows import BaseRow, VenueRow
from services.chassis.clock import LOCAL, midnight
from services.chassis.errors import Invalid
from services.chassis.http import (
    Caller,
    Context,
    IfMatchUnlessNew,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
    set_etag,
)
from services.chassis.http.fields import Day, Instant, Kind, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import By, Paging, until
from services.chassis.http.lists import as_file
from services.chassis.http.scopes import areas_to_list
from services.chassis.http.words import of_family
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.working_days import ONE_DAY

commands = command_router(tags=["开放时间"])
queries = query_router(tags=["开放时间"])

HeldBase = Annotated[BaseRow, held(BaseRow, "基地", Action.MANAGE_BASES)]
SeenBase = Annotated[BaseRow, seen(BaseRow, "基地")]
Managed = Annotated[
    VenueRow, held(VenueRow, "场馆", Action.MANAGE_BASES, area=places.area_of, lock=False)
]
"""Its base is what is locked."""
SeenVenue = Annotated[VenueRow, seen(VenueRow, "场馆", area=places.area_of)]
HeldClosure = Annotated[ClosureRow, held(ClosureRow, "闭馆安排", Action.MANAGE_BASES)]
SeenClosure = Annotated[ClosureRow, seen(ClosureRow, "闭馆安排")]

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


class HoursView(OpeningHours):
    base_id: BaseId = Field(title="基地")
    venue_id: VenueId | None = Field(title="场馆")
    hours: dict[DayKind, list[tuple[str, str]]] = Field(title="开放时段")
    version: int

    @classmethod
    def of(cls, row: HoursRow) -> Self:
        spans = row.stated().spans
        hours = {kind: clocks_of(spans[kind]) for kind in DayKind if kind in spans}
        return cls(**row.model_dump() | {"hours": hours})


class BookedView(BaseModel):
    booking_id: UUID
    venue_id: UUID
    starts_at: datetime
    ends_at: datetime


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


class ClosureView(Closure):
    base_id: BaseId = Field(title="基地")
    venue_id: VenueId | None = Field(title="场馆")
    reason_kind: Annotated[str, of_family("closure-reason")] = Field(title="闭馆原因")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class ClosureFilters(Filters):
    base_id: UUID | None = None
    venue_id: UUID | None = None
    reason_kind: Sought | None = None
    first: Annotated[Day | None, By(lambda columns, day: columns["ends_at"] > midnight(day))] = (
        Field(default=None, alias="from", description="First day.")
    )
    last: Annotated[Day | None, until("starts_at")] = Field(
        default=None, alias="to", description="Last day, inclusive."
    )
    withdrawn: Annotated[
        bool | None, By(lambda columns, wanted: columns["reopens_at"].is_not(None) == wanted)
    ] = None


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
    base: HeldBase,
    request: BaseHoursRequest,
    version: IfMatchUnlessNew,
    uow: Work,
    response: Response,
) -> StatedView:
    """201 for a day that had none; hours of one that has some are said anew with `If-Match`."""
    return await _state(base, request.venue_id, request, version, uow, response)


@commands.put("/venues/{venue_id}/opening-hours", summary="公布场馆开放时间", responses=NEW)
async def state_hours_of_venue(
    venue: Managed,
    request: HoursRequest,
    version: IfMatchUnlessNew,
    uow: Work,
    response: Response,
) -> StatedView:
    """They go before those of the base, from that day on."""
    base = await places.base(uow.session, venue.base_id, lock=True)
    return await _state(base, venue.venue_id, request, version, uow, response)


async def _state(
    base: BaseRow,
    venue_id: UUID | None,
    request: HoursRequest,
    version: int | None,
    uow: UnitOfWork,
    response: Response,
) -> StatedView:
    wanted = OpeningHours(
        opening_hours_id=new_id(),
        base_id=base.base_id,
        venue_id=venue_id,
        effective_from=request.effective_from,
    )
    stated = await handlers.state_hours(base, wanted, request.hours, version, uow, request.at(uow))
    set_etag(response, stated.row.version)
    response.status_code = 201 if stated.new else 200
    outside = [BookedView(**dict(each)) for each in stated.outside]
    return StatedView(**dict(HoursView.of(stated.row)), outside=outside)


@as_file(queries, "开放时间")
@queries.get("/bases/{base_id}/opening-hours", summary="基地开放时间")
async def list_hours_of_base(
    base: SeenBase, context: Context, day: OfDay = None
) -> list[HoursView]:
    """All versions, the newest first; with `day`, the one that holds then, if any."""
    async with context.database.sessions() as session:
        return _held(await opening.hours(session, base.base_id, None), day)


@as_file(queries, "场馆开放时间")
@queries.get("/venues/{venue_id}/opening-hours", summary="场馆开放时间")
async def list_hours_of_venue(
    venue: SeenVenue, context: Context, day: OfDay = None
) -> list[HoursView]:
    """Its own; with `day`, what holds then: its own, or else that of its base."""
    async with context.database.sessions() as session:
        own = _held(await opening.hours(session, venue.base_id, venue.venue_id), day)
        if own or day is None:
            return own
        return _held(await opening.hours(session, venue.base_id, None), day)


def _held(rows: Sequence[HoursRow], day: date | None) -> list[HoursView]:
    if day is None:
        return [HoursView.of(row) for row in rows]
    return [HoursView.of(row) for row in rows if row.effective_from <= day][:1]


# Closures


@commands.post("/closures", status_code=201, summary="公告闭馆")
async def announce_closure(request: ClosureRequest, caller: Caller, uow: Work) -> ClosureView:
    """Bookings in the way are listed in a 409, or cancelled with it by `cancel_bookings`."""
    base = await places.base(uow.session, request.base_id)
    caller.require(Action.MANAGE_BASES, base.area)
    closure = Closure(
        **request.fields("cancel_bookings"),
        closure_id=new_id(),
        area=base.area,
        reopens_at=None,
        cancelled=0,
    )
    cancel, at = request.cancel_bookings, request.at(uow)
    row = await handlers.announce_closure(closure, uow, at, cancel=cancel, actor=caller.subject)
    return _closure(row)


@commands.post("/closures/{closure_id}/withdraw", summary="撤销闭馆")
async def withdraw_closure(closure: HeldClosure, request: Timed, uow: Work) -> ClosureView:
    """Before it begins it never happens; while it lasts, the base opens again at once."""
    return _closure(await enlarging.withdraw_closure(closure, uow, request.at(uow)))


@as_file(queries, "闭馆安排")
@queries.get("/closures", summary="闭馆安排")
async def list_closures(
    filters: Annotated[ClosureFilters, Query()], paging: Paging
) -> Page[ClosureView]:
    """In order of start; those that touch a day from first to last."""
    page = await paging.rows(ClosureRow, filters, order=("starts_at", "closure_id"))
    return page.of([_closure(row) for row in page.items])


@queries.get("/closures/{closure_id}", summary="单个闭馆安排")
async def get_closure(closure: SeenClosure) -> ClosureView:
    return _closure(closure)


# What they come to


@as_file(queries, "开放日历")
@queries.get("/bases/{base_id}/open", summary="每日开放时段")
async def list_open(
    base: SeenBase,
    context: Context,
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
        venue_ids = await places.venues_of(session, base.base_id)
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
    return ClosureView(**row.model_dump())


def _ranges(ranges: Sequence[Range]) -> list[OpenRange]:
    return [
        OpenRange(since=since.astimezone(LOCAL), until=until.astimezone(LOCAL))
        for since, until in ranges
    ]


routers = (commands, queries)
