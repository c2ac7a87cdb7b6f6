"""Lists of dues: arrears as of a day, months, payments, reliefs, returns."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.dues import DuesPurpose
from services.chassis.database import execute
from services.chassis.rows import inside
from services.membership.tables.dues.rows import PaymentRow, ReliefRow, ReturnRow, StandardRow
from services.membership.tables.rows import Row

R = TypeVar("R", bound=Row)

WITHIN = """
unnest(CAST(:within AS text[])) AS w JOIN {table} ON {alias}.area >= w AND {alias}.area < w || ':'
"""
"""Rows of the areas, a range of the index each; the areas must not contain one another."""
# What is owed now is an index; what was owed on a day before is summed from the entries.
OPEN_NOW = f"""
SELECT b.member_id, b.organisation_id, b.area, b.month, b.due_on,
       b.charged - b.waived - b.paid AS open
  FROM {WITHIN.format(table="dues_balance b", alias="b")}
 WHERE b.charged - b.waived > b.paid
"""  # noqa: S608  our own text
OPEN_THEN = f"""
SELECT e.member_id, b.organisation_id, b.area, e.month, b.due_on, sum(e.amount) AS open
  FROM {WITHIN.format(table="dues_entry e", alias="e")}
  JOIN dues_balance b USING (member_id, month)
 WHERE e.entered_on <= :as_of
 GROUP BY e.member_id, e.month, b.organisation_id, b.area, b.due_on HAVING sum(e.amount) > 0
"""  # noqa: S608  our own text
# Materialised, or the planner walks all members in order of id to find a page.
ARREARS = """
WITH open AS MATERIALIZED ({open}), page AS MATERIALIZED (
  SELECT member_id, count(*) AS months, min(month) AS since, max(month) AS until,
         sum(open)::bigint AS owed
    FROM open
   WHERE due_on < :as_of
     AND (CAST(:organisation_id AS uuid) IS NULL OR organisation_id = :organisation_id)
     AND (CAST(:after AS uuid) IS NULL OR member_id > :after)
   GROUP BY member_id HAVING count(*) >= :least ORDER BY member_id LIMIT :limit)
SELECT page.member_id, m.code, m.organisation_id, o.name AS organisation, m.area, m.state,
       page.months, page.since, page.until, page.owed
  FROM page JOIN member m USING (member_id)
  JOIN organisation o ON o.organisation_id = m.organisation_id
 ORDER BY page.member_id
"""
MONTHS = f"""
SELECT d.organisation_id, o.code, o.name AS organisation, d.month, d.area, d.headcount,
       d.amount AS due, b.paid, b.unpaid
  FROM {WITHIN.format(table="dues_month d", alias="d")}
  JOIN organisation o USING (organisation_id)
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(paid), 0)::bigint AS paid,
              count(*) FILTER (WHERE charged - waived > paid) AS unpaid
         FROM dues_balance WHERE organisation_id = d.organisation_id AND month = d.month) AS b
 WHERE d.month BETWEEN :first AND :last
   AND (CAST(:organisation_id AS uuid) IS NULL OR d.organisation_id = :organisation_id)
   AND (CAST(:after_month AS date) IS NULL
        OR (d.month, d.organisation_id) > (CAST(:after_month AS date), CAST(:after_id AS uuid)))
 ORDER BY d.month, d.organisation_id LIMIT :limit
"""  # noqa: S608  our own text
RETURNABLE = f"""
SELECT o.organisation_id, o.code, o.name AS organisation, o.kind, o.area,
       coalesce(sum(p.amount), 0)::bigint AS base_amount
  FROM {WITHIN.format(table="organisation o", alias="o")}
  LEFT JOIN dues_payment p ON p.organisation_id = o.organisation_id
       AND p.purpose = '{DuesPurpose.REGULAR}' AND p.reversed_on IS NULL
       AND p.paid_on BETWEEN :first AND :last
 WHERE o.kind = ANY(:kinds)
   AND NOT EXISTS (SELECT FROM dues_return r WHERE r.organisation_id = o.organisation_id
                    AND r.year = :year AND r.reversed_on IS NULL)
   AND (CAST(:after AS uuid) IS NULL OR o.organisation_id > :after)
 GROUP BY o.organisation_id ORDER BY o.organisation_id LIMIT :limit
"""  # noqa: S608  our own text


async def arrears(
    session: AsyncSession,
    *,
    within: Sequence[str],
    organisation_id: UUID | None,
    as_of: date,
    past: bool,
    least: int,
    after: UUID | None,
    limit: int,
) -> Sequence[Any]:
    """Members with at least so many months overdue on `as_of`, in order of id.

    `organisation_id` is the one that charged them. With `past`, as the entries stood on that day.
    """
    given = {
        "within": apart(within),
        "organisation_id": organisation_id,
        "as_of": as_of,
        "least": least,
        "after": after,
        "limit": limit,
    }
    sql = ARREARS.format(open=OPEN_THEN if past else OPEN_NOW)
    return (await execute(session, sql, given)).all()


async def months(
    session: AsyncSession,
    *,
    within: Sequence[str],
    organisation_id: UUID | None,
    first: date,
    last: date,
    after: tuple[date, UUID] | None,
    limit: int,
) -> Sequence[Any]:
    """What each organisation's members owed and paid for each month."""
    given = {
        "within": apart(within),
        "organisation_id": organisation_id,
        "first": first,
        "last": last,
        "after_month": after[0] if after else None,
        "after_id": after[1] if after else None,
        "limit": limit,
    }
    return (await execute(session, MONTHS, given)).all()


async def payments(
    session: AsyncSession,
    *,
    within: Sequence[str],
    organisation_id: UUID | None,
    member_id: UUID | None,
    purpose: str | None,
    receipt: str | None,
    paid_from: date | None,
    paid_to: date | None,
    after: UUID | None,
    limit: int,
) -> Sequence[PaymentRow]:
    """Newest first, reversed ones among them."""
    query = select(PaymentRow).where(inside(PaymentRow.area, within))
    same = {
        "organisation_id": organisation_id,
        "member_id": member_id,
        "purpose": purpose,
        "receipt": receipt,
    }
    for name, value in same.items():
        if value is not None:
            query = query.where(getattr(PaymentRow, name) == value)
    if paid_from:
        query = query.where(PaymentRow.paid_on >= paid_from)
    if paid_to:
        query = query.where(PaymentRow.paid_on <= paid_to)
    if after:
        query = query.where(col(PaymentRow.payment_id) < after)
    return (
        await session.exec(query.order_by(col(PaymentRow.payment_id).desc()).limit(limit))
    ).all()


async def reliefs(
    session: AsyncSession,
    *,
    within: Sequence[str],
    organisation_id: UUID | None,
    member_id: UUID | None,
    state: str | None,
    after: UUID | None,
    limit: int,
) -> Sequence[ReliefRow]:
    query = select(ReliefRow).where(inside(ReliefRow.area, within))
    same = {"organisation_id": organisation_id, "member_id": member_id, "state": state}
    for name, value in same.items():
        if value is not None:
            query = query.where(getattr(ReliefRow, name) == value)
    if after:
        query = query.where(col(ReliefRow.relief_id) < after)
    return (await session.exec(query.order_by(col(ReliefRow.relief_id).desc()).limit(limit))).all()


async def returns(
    session: AsyncSession,
    *,
    within: Sequence[str],
    organisation_id: UUID | None,
    year: int | None,
    after: UUID | None,
    limit: int,
) -> Sequence[ReturnRow]:
    query = select(ReturnRow).where(inside(ReturnRow.area, within))
    if organisation_id:
        query = query.where(ReturnRow.organisation_id == organisation_id)
    if year:
        query = query.where(ReturnRow.year == year)
    if after:
        query = query.where(col(ReturnRow.return_id) < after)
    return (await session.exec(query.order_by(col(ReturnRow.return_id).desc()).limit(limit))).all()


async def returnable(
    session: AsyncSession,
    *,
    within: Sequence[str],
    kinds: Sequence[str],
    year: int,
    after: UUID | None,
    limit: int,
) -> Sequence[Any]:
    """Organisations of these kinds whose dues of the year were not returned, with what came in."""
    given = {
        "within": apart(within),
        "kinds": list(kinds),
        "year": year,
        "first": date(year, 1, 1),
        "last": date(year, 12, 31),
        "after": after,
        "limit": limit,
    }
    return (await execute(session, RETURNABLE, given)).all()


async def standards(session: AsyncSession, member_id: UUID) -> Sequence[StandardRow]:
    """Oldest first."""
    query = (
        select(StandardRow)
        .where(StandardRow.member_id == member_id)
        .order_by(col(StandardRow.from_month), col(StandardRow.standard_id))
    )
    return (await session.exec(query)).all()


def apart(areas: Sequence[str]) -> list[str]:
    """The areas without those that lie in another of them."""
    return [
        area
        for area in sorted(set(areas))
        if not any(area != other and area.startswith(other) for other in areas)
    ]
