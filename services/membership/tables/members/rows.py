"""The rows of members. None of them holds a name, a phone or a number of a person."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from services.membership.domain.members.headcounts import Headcount
from services.membership.domain.members.joining import Recorded
from services.membership.domain.members.states import Line, Member
from services.membership.tables.rows import Row


class MemberRow(Member, Row, table=True):
    __tablename__ = "member"

    member_id: UUID = Field(primary_key=True)
    birth_year: int | None = None
    joining_due: date | None = None
    """After this day a step of joining is overdue: when to look again."""
    attempt: int = 1
    identity_digest: bytes | None = None
    version: int = 1
    recorded_at: datetime


class HistoryRow(Line, Row, table=True):
    """The last of a day is what stands."""

    __tablename__ = "member_history"

    member_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    recorded_at: datetime


class StepRow(Recorded, Row, table=True):
    __tablename__ = "joining_step"

    step_id: UUID = Field(primary_key=True)
    member_id: UUID
    attempt: int
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
