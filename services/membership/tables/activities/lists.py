"""How many activities each organisation held, of a kind with all below it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.database import execute
from services.membership.tables.rows import scope_of

BELOW = """
WITH RECURSIVE down AS (
    SELECT code, 0 AS depth FROM kind WHERE family = :family AND code = :code
    UNION ALL
    SELECT k.code, down.depth + 1 FROM kind k JOIN down ON k.parent = down.code
     WHERE k.family = :family AND down.depth < 20)
SELECT DISTINCT code FROM down
"""


async def kinds_within(session: AsyncSession, family: str, code: str) -> list[str]:
    """The kind itself and all that stand below it; the code alone where nobody knows it."""
    rows = await execute(session, BELOW, {"family": family, "code": code})
    return sorted(rows.scalars()) or [code]


EACH = """
SELECT o.organisation_id, o.code, o.name, o.area, coalesce(h.sessions, 0) AS sessions
  FROM organisation o
  LEFT JOIN LATERAL (
       SELECT sum(a.sessions) AS sessions FROM activity a
        WHERE a.organisation_id = o.organisation_id AND a.status = 'held'
          AND a.kind = ANY(:kinds) AND a.starts_at >= :since AND a.starts_at < :until) h ON true
 WHERE o.kind = ANY(:organisation_kinds) AND ({within}) AND o.code > :after
 ORDER BY o.code
 LIMIT :limit
"""
LEAST = """
SELECT count(*) AS organisations, coalesce(min(sessions), 0) AS least,
       coalesce(max(sessions), 0) AS most, coalesce(sum(sessions), 0) AS sessions
  FROM ({each}) AS held
"""


async def held_by_each(
    session: AsyncSession,
    within: Sequence[str],
    kinds: Sequence[str],
    organisation_kinds: Sequence[str],
    period: tuple[datetime, datetime],
    after: str | None,
    limit: int,
) -> tuple[RowMapping, Sequence[RowMapping]]:
    """Sessions held in the period `[since, until)`, organisation by organisation, those without
    any included; before them what all of them come to.
    """
    scope, areas = scope_of("o.area", within)
    since, until = period
    given = {
        **areas,
        "kinds": kinds,
        "organisation_kinds": organisation_kinds,
        "since": since,
        "until": until,
    }
    each = EACH.format(within=scope)
    whole = await execute(session, LEAST.format(each=each), given | {"after": "", "limit": None})
    rows = await execute(session, each, given | {"after": after or "", "limit": limit})
    return whole.mappings().one(), rows.mappings().all()
