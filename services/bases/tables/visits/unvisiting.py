"""Organisations that came to no base within some days."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from services.chassis.clock import midnight
from services.chassis.working_days import ONE_DAY

CAME = """
SELECT 1 FROM visit v
 WHERE v.organisation_id = o.organisation_id AND v.withdrawn_at IS NULL
   AND v.started_at >= $3 AND v.started_at < $4
"""
CAME_ALONG = """
SELECT 1 FROM visit v
 WHERE v.with_organisation_ids @> ARRAY[o.organisation_id] AND v.withdrawn_at IS NULL
   AND v.started_at >= $3 AND v.started_at < $4
"""
INSIDE = "(o.area >= ${n} AND o.area < ${n} || ':')"
"""A prefix as a range of the index: ':' follows the digits that area codes are made of."""

LISTED = f"""
SELECT o.organisation_id, o.code, o.name, o.kind, o.area,
       greatest(
           (SELECT max(v.started_at) FROM visit v
             WHERE v.organisation_id = o.organisation_id AND v.withdrawn_at IS NULL
               AND v.started_at < $3),
           (SELECT max(v.started_at) FROM visit v
             WHERE v.with_organisation_ids @> ARRAY[o.organisation_id] AND v.withdrawn_at IS NULL
               AND v.started_at < $3)
       ) AS last_visit_at
  FROM organisation o
 WHERE ({{inside}})
   AND o.kind = ANY($2)
   AND (o.dissolved_on IS NULL OR o.dissolved_on > $5)
   AND NOT EXISTS ({CAME}) AND NOT EXISTS ({CAME_ALONG})
   AND ($6::text IS NULL OR (o.code, o.organisation_id) > ($6, $7))
 ORDER BY o.code, o.organisation_id
 LIMIT $1
"""  # noqa: S608  our own constants


async def unvisiting(
    pool: asyncpg.Pool,
    *,
    within: Sequence[str],
    kinds: Sequence[str],
    first: date,
    last: date,
    after: tuple[str, UUID] | None,
    limit: int,
) -> Sequence[Any]:
    """In order of code: those of `kinds` that stand on `last` and did not come from `first` on."""
    since = midnight(first)
    until = midnight(last + ONE_DAY)
    code, key = after or (None, None)
    given = (limit, list(kinds), since, until, last, code, key)
    rows: Sequence[Any] = await pool.fetch(statement(len(within)), *given, *within)
    return rows


def statement(areas: int) -> str:
    """`LISTED` within so many areas, which follow its own seven parameters."""
    inside = " OR ".join(INSIDE.format(n=8 + number) for number in range(areas))
    return LISTED.format(inside=inside)
