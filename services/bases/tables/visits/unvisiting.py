"""Organisations that came to no base within some days."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import asyncpg

from services.chassis.clock import LOCAL
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
 WHERE EXISTS (SELECT 1 FROM unnest($1::text[]) AS prefix
                WHERE o.area >= prefix AND o.area < prefix || ':')
   AND o.kind = ANY($2)
   AND (o.dissolved_on IS NULL OR o.dissolved_on > $5)
   AND NOT EXISTS ({CAME}) AND NOT EXISTS ({CAME_ALONG})
   AND ($6::text IS NULL OR (o.code, o.organisation_id) > ($6, $7))
 ORDER BY o.code, o.organisation_id
 LIMIT $8
"""  # noqa: S608  our own constants; ':' follows the digits that area codes are made of


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
    since = datetime.combine(first, time.min, LOCAL)
    until = datetime.combine(last + ONE_DAY, time.min, LOCAL)
    code, key = after or (None, None)
    given = (list(within), list(kinds), since, until, last, code, key, limit)
    rows: Sequence[Any] = await pool.fetch(LISTED, *given)
    return rows
