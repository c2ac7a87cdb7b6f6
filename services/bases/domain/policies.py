"""What follows from what: whenever that happens to a booking, then this is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.bases.bookings import (
    BookingCancelled,
    BookingConfirmed,
    BookingDeclined,
    BookingEndorsed,
    BookingEvent,
    BookingLapsed,
    BookingMissed,
    BookingMissRetracted,
    BookingRequested,
    BookingRescheduled,
)
from contracts.kinds import CancelReason
from contracts.kinds.notices import NoticeKind

TOLD: Mapping[type[BookingEvent], NoticeKind] = {
    BookingRequested: NoticeKind.REQUESTED,
    BookingEndorsed: NoticeKind.ENDORSED,
    BookingConfirmed: NoticeKind.CONFIRMED,
    BookingDeclined: NoticeKind.DECLINED,
    BookingCancelled: NoticeKind.CANCELLED,
    BookingRescheduled: NoticeKind.RESCHEDULED,
    BookingLapsed: NoticeKind.LAPSED,
    BookingMissed: NoticeKind.NO_SHOW,
    BookingMissRetracted: NoticeKind.NO_SHOW_RETRACTED,
}
FREEING = (BookingCancelled, BookingDeclined, BookingLapsed, BookingMissed)
BY_BASE = frozenset({CancelReason.BY_BASE, CancelReason.WEATHER})


@dataclass(frozen=True)
class Freed:
    """A venue has room it had not before, `[since, until)` but for buffers."""

    venue_id: UUID
    since: datetime
    until: datetime


def notice_of(event: BookingEvent, entered_at: datetime) -> NoticeKind | None:
    """Whenever a booking takes a step, those who booked are told.

    Not of one entered after it began: that is paper, and those who came know.
    """
    if entered_at > event.starts_at:
        return None
    if isinstance(event, BookingCancelled):
        if event.reason is CancelReason.ENTERED_WRONGLY:
            return None
        return NoticeKind.CANCELLED_BY_BASE if event.reason in BY_BASE else NoticeKind.CANCELLED
    return TOLD.get(type(event))


def freed(event: BookingEvent) -> Freed | None:
    """Whenever a booking gives its slot back or moves away, it is offered to those who wait."""
    if isinstance(event, FREEING):
        return Freed(event.venue_id, event.starts_at, event.ends_at)
    if isinstance(event, BookingRescheduled):
        return Freed(event.was_venue_id, event.was_starts_at, event.was_ends_at)
    return None


def may_lead_to_waiting(event: BookingEvent) -> bool:
    """Whenever a venue was kept for nobody, it is looked whether the visitors have to wait."""
    return isinstance(event, BookingMissed) or (isinstance(event, BookingCancelled) and event.late)
