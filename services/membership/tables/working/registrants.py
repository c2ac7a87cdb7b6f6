"""Registrants: whose numbers are whose, and who claimed too little."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.working import RegistrantState
from services.chassis.database import driver, execute
from services.chassis.rows import by_key
from services.membership.domain.working.registrants import RegistrantUnknown
from services.membership.tables.working.rows import RegistrantRow

IDENTIFY = """
INSERT INTO registrant_identity (community, field, digest, registrant_id)
SELECT $1, field, digest, $4 FROM unnest($2::text[], $3::bytea[]) AS one (field, digest)
ON CONFLICT DO NOTHING RETURNING field
"""
"""A second registration of one person waits here for the first to end, and is then left out."""
KNOWN_AS = """
SELECT i.field, i.registrant_id, r.state FROM registrant_identity i
  JOIN registrant r USING (registrant_id)
 WHERE i.community = $1 AND (i.field, i.digest) IN (
        SELECT * FROM unnest($2::text[], $3::bytea[])) AND i.registrant_id <> $4
 LIMIT 1
"""
FORGET = "DELETE FROM registrant_identity WHERE registrant_id = $1 AND field = ANY($2)"

SHORT = """
SELECT r.registrant_id, r.area, r.claims, r.registered_on FROM registrant r
 WHERE r.state = 'active' AND r.registered_on < :before
   AND r.claims < coalesce(
        (SELECT own.least FROM unnest(CAST(:areas AS text[]), CAST(:leasts AS int[]))
                 AS own (area, least)
          WHERE starts_with(r.area, own.area) ORDER BY length(own.area) DESC LIMIT 1), :least)
   AND NOT EXISTS (
        SELECT 1 FROM alert a
         WHERE a.kind = :kind AND a.subject_id = r.registrant_id AND a.key = ''
           AND a.cleared_at IS NULL)
 ORDER BY r.registered_on, r.registrant_id
 LIMIT :limit
 FOR UPDATE OF r SKIP LOCKED
"""
"""Registrants who claimed too little, and of whom nobody was told."""


async def ids_of(session: AsyncSession, codes: Sequence[str]) -> list[UUID]:
    """In the order of `codes`. Raises `RegistrantUnknown` for a code that nobody has."""
    query = select(RegistrantRow.code, RegistrantRow.registrant_id)
    known = dict((await session.exec(query.where(col(RegistrantRow.code).in_(codes)))).all())
    for code in codes:
        if code not in known:
            raise RegistrantUnknown(
                f"Nobody is registered as {code}.",
                zh=f"没有报到编号 {code}。",
                field="registrant_codes",
                value=code,
            )
    return [known[code] for code in codes]


async def identify(
    session: AsyncSession, community: str, registrant_id: UUID, digests: Mapping[str, bytes]
) -> tuple[str, UUID, RegistrantState] | None:
    """Make these digests the registrant's own in `community`.

    Gives the field, id and state of somebody else who has one of them, else `None`.
    """
    connection = await driver(session)
    fields, values = list(digests), list(digests.values())
    kept = await connection.fetch(IDENTIFY, community, fields, values, registrant_id)
    if len(kept) == len(fields):
        return None
    row = await connection.fetchrow(KNOWN_AS, community, fields, values, registrant_id)
    if row is None:  # they were the registrant's own before
        return None
    return row["field"], row["registrant_id"], RegistrantState(row["state"])


async def forget(session: AsyncSession, registrant_id: UUID, fields: Sequence[str]) -> None:
    await (await driver(session)).execute(FORGET, registrant_id, list(fields))


async def short_of_claims(
    session: AsyncSession,
    *,
    kind: str,
    least: int,
    by_area: Mapping[str, int],
    before: date,
    limit: int,
) -> Sequence[RegistrantRow]:
    """Active registrants, registered before `before`, with too few claims and no open alert."""
    values = {
        "kind": kind,
        "least": least,
        "areas": list(by_area),
        "leasts": list(by_area.values()),
        "before": before,
        "limit": limit,
    }
    found = [row.registrant_id for row in await execute(session, SHORT, values)]
    rows = await by_key(session, RegistrantRow, found)
    return [rows[registrant_id] for registrant_id in found]
