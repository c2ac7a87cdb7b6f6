"""Activities and who came, as rows."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.membership.domain.activities import Activity, Attachment, Attendance, Output
from services.membership.tables.rows import Row


class ActivityRow(Activity, Row, table=True):
    """`stated_*` are counts as they were given, the rest is what follows from them and from
    attendance.
    """

    __tablename__ = "activity"

    activity_id: UUID = Field(primary_key=True)
    co_organiser_ids: list[UUID] = Field(default_factory=list, sa_type=ARRAY(SqlUuid))
    stated_headcount: int | None = None
    stated_expected: int | None = None
    version: int = 1
    """Of its events."""
    edition: int = 1
    """Counts every change, also of what no event says."""
    recorded_at: datetime


class AttendanceRow(Attendance, Row, table=True):
    """`held_on` is the day of an activity that was held; null before that and after it is taken
    back.
    """

    __tablename__ = "attendance"

    activity_id: UUID = Field(primary_key=True)
    member_id: UUID = Field(primary_key=True)
    held_on: date | None = None
    minutes: int = 0
    """Of training, where the kind of activity counts as such."""


class OutputRow(Output, Row, table=True):
    """What came of an activity; a retracted one stays as a row."""

    __tablename__ = "activity_output"

    output_id: UUID = Field(primary_key=True)
    activity_id: UUID
    retracted_at: datetime | None = None
    version: int = 1
    recorded_at: datetime


class AttachmentRow(Attachment, Row, table=True):
    __tablename__ = "activity_attachment"

    attachment_id: UUID = Field(primary_key=True)
    activity_id: UUID
