"""Employers and registrants."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.working import RegistrantState
from services.chassis.database import driver, execute
from services.chassis.rows import for_update, inside, one
from services.membership.domain.working.registrants import RegistrantUnknown
from services.membership.tables.organisations import LIKE_ESCAPES
from services.membership.tables.working.rows import EmployerRow, RegistrantRow

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


# Employers


async def employer(
    session: AsyncSession, employer_id: UUID, *, lock: bool = False
) -> EmployerRow | None:
    return await session.get(
        EmployerRow, employer_id, with_for_update=lock or None, populate_existing=lock
    )


async def employers_by_id(
    session: AsyncSession, ids: Sequence[UUID], *, lock: bool = False
) -> dict[UUID, EmployerRow]:
    """With `lock`, one after the other in the order of their ids: two callers never cross."""
    query = (
        select(EmployerRow)
        .where(col(EmployerRow.employer_id).in_(ids))
        .order_by(col(EmployerRow.employer_id))
    )
    if lock:
        query = for_update(query)
    return {row.employer_id: row for row in await session.exec(query)}


async def employers(
    session: AsyncSession,
    *,
    within: Sequence[str],
    code: str | None,
    named: str | None,
    after: str | None,
    limit: int,
) -> Sequence[EmployerRow]:
    """In order of code."""
    query = select(EmployerRow).order_by(col(EmployerRow.code)).limit(limit)
    query = query.where(inside(col(EmployerRow.area), within))
    if code:
        query = query.where(EmployerRow.code == code)
    if named:
        pattern = f"%{named.translate(LIKE_ESCAPES)}%"
        query = query.where(col(EmployerRow.name).like(pattern, escape="\\"))
    if after:
        query = query.where(col(EmployerRow.code) > after)
    return (await session.exec(query)).all()


# Registrants


async def registrant(
    session: AsyncSession, registrant_id: UUID, *, lock: bool = False
) -> RegistrantRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await one(session, RegistrantRow, registrant_id, "registrant", "报到党员", lock=lock)


async def registrants_by_id(
    session: AsyncSession, ids: Sequence[UUID], *, lock: bool = False
) -> dict[UUID, RegistrantRow]:
    """With `lock`, one after the other in the order of their ids."""
    query = (
        select(RegistrantRow)
        .where(col(RegistrantRow.registrant_id).in_(ids))
        .order_by(col(RegistrantRow.registrant_id))
    )
    if lock:
        query = for_update(query)
    return {row.registrant_id: row for row in await session.exec(query)}


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


async def registrants(
    session: AsyncSession,
    *,
    within: Sequence[str],
    community: str | None = None,
    code: str | None = None,
    employer_id: UUID | None = None,
    occupation: str | None = None,
    skill: str | None = None,
    state: str | None = None,
    ids: Sequence[UUID] | None = None,
    after: str | None = None,
    limit: int,
) -> Sequence[RegistrantRow]:
    """In order of code; with `ids`, only these."""
    query = select(RegistrantRow).order_by(col(RegistrantRow.code)).limit(limit)
    query = query.where(inside(col(RegistrantRow.area), within))
    for column, value in (
        (RegistrantRow.community, community),
        (RegistrantRow.code, code),
        (RegistrantRow.employer_id, employer_id),
        (RegistrantRow.occupation, occupation),
        (RegistrantRow.state, state),
    ):
        if value is not None:
            query = query.where(column == value)
    if skill is not None:
        query = query.where(col(RegistrantRow.skills).contains([skill]))
    if ids is not None:
        query = query.where(col(RegistrantRow.registrant_id).in_(ids))
    if after:
        query = query.where(col(RegistrantRow.code) > after)
    return (await session.exec(query)).all()


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
    given = {
        "kind": kind,
        "least": least,
        "areas": list(by_area),
        "leasts": list(by_area.values()),
        "before": before,
        "limit": limit,
    }
    found = [row.registrant_id for row in await execute(session, SHORT, given)]
    rows = await registrants_by_id(session, found)
    return [rows[registrant_id] for registrant_id in found]
