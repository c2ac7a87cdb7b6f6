"""How a booking goes on: approved, declined, honoured, missed, cancelled."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from contracts.bases.bookings import (
    BookingCancelled,
    BookingCheckedIn,
    BookingCompleted,
    BookingConfirmed,
    BookingDeclined,
    BookingEndorsed,
    BookingLapsed,
    BookingMissed,
    BookingMissRetracted,
)
from contracts.bases.visits import VisitCompleted
from contracts.kinds import BookingStatus, CancelReason
from services.bases.domain.bookings import life
from services.bases.domain.bookings.ask import MINUTE, check_capacity
from services.bases.domain.bookings.model import Booking
from services.bases.domain.bookings.refusals import (
    LecturersNeeded,
    SecondApprover,
    TooEarly,
    TooLate,
)
from services.bases.domain.bookings.terms import BookingTerms
from services.bases.domain.menu import Item
from services.bases.domain.visits.records import check_companions


def approve(
    booking: Booking, *, actor: str, endorsed_by: str | None
) -> BookingEndorsed | BookingConfirmed:
    """The next of one or two steps. Raises `SecondApprover` for one person taking both."""
    if booking.status is BookingStatus.PENDING and booking.steps > 1:
        life.ENDORSE(booking.status)
        return BookingEndorsed.model_validate(booking.facts())
    life.CONFIRM(booking.status)
    if booking.status is BookingStatus.ENDORSED and actor == endorsed_by:
        raise SecondApprover("You took the first step.", zh="您已初审，复核须由另一位负责人进行。")
    return BookingConfirmed.model_validate(booking.facts())


def check_lecturers(item: Item | None, assigned: int) -> None:
    """An item that needs lecturers is confirmed when it has them. Raises `LecturersNeeded`."""
    needed = item.details.lecturer_count if item else 0
    if item is not None and assigned < needed:
        raise LecturersNeeded(
            f"{needed} with skill {item.details.skill_code}; {assigned} assigned.",
            zh=f"“{item.details.name}”需讲师 {needed} 名，已安排 {assigned} 名。",
            skill=item.details.skill_code,
            needed=needed,
            assigned=assigned,
        )


def decline(booking: Booking, reason: str) -> BookingDeclined:
    life.DECLINE(booking.status)
    return BookingDeclined.model_validate(booking.facts() | {"reason_kind": reason})


def lapse(booking: Booking) -> BookingLapsed:
    """Nobody decided in time."""
    life.LAPSE(booking.status)
    return BookingLapsed.model_validate(booking.facts())


def cancel(
    booking: Booking,
    reason: CancelReason,
    terms: BookingTerms,
    *,
    at: datetime,
    closure_id: UUID | None = None,
) -> BookingCancelled:
    """Visitors may until it begins, and are late in the last `cancel_minutes`; the base always."""
    life.CANCEL(booking.status)
    late = False
    if reason is CancelReason.BY_VISITOR:
        if at >= booking.starts_at:
            raise TooLate(
                f"It began at {booking.starts_at.isoformat()}; nobody came is a no-show.",
                zh="预约已经开始，来访方不能取消；未到场请记未到场。",
                field="reason",
                starts_at=booking.starts_at.isoformat(),
            )
        late = at > booking.starts_at - terms.cancel_minutes * MINUTE
    return BookingCancelled.model_validate(
        booking.facts() | {"reason": reason, "late": late, "closure_id": closure_id}
    )


def check_in(
    booking: Booking, headcount: int, capacity: int, terms: BookingTerms, *, at: datetime
) -> BookingCheckedIn:
    """The real headcount, at most what the venue holds. Raises `TooEarly`."""
    life.CHECK_IN(booking.status)
    _begun(booking, at, terms.check_in_minutes * MINUTE)
    check_capacity(headcount, capacity)
    return BookingCheckedIn.model_validate(booking.facts() | {"actual_headcount": headcount})


def complete(
    booking: Booking,
    headcount: int | None,
    visit_id: UUID,
    *,
    at: datetime,
    with_organisation_ids: Sequence[UUID] = (),
) -> tuple[BookingCompleted, VisitCompleted]:
    """The booking is done and its visit counts; `headcount` corrects the one of the check-in."""
    life.COMPLETE(booking.status)
    check_companions(booking.organisation_id, with_organisation_ids)
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
        ended_at=max(at, booking.starts_at),
        with_organisation_ids=list(with_organisation_ids),
        cross_unit=bool(with_organisation_ids),
        purpose_kind=booking.menu_item_kind,
    )
    return done, visit


def miss(
    booking: Booking, *, at: datetime, by_clock: bool = False, retractions: int = 0
) -> BookingMissed:
    """Nobody came. Raises `TooEarly` before the booking begins."""
    life.MISS(booking.status)
    _begun(booking, at, timedelta())
    said = {"by_clock": by_clock, "retractions": retractions}
    return BookingMissed.model_validate(booking.facts() | said)


def retract_miss(booking: Booking) -> BookingMissRetracted:
    """It was no no-show. What else became of it is said by the steps that follow."""
    life.RETRACT_MISS(booking.status)
    return BookingMissRetracted.model_validate(booking.facts())


def _begun(booking: Booking, at: datetime, grace: timedelta) -> None:
    if at < booking.starts_at - grace:
        raise TooEarly(
            f"The booking begins at {booking.starts_at.isoformat()}.",
            zh="预约尚未开始。",
            starts_at=booking.starts_at.isoformat(),
        )
