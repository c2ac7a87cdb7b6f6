"""Holds the streams against the event log, and restores from the log what a stream lacks.

The log is the truth; a stream can be lost whole. What comes back are the same bytes under the same
ids, in order within each aggregate, so every reader recognises what it has seen.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from uuid import UUID

import asyncpg
from nats.aio.client import Client
from nats.errors import TimeoutError as NatsTimeout
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import NotFoundError

from contracts.event import stream_of
from services.chassis.bus.publish import MAX_BATCH, Outgoing, publish_batch
from services.chassis.bus.streams import stream_config
from services.chassis.errors import Unavailable
from services.chassis.relay import CHANNEL, RELAY_LOCK, STAND_ASIDE
from services.chassis.settings import Settings

Progress = Callable[[int, int], None]
"""Told how many events are done, and of how many."""

READ_BATCH = 1000
READ_WAIT_S = 2.0
LOCK_WAIT_S = 30.0
LOCK_RETRY_S = 0.2

LOGGED = """
SELECT e.id, e.event_id, e.aggregate_id, e.aggregate_version
  FROM event_log e LEFT JOIN outbox o ON o.id = e.id
 WHERE o.id IS NULL OR $1
 ORDER BY e.id
"""
LOGGED_AMONG = """
SELECT event_id::text AS event_id FROM event_log
 WHERE event_id = ANY(
       ARRAY(SELECT t::uuid FROM unnest($1::text[]) AS t WHERE t ~ '^[0-9a-f-]{36}$'))
"""
ROWS = """
SELECT id, event_id, subject, body, traceparent FROM event_log
 WHERE id = ANY($1::bigint[]) ORDER BY id
"""
RECORD = """
WITH gone AS (DELETE FROM outbox WHERE id = ANY($5::bigint[]))
UPDATE relay_state SET published = $1, stream_seq = $2, stream_created = $3, last_event_id = $4
"""


@dataclass(frozen=True)
class Logged:
    id: int
    event_id: UUID
    aggregate_id: UUID
    aggregate_version: int


@dataclass(frozen=True)
class Comparison:
    """A stream beside its log: `missing` are log ids, in order; `foreign` ids it does not know."""

    service: str
    logged: int
    stored: int
    missing: tuple[int, ...]
    foreign: tuple[str, ...]
    disordered: int
    """Stored events that stand before an earlier version of their aggregate."""
    exists: bool
    last_event_id: UUID | None
    digest: str
    """Rolling hash over the stored ids, to compare copies of a stream by."""

    @property
    def whole(self) -> bool:
        return self.exists and not self.missing and not self.foreign and not self.disordered


async def check(service: str, settings: Settings, client: Client) -> Comparison:
    """Compare all that was published with what the stream holds. Changes nothing."""
    connection = await asyncpg.connect(settings.database_dsn(service))
    try:
        logged = await _logged(connection, pending=False)
        found = _compare(service, logged, await _stored(client, stream_of(service)))
        return replace(found, foreign=await _still_foreign(connection, found.foreign))
    finally:
        await connection.close()


async def _still_foreign(
    connection: asyncpg.Connection, event_ids: Sequence[str]
) -> tuple[str, ...]:
    """Without those that were logged, but not marked as published, when the log was read."""
    if not event_ids:
        return ()
    rows = await connection.fetch(LOGGED_AMONG, list(event_ids))
    known = {row["event_id"] for row in rows}
    return tuple(event_id for event_id in event_ids if event_id not in known)


async def refill(
    service: str, settings: Settings, client: Client, progress: Progress = lambda _done, _all: None
) -> int:
    """Restore what the stream lacks; returns how many events were written.

    The relay stands aside meanwhile and commands go on. What can be appended in order is appended.
    Otherwise the stream is made anew from the whole log: appending earlier versions behind later
    ones would break the order that readers rely on. Raises `Unavailable` when the relay does not
    let go.
    """
    connection = await asyncpg.connect(settings.database_dsn(service))
    try:
        async with _instead_of_relay(connection):
            return await _refill(service, settings, client, connection, progress)
    finally:
        await connection.close()


async def _refill(
    service: str,
    settings: Settings,
    client: Client,
    connection: asyncpg.Connection,
    progress: Progress,
) -> int:
    jetstream, stream = client.jetstream(), stream_of(service)
    logged = await _logged(connection, pending=True)
    stored = await _stored(client, stream)
    found = _compare(service, logged, stored)
    missing = list(found.missing)
    if found.exists and not _appendable(logged, set(missing), set(stored or ())):
        await jetstream.delete_stream(stream)
        found, missing = _compare(service, logged, None), [event.id for event in logged]
    if not found.exists:
        await jetstream.add_stream(stream_config(service, settings))
    written: list[int] = []
    for at in range(0, len(missing), MAX_BATCH):
        rows = await connection.fetch(ROWS, missing[at : at + MAX_BATCH])
        await publish_batch(client, stream, [Outgoing(**row) for row in rows])
        written += [row["id"] for row in rows]
        progress(len(written), len(missing))
    await _record(jetstream, stream, connection, logged)
    return len(written)


async def _record(
    jetstream: JetStreamContext,
    stream: str,
    connection: asyncpg.Connection,
    logged: list[Logged],
) -> None:
    info = await jetstream.stream_info(stream)
    last = logged[-1].event_id if logged else None
    await connection.execute(
        RECORD,
        len(logged),
        info.state.last_seq,
        info.created,
        last,
        [event.id for event in logged],
    )


def _appendable(logged: list[Logged], missing: set[int], stored: set[str]) -> bool:
    """True when no stored event follows a missing one of its aggregate."""
    lacking = {event.aggregate_id: event.aggregate_version for event in reversed(logged)
               if event.id in missing}  # fmt: skip
    return not any(
        str(event.event_id) in stored
        and event.aggregate_version > lacking.get(event.aggregate_id, event.aggregate_version)
        for event in logged
    )


def _compare(service: str, logged: list[Logged], stored: list[str] | None) -> Comparison:
    place = {event_id: at for at, event_id in enumerate(stored or ())}
    known = {str(event.event_id) for event in logged}
    highest: dict[UUID, int] = {}
    disordered = 0
    for event in logged:
        at = place.get(str(event.event_id))
        if at is not None:
            disordered += at < highest.get(event.aggregate_id, -1)
            highest[event.aggregate_id] = max(at, highest.get(event.aggregate_id, -1))
    return Comparison(
        service=service,
        logged=len(logged),
        stored=len(stored or ()),
        missing=tuple(event.id for event in logged if str(event.event_id) not in place),
        foreign=tuple(event_id for event_id in place if event_id not in known),
        disordered=disordered,
        exists=stored is not None,
        last_event_id=logged[-1].event_id if logged else None,
        digest=hashlib.sha256("".join(stored or ()).encode()).hexdigest(),
    )


async def _logged(connection: asyncpg.Connection, *, pending: bool) -> list[Logged]:
    """The log in order of id; with `pending` also what was never published."""
    return [Logged(**row) for row in await connection.fetch(LOGGED, pending)]


async def _stored(client: Client, stream: str) -> list[str] | None:
    """The event ids a stream holds, in its order; `None` when there is no such stream."""
    jetstream = client.jetstream()
    try:
        total = (await jetstream.stream_info(stream)).state.messages
    except NotFoundError:
        return None
    if not total:
        return []
    ids: list[str] = []
    reader = await jetstream.pull_subscribe(
        "jiceng.>",
        stream=stream,
        config=ConsumerConfig(
            ack_policy=AckPolicy.NONE, headers_only=True, mem_storage=True, inactive_threshold=30
        ),
    )
    try:
        while len(ids) < total:
            batch = await reader.fetch(min(READ_BATCH, total - len(ids)), timeout=READ_WAIT_S)
            ids += [(message.headers or {}).get("Nats-Msg-Id", "?") for message in batch]
    except NatsTimeout as error:
        raise Unavailable(f"stream {stream} could not be read to its end") from error
    finally:
        with suppress(Exception):
            await reader.unsubscribe()
    return ids


@asynccontextmanager
async def _instead_of_relay(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Hold the relay's lock: ask the active relay to stand aside, and wait for it."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + LOCK_WAIT_S
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", RELAY_LOCK):
        if loop.time() > deadline:
            raise Unavailable("the relay holds its lock and does not stand aside")
        await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, STAND_ASIDE)
        await asyncio.sleep(LOCK_RETRY_S)
    try:
        yield
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", RELAY_LOCK)
