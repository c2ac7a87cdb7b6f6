"""Series and package bookings: what was asked for in one piece."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.domain.series.packages import Place
from services.bases.tables.rows import BookingRow, Row
from services.chassis.rows import for_update, inside, one


class SeriesRow(Row, table=True):
    """`skipped` holds the domain's `Skipped`; `first_day` and `last_day` are of what was booked."""

    __tablename__ = "series"

    series_id: UUID = Field(primary_key=True)
    base_id: UUID
    base_kind: str
    area: str
    venue_id: UUID
    organisation_id: UUID
    channel: str
    visitor_level: str
    on_behalf: bool
    menu_item_id: UUID | None
    menu_item_kind: str | None
    starts_at: datetime
    ends_at: datetime
    headcount: int
    every: str
    interval: int
    weekdays: list[str] = Field(sa_type=JSONB)
    until: date | None
    times: int | None
    skipped: list[dict[str, Any]] = Field(sa_type=JSONB)
    booked: int
    first_day: date
    last_day: date
    version: int
    recorded_at: datetime


class PackageBookingRow(Row, table=True):
    __tablename__ = "package_booking"

    package_booking_id: UUID = Field(primary_key=True)
    package_id: UUID
    base_id: UUID
    base_kind: str
    area: str
    organisation_id: UUID
    starts_at: datetime
    ends_at: datetime
    headcount: int
    channel: str
    visitor_level: str
    on_behalf: bool
    parts: int
    version: int
    recorded_at: datetime


Whole = TypeVar("Whole", SeriesRow, PackageBookingRow)
"""What has several bookings."""


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


# Lists


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Which of them a list shows."""

    within: Sequence[str] | None
    """`None` for every area."""
    base_id: UUID | None = None
    organisation_id: UUID | None = None
    venue_id: UUID | None = None


async def listed(
    session: AsyncSession, kind: type[Whole], sought: Sought, *, after: UUID | None, limit: int
) -> Sequence[Whole]:
    """The newest first."""
    key = col(SeriesRow.series_id if kind is SeriesRow else PackageBookingRow.package_booking_id)
    query = select(kind).order_by(key.desc()).limit(limit)
    if sought.within is not None:
        query = query.where(inside(col(kind.area), sought.within))
    if sought.base_id:
        query = query.where(col(kind.base_id) == sought.base_id)
    if sought.organisation_id:
        query = query.where(col(kind.organisation_id) == sought.organisation_id)
    if sought.venue_id and kind is SeriesRow:
        query = query.where(col(SeriesRow.venue_id) == sought.venue_id)
    if after:
        query = query.where(key < after)
    return (await session.exec(query)).all()
