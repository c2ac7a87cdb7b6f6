"""Series and package bookings: what was asked for in one piece."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.bases.series import PackageBookingEvent, SeriesEvent
from contracts.kinds.series import Weekday
from services.bases.domain.series.model import Series
from services.bases.domain.series.packages import PackageBooking, Place
from services.bases.tables.rows import BookingRow, Row
from services.chassis.rows import for_update, one


class SeriesRow(Series, Row, table=True):
    """`skipped` holds the domain's `Skipped`."""

    __tablename__ = "series"

    series_id: UUID = Field(primary_key=True)
    base_kind: str
    menu_item_kind: str | None
    weekdays: list[Weekday] = Field(sa_type=JSONB)
    skipped: list[dict[str, Any]] = Field(sa_type=JSONB)
    version: int = 1
    recorded_at: datetime

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include={*SeriesEvent.model_fields})


class PackageBookingRow(PackageBooking, Row, table=True):
    __tablename__ = "package_booking"

    package_booking_id: UUID = Field(primary_key=True)
    base_kind: str
    version: int = 1
    recorded_at: datetime

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include={*PackageBookingEvent.model_fields})


async def series(session: AsyncSession, series_id: UUID, *, lock: bool = False) -> SeriesRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await one(session, SeriesRow, series_id, "series", "系列预约", lock=lock)


async def package_booking(
    session: AsyncSession, key: UUID, *, lock: bool = False
) -> PackageBookingRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await one(session, PackageBookingRow, key, "package booking", "套餐预约", lock=lock)


async def locked(session: AsyncSession, whole: SeriesRow | PackageBookingRow) -> list[BookingRow]:
    """Its bookings in order of start; locked in order of their ids, as everybody does."""
    query = select(BookingRow).where(_of(whole)).order_by(col(BookingRow.booking_id))
    query = for_update(query)
    found = (await session.exec(query)).all()
    return sorted(found, key=lambda row: (row.starts_at, row.booking_id))


def _of(whole: SeriesRow | PackageBookingRow) -> ColumnElement[bool]:
    if isinstance(whole, SeriesRow):
        return col(BookingRow.series_id) == whole.series_id
    return col(BookingRow.package_booking_id) == whole.package_booking_id


PLACES = """
SELECT v.venue_id, v.base_id, b.area, v.code, v.kind, v.capacity
  FROM venue v JOIN base b USING (base_id)
 WHERE v.retired_at IS NULL AND ($1::uuid IS NULL OR v.base_id = $1)
   AND ($2::uuid IS NULL OR v.venue_id = $2)
 ORDER BY v.code
"""


async def places(
    connection: asyncpg.Connection, *, base_id: UUID | None = None, venue_id: UUID | None = None
) -> list[Place]:
    """Venues in use, in order of code."""
    rows = await connection.fetch(PLACES, base_id, venue_id)
    return [Place(**dict(row)) for row in rows]
