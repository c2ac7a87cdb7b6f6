"""Activities and who came, as rows."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.books import Bound
from services.chassis.database import execute
from services.membership.tables.rows import Row

INSTANT = DateTime(timezone=True)


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
    starts_at: datetime = Field(sa_type=INSTANT)
    ends_at: datetime | None = Field(default=None, sa_type=INSTANT)
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
    recorded_at: datetime = Field(sa_type=INSTANT)


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
    held_on: date | None = None
    minutes: int = 0
    """Of training, where the kind of activity counts as such."""


@dataclass(frozen=True)
class Attended:
    """A member's year: activities they were expected at, and what became of it."""

    expected: int = 0
    """Without those at which attendance was no demand."""
    attended: int = 0
    excused: int = 0
    missed: int = 0
    present: int = 0
    """All at which they were present, demanded or not."""
    training_minutes: int = 0
    last_on: date | None = None
    """The last day they were present."""


ATTENDED = """
SELECT count(*) FILTER (WHERE NOT exempt) AS expected,
       count(*) FILTER (WHERE NOT exempt AND presence = 'present') AS attended,
       count(*) FILTER (WHERE NOT exempt AND presence = 'excused') AS excused,
       count(*) FILTER (WHERE NOT exempt AND presence = 'absent') AS missed,
       count(*) FILTER (WHERE presence = 'present') AS present,
       coalesce(sum(minutes) FILTER (WHERE presence = 'present'), 0) AS training_minutes,
       max(held_on) FILTER (WHERE presence = 'present') AS last_on
  FROM attendance WHERE member_id = :member AND held_on BETWEEN :first AND :last
"""


async def attendance_of(session: AsyncSession, member_id: UUID, year: int) -> Attended:
    """What a member attended in a calendar year; all zero for one who appears nowhere."""
    days = {"first": date(year, 1, 1), "last": date(year, 12, 31)}
    rows = await execute(session, ATTENDED, {"member": member_id, **days})
    return Attended(**rows.mappings().one())
