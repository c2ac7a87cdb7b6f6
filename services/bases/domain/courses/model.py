"""Sessions, what a booking holds for them, and sign-ups."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.bases.courses import SessionEvent, SignUpEvent
from contracts.kinds import Channel
from contracts.kinds.courses import SessionStatus, SignUpStatus
from services.chassis.state import State


class Planned(State):
    """From `starts_at` up to, not including, `ends_at`; sign-ups are taken before `closes_at`.

    With the booking of a venue; without one it is in the hall itself, which nobody books.
    """

    session_id: UUID
    code: str | None = Field(title="场次代码")
    course_id: UUID
    hall_id: UUID
    area: str = Field(title="区划")
    base_id: UUID | None
    venue_id: UUID | None
    booking_id: UUID | None
    place: str | None = Field(title="地点")
    lecturer_id: UUID | None
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    closes_at: datetime = Field(title="报名截止时刻")
    status: SessionStatus = Field(title="状态")
    seats: int = Field(title="座位数")
    taken: int = Field(title="已报名人数")
    attended: int | None = Field(title="参加人次")
    walk_ins: int | None = Field(title="其中未报名到场")
    absent: int | None = Field(title="报名未到")


class Session(Planned):
    """With what it is a session of."""

    course_kind: str
    audience_kind: str
    hall_kind: str

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include=set(SessionEvent.model_fields))


@dataclass(frozen=True, kw_only=True)
class Room:
    """What a booking holds for a session: a venue of a base, `[starts_at, ends_at)`."""

    booking_id: UUID
    area: str
    base_id: UUID
    venue_id: UUID
    starts_at: datetime
    ends_at: datetime
    holds: bool
    """Neither cancelled, declined, lapsed nor missed."""
    places: int
    """The venue's, or of a shared one those that were booked."""

    def spans(self, session: Session) -> bool:
        return self.starts_at <= session.starts_at and session.ends_at <= self.ends_at


class SignUp(State):
    """Without an organisation it is a count from outside the tree."""

    sign_up_id: UUID
    session_id: UUID
    organisation_id: UUID | None
    headcount: int = Field(title="报名人数")
    channel: Channel = Field(title="报名方式")
    status: SignUpStatus = Field(title="状态")
    attended: int | None = Field(title="到场人数")
    """`None` until somebody noted how many came."""

    def facts(self, session: Session) -> dict[str, Any]:
        """What every event about it repeats."""
        repeated = set(SignUpEvent.model_fields)
        return session.model_dump(include=repeated) | self.model_dump(include=repeated)
