"""The rows of members. None of them holds a name, a phone or a number of a person."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from contracts.kinds.members import (
    COUNTED,
    Education,
    LeavingReason,
    MemberState,
    Occupation,
    Whereabouts,
    WorkStatus,
)
from services.membership.domain.members.headcounts import Headcount
from services.membership.domain.members.states import Member
from services.membership.tables.rows import Row


class MemberRow(Row, table=True):
    __tablename__ = "member"

    member_id: UUID = Field(primary_key=True)
    code: str
    organisation_id: UUID
    group_id: UUID | None = None
    area: str
    state: str
    leaving: str | None = None
    since: date
    education: str
    work_status: str
    occupation: str
    health: str
    hardship: bool = False
    whereabouts: str = Whereabouts.HERE.value
    whereabouts_since: date | None = None
    birth_year: int | None = None
    applied_on: date | None = None
    joined_on: date | None = None
    full_on: date | None = None
    probation_until: date | None = None
    joining_due: date | None = None
    """After this day a step of joining is overdue: when to look again."""
    attempt: int = 1
    identity_digest: bytes | None = None
    version: int = 1
    recorded_at: datetime

    @property
    def counted(self) -> bool:
        return self.state in COUNTED


class HistoryRow(Row, table=True):
    """What a member was from `effective_on` on; the last of a day is what stands."""

    __tablename__ = "member_history"

    member_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    effective_on: date
    state: str
    leaving: str | None = None
    organisation_id: UUID
    group_id: UUID | None = None
    whereabouts: str
    reason: str
    rule: str | None = None
    rule_version: str | None = None
    recorded_at: datetime


class StepRow(Row, table=True):
    __tablename__ = "joining_step"

    step_id: UUID = Field(primary_key=True)
    member_id: UUID
    attempt: int
    step: str
    held_on: date
    organisation_id: UUID
    minutes: str | None = None
    days: int | None = None
    hours: int | None = None
    rule: str | None = None
    rule_version: str | None = None
    recorded_at: datetime


class AttachmentRow(Row, table=True):
    """A second attachment (流动党员纳入流入地管理): `host_id` is empty outside the platform."""

    __tablename__ = "attachment"

    attachment_id: UUID = Field(primary_key=True)
    member_id: UUID
    host_id: UUID | None = None
    from_on: date
    ended_on: date | None = None


class HeadcountRow(Headcount, Row, table=True):
    __tablename__ = "headcount"

    headcount_id: UUID = Field(primary_key=True)
    withdrawn_at: datetime | None = None
    version: int = 1
    recorded_at: datetime


def member_of(row: MemberRow) -> Member:
    """The state that decisions look at."""
    return Member(
        member_id=row.member_id,
        organisation_id=row.organisation_id,
        group_id=row.group_id,
        area=row.area,
        state=MemberState(row.state),
        leaving=LeavingReason(row.leaving) if row.leaving else None,
        since=row.since,
        education=Education(row.education),
        work_status=WorkStatus(row.work_status),
        occupation=Occupation(row.occupation),
        whereabouts=Whereabouts(row.whereabouts),
        whereabouts_since=row.whereabouts_since,
        attempt=row.attempt,
        applied_on=row.applied_on,
        joined_on=row.joined_on,
        full_on=row.full_on,
        probation_until=row.probation_until,
    )
