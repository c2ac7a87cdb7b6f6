"""Sessions, what a booking holds for them, and sign-ups."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.kinds import Channel
from contracts.kinds.courses import SessionStatus, SignUpStatus


@dataclass(frozen=True, kw_only=True)
class Session:
    """From `starts_at` up to, not including, `ends_at`; sign-ups are taken before `closes_at`."""

    session_id: UUID
    course_id: UUID
    course_kind: str
    audience_kind: str
    hall_id: UUID
    hall_kind: str
    area: str
    base_id: UUID | None
    venue_id: UUID | None
    booking_id: UUID | None
    """Of the venue; without one the session is in the hall itself, which nobody books."""
    lecturer_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    seats: int
    place: str | None = None
    taken: int = 0
    status: SessionStatus = SessionStatus.ANNOUNCED


@dataclass(frozen=True, kw_only=True)
class Room:
    """What a booking holds for a session: a venue of a base, `[starts_at, ends_at)`."""

    booking_id: UUID
    base_id: UUID
    venue_id: UUID
    starts_at: datetime
    ends_at: datetime
    holds: bool
    """Neither cancelled, declined, lapsed nor missed."""
    places: int
    """The venue's, or of a shared one those that were booked."""


@dataclass(frozen=True, kw_only=True)
class SignUp:
    sign_up_id: UUID
    organisation_id: UUID | None
    """`None`: a count from outside the tree."""
    headcount: int
    channel: Channel
    status: SignUpStatus = SignUpStatus.STANDING
    attended: int | None = None
    """`None` until somebody noted how many came."""
