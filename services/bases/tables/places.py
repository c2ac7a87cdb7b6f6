"""Bases, venues, visits, and who they are booked for."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.tables.rows import BaseRow, OrganisationRow, VenueRow
from services.chassis.rows import one

AHEAD = """
SELECT count(*) FROM booking
 WHERE venue_id = $1 AND holds AND ends_at > $2 AND status <> 'completed'
"""


async def organisation(session: AsyncSession, organisation_id: UUID) -> OrganisationRow | None:
    return await session.get(OrganisationRow, organisation_id)


async def organisations(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, OrganisationRow]:
    rows = await session.exec(
        select(OrganisationRow).where(col(OrganisationRow.organisation_id).in_(ids))
    )
    return {row.organisation_id: row for row in rows}


async def base(session: AsyncSession, base_id: UUID, *, lock: bool = False) -> BaseRow:
    """Raises `NotFound`."""
    return await one(session, BaseRow, base_id, "base", "基地", lock=lock)


async def venue(
    session: AsyncSession, venue_id: UUID, *, lock: bool = False
) -> tuple[VenueRow, BaseRow]:
    """The venue and its base. Raises `NotFound`."""
    row = await one(session, VenueRow, venue_id, "venue", "场馆", lock=lock)
    return row, await base(session, row.base_id)


async def venues_of(session: AsyncSession, base_id: UUID) -> Sequence[UUID]:
    """Those in use, in order of id: the order in which several are locked."""
    query = select(VenueRow.venue_id).where(VenueRow.base_id == base_id)
    query = query.where(col(VenueRow.retired_at).is_(None)).order_by(col(VenueRow.venue_id))
    return (await session.exec(query)).all()


async def bookings_ahead(connection: asyncpg.Connection, venue_id: UUID, since: datetime) -> int:
    """How many bookings hold the venue at `since` or later."""
    found: int = await connection.fetchval(AHEAD, venue_id, since)
    return found


async def area_of(session: AsyncSession, row: VenueRow) -> str:
    """Where the venue's base lies."""
    return (await base(session, row.base_id)).area


async def bases_of(session: AsyncSession, rows: Sequence[VenueRow]) -> dict[UUID, BaseRow]:
    """By id."""
    query = select(BaseRow).where(col(BaseRow.base_id).in_({row.base_id for row in rows}))
    return {row.base_id: row for row in await session.exec(query)}
