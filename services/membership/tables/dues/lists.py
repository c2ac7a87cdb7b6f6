"""Lists of dues that are no rows of a table: arrears as of a day, months, what is to return."""

from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.dues import DuesPurpose
from services.chassis.database import execute

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
# What each organisation's members owed and paid for each month.
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
# Organisations whose dues of the year were not returned, with what came in.
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


def arrears(*, past: bool) -> str:
    """Members with at least so many months overdue on `as_of`, in order of id.

    `organisation_id` is the one that charged them. With `past`, as the entries stood on that day.
    """
    return ARREARS.format(open=OPEN_THEN if past else OPEN_NOW)


async def read(
    session: AsyncSession, statement: str, values: dict[str, Any]
) -> list[dict[str, Any]]:
    """Rows of one of the lists above."""
    return [dict(row) for row in (await execute(session, statement, values)).mappings()]


def apart(areas: Sequence[str]) -> list[str]:
    """The areas without those that lie in another of them."""
    return [
        area
        for area in sorted(set(areas))
        if not any(area != other and area.startswith(other) for other in areas)
    ]
