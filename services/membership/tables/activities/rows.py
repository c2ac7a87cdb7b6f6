"""Activities and who came, as rows."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from contracts.kinds.books import Bound
from services.membership.tables.rows import Row


class ActivityRow(Row, table=True):
    """`stated_*` are counts as they were given, the rest is what follows from them and from
    attendance.
    """

    __tablename__ = "activity"

    activity_id: UUID = Field(primary_key=True)
    code: str | None = None
    organisation_id: UUID
    organisation_kind: str
    area: str
    status: str
    kind: str
    group_kind: str
    variant_kind: str | None = None
    starts_at: datetime
    ends_at: datetime | None = None
    minutes: int | None = None
    occasion: int = 1
    sessions: int = 1
    sessions_bound: str = Bound.EXACT
    topic: str | None = None
    place: str | None = None
    base_id: UUID | None = None
    venue_id: UUID | None = None
    visit_id: UUID | None = None
    co_organiser_ids: list[UUID] = Field(default_factory=list, sa_type=ARRAY(SqlUuid))
    stated_headcount: int | None = None
    headcount: int = 0
    bound: str = Bound.EXACT
    stated_expected: int | None = None
    invited: int = 0
    expected: int = 0
    attended: int = 0
    excused: int = 0
    missed: int = 0
    exempt: int = 0
    present: int = 0
    version: int = 1
    """Of its events."""
    edition: int = 1
    """Counts every change, also of what no event says."""
    recorded_at: datetime


class AttendanceRow(Row, table=True):
    """`held_on` is the day of an activity that was held; null before that and after it is taken
    back.
    """

    __tablename__ = "attendance"

    activity_id: UUID = Field(primary_key=True)
    member_id: UUID = Field(primary_key=True)
    presence: str
    reason: str | None = None
    exempt: bool = False
    counted: bool = True
    held_on: date | None = None
    minutes: int = 0
    """Of training, where the kind of activity counts as such."""


class OutputRow(Row, table=True):
    """What came of an activity; a retracted one stays as a row."""

    __tablename__ = "activity_output"

    output_id: UUID = Field(primary_key=True)
    activity_id: UUID
    kind: str
    quantity: int
    bound: str
    retracted_at: datetime | None = None
    version: int = 1
    recorded_at: datetime


class AttachmentRow(Row, table=True):
    """Where a document or a photo lies; the file itself is kept elsewhere."""

    __tablename__ = "activity_attachment"

    attachment_id: UUID = Field(primary_key=True)
    activity_id: UUID
    uri: str
    sha256: str | None = None
    title: str | None = None
    recorded_at: datetime
