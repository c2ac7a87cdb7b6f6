"""A booking: what is asked for, what it then is, and what a decision on it looks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from contracts.bases.bookings import BookingEvent
from contracts.kinds import BookingStatus, Channel, Sharing, VisitorLevel
from services.bases.domain.bookings.terms import BookingTerms
from services.bases.domain.menu import Item
from services.bases.domain.opening import Timetable
from services.chassis.rules import Book

HOLDING = frozenset(
    {
        BookingStatus.OFFERED,
        BookingStatus.PENDING,
        BookingStatus.ENDORSED,
        BookingStatus.CONFIRMED,
        BookingStatus.CHECKED_IN,
        BookingStatus.COMPLETED,
    }
)
"""Statuses in which the venue is taken: a request that awaits approval holds its slot."""

AHEAD = frozenset({BookingStatus.PENDING, BookingStatus.ENDORSED, BookingStatus.CONFIRMED})
"""Statuses in which it may still move to another time."""


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
    on_behalf: bool = True
    """Staff of the base entered it for the visitors."""
    menu_item_id: UUID | None = None
    series_id: UUID | None = None
    package_booking_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Venue:
    venue_id: UUID
    base_id: UUID
    base_kind: str
    area: str
    kind: str
    capacity: int
    sharing: Sharing
    buffer: timedelta
    """Held after each booking, to air and clean."""
    retired: bool = False


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """Everything but other bookings that decides whether a venue may be booked by somebody."""

    venue: Venue
    timetable: Timetable
    terms: BookingTerms
    book: Book
    """Holds the other rules of a request: `terms.REQUEST`."""
    item: Item | None = None
    """Of the menu, where one is asked for."""
    breaches: Sequence[datetime] = ()
    """Starts of bookings that the organisation missed, or cancelled too late."""


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
    on_behalf: bool
    off_day: bool
    menu_item_id: UUID | None
    menu_item_kind: str | None
    series_id: UUID | None
    package_booking_id: UUID | None
    steps: int
    """Of approval: 1 or 2."""
    status: BookingStatus
    actual_headcount: int | None
    version: int

    def facts(self) -> dict[str, object]:
        """What every event about the booking repeats."""
        return {name: getattr(self, name) for name in BookingEvent.model_fields}
