"""What the ledger adds up to: balances, ranks, sums of a year, and whether it is sound."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlalchemy import ColumnElement, RowMapping, and_, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.database import execute
from services.membership.tables.points.ledger import AccountRow, EntryRow

BALANCE = """
SELECT coalesce(sum(amount), 0) FROM points_entry
 WHERE subject_id = :subject_id AND booked_on <= :day
"""
BY_RULE = """
SELECT e.rule_code, max(r.label) AS label, count(*) AS entries, sum(e.amount) AS points,
       sum(greatest(e.amount, 0)) AS earned, sum(greatest(-e.amount, 0)) AS deducted
  FROM points_entry e JOIN points_rule r
       ON (r.code, r.area, r.version) = (e.rule_code, e.rule_area, e.rule_version)
 WHERE e.subject_id = :subject_id AND e.booked_on BETWEEN :first AND :last
 GROUP BY e.rule_code ORDER BY e.rule_code
"""


async def balance(session: AsyncSession, subject_id: UUID, day: date) -> int:
    """The balance at the end of `day`."""
    found = await execute(session, BALANCE, {"subject_id": subject_id, "day": day})
    return int(found.scalar_one())


async def sums_by_rule(session: AsyncSession, subject_id: UUID, year: int) -> Sequence[RowMapping]:
    given = {
        "subject_id": subject_id,
        "first": date(year, 1, 1),
        "last": date(year, 12, 31),
    }
    return (await execute(session, BY_RULE, given)).mappings().all()


# Ranks


async def ranking(
    session: AsyncSession,
    among: Sequence[ColumnElement[bool]],
    days: tuple[date, date] | None,
    after: tuple[int, UUID] | None,
    limit: int,
) -> Sequence[RowMapping]:
    """Accounts by the entries of `days`, without by the balance as it stands, most points first.

    Equal points share a rank; it is counted `among` accounts as they are there now. `after` is
    points and subject of the last.
    """
    points: Any = col(AccountRow.balance)
    if days is not None:
        entered = select(func.coalesce(func.sum(EntryRow.amount), 0)).where(
            EntryRow.subject_id == AccountRow.subject_id, col(EntryRow.booked_on).between(*days)
        )
        points = entered.scalar_subquery()
    shown: list[Any] = [
        *(AccountRow.subject_id, AccountRow.subject_type, AccountRow.area),
        *(AccountRow.organisation_id, points.label("points")),
    ]
    standing = sqlalchemy.select(*shown).where(*among).subquery()
    rank = func.rank().over(order_by=standing.c.points.desc()).label("rank")
    ranked = sqlalchemy.select(standing, rank).subquery()
    most, subject = ranked.c.points, ranked.c.subject_id
    query = sqlalchemy.select(ranked).order_by(most.desc(), subject).limit(limit)
    if after is not None:
        last, last_subject = after
        query = query.where(or_(most < last, and_(most == last, subject > last_subject)))
    return (await execute(session, query)).mappings().all()


# Soundness

UNSOUND = """
SELECT a.subject_id, a.balance, a.entries,
       coalesce(e.points, 0) AS summed, coalesce(e.entries, 0) AS counted
  FROM points_account a LEFT JOIN (
       SELECT subject_id, sum(amount) AS points, count(*) AS entries
         FROM points_entry GROUP BY subject_id) e USING (subject_id)
 WHERE (a.balance, a.entries) IS DISTINCT FROM (coalesce(e.points, 0), coalesce(e.entries, 0))
 ORDER BY a.subject_id LIMIT 100
"""
TOTAL = """
SELECT count(*) AS accounts, coalesce(sum(balance), 0) AS points,
       coalesce(sum(entries), 0) AS entries
  FROM points_account
"""


async def unsound(session: AsyncSession) -> Sequence[RowMapping]:
    """Accounts whose balance is not the sum of their entries; there must be none."""
    return (await execute(session, UNSOUND)).mappings().all()


async def totals(session: AsyncSession) -> RowMapping:
    return (await execute(session, TOTAL)).mappings().one()
