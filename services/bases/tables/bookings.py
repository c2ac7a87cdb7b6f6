"""Bookings as they are read and moved on."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.tables.places import in_any
from services.bases.tables.rows import BookingRow, OrganisationRow, VenueRow
from services.chassis.errors import NotFound


async def booking(session: AsyncSession, booking_id: UUID, *, lock: bool = False) -> BookingRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    row = await session.get(
        BookingRow, booking_id, with_for_update=lock or None, populate_existing=lock
    )
    if row is None:
        raise NotFound(f"No booking {booking_id}.", zh="没有该编号的预约。")
    return row


Named = tuple[BookingRow, str | None, str | None]
"""A booking with the names of its venue and its organisation."""


async def named(session: AsyncSession, row: BookingRow) -> Named:
    venue = await session.get(VenueRow, row.venue_id)
    organisation = await session.get(OrganisationRow, row.organisation_id)
    return row, venue.name if venue else None, organisation.name if organisation else None


async def bookings(
    session: AsyncSession,
    *,
    within: Sequence[str],
    base_id: UUID | None,
    venue_id: UUID | None,
    organisation_id: UUID | None,
    status: str | None,
    since: datetime | None,
    until: datetime | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Named]:
    """In order of start; those that begin in `[since, until)`."""
    started, key = col(BookingRow.starts_at), col(BookingRow.booking_id)
    query = (
        select(BookingRow, VenueRow.name, OrganisationRow.name)
        .join(VenueRow, col(VenueRow.venue_id) == BookingRow.venue_id)
        .join(
            OrganisationRow,
            col(OrganisationRow.organisation_id) == BookingRow.organisation_id,
            isouter=True,
        )
        .where(in_any(col(BookingRow.area), within))
        .order_by(started, key)
        .limit(limit)
    )
    if base_id:
        query = query.where(BookingRow.base_id == base_id)
    if venue_id:
        query = query.where(BookingRow.venue_id == venue_id)
    if organisation_id:
        query = query.where(BookingRow.organisation_id == organisation_id)
    if status:
        query = query.where(BookingRow.status == status)
    if since:
        query = query.where(started >= since)
    if until:
        query = query.where(started < until)
    if after:
        query = query.where(or_(started > after[0], (started == after[0]) & (key > after[1])))
    return [(row, venue, name) for row, venue, name in await session.exec(query)]
