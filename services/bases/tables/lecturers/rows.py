"""The rows. The guard over assignments stands in the migration; `claims` writes them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.bases.domain.lecturers.assignments import Assignment, Rating
from services.bases.domain.lecturers.people import Lecturer
from services.bases.domain.lecturers.shifts import Shift
from services.bases.domain.lecturers.times import Absence
from services.bases.tables.rows import Row


class LecturerRow(Lecturer, Row, table=True):
    __tablename__ = "lecturer"

    lecturer_id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    roles: list[str] = Field(sa_type=ARRAY(Text))
    skills: list[str] = Field(sa_type=ARRAY(Text))
    retired_on: date | None = None
    version: int = 1
    recorded_at: datetime


class AbsenceRow(Absence, Row, table=True):
    __tablename__ = "lecturer_absence"

    absence_id: UUID = Field(primary_key=True)
    withdrawn_at: datetime | None = None
    recorded_at: datetime


class AssignmentRow(Assignment, Row, table=True):
    """To be read; written by `claims` alone."""

    __tablename__ = "lecturer_assignment"

    assignment_id: UUID = Field(primary_key=True)
    shift_id: UUID | None
    holds: bool
    version: int


class ShiftRow(Shift, Row, table=True):
    __tablename__ = "guide_shift"

    shift_id: UUID = Field(primary_key=True)
    version: int = 1
    recorded_at: datetime


class RatingRow(Rating, Row, table=True):
    __tablename__ = "lecturer_rating"

    rating_id: UUID = Field(primary_key=True)
    assignment_id: UUID
    area: str
    version: int = 1
    recorded_at: datetime
