"""The life of a booking, from request to visit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from contracts.bases.bookings import (
    BookingCancelled,
    BookingCheckedIn,
    BookingCompleted,
    BookingConfirmed,
    BookingMissed,
    BookingRequested,
)
from contracts.bases.visits import VisitCompleted
from contracts.kinds import BookingStatus, CancelReason, Channel, Sharing, VisitorLevel
from services.chassis.errors import Conflict, Invalid

LONGEST = timedelta(hours=24)
"""Longest booking. A longer stay is several bookings, so that each day's visit is counted."""

NEXT: dict[BookingStatus, frozenset[BookingStatus]] = {
    BookingStatus.PENDING: frozenset({BookingStatus.CONFIRMED, BookingStatus.CANCELLED}),
    BookingStatus.CONFIRMED: frozenset(
        {BookingStatus.CHECKED_IN, BookingStatus.CANCELLED, BookingStatus.NO_SHOW}
    ),
    BookingStatus.CHECKED_IN: frozenset({BookingStatus.COMPLETED}),
    BookingStatus.COMPLETED: frozenset(),
    BookingStatus.CANCELLED: frozenset(),
    BookingStatus.NO_SHOW: frozenset(),
}
"""Every step a booking may take."""

HOLDING = frozenset(
    {
        BookingStatus.PENDING,
        BookingStatus.CONFIRMED,
        BookingStatus.CHECKED_IN,
        BookingStatus.COMPLETED,
    }
)
"""Statuses in which the venue is taken: a pending request holds its slot."""


# Commands


@dataclass(frozen=True, kw_only=True)
class RequestBooking:
    """The venue is asked for from `starts_at` up to, not including, `ends_at`."""

    booking_id: UUID
    venue_id: UUID
    organisation_id: UUID
    starts_at: datetime
    ends_at: datetime
    headcount: int
    channel: Channel
    visitor_level: VisitorLevel


# State


@dataclass(frozen=True, kw_only=True)
class Venue:
    venue_id: UUID
    base_id: UUID
    base_kind: str
    area: str
    capacity: int
    sharing: Sharing
    buffer: timedelta
    """Held after each booking, to air and clean."""


@dataclass(frozen=True, kw_only=True)
class Booking:
    booking_id: UUID
    base_id: UUID
    base_kind: str
    area: str
    venue_id: UUID
    organisation_id: UUID
    starts_at: datetime
    ends_at: datetime
    headcount: int
    channel: Channel
    visitor_level: VisitorLevel
    status: BookingStatus
    actual_headcount: int | None
    version: int

    def facts(self) -> dict[str, object]:
        """What every event about the booking repeats."""
        names = BookingRequested.model_fields
        return {name: getattr(self, name) for name in names}


# Refusals


class ImpossibleTime(Invalid):
    code = "impossible-time"
    title, title_zh = "The times are impossible", "时间不合理"


class TooFarAhead(Invalid):
    code = "too-far-ahead"
    title, title_zh = "Too far ahead to book", "超出可预约期限"


class OverCapacity(Conflict):
    code = "over-capacity"
    title, title_zh = "More people than the venue holds", "人数超过场馆容量"


class SlotTaken(Conflict):
    code = "slot-taken"
    title, title_zh = "The venue is taken at that time", "该时段场馆已被预约"


class VenueFull(Conflict):
    code = "venue-full"
    title, title_zh = "Not enough places left at that time", "该时段剩余名额不足"


class StepNotAllowed(Conflict):
    code = "step-not-allowed"
    title, title_zh = "A booking cannot take this step from here", "预约当前状态不允许此操作"


class TooEarly(Conflict):
    code = "too-early"
    title, title_zh = "Not before the booking begins", "预约尚未开始"


# Decisions


def request(
    command: RequestBooking, venue: Venue, *, occurred_at: datetime, horizon: timedelta
) -> BookingRequested:
    """What can be refused without looking at other bookings; the database refuses the rest.

    Raises `ImpossibleTime`, `TooFarAhead` or `OverCapacity`.
    """
    if command.ends_at <= command.starts_at:
        raise ImpossibleTime(
            "`ends_at` must be after `starts_at`.", zh="结束时刻应晚于开始时刻。", field="ends_at"
        )
    if command.ends_at - command.starts_at > LONGEST:
        raise ImpossibleTime(
            f"A booking lasts at most {LONGEST}.", zh="一次预约至多 24 小时。", field="ends_at"
        )
    if command.starts_at < occurred_at:
        raise ImpossibleTime(
            "A booking is made before it begins; state `occurred_at` for one entered afterwards.",
            zh="预约应早于开始时刻；补录请填写实际预约时刻 occurred_at。",
            field="starts_at",
        )
    if command.starts_at > occurred_at + horizon:
        raise TooFarAhead(
            f"Bookings open {horizon.days} days ahead.",
            zh=f"至多提前 {horizon.days} 天预约。",
            field="starts_at",
            days=horizon.days,
        )
    check_capacity(command.headcount, venue.capacity)
    return BookingRequested(
        area=venue.area,
        booking_id=command.booking_id,
        base_id=venue.base_id,
        base_kind=venue.base_kind,
        venue_id=venue.venue_id,
        organisation_id=command.organisation_id,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        headcount=command.headcount,
        channel=command.channel,
        visitor_level=command.visitor_level,
    )


def requested(event: BookingRequested) -> Booking:
    """A booking as it begins."""
    return Booking(**dict(event), status=BookingStatus.PENDING, actual_headcount=None, version=1)


def held(command: RequestBooking, venue: Venue) -> tuple[datetime, datetime]:
    """The range `[)` in which the venue is taken, buffer included."""
    return command.starts_at, command.ends_at + venue.buffer


def check_capacity(headcount: int, capacity: int, *, field: str = "headcount") -> None:
    if headcount > capacity:
        raise OverCapacity(
            f"{headcount} people; the venue holds {capacity}.",
            zh=f"{headcount} 人超过场馆容量 {capacity} 人。",
            field=field,
            capacity=capacity,
        )


def confirm(booking: Booking) -> BookingConfirmed:
    _step(booking, BookingStatus.CONFIRMED)
    return BookingConfirmed.model_validate(booking.facts())


def cancel(booking: Booking, reason: CancelReason) -> BookingCancelled:
    _step(booking, BookingStatus.CANCELLED)
    return BookingCancelled.model_validate(booking.facts() | {"reason": reason})


def check_in(
    booking: Booking, headcount: int, capacity: int, *, occurred_at: datetime
) -> BookingCheckedIn:
    """The real headcount, at most what the venue holds. Raises `TooEarly` on another day before."""
    _step(booking, BookingStatus.CHECKED_IN)
    _begun(booking, occurred_at, EARLY_CHECK_IN)
    check_capacity(headcount, capacity)
    return BookingCheckedIn.model_validate(booking.facts() | {"actual_headcount": headcount})


EARLY_CHECK_IN = timedelta(hours=2)
"""How long before its start visitors may be checked in."""


def complete(
    booking: Booking, headcount: int | None, visit_id: UUID, *, occurred_at: datetime
) -> tuple[BookingCompleted, VisitCompleted]:
    """The booking is done and its visit counts; `headcount` corrects the one of the check-in."""
    _step(booking, BookingStatus.COMPLETED)
    came = headcount or booking.actual_headcount
    done = BookingCompleted.model_validate(
        booking.facts() | {"actual_headcount": came, "visit_id": visit_id}
    )
    visit = VisitCompleted(
        area=booking.area,
        visit_id=visit_id,
        base_id=booking.base_id,
        base_kind=booking.base_kind,
        venue_id=booking.venue_id,
        booking_id=booking.booking_id,
        organisation_id=booking.organisation_id,
        visitor_level=booking.visitor_level,
        channel=booking.channel,
        planned_headcount=booking.headcount,
        actual_headcount=done.actual_headcount,
        started_at=booking.starts_at,
        ended_at=max(occurred_at, booking.starts_at),
    )
    return done, visit


def miss(booking: Booking, *, occurred_at: datetime) -> BookingMissed:
    """Nobody came. Raises `TooEarly` before the booking begins."""
    _step(booking, BookingStatus.NO_SHOW)
    _begun(booking, occurred_at, timedelta())
    return BookingMissed.model_validate(booking.facts())


def _step(booking: Booking, to: BookingStatus) -> None:
    allowed = NEXT[booking.status]
    if to not in allowed:
        raise StepNotAllowed(
            f"From {booking.status} to {to}.",
            zh=f"预约{booking.status.label}，不能改为{to.label}。",
            state=booking.status,
            allowed=sorted(allowed),
        )


def _begun(booking: Booking, at: datetime, grace: timedelta) -> None:
    if at < booking.starts_at - grace:
        raise TooEarly(
            f"The booking begins at {booking.starts_at.isoformat()}.",
            zh="预约尚未开始。",
            starts_at=booking.starts_at.isoformat(),
        )
