"""The parking lot: events that could not be handled, with the reason, until an operator decides."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

import asyncpg
from nats.aio.msg import Msg
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.event import Envelope
from services.chassis.bus import inbox
from services.chassis.errors import Conflict, NotFound

PARK = """
INSERT INTO parked
       (consumer, event_id, aggregate_id, version, type, subject, body, reason, attempts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (consumer, digest) DO NOTHING
"""
"""Delivered again, it keeps the reason it was parked for."""


class OutOfTurn(Conflict):
    code = "parked-out-of-turn"
    title, title_zh = "An earlier event of the same aggregate comes first", "须先处理更早的事件"


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
    *,
    reason: str,
    attempts: int,
) -> None:
    """Set one message aside. What follows of its aggregate will be parked behind it, in order."""
    known = envelope and (envelope.id, envelope.subject, envelope.aggregateversion, envelope.type)
    about = known or (None, None, None, None)
    await pool.execute(PARK, consumer, *about, msg.subject, msg.data, reason, attempts)


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
        except OutOfTurn as failure:
            yield parked, failure.detail
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


async def take(connection: AsyncConnection, parked: Parked) -> bool:
    """Take an event out of the lot, in the transaction of its effect; false: that happened before.

    Raises `OutOfTurn` when its aggregate has not come as far, and `NotFound` when another operator
    was faster.
    """
    taken = await connection.exec_driver_sql(
        "DELETE FROM parked WHERE parked_id = $1 RETURNING 1", (parked.parked_id,)
    )
    if taken.first() is None:
        raise NotFound(f"Nothing is parked as {parked.parked_id} any more.")
    known = await connection.exec_driver_sql(
        "SELECT version FROM inbox WHERE consumer = $1 AND aggregate_id = $2",
        (parked.consumer, parked.aggregate_id),
    )
    at, version = known.scalar() or 0, parked.version or 0
    if version > at + 1:
        raise OutOfTurn(f"It waits for version {at + 1} of its aggregate.")
    await connection.exec_driver_sql(
        inbox.ADVANCE, (parked.consumer, parked.aggregate_id, version, parked.event_id)
    )
    return version > at


async def drop(pool: asyncpg.Pool, ids: Sequence[int]) -> int:
    """Give up parked events for good; their effect never happens here. Returns how many.

    What never came before them is given up too. Raises `OutOfTurn` where an earlier event of the
    aggregate would stay parked: it could not be handled any more.
    """
    if not ids:
        return 0
    found = await listing(pool, ids)
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("DELETE FROM parked WHERE parked_id = ANY($1)", list(ids))
        for parked in found:
            if parked.aggregate_id is None:
                continue
            key = (parked.consumer, parked.aggregate_id, parked.version)
            earlier = await connection.fetchval(
                "SELECT min(version) FROM parked"
                " WHERE consumer = $1 AND aggregate_id = $2 AND version < $3",
                *key,
            )
            if earlier is not None:
                raise OutOfTurn(f"Version {earlier} of its aggregate is parked before it.")
            await connection.execute(inbox.ADVANCE, *key, parked.event_id)
    return len(found)
