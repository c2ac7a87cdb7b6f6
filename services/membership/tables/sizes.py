"""What organisations count, they and all below them; and all above them, for the size rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from services.membership.domain.sizes import Tally
from services.membership.tables.organisations import OrganisationRow

LINEAGES = """
WITH RECURSIVE up AS (
    SELECT organisation_id, parent_id FROM organisation WHERE organisation_id = ANY($1)
    UNION
    SELECT o.organisation_id, o.parent_id
      FROM organisation o JOIN up ON o.organisation_id = up.parent_id
)
SELECT organisation_id, kind, area, path, approval_number IS NOT NULL AS approved
  FROM organisation
 WHERE organisation_id IN (SELECT organisation_id FROM up) AND dissolved_on IS NULL
 ORDER BY path COLLATE "C" DESC
"""
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 32))"

BELOW = "o.path >= $1 AND o.path < left($1, -1) || '/'"
"""Of a path: the organisation itself and all below it, by one range of the index."""
SUBTREE = f"""
SELECT coalesce(sum(t.full_members), 0)::int AS full_members,
       coalesce(sum(t.probationary), 0)::int AS probationary
  FROM organisation o JOIN organisation_tally t USING (organisation_id)
 WHERE {BELOW} AND o.dissolved_on IS NULL
"""  # noqa: S608  our own constants, as below
SUBTREE_KINDS = f"""
SELECT kind, category, count(*) AS organisations FROM organisation o
 WHERE {BELOW} AND dissolved_on IS NULL GROUP BY kind, category ORDER BY category, kind
"""  # noqa: S608
FIRST_MEMBERS = f"""
SELECT coalesce(sum(members), 0)::int FROM (
    SELECT t.full_members + t.probationary AS members
      FROM organisation o JOIN organisation_tally t USING (organisation_id)
     WHERE {BELOW} ORDER BY o.path LIMIT $2
) AS first
"""  # noqa: S608
PAST_SUBTREE_KINDS = """
WITH RECURSIVE tree AS (
    SELECT organisation_id, kind, category FROM organisation_history
     WHERE organisation_id = $1 AND since <= $2 AND (until IS NULL OR until > $2)
    UNION ALL
    SELECT h.organisation_id, h.kind, h.category
      FROM organisation_history h JOIN tree ON h.parent_id = tree.organisation_id
     WHERE h.since <= $2 AND (h.until IS NULL OR h.until > $2)
) CYCLE organisation_id SET looped USING walked
SELECT kind, category, count(DISTINCT organisation_id) AS organisations FROM tree
 WHERE NOT looped GROUP BY kind, category ORDER BY category, kind
"""
"""The cycle clause: two moves entered for one day may leave a day without an order of its own."""


@dataclass(frozen=True)
class Placed:
    """An organisation as the size rules see it."""

    organisation_id: UUID
    kind: str
    area: str
    path: str
    approved: bool


async def lineages(connection: asyncpg.Connection, ids: Sequence[UUID]) -> list[Placed]:
    """The standing ones of `ids` and all above them, each once; in one order for everybody."""
    return [Placed(**row) for row in await connection.fetch(LINEAGES, list(ids))]


async def lock(connection: asyncpg.Connection, organisation_id: UUID) -> None:
    """Whoever settles the size of this organisation goes alone until the transaction ends."""
    await connection.execute(LOCK, str(organisation_id))


async def subtree_tally(connection: asyncpg.Connection, path: str) -> Tally:
    """Members of an organisation and of all below it."""
    return Tally(**await connection.fetchrow(SUBTREE, path))


async def members_up_to(connection: asyncpg.Connection, path: str, enough: int) -> int:
    """How many members a subtree has; anything from `enough` on when it has that many.

    Only a large tree without members is counted whole: the first hundreds decide the others.
    """
    first = int(await connection.fetchval(FIRST_MEMBERS, path, FIRST_LOOKED_AT))
    return first if first >= enough else (await subtree_tally(connection, path)).members


FIRST_LOOKED_AT = 400
"""Organisations with counters: at least that many members, usually twenty times as many."""


async def subtree_kinds(
    connection: asyncpg.Connection, row: OrganisationRow, day: date | None
) -> list[asyncpg.Record]:
    """`kind, category, organisations` of an organisation and all below it, now or on a day."""
    if day is None:
        found = await connection.fetch(SUBTREE_KINDS, row.path)
    else:
        found = await connection.fetch(PAST_SUBTREE_KINDS, row.organisation_id, day)
    return list(found)
