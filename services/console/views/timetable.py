"""A day of a base: its venues, each with the bookings that touch the day, on one scale of hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.kinds import BookingStatus
from services.chassis.clock import LOCAL
from services.console import wording
from services.console.clients.bases import Booking, Closure, Venue

OPENS, CLOSES = 8, 18
"""Hours always shown; earlier and later ones when a booking needs them."""
SLOT_MINUTES = 15
GONE = (BookingStatus.CANCELLED, BookingStatus.DECLINED, BookingStatus.LAPSED)
"""Given up before it began: listed below the timetable, so that others can stand in its place."""
SHOWN = tuple(status for status in BookingStatus if status not in GONE)
FREED = {*GONE, BookingStatus.NO_SHOW}
"""The venue is free again: counted neither as booked nor as expected."""
AWAITING = {BookingStatus.PENDING, BookingStatus.ENDORSED}
_LABEL = {status.value: status.label for status in BookingStatus}


@dataclass(frozen=True)
class Block:
    status: str
    status_label: str
    who: str
    time: str
    people: str
    details: str
    start: int
    """Grid column, counted from 1; a column is `SLOT_MINUTES`."""
    end: int
    lane: int
    freed: bool


@dataclass(frozen=True)
class Shut:
    """When a venue is closed, in columns like those of a `Block`."""

    reason: str
    time: str
    start: int
    end: int


@dataclass(frozen=True)
class VenueDay:
    name: str
    about: str
    lanes: int
    blocks: tuple[Block, ...]
    closures: tuple[Shut, ...]


@dataclass(frozen=True)
class Given:
    """A booking that was given up."""

    status: str
    status_label: str
    text: str


@dataclass(frozen=True)
class Tally:
    label: str
    number: str
    unit: str


@dataclass(frozen=True)
class DayPlan:
    hours: tuple[str, ...]
    columns: int
    venues: tuple[VenueDay, ...]
    gone: tuple[Given, ...]
    tallies: tuple[Tally, ...]
    now_column: int | None
    """Where the present lies on the scale; none on another day or outside the hours."""


def day_plan(
    venues: Sequence[Venue],
    bookings: Sequence[Booking],
    closures: Sequence[Closure],
    on: date,
    now: datetime,
) -> DayPlan:
    shown = [booking for booking in bookings if booking.status not in GONE]
    first, last = _hours(shown, on)
    opens = datetime(on.year, on.month, on.day, tzinfo=LOCAL) + timedelta(hours=first)
    closes = opens + timedelta(hours=last - first)
    columns = (last - first) * 60 // SLOT_MINUTES
    days = []
    for venue in venues:
        mine = [b for b in shown if b.venue_id == venue.venue_id]
        lanes = assign_lanes(mine)
        blocks = tuple(_block(b, lanes[i], opens, columns) for i, b in enumerate(mine))
        shut = tuple(
            _shut(each, opens, columns)
            for each in closures
            if each.venue_id in {None, venue.venue_id}
            and max(each.starts_at, opens) < min(each.until, closes)
        )
        days.append(VenueDay(venue.name, _about(venue), max(lanes, default=0) + 1, blocks, shut))
    place = int((now - opens).total_seconds() // 60 // SLOT_MINUTES) + 1
    return DayPlan(
        hours=tuple(f"{hour}:00" for hour in range(first, last)),
        columns=columns,
        venues=tuple(days),
        gone=_gone(venues, bookings),
        tallies=tallies(bookings),
        now_column=place if 1 <= place <= columns else None,
    )


def assign_lanes(bookings: Sequence[Booking]) -> list[int]:
    """For each booking, in order of start, the first lane whose last booking is over by then."""
    ends: list[datetime] = []
    lanes = []
    for booking in bookings:
        free = next((i for i, end in enumerate(ends) if end <= booking.starts_at), len(ends))
        ends[free : free + 1] = [booking.ends_at]
        lanes.append(free)
    return lanes


def tallies(bookings: Sequence[Booking]) -> tuple[Tally, ...]:
    """What stands above the timetable. What was given up holds no venue; an offer holds one, but
    nobody has accepted it yet.
    """
    freed = sum(b.status in FREED for b in bookings)
    held = [b for b in bookings if b.status not in {*FREED, BookingStatus.OFFERED}]
    came = [b.actual_headcount for b in held if b.actual_headcount is not None]
    waiting = sum(b.status in AWAITING for b in held)
    return (
        Tally("有效预约", wording.number(len(held)), "批"),
        Tally("预约人数", wording.number(sum(b.headcount for b in held)), "人"),
        Tally("已到", wording.number(sum(came)), "人次"),
        Tally("待审批", wording.number(waiting), "批"),
        Tally("未成行", wording.number(freed), "批"),
    )


def _hours(bookings: Sequence[Booking], on: date) -> tuple[int, int]:
    midnight = datetime(on.year, on.month, on.day, tzinfo=LOCAL)
    first, last = OPENS, CLOSES
    for booking in bookings:
        starts = (booking.starts_at - midnight).total_seconds() / 3600
        ends = (booking.ends_at - midnight).total_seconds() / 3600
        first, last = min(first, int(starts)), max(last, -int(-ends // 1))
    return max(first, 0), min(last, 24)


def _block(booking: Booking, lane: int, opens: datetime, columns: int) -> Block:
    start, end = _span(booking.starts_at, booking.ends_at, opens, columns)
    people = f"预约{booking.headcount}人"
    if booking.actual_headcount is not None:
        people = f"实到{booking.actual_headcount}人（预约{booking.headcount}人）"
    level = wording.code_label("visitor_level", booking.visitor_level)
    channel = wording.code_label("channel", booking.channel)
    return Block(
        status=booking.status,
        status_label=_LABEL.get(booking.status, booking.status),
        who=_who(booking),
        time=_times(booking),
        people=people,
        details=f"{level}级来访 · {channel}预约",
        start=start,
        end=end,
        lane=lane + 1,
        freed=booking.status in FREED,
    )


def _shut(closure: Closure, opens: datetime, columns: int) -> Shut:
    start, end = _span(closure.starts_at, closure.until, opens, columns)
    begun = closure.starts_at <= opens
    over = closure.until >= opens + timedelta(minutes=columns * SLOT_MINUTES)
    since = "" if begun else f"{wording.clock_time(closure.starts_at)}起"
    until = "" if over else f"至{wording.clock_time(closure.until)}"
    reason = wording.code_label("closure_reason", closure.reason_kind)
    return Shut(reason, since + until or "全天", start, end)


def _span(since: datetime, until: datetime, opens: datetime, columns: int) -> tuple[int, int]:
    """Columns from the first to the one after the last; at least one."""

    def column(at: datetime) -> int:
        minutes = (at - opens).total_seconds() / 60
        return round(max(0.0, min(minutes / SLOT_MINUTES, columns))) + 1

    start = min(column(since), columns)
    return start, max(column(until), start + 1)


def _gone(venues: Sequence[Venue], bookings: Sequence[Booking]) -> tuple[Given, ...]:
    names = {venue.venue_id: venue.name for venue in venues}
    return tuple(
        Given(
            booking.status,
            _LABEL[BookingStatus(booking.status)],
            f"{_times(booking)} {names.get(booking.venue_id, '')} {_who(booking)}"
            f"，预约{booking.headcount}人",
        )
        for booking in bookings
        if booking.status in GONE
    )


def _times(booking: Booking) -> str:
    return f"{wording.clock_time(booking.starts_at)}–{wording.clock_time(booking.ends_at)}"


def _who(booking: Booking) -> str:
    return booking.organisation_name or "（名称未知）"


def _about(venue: Venue) -> str:
    floor = f"{venue.floor}楼 · " if venue.floor is not None else ""
    kind = wording.code_label("venue_kind", venue.kind)
    return f"{floor}{kind} · 容{venue.capacity}人"
