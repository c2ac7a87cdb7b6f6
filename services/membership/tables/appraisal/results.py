"""Results, which are final, and who still owes a round."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.alerts import AlertKind
from services.chassis.database import execute
from services.membership.domain.appraisal.rounds import Result
from services.membership.tables.rows import Row


class ResultRow(Result, Row, table=True):
    __tablename__ = "appraisal_result"

    result_id: UUID = Field(primary_key=True)
    recorded_at: datetime


TAKES_PART = """
SELECT true FROM appraisal_participant p JOIN appraisal_round r USING (round_id)
 WHERE p.member_id = :member_id AND p.year = :year AND r.state = 'open'
"""
POINTS = """
SELECT subject_id, sum(amount) AS points FROM points_entry
 WHERE subject_id = ANY(:subjects) AND booked_on BETWEEN :first AND :last GROUP BY subject_id
"""
LOCK_ORGANISATION = """
SELECT FROM organisation WHERE organisation_id = :id FOR NO KEY UPDATE
"""
OWES = """
(EXISTS (SELECT FROM member m
          WHERE m.organisation_id = o.organisation_id AND m.state IN ('probationary', 'full')
            AND NOT EXISTS (SELECT FROM appraisal_result x
                             WHERE x.member_id = m.member_id AND x.year = :year))
 AND NOT EXISTS (SELECT FROM appraisal_round d
                  WHERE d.organisation_id = o.organisation_id AND d.year = :year
                    AND d.state = 'closed'))
"""
STANDS = """
EXISTS (SELECT FROM alert a
         WHERE a.kind = :kind AND a.subject_id = o.organisation_id AND a.key = :key
           AND a.cleared_at IS NULL)
"""
UNWARNED = f"""
SELECT o.organisation_id, o.area FROM organisation o
 WHERE o.recorded_at < :before AND {OWES} AND NOT {STANDS}
 ORDER BY o.organisation_id LIMIT :limit FOR NO KEY UPDATE OF o SKIP LOCKED
"""  # noqa: S608  our own terms
SETTLED = f"""
SELECT o.organisation_id, o.area FROM organisation o
 WHERE {STANDS} AND NOT {OWES}
 ORDER BY o.organisation_id LIMIT :limit FOR NO KEY UPDATE OF o SKIP LOCKED
"""  # noqa: S608  our own terms


async def takes_part(session: AsyncSession, member_id: UUID, year: int) -> bool:
    """Whether an open round of that year has the member in it."""
    given = {"member_id": member_id, "year": year}
    return (await execute(session, TAKES_PART, given)).first() is not None


async def points_of(session: AsyncSession, subjects: Sequence[UUID], year: int) -> dict[UUID, int]:
    """Points of one calendar year, of those who have any."""
    given = {
        "subjects": list(subjects),
        "first": date(year, 1, 1),
        "last": date(year, 12, 31),
    }
    rows = await execute(session, POINTS, given)
    return {row.subject_id: int(row.points) for row in rows}


async def lock_organisation(session: AsyncSession, organisation_id: UUID) -> None:
    """Held until the transaction ends: an alert about it is raised or cleared by one at a time."""
    await execute(session, LOCK_ORGANISATION, {"id": organisation_id})


async def owes(session: AsyncSession, organisation_id: UUID, year: int) -> bool:
    """Whether somebody there has no result of the year, and no round was closed."""
    statement = f"SELECT {OWES} FROM organisation o WHERE organisation_id = :id"  # noqa: S608  our own terms
    return bool((await execute(session, statement, {"id": organisation_id, "year": year})).scalar())


async def unwarned(
    session: AsyncSession, year: int, before: date, limit: int
) -> Sequence[tuple[UUID, str]]:
    """Organisations, with their areas, that owe a round and have no alert; locked.

    Only those that were registered before `before`.
    """
    given = {"before": before} | _about(year, limit)
    rows = await execute(session, UNWARNED, given)
    return [(row.organisation_id, row.area) for row in rows]


async def settled(session: AsyncSession, year: int, limit: int) -> Sequence[tuple[UUID, str]]:
    """Organisations whose alert stands for no reason any more; locked."""
    rows = await execute(session, SETTLED, _about(year, limit))
    return [(row.organisation_id, row.area) for row in rows]


def _about(year: int, limit: int) -> dict[str, Any]:
    return {
        "year": year,
        "key": str(year),
        "kind": AlertKind.APPRAISAL_DUE.value,
        "limit": limit,
    }
