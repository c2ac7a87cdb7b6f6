"""Entries and offers as they are read, locked and listed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.waitlist import EntryStatus
from services.bases.tables.rows import BookingRow
from services.bases.tables.waitlist.rows import EntryRow, OfferRow
from services.chassis.errors import Defect
from services.chassis.rows import for_update, one

LIVE = (EntryStatus.WAITING, EntryStatus.OFFERED)

Placed = tuple[EntryRow, int | None, datetime | None]
"""An entry, how many-th it is among those who wish for the same, and when its offer expires."""


async def entry(session: AsyncSession, entry_id: UUID, *, lock: bool = False) -> EntryRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await one(session, EntryRow, entry_id, "entry", "候补", lock=lock, fresh=True)


async def offer(session: AsyncSession, booking_id: UUID) -> OfferRow:
    """Of a booking that holds a slot; its row is the lock of the offer, too."""
    row = await session.get(OfferRow, booking_id, populate_existing=True)
    if row is None:
        raise Defect(f"booking {booking_id} is held for nobody")
    return row


async def waits(session: AsyncSession, row: EntryRow) -> bool:
    """Whether the organisation stands in the list for the same already."""
    query = select(EntryRow.entry_id).where(
        EntryRow.organisation_id == row.organisation_id,
        func.coalesce(EntryRow.venue_id, EntryRow.base_id) == (row.venue_id or row.base_id),
        EntryRow.starts_at == row.starts_at,
        col(EntryRow.status).in_(LIVE),
    )
    return (await session.exec(query.limit(1))).first() is not None


# What the clock looks at


async def expired(session: AsyncSession, now: datetime, limit: int) -> Sequence[BookingRow]:
    """Bookings held by offers that nobody answered in time, locked; venue by venue."""
    query = (
        select(BookingRow)
        .join(OfferRow, col(OfferRow.booking_id) == BookingRow.booking_id)
        .where(col(OfferRow.ended_at).is_(None), OfferRow.expires_at <= now)
        .order_by(col(BookingRow.venue_id), col(OfferRow.expires_at))
        .limit(limit)
    )
    return (await session.exec(for_update(query, skip_locked=True, of=BookingRow))).all()


async def begun(session: AsyncSession, now: datetime, limit: int) -> Sequence[EntryRow]:
    """Those who wait for what has begun at every time that would have done, locked."""
    last_start = col(EntryRow.latest_at) - (col(EntryRow.ends_at) - col(EntryRow.starts_at))
    query = (
        select(EntryRow)
        .where(EntryRow.status == EntryStatus.WAITING, last_start <= now)
        .order_by(col(EntryRow.no))
        .limit(limit)
    )
    return (await session.exec(for_update(query, skip_locked=True))).all()


# Lists


async def entries(
    session: AsyncSession, *where: ColumnElement[bool], after: int | None = None, limit: int = 1
) -> Sequence[Placed]:
    """In order of joining, those that fulfil `where`."""
    live = col(EntryRow.status).in_(LIVE)
    query = (
        select(EntryRow, case((live, _position())), OfferRow.expires_at)
        .join(OfferRow, col(OfferRow.booking_id) == EntryRow.booking_id, isouter=True)
        .where(*where)
        .order_by(col(EntryRow.no))
        .limit(limit)
    )
    if after is not None:
        query = query.where(col(EntryRow.no) > after)
    return [(row, position, expires) for row, position, expires in await session.exec(query)]


async def placed(session: AsyncSession, entry_id: UUID) -> Placed:
    (found,) = await entries(session, col(EntryRow.entry_id) == entry_id)
    return found


def _position() -> ColumnElement[int]:
    """One more than those who joined before and want the same place at some same time."""
    before = aliased(EntryRow)
    same_place = or_(
        col(before.venue_id).is_(None),
        col(EntryRow.venue_id).is_(None),
        col(before.venue_id) == EntryRow.venue_id,
    )
    ahead = and_(
        col(before.base_id) == EntryRow.base_id,
        col(before.status).in_(LIVE),
        col(before.no) < col(EntryRow.no),
        col(before.earliest_at) < EntryRow.latest_at,
        col(before.latest_at) > EntryRow.earliest_at,
        same_place,
    )
    counted = select(func.count()).select_from(before).where(ahead).correlate(EntryRow)
    return counted.scalar_subquery() + 1
