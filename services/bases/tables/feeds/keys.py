"""Keys of feeds. A fetch is counted by the statement that looks the key up."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import ARRAY, Text, func
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.feeds import FeedScope
from services.bases.domain.feeds.keys import Key
from services.bases.tables.rows import Row
from services.chassis.database import execute
from services.chassis.rows import inside, one

MAKER_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(:maker, 131))"
OPEN = """
UPDATE feed
   SET last_fetched_at = $2,
       counted_from = CASE WHEN counted_from <= $2 - interval '1 hour' THEN $2
                           ELSE counted_from END,
       fetched = CASE WHEN counted_from <= $2 - interval '1 hour' THEN 1 ELSE fetched + 1 END
 WHERE digest = $1 AND revoked_at IS NULL AND expires_at > $2
   AND (fetched < $3 OR counted_from <= $2 - interval '1 hour')
RETURNING scope, subject_id, areas
"""
WHY_NOT = "SELECT expires_at, revoked_at, counted_from FROM feed WHERE digest = $1"


class FeedRow(Row, table=True):
    __tablename__ = "feed"

    feed_id: UUID = Field(primary_key=True)
    digest: bytes
    scope: str
    subject_id: UUID
    area: str
    areas: list[str] = Field(sa_type=ARRAY(Text))
    opened_by: str
    opened_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    last_fetched_at: datetime | None = None
    counted_from: datetime
    fetched: int = 0


async def feed(session: AsyncSession, feed_id: UUID, *, lock: bool = False) -> FeedRow:
    """Raises `NotFound`."""
    return await one(session, FeedRow, feed_id, "feed", "订阅地址", lock=lock)


async def feeds(
    session: AsyncSession,
    *,
    within: Sequence[str],
    scope: FeedScope | None,
    subject_id: UUID | None,
    opened_by: str | None,
    valid_at: datetime | None,
    after: UUID | None,
    limit: int,
) -> Sequence[FeedRow]:
    """The oldest first; with `valid_at` only those that open anything then."""
    query = select(FeedRow).where(inside(col(FeedRow.area), within))
    for column, value in (
        (FeedRow.scope, scope),
        (FeedRow.subject_id, subject_id),
        (FeedRow.opened_by, opened_by),
    ):
        if value is not None:
            query = query.where(col(column) == value)
    if valid_at:
        query = query.where(col(FeedRow.revoked_at).is_(None), FeedRow.expires_at > valid_at)
    if after:
        query = query.where(col(FeedRow.feed_id) > after)
    return (await session.exec(query.order_by(col(FeedRow.feed_id)).limit(limit))).all()


async def valid_of(session: AsyncSession, maker: str, now: datetime) -> int:
    """How many valid keys `maker` has; nobody adds to them before the transaction ends."""
    await execute(session, MAKER_LOCK, {"maker": maker})
    query = select(func.count()).where(
        FeedRow.opened_by == maker, col(FeedRow.revoked_at).is_(None), FeedRow.expires_at > now
    )
    return (await session.exec(query)).one()


async def opened(
    connection: asyncpg.Connection, digest: bytes, now: datetime, most: int
) -> asyncpg.Record | None:
    """`scope`, `subject_id` and `areas` of a valid key that was not fetched `most` times within
    the hour, this fetch counted; else nothing.
    """
    return await connection.fetchrow(OPEN, digest, now, most)


async def why_not(connection: asyncpg.Connection, digest: bytes) -> Key | None:
    row = await connection.fetchrow(WHY_NOT, digest)
    return Key(**row) if row else None
