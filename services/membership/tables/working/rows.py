"""The rows of working members (在职党员进社区)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from contracts.kinds.books import Bound
from contracts.kinds.working import ClaimState, FeedbackReason, RegistrantState, ServiceTime
from contracts.membership.working import FeedbackIssued, ServiceCredited, ServiceRecorded
from services.membership.domain.working.posts import Claim, Post
from services.membership.domain.working.registrants import Employer, Place, Profile, Registrant
from services.membership.tables.rows import Row


class EmployerRow(Row, table=True):
    __tablename__ = "employer"

    employer_id: UUID = Field(primary_key=True)
    code: str
    name: str
    area: str
    version: int
    recorded_at: datetime

    def state(self) -> Employer:
        return Employer(
            employer_id=self.employer_id, code=self.code, name=self.name, area=self.area
        )


class RegistrantRow(Row, table=True):
    __tablename__ = "registrant"

    registrant_id: UUID = Field(primary_key=True)
    code: str
    community: str
    area: str
    employer_id: UUID
    occupation: str
    skills: list[str] = Field(sa_type=ARRAY(Text))
    state: str = RegistrantState.ACTIVE.value
    registered_on: date
    left_on: date | None = None
    claims: int = 0
    version: int
    recorded_at: datetime

    @property
    def place(self) -> Place:
        return Place(community=self.community, grid=grid_of(self.area, self.community))

    @property
    def profile(self) -> Profile:
        return Profile(
            employer_id=self.employer_id, occupation=self.occupation, skills=tuple(self.skills)
        )

    def registrant(self) -> Registrant:
        return Registrant(
            registrant_id=self.registrant_id,
            place=self.place,
            profile=self.profile,
            state=RegistrantState(self.state),
            registered_on=self.registered_on,
            left_on=self.left_on,
            claims=self.claims,
        )


class PostRow(Row, table=True):
    __tablename__ = "service_post"

    post_id: UUID = Field(primary_key=True)
    code: str
    title: str
    kind: str
    community: str
    area: str
    skills: list[str] = Field(sa_type=ARRAY(Text))
    places: int
    taken: int = 0
    starts_on: date
    ends_on: date | None = None
    closed_on: date | None = None
    version: int
    recorded_at: datetime

    def post(self) -> Post:
        return Post(
            post_id=self.post_id,
            code=self.code,
            title=self.title,
            kind=self.kind,
            place=Place(community=self.community, grid=grid_of(self.area, self.community)),
            skills=tuple(self.skills),
            places=self.places,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            taken=self.taken,
            closed_on=self.closed_on,
        )


class ClaimRow(Row, table=True):
    __tablename__ = "post_claim"

    claim_id: UUID = Field(primary_key=True)
    code: str
    post_id: UUID
    registrant_id: UUID
    employer_id: UUID
    kind: str
    area: str
    state: str = ClaimState.HELD.value
    how: str | None = None
    claimed_on: date
    ended_on: date | None = None
    version: int
    recorded_at: datetime

    def claim(self) -> Claim:
        return Claim(
            claim_id=self.claim_id,
            post_id=self.post_id,
            registrant_id=self.registrant_id,
            employer_id=self.employer_id,
            kind=self.kind,
            area=self.area,
            state=ClaimState(self.state),
        )


class ServiceRow(Row, table=True):
    __tablename__ = "service_record"

    record_id: UUID = Field(primary_key=True)
    code: str
    community: str
    area: str
    post_id: UUID | None = None
    kind: str
    held_on: date
    starts_at: datetime | None = None
    minutes: int
    service_time: str
    sessions: int
    attended: int
    service_minutes: int
    beneficiaries: int
    bound: str
    voided_at: datetime | None = None
    version: int
    recorded_at: datetime

    def recorded(self) -> ServiceRecorded:
        return ServiceRecorded(
            area=self.area,
            record_id=self.record_id,
            post_id=self.post_id,
            post_kind=self.kind,
            held_on=self.held_on,
            service_time=ServiceTime(self.service_time),
            sessions=self.sessions,
            attended=self.attended,
            service_minutes=self.service_minutes,
            beneficiaries=self.beneficiaries,
            bound=Bound(self.bound),
        )


class CreditRow(Row, table=True):
    __tablename__ = "service_credit"

    credit_id: UUID = Field(primary_key=True)
    record_id: UUID
    registrant_id: UUID
    employer_id: UUID
    area: str
    kind: str
    held_on: date
    minutes: int
    voided: bool = False

    def credited(self) -> ServiceCredited:
        return ServiceCredited(
            area=self.area,
            credit_id=self.credit_id,
            record_id=self.record_id,
            registrant_id=self.registrant_id,
            employer_id=self.employer_id,
            post_kind=self.kind,
            held_on=self.held_on,
            minutes=self.minutes,
        )


class FeedbackRow(Row, table=True):
    __tablename__ = "feedback"

    feedback_id: UUID = Field(primary_key=True)
    employer_id: UUID
    area: str
    year: int
    edition: int
    reason: str | None = None
    registrants: int
    attended: int
    service_minutes: int
    content: list[dict[str, Any]] = Field(sa_type=JSONB)
    issued_on: date
    recorded_at: datetime

    def issued(self) -> FeedbackIssued:
        return FeedbackIssued(
            area=self.area,
            feedback_id=self.feedback_id,
            employer_id=self.employer_id,
            year=self.year,
            edition=self.edition,
            reason=FeedbackReason(self.reason) if self.reason else None,
            registrants=self.registrants,
            attended=self.attended,
            service_minutes=self.service_minutes,
        )


def grid_of(area: str, community: str) -> str | None:
    """The grid, where `area` is one and not the community itself."""
    return area if area != community else None
