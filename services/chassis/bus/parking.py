"""The parking lot: events that could not be handled, with the reason, until an operator decides."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

import asyncpg
from nats.aio.msg import Msg

from contracts.event import Envelope
from services.chassis.errors import NotFound

PARK = """
INSERT INTO parked (consumer, event_id, aggregate_id, version, type, subject, body, reason, attempts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (consumer, digest) DO UPDATE
   SET reason = excluded.reason, attempts = parked.attempts + excluded.attempts
"""
PASS_OVER = """
INSERT INTO inbox AS known (consumer, aggregate_id, version, event_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (consumer, aggregate_id) DO UPDATE
   SET version = greatest(known.version, excluded.version)
"""


@dataclass(frozen=True)
class Parked:
    parked_id: int
    consumer: str
    event_id: UUID | None
    aggregate_id: UUID | None
    version: int | None
    type: str | None
    subject: str
    body: bytes
    reason: str
    attempts: int
    parked_at: datetime


COLUMNS = ", ".join(field.name for field in fields(Parked))

RetryOne = Callable[[Parked], Awaitable[None]]
"""Handles one parked event and removes it, in one transaction; raises what hinders it."""


async def park(
    pool: asyncpg.Pool,
    consumer: str,
    msg: Msg,
    envelope: Envelope | None,
    reason: str,
    attempts: int,
) -> None:
    """Set one message aside. What follows of its aggregate will be parked behind it, in order."""
    async with pool.acquire() as connection, connection.transaction():
        known = envelope and (envelope.id, envelope.subject, envelope.aggregateversion)
        event_id, aggregate_id, version = known or (None, None, None)
        kind = envelope.type if envelope else None
        await connection.execute(
            PARK, consumer, event_id, aggregate_id, version, kind,
            msg.subject, msg.data, reason, attempts,
        )  # fmt: skip
        if envelope:
            await connection.execute(
                PASS_OVER, consumer, envelope.subject, envelope.aggregateversion, envelope.id
            )


async def listing(pool: asyncpg.Pool, ids: Sequence[int] = ()) -> list[Parked]:
    """All parked events, or those named, oldest version of an aggregate first."""
    rows = await pool.fetch(
        f"SELECT {COLUMNS} FROM parked"  # noqa: S608  our own column names
        " WHERE cardinality($1::bigint[]) = 0 OR parked_id = ANY($1)"
        " ORDER BY consumer, aggregate_id, version, parked_id",
        list(ids),
    )
    found = [Parked(**row) for row in rows]
    missing = sorted(set(ids) - {p.parked_id for p in found})
    if missing:
        raise NotFound(f"Nothing is parked as {missing}.", zh=f"没有编号为 {missing} 的搁置事件。")
    return found


async def retry(
    pool: asyncpg.Pool, handle: RetryOne, ids: Sequence[int] = ()
) -> AsyncIterator[tuple[Parked, str | None]]:
    """Handle parked events again, in order; yields each with `None`, or with why it stays parked.

    After a failure the rest of its aggregate is not tried: order would be lost.
    """
    stuck: set[UUID] = set()
    for parked in await listing(pool, ids):
        if parked.aggregate_id in stuck:
            yield parked, "waits behind a parked event"
            continue
        try:
            await handle(parked)
        except Exception as failure:  # noqa: BLE001  told to the operator, kept with the event
            if parked.aggregate_id:
                stuck.add(parked.aggregate_id)
            await pool.execute(
                "UPDATE parked SET reason = $2, attempts = attempts + 1 WHERE parked_id = $1",
                parked.parked_id,
                repr(failure),
            )
            yield parked, repr(failure)
        else:
            yield parked, None


async def drop(pool: asyncpg.Pool, ids: Sequence[int]) -> int:
    """Give up parked events for good; their effect never happens here. Returns how many."""
    found = await listing(pool, ids)
    await pool.execute("DELETE FROM parked WHERE parked_id = ANY($1)", [p.parked_id for p in found])
    return len(found)
