"""A day of a base: its venues, each with the bookings that touch the day, on one scale of hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.kinds import BookingStatus
from services.chassis.clock import LOCAL
from services.console import wording
from services.console.clients.bases import Booking, Venue

OPENS, CLOSES = 8, 18
"""Hours always shown; earlier and later ones when a booking needs them."""
SLOT_MINUTES = 15
FREED = {BookingStatus.CANCELLED, BookingStatus.NO_SHOW}
"""The venue is free again: shown, but counted neither as booked nor as expected."""
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
class VenueDay:
    name: str
    about: str
    lanes: int
    blocks: tuple[Block, ...]


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
    tallies: tuple[Tally, ...]
    now_column: int | None
    """Where the present lies on the scale; none on another day or outside the hours."""


def day_plan(
    venues: Sequence[Venue], bookings: Sequence[Booking], on: date, now: datetime
) -> DayPlan:
    first, last = _hours(bookings, on)
    opens = datetime(on.year, on.month, on.day, tzinfo=LOCAL) + timedelta(hours=first)
    columns = (last - first) * 60 // SLOT_MINUTES
    days = []
    for venue in venues:
        mine = [b for b in bookings if b.venue_id == venue.venue_id]
        lanes = assign_lanes(mine)
        blocks = tuple(_block(b, lanes[i], opens, columns) for i, b in enumerate(mine))
        days.append(VenueDay(venue.name, _about(venue), max(lanes, default=0) + 1, blocks))
    place = int((now - opens).total_seconds() // 60 // SLOT_MINUTES) + 1
    return DayPlan(
        hours=tuple(f"{hour}:00" for hour in range(first, last)),
        columns=columns,
        venues=tuple(days),
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
    """What stands above the timetable. Cancelled ones and no-shows hold no venue."""
    held = [b for b in bookings if b.status not in FREED]
    came = [b.actual_headcount for b in held if b.actual_headcount is not None]
    waiting = sum(b.status == BookingStatus.PENDING for b in held)
    return (
        Tally("有效预约", wording.number(len(held)), "批"),
        Tally("预约人数", wording.number(sum(b.headcount for b in held)), "人"),
        Tally("已到", wording.number(sum(came)), "人次"),
        Tally("待确认", wording.number(waiting), "批"),
        Tally("取消或未到场", wording.number(len(bookings) - len(held)), "批"),
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
    def column(at: datetime) -> int:
        minutes = (at - opens).total_seconds() / 60
        return round(max(0.0, min(minutes / SLOT_MINUTES, columns))) + 1

    start = column(booking.starts_at)
    people = f"预约{booking.headcount}人"
    if booking.actual_headcount is not None:
        people = f"实到{booking.actual_headcount}人（预约{booking.headcount}人）"
    level = wording.code_label("visitor_level", booking.visitor_level)
    channel = wording.code_label("channel", booking.channel)
    return Block(
        status=booking.status,
        status_label=_LABEL.get(booking.status, booking.status),
        who=booking.organisation_name or "（名称未知）",
        time=f"{wording.clock_time(booking.starts_at)}–{wording.clock_time(booking.ends_at)}",
        people=people,
        details=f"{level}级来访 · {channel}预约",
        start=start,
        end=max(column(booking.ends_at), start + 1),
        lane=lane + 1,
        freed=booking.status in FREED,
    )


def _about(venue: Venue) -> str:
    floor = f"{venue.floor}楼 · " if venue.floor is not None else ""
    kind = wording.code_label("venue_kind", venue.kind)
    return f"{floor}{kind} · 容{venue.capacity}人"
