"""Bookings of which it is known whom to call."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.tables.rows import BookingRow
from services.chassis.rows import for_update

KNOWN = "SELECT EXISTS (SELECT 1 FROM person WHERE person_id = $1)"


async def known(connection: asyncpg.Connection, booking_id: UUID) -> bool:
    """Also once it was erased."""
    return bool(await connection.fetchval(KNOWN, booking_id))


async def to_erase(session: AsyncSession, ended_by: datetime, limit: int) -> Sequence[BookingRow]:
    """Locked, those that ended first; those that others work on are left for the next time."""
    query = (
        select(BookingRow)
        .where(col(BookingRow.has_contact), BookingRow.ends_at <= ended_by)
        .order_by(col(BookingRow.ends_at), col(BookingRow.booking_id))
        .limit(limit)
    )
    return (await session.exec(for_update(query, skip_locked=True))).all()
