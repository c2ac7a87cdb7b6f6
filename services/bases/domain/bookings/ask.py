"""How a booking is asked for, and how it moves: what can be decided without other bookings.

The database refuses the rest (`tables/slots`).
"""

import math
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from contracts.bases.bookings import BookingRequested, BookingRescheduled
from services.bases.domain.bookings import life
from services.bases.domain.bookings.model import Booking, Occasion, RequestBooking, Venue
from services.bases.domain.bookings.refusals import (
    FiledOffDay,
    ImpossibleTime,
    OverCapacity,
    TooFarAhead,
    TooLate,
    TooLittleNotice,
    VenueRetired,
)
from services.bases.domain.bookings.standing import check_standing
from services.bases.domain.bookings.terms import BookingTerms, Breaches, OffDays
from services.bases.domain.menu import suits
from services.bases.domain.opening import Range, check_open
from services.chassis.clock import LOCAL, business_date
from services.chassis.working_days import ONE_DAY, WorkingCalendar

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Reschedule:
    """Where a booking is to move; what is left out stays."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    venue_id: UUID | None = None
    headcount: int | None = None
    menu_item_id: UUID | None = None


@dataclass(frozen=True)
class Asked:
    """What is announced of a request, and how many steps its approval takes."""

    event: BookingRequested
    steps: int


def request(command: RequestBooking, occasion: Occasion, *, at: datetime) -> Asked:
    """Raises one of `refusals`, `NotOpen` or `CalendarMissing`; `at` is when it was filed."""
    off_day = _check(command, occasion, at)
    check_standing(occasion.breaches, occasion.book[Breaches], at)
    venue = occasion.venue
    event = BookingRequested(
        area=venue.area,
        base_id=venue.base_id,
        base_kind=venue.base_kind,
        off_day=off_day,
        menu_item_kind=_kind(occasion),
        **vars(command),
    )
    return Asked(event, _steps(event, occasion.terms))


def requested(asked: Asked) -> Booking:
    """A booking as it begins."""
    return Booking(
        **dict(asked.event),
        steps=asked.steps,
        status=life.REQUEST.to,
        actual_headcount=None,
        version=1,
    )


def wanted(booking: Booking, change: Reschedule) -> RequestBooking:
    """What the booking would be, as if it were asked for anew; its length is kept with its start.

    Raises `StepNotAllowed` or `ImpossibleTime`.
    """
    life.RESCHEDULE(booking.status)
    said = {name: value for name, value in vars(change).items() if value is not None}
    if change.starts_at is not None and change.ends_at is None:
        said["ends_at"] = change.starts_at + (booking.ends_at - booking.starts_at)
    kept = {name: getattr(booking, name) for name in RequestBooking.__dataclass_fields__}
    return RequestBooking(**kept | said)


def reschedule(
    booking: Booking,
    command: RequestBooking,
    occasion: Occasion,
    *,
    at: datetime,
    by_staff: bool = True,
) -> tuple[BookingRescheduled, Booking] | None:
    """The fact and the booking as it then is; `None` when nothing moves.

    It must fit the new place as if it were asked for now. An approval stays given when staff of the
    base move it, who could give it again; visitors who move it ask for it anew. Raises like
    `request`, and `TooLate` once it has begun.
    """
    venue = occasion.venue
    moved = replace(
        booking,
        **vars(command),
        menu_item_kind=_kind(occasion),
        base_id=venue.base_id,
        base_kind=venue.base_kind,
        area=venue.area,
    )
    if moved == booking:
        return None
    if at >= booking.starts_at:
        raise TooLate(
            f"It began at {booking.starts_at.isoformat()}.",
            zh="预约已经开始，不能改期。",
            starts_at=booking.starts_at.isoformat(),
        )
    moved = replace(moved, off_day=_check(command, occasion, at))
    if not by_staff:
        steps = _steps(moved, occasion.terms)
        moved = replace(moved, status=life.ASK_ANEW.to, steps=steps)
    moving = ("starts_at", "ends_at", "venue_id", "headcount", "off_day")
    was = {f"was_{name}": getattr(booking, name) for name in moving}
    kept = {"approval_kept": moved.status is booking.status}
    return BookingRescheduled.model_validate(moved.facts() | was | kept), moved


def held(since: datetime, until: datetime, venue: Venue) -> Range:
    """The range `[)` in which the venue is taken, buffer included."""
    return since, until + venue.buffer


def check_capacity(headcount: int, capacity: int, *, field: str = "headcount") -> None:
    if headcount > capacity:
        raise OverCapacity(
            f"{headcount} people; the venue holds {capacity}.",
            zh=f"{headcount} 人超过场馆容量 {capacity} 人。",
            field=field,
            capacity=capacity,
        )


def is_off_day(since: datetime, until: datetime, calendar: WorkingCalendar) -> bool:
    """Whether nobody works on one of the days touched. Raises `CalendarMissing`."""
    day, last = business_date(since), business_date(until - timedelta(microseconds=1))
    off = False
    while day <= last:
        off = not calendar.works(day) or off  # also the years of later days must be known
        day += ONE_DAY
    return off


def _check(command: RequestBooking, occasion: Occasion, at: datetime) -> bool:
    """Whether it is on an off day. Raises what stands against it."""
    if occasion.venue.retired:
        raise VenueRetired("It takes no bookings.", zh="该场馆已停用。", field="venue_id")
    _check_times(command, occasion.terms)
    _check_notice(command, occasion.terms, at)
    off_day = _check_days(command, occasion, at)
    check_open(occasion.timetable, command.starts_at, command.ends_at)
    check_capacity(command.headcount, occasion.venue.capacity)
    if occasion.item is not None:
        minutes = math.ceil((command.ends_at - command.starts_at) / MINUTE)
        suits(occasion.item, occasion.venue, minutes, command.headcount)
    return off_day


def _kind(occasion: Occasion) -> str | None:
    return occasion.item.details.kind if occasion.item else None


def _check_times(command: RequestBooking, terms: BookingTerms) -> None:
    if command.ends_at <= command.starts_at:
        raise ImpossibleTime(
            "`ends_at` must be after `starts_at`.", zh="结束时刻应晚于开始时刻。", field="ends_at"
        )
    if command.ends_at - command.starts_at > terms.longest_minutes * MINUTE:
        raise ImpossibleTime(
            f"A booking lasts at most {terms.longest_minutes} minutes.",
            zh=f"一次预约至多 {terms.longest_minutes} 分钟。",
            field="ends_at",
            longest_minutes=terms.longest_minutes,
        )


def _check_notice(command: RequestBooking, terms: BookingTerms, at: datetime) -> None:
    if command.starts_at < at:
        raise ImpossibleTime(
            "A booking is made before it begins; state `occurred_at` for one entered afterwards.",
            zh="预约应早于开始时刻；补录请填写实际预约时刻 occurred_at。",
            field="starts_at",
        )
    if command.starts_at > at + timedelta(days=terms.horizon_days):
        raise TooFarAhead(
            f"Bookings open {terms.horizon_days} days ahead.",
            zh=f"至多提前 {terms.horizon_days} 天预约。",
            field="starts_at",
            days=terms.horizon_days,
        )
    earliest = at + terms.notice_minutes * MINUTE
    if command.starts_at < earliest:
        raise TooLittleNotice(
            f"Bookings are made {terms.notice_minutes} minutes before they begin.",
            zh=f"至少提前 {terms.notice_minutes} 分钟预约。",
            field="starts_at",
            earliest=earliest.astimezone(LOCAL).isoformat(),
        )


def _check_days(command: RequestBooking, occasion: Occasion, at: datetime) -> bool:
    """Whether it is on an off day. Raises `FiledOffDay`, `TooLittleNotice`, `CalendarMissing`."""
    calendar, rule = occasion.timetable.calendar, occasion.book[OffDays]
    if not is_off_day(command.starts_at, command.ends_at, calendar):
        return False
    check_filed(business_date(at), business_date(command.starts_at), calendar, rule)
    return True


def check_filed(filed: date, first: date, calendar: WorkingCalendar, rule: OffDays) -> None:
    """What is off and begins on `first` is filed on a working day, so many of them before.

    Raises `FiledOffDay`, `TooLittleNotice`, `CalendarMissing`.
    """
    if rule.filed_on_working_days and not calendar.works(filed):
        raise FiledOffDay(
            f"{filed} is no working day; ask again on {calendar.after(filed, 1)}.",
            zh=f"{filed:%m月%d日}是非工作日，请于 {calendar.after(filed, 1)} 提出。",
            field="starts_at",
            next_working_day=str(calendar.after(filed, 1)),
        )
    days = calendar.between(filed - ONE_DAY, first - ONE_DAY)
    if days < rule.working_days:
        raise TooLittleNotice(
            f"Off days are booked {rule.working_days} working days before.",
            zh=f"非工作日至少提前 {rule.working_days} 个工作日预约。",
            field="starts_at",
            working_days=rule.working_days,
        )


def _steps(asked: BookingRequested | Booking, terms: BookingTerms) -> int:
    second = (
        asked.headcount >= terms.second_step_headcount
        or asked.visitor_level in terms.second_step_levels
        or (asked.off_day and terms.second_step_off_days)
    )
    return 2 if second else 1
