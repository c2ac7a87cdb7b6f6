"""Service records, the parts of those who are named, and feedback to employers."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.database import execute
from services.chassis.rows import inside
from services.membership.domain.working.feedback import Account
from services.membership.tables.working.rows import CreditRow, FeedbackRow

ACCOUNTS = """
SELECT r.employer_id, r.registrant_id, p.posts, p.kinds, s.attended, s.minutes
  FROM registrant r
 CROSS JOIN LATERAL (
        SELECT count(*)::int AS posts,
               coalesce(array_agg(DISTINCT c.kind ORDER BY c.kind), '{}') AS kinds
          FROM post_claim c
         WHERE c.registrant_id = r.registrant_id AND c.claimed_on <= :last
           AND (c.ended_on IS NULL OR c.ended_on >= :first)) p
 CROSS JOIN LATERAL (
        SELECT count(*)::int AS attended, coalesce(sum(v.minutes), 0)::int AS minutes
          FROM service_credit v
         WHERE v.registrant_id = r.registrant_id AND NOT v.voided
           AND v.held_on BETWEEN :first AND :last) s
 WHERE starts_with(r.area, :area)
   AND r.registered_on <= :last AND (r.left_on IS NULL OR r.left_on >= :first)
   AND (CAST(:registrant_id AS uuid) IS NULL OR r.registrant_id = :registrant_id)
 ORDER BY r.employer_id, r.registered_on, r.registrant_id
"""
KNOWN_LETTERS = """
SELECT employer_id, count(*) AS known,
       coalesce(max(edition) FILTER (WHERE area = :area), 0) AS edition
  FROM feedback
 WHERE employer_id = ANY(:employers) AND year = :year
   AND (starts_with(area, :area) OR starts_with(:area, area))
 GROUP BY employer_id
"""
WITHOUT_FEEDBACK = """
SELECT e.employer_id, e.area FROM employer e
 WHERE EXISTS (
        SELECT 1 FROM registrant r
         WHERE r.employer_id = e.employer_id AND r.registered_on <= :last
           AND (r.left_on IS NULL OR r.left_on >= :first))
   AND (SELECT count(*) FROM feedback f
         WHERE f.employer_id = e.employer_id AND f.year = :year) < :times
   AND NOT EXISTS (
        SELECT 1 FROM alert a
         WHERE a.kind = :kind AND a.subject_id = e.employer_id AND a.key = :key)
 ORDER BY e.employer_id LIMIT :limit
 FOR UPDATE OF e SKIP LOCKED
"""


# Service


async def credits_of(session: AsyncSession, records: Sequence[UUID]) -> Sequence[CreditRow]:
    query = select(CreditRow).where(col(CreditRow.record_id).in_(records))
    return (await session.exec(query.order_by(col(CreditRow.credit_id)))).all()


async def services_of(session: AsyncSession, registrant_id: UUID, year: int) -> Sequence[CreditRow]:
    """What somebody did in a year, in order of time; what was voided is left out."""
    query = (
        select(CreditRow)
        .where(
            CreditRow.registrant_id == registrant_id,
            col(CreditRow.held_on).between(date(year, 1, 1), date(year, 12, 31)),
            col(CreditRow.voided).is_(False),
        )
        .order_by(col(CreditRow.held_on), col(CreditRow.credit_id))
    )
    return (await session.exec(query)).all()


def naming(registrant_id: UUID) -> Any:
    """The records in which somebody is named."""
    return select(CreditRow.record_id).where(CreditRow.registrant_id == registrant_id)


async def done_alone(session: AsyncSession, registrant_id: UUID) -> Sequence[UUID]:
    """Records in which nobody else is named."""
    of, others = aliased(CreditRow), aliased(CreditRow)
    query = select(of.record_id).where(
        of.registrant_id == registrant_id,
        ~select(others.record_id)
        .where(others.record_id == of.record_id, others.registrant_id != registrant_id)
        .exists(),
    )
    return (await session.exec(query)).all()


# Feedback


async def accounts(
    session: AsyncSession, area: str, year: int, registrant_id: UUID | None = None
) -> dict[UUID, list[Account]]:
    """By employer, the year of everybody who was registered in `area` on some day of it."""
    values = {"area": area, "registrant_id": registrant_id} | _days_of(year)
    found: dict[UUID, list[Account]] = {}
    for row in await execute(session, ACCOUNTS, values):
        found.setdefault(row.employer_id, []).append(Account.model_validate(row._asdict()))
    return found


async def known_letters(
    session: AsyncSession, employers: Sequence[UUID], area: str, year: int
) -> dict[UUID, tuple[int, int]]:
    """By employer: letters about the area, one in it or one around it; editions for itself."""
    values = {"employers": list(employers), "area": area, "year": year}
    rows = await execute(session, KNOWN_LETTERS, values)
    return {row.employer_id: (row.known, row.edition) for row in rows}


async def letters(
    session: AsyncSession, area: str, year: int, employer_id: UUID | None
) -> Sequence[FeedbackRow]:
    """About `area` and what lies in it, in the order in which they were issued."""
    query = select(FeedbackRow).where(inside(col(FeedbackRow.area), (area,)))
    query = query.where(FeedbackRow.year == year)
    if employer_id is not None:
        query = query.where(FeedbackRow.employer_id == employer_id)
    return (await session.exec(query.order_by(col(FeedbackRow.feedback_id)))).all()


async def without_feedback(
    session: AsyncSession, *, kind: str, year: int, times: int, limit: int
) -> list[tuple[UUID, str]]:
    """Employers with too few letters about `year`, of which nobody was told; with their areas."""
    values = {"kind": kind, "key": str(year), "year": year, "times": times, "limit": limit}
    rows = await execute(session, WITHOUT_FEEDBACK, values | _days_of(year))
    return [(row.employer_id, row.area) for row in rows]


def _days_of(year: int) -> dict[str, date]:
    return {"first": date(year, 1, 1), "last": date(year, 12, 31)}
