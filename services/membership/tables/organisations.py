"""Areas and the organisation tree as rows: as it is, as it was on any day, and what it counts.

Triggers of the database keep each row's `path` from the root and its line of history, so that no
writer can forget them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, or_
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.areas import AreaLevel
from services.chassis.database import execute
from services.chassis.known import organisation_unknown
from services.chassis.rows import for_update, one
from services.chassis.unit_of_work import Transaction
from services.membership.domain.organisations import Area, Organisation, OrganisationThen
from services.membership.domain.sizes import Tally
from services.membership.tables.rows import Row


class AreaRow(Area, Row, table=True):
    __tablename__ = "area"

    code: str = Field(primary_key=True)
    level: AreaLevel
    version: int = 1


class OrganisationRow(Organisation, Row, table=True):
    __tablename__ = "organisation"

    organisation_id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    path: str = ""
    founded_on: date
    version: int = 1
    recorded_at: datetime


STANDING: list[ColumnElement[bool]] = [col(OrganisationRow.dissolved_on).is_(None)]


class PastOrganisationRow(OrganisationThen, Row, table=True):
    """An organisation as it was from `since` up to, not including, `until`."""

    __tablename__ = "organisation_history"

    organisation_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    until: date | None
    recorded_at: datetime


OPEN_TALLIES = """
INSERT INTO organisation_tally (organisation_id, full_members, probationary)
SELECT id, 0, 0 FROM unnest($1::uuid[]) AS id ORDER BY id ON CONFLICT DO NOTHING
"""
LOCK_TALLIES = """
SELECT 1 FROM organisation_tally WHERE organisation_id = ANY($1)
 ORDER BY organisation_id FOR UPDATE
"""
COUNT = """
UPDATE organisation_tally AS t
   SET full_members = t.full_members + n.full_members,
       probationary = t.probationary + n.probationary
  FROM unnest($1::uuid[], $2::int[], $3::int[]) AS n (organisation_id, full_members, probationary)
 WHERE t.organisation_id = n.organisation_id
"""
TALLIES = """
SELECT organisation_id, full_members, probationary FROM organisation_tally
 WHERE organisation_id = ANY($1)
"""


# Areas


async def lock_area(session: AsyncSession, code: str) -> AreaRow | None:
    """The area, with writers of the same code kept out until the transaction ends."""
    await execute(
        session, "SELECT pg_advisory_xact_lock(hashtextextended(:code, 1))", {"code": code}
    )
    return await session.get(AreaRow, code)


# Organisations


async def organisation(
    session: AsyncSession, organisation_id: UUID, *, lock: bool = False
) -> OrganisationRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await one(session, OrganisationRow, organisation_id, "organisation", "党组织", lock=lock)


async def referred(
    session: AsyncSession,
    organisation_id: UUID,
    *,
    field: str = "organisation_id",
    zh: str = "没有该编号的党组织。",
    standing: bool = False,
) -> OrganisationRow:
    """What a `field` refers to, as `find_organisation` keeps it. Raises `OrganisationUnknown`.

    With `standing` what was dissolved is unknown, too.
    """
    row = await find_organisation(session, organisation_id)
    if row is None or (standing and row.dissolved_on is not None):
        zh = "没有该编号的党组织，或该党组织已撤销。" if standing else zh
        raise organisation_unknown(organisation_id, field=field, zh=zh)
    return row


async def area_of(session: AsyncSession, row: Any) -> str:
    """Where the organisation of a row lies now."""
    return (await organisation(session, row.organisation_id)).area


async def find_organisation(session: AsyncSession, organisation_id: UUID) -> OrganisationRow | None:
    """Kept as it is until the transaction ends: what stands below it relies on its area."""
    return await session.get(
        OrganisationRow, organisation_id, with_for_update={"read": True}, populate_existing=True
    )


async def lock_tree(session: AsyncSession, *, moving: bool) -> None:
    """Moves in the tree take turns: two at once could close a cycle that neither sees.

    Who only adds to the tree shares it with others who do, and waits for a move alone: its place
    must not move away between look and insertion.
    """
    lock = "pg_advisory_xact_lock" if moving else "pg_advisory_xact_lock_shared"
    await execute(session, f"SELECT {lock}(31)")


async def ancestors(session: AsyncSession, organisation_id: UUID) -> set[UUID]:
    """All organisations above this one."""
    rows = await execute(
        session,
        (
            "WITH RECURSIVE up AS ("
            "  SELECT parent_id FROM organisation WHERE organisation_id = :id"
            "  UNION SELECT o.parent_id FROM organisation o JOIN up"
            "    ON o.organisation_id = up.parent_id)"
            " SELECT parent_id FROM up WHERE parent_id IS NOT NULL"
        ),
        {"id": organisation_id},
    )
    return set(rows.scalars())


async def areas_below(session: AsyncSession, organisation_id: UUID) -> Sequence[str]:
    """Areas of the direct subordinates."""
    below = select(OrganisationRow.area).where(*_below(organisation_id)).distinct()
    return (await session.exec(below)).all()


def in_force(day: date) -> list[ColumnElement[bool]]:
    """What organisations were at the end of `day`."""
    past = PastOrganisationRow
    return [col(past.since) <= day, or_(col(past.until).is_(None), col(past.until) > day)]


async def history(session: AsyncSession, organisation_id: UUID) -> Sequence[PastOrganisationRow]:
    """What it was, oldest first."""
    past = PastOrganisationRow
    query = select(past).where(past.organisation_id == organisation_id)
    return (await session.exec(query.order_by(col(past.version)))).all()


async def children(session: AsyncSession, organisation_id: UUID) -> Sequence[OrganisationRow]:
    """The standing organisations directly below, kept as they are until the transaction ends."""
    query = select(OrganisationRow).where(*_below(organisation_id))
    query = query.order_by(col(OrganisationRow.organisation_id))
    return (await session.exec(for_update(query))).all()


def _below(organisation_id: UUID) -> list[ColumnElement[bool]]:
    return [col(OrganisationRow.parent_id) == organisation_id, *STANDING]


# Counts


async def count_members(uow: Transaction, changes: Mapping[UUID, Tally]) -> None:
    """Add to the counters of organisations, or take away.

    The counters are locked until the transaction ends, in one order for everybody. Call
    `handlers.sizes.resize` for them afterwards.
    """
    connection = await uow.driver()
    ids = sorted(changes)
    await connection.execute(OPEN_TALLIES, ids)
    await connection.execute(LOCK_TALLIES, ids)
    full = [changes[each].full_members for each in ids]
    await connection.execute(COUNT, ids, full, [changes[each].probationary for each in ids])


async def counted(
    connection: asyncpg.Connection, organisation_ids: Collection[UUID]
) -> dict[UUID, Tally]:
    """What organisations count; those that never counted anybody are missing."""
    rows = await connection.fetch(TALLIES, list(organisation_ids))
    return {row["organisation_id"]: Tally(row["full_members"], row["probationary"]) for row in rows}


async def tally(connection: asyncpg.Connection, organisation_id: UUID) -> Tally:
    return (await counted(connection, [organisation_id])).get(organisation_id, Tally())
