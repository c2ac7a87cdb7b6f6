"""The rows of working members (在职党员进社区)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.chassis.rows import Structured, Versioned
from services.membership.domain.working.feedback import Account, Feedback
from services.membership.domain.working.posts import Claim, Post
from services.membership.domain.working.records import Credit, Service
from services.membership.domain.working.registrants import Employer, Registrant
from services.membership.tables.rows import Row


class EmployerRow(Employer, Versioned, Row, table=True):
    __tablename__ = "employer"

    employer_id: UUID = Field(primary_key=True)


class RegistrantRow(Registrant, Versioned, Row, table=True):
    __tablename__ = "registrant"

    registrant_id: UUID = Field(primary_key=True)
    skills: list[str] = Field(sa_type=ARRAY(Text))


class PostRow(Post, Versioned, Row, table=True):
    __tablename__ = "service_post"

    post_id: UUID = Field(primary_key=True)
    skills: list[str] = Field(sa_type=ARRAY(Text))


class ClaimRow(Claim, Versioned, Row, table=True):
    __tablename__ = "post_claim"

    claim_id: UUID = Field(primary_key=True)


class ServiceRow(Service, Versioned, Row, table=True):
    __tablename__ = "service_record"

    record_id: UUID = Field(primary_key=True)
    voided_at: datetime | None = None


class CreditRow(Credit, Row, table=True):
    __tablename__ = "service_credit"

    credit_id: UUID = Field(primary_key=True)
    voided: bool = False


class FeedbackRow(Feedback, Row, table=True):
    __tablename__ = "feedback"

    feedback_id: UUID = Field(primary_key=True)
    content: list[Account] = Field(sa_type=Structured(list[Account]))
    recorded_at: datetime
