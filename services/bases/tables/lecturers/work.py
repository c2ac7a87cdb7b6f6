"""What lecturers do and did: assignments, load and ratings, to be read."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.domain.opening import Range
from services.bases.tables.lecturers.rows import AssignmentRow, RatingRow
from services.chassis.errors import NotFound

LOAD = """
SELECT l.lecturer_id, l.code, l.area,
       to_char(a.starts_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month,
       count(*) FILTER (WHERE a.shift_id IS NULL)::int AS assignments,
       count(a.completed_at)::int AS completed,
       count(a.shift_id)::int AS shifts,
       round(sum(extract(epoch FROM a.ends_at - a.starts_at)) / 60)::int AS minutes,
       coalesce(sum(a.headcount), 0)::int AS person_times
  FROM lecturer l JOIN lecturer_assignment a USING (lecturer_id)
  LEFT JOIN guide_shift s USING (shift_id)
 WHERE a.holds AND s.status IS DISTINCT FROM 'missed'
   AND a.starts_at >= $2 AND a.starts_at < $3
   AND EXISTS (SELECT FROM unnest($1::text[]) AS w WHERE starts_with(l.area, w))
   AND ($4::uuid IS NULL OR l.lecturer_id = $4)
 GROUP BY l.lecturer_id, month
 ORDER BY l.code, month
"""
RATED = """
SELECT lecturer_id, round(avg(stars), 2)::float8 AS rating, count(*)::int AS ratings
  FROM lecturer_rating WHERE lecturer_id = ANY($1) GROUP BY lecturer_id
"""


@dataclass(frozen=True)
class Rated:
    rating: float | None = None
    """The average."""
    ratings: int = 0


async def load(
    connection: asyncpg.Connection, within: Sequence[str], span: Range, lecturer_id: UUID | None
) -> list[asyncpg.Record]:
    """By lecturer and month of the start (`2026-06`, Asia/Shanghai), in that order.

    Missed shifts do not count.
    """
    return list(await connection.fetch(LOAD, list(within), *span, lecturer_id))


async def rated(connection: asyncpg.Connection, ids: Collection[UUID]) -> dict[UUID, Rated]:
    rows = await connection.fetch(RATED, list(ids))
    known = {row["lecturer_id"]: Rated(row["rating"], row["ratings"]) for row in rows}
    return defaultdict(Rated, known)


async def assignments_of(
    session: AsyncSession, booking_id: UUID, *where: ColumnElement[bool]
) -> Sequence[AssignmentRow]:
    """What stands for a booking."""
    key, holds = col(AssignmentRow.booking_id), col(AssignmentRow.holds)
    query = select(AssignmentRow).where(key == booking_id, holds, *where)
    return (await session.exec(query.order_by(col(AssignmentRow.assignment_id)))).all()


async def assignment_of(
    session: AsyncSession, booking_id: UUID, lecturer_id: UUID
) -> AssignmentRow:
    """Raises `NotFound`."""
    mine = col(AssignmentRow.lecturer_id) == lecturer_id
    for row in await assignments_of(session, booking_id, mine):
        return row
    raise NotFound(
        f"{lecturer_id} is not assigned to booking {booking_id}.", zh="该讲师没有安排在此预约。"
    )


async def rating_of(session: AsyncSession, assignment_id: UUID) -> RatingRow | None:
    query = select(RatingRow).where(RatingRow.assignment_id == assignment_id)
    return (await session.exec(query)).first()
