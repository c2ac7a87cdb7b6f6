"""Bases, venues, visits, and the copies of areas and organisations."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.tables.rows import AreaRow, BaseRow, OrganisationRow, VenueRow
from services.chassis.database import execute
from services.chassis.rows import inside, one

AHEAD = """
SELECT count(*) FROM booking
 WHERE venue_id = $1 AND holds AND ends_at > $2 AND status <> 'completed'
"""


async def area_known(session: AsyncSession, code: str) -> bool:
    return await session.get(AreaRow, code) is not None


async def keep_area(session: AsyncSession, code: str, name: str) -> None:
    row = insert(AreaRow).values(code=code, name=name)
    await execute(session, row.on_conflict_do_update(index_elements=["code"], set_={"name": name}))


async def keep_organisation(session: AsyncSession, row: OrganisationRow) -> None:
    await session.merge(row)


async def dissolve_organisation(session: AsyncSession, organisation_id: UUID, on: date) -> None:
    row = await session.get(OrganisationRow, organisation_id)
    if row is not None:
        row.dissolved_on = on


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


async def bases(
    session: AsyncSession,
    *,
    within: Sequence[str],
    kind: str | None,
    code: str | None,
    in_use: bool | None,
    after: str | None,
    limit: int,
) -> Sequence[BaseRow]:
    query = select(BaseRow).order_by(col(BaseRow.code)).limit(limit)
    query = query.where(inside(col(BaseRow.area), within))
    if kind:
        query = query.where(BaseRow.kind == kind)
    if code:
        query = query.where(BaseRow.code == code)
    if in_use is not None:
        query = query.where(_in_use(col(BaseRow.retired_at), wanted=in_use))
    if after:
        query = query.where(col(BaseRow.code) > after)
    return (await session.exec(query)).all()


async def venues(
    session: AsyncSession,
    *,
    within: Sequence[str],
    base_id: UUID | None,
    code: str | None,
    in_use: bool | None,
    after: str | None,
    limit: int,
) -> Sequence[tuple[VenueRow, BaseRow]]:
    query = (
        select(VenueRow, BaseRow)
        .join(BaseRow, col(BaseRow.base_id) == VenueRow.base_id)
        .where(inside(col(BaseRow.area), within))
        .order_by(col(VenueRow.code))
        .limit(limit)
    )
    if base_id:
        query = query.where(VenueRow.base_id == base_id)
    if code:
        query = query.where(VenueRow.code == code)
    if in_use is not None:
        query = query.where(_in_use(col(VenueRow.retired_at), wanted=in_use))
    if after:
        query = query.where(col(VenueRow.code) > after)
    return (await session.exec(query)).all()


def _in_use(retired_at: Mapped[datetime | None], *, wanted: bool) -> ColumnElement[bool]:
    return retired_at.is_(None) if wanted else retired_at.is_not(None)
