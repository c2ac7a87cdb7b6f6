"""Carries logged events to JetStream: every one, once, in order within an aggregate.

The outbox is a queue, not a cursor: a transaction that drew a low id and commits late is still found
(ops/decisions/0002 has the measurements). One relay a service is active, by a session advisory lock.
What was published is known exactly from `relay_state` and the stream itself, never from a time-out.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from uuid import UUID

import asyncpg
import structlog
from nats.js import api
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError

from contracts.event import stream_of
from services.chassis import faults, telemetry
from services.chassis.bus.connection import Down, Nats
from services.chassis.bus.publish import (
    MAX_BATCH,
    Outgoing,
    PublishRefused,
    publish_batch,
)
from services.chassis.database import Database
from services.chassis.health import Health

log = structlog.get_logger()

RELAY_LOCK = 7_401
CHANNEL = "jiceng_outbox"
STAND_ASIDE = "stand aside"
POLL_S = 1.0
"""Behind the wake-up by NOTIFY: how late an event may be when a notification was lost."""
INSPECT_S = 5.0
"""How often an idle relay looks whether its stream is still the one it filled."""
ASIDE_S = 5.0

DatabaseDown = (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, TimeoutError)

NEXT = """
SELECT o.id, e.event_id, e.subject, e.body, e.traceparent
  FROM outbox o JOIN event_log e ON e.id = o.id
 ORDER BY o.id LIMIT $1
"""
MARK = """
WITH gone AS (DELETE FROM outbox WHERE id = ANY($1::bigint[]) RETURNING id)
UPDATE relay_state
   SET published = published + (SELECT count(*) FROM gone),
       stream_seq = $2, stream_created = $3, last_event_id = $4
"""


class HistoryLost(Exception):  # noqa: N818  the stream's state, told to the operator
    """The stream no longer holds what was published into it; `jiceng streams refill` restores it."""


class Relay:
    """Publishes the outbox of one service until cancelled."""

    def __init__(self, service: str, database: Database, nats: Nats, health: Health) -> None:
        self._service, self._stream = service, stream_of(service)
        self._database, self._nats, self._health = database, nats, health
        self._wake = asyncio.Event()
        self._aside = asyncio.Event()
        self._ringing: asyncio.Task[None] | None = None
        self._leads = False
        self._seq = 0  # what the stream ended with when we last looked or wrote

    # Waking

    def ring(self) -> None:
        """Something was committed: wake the active relay, here or in another replica."""
        self._wake.set()
        if not self._leads and (self._ringing is None or self._ringing.done()):
            self._ringing = asyncio.create_task(self._notify(), name="outbox-notify")

    async def _notify(self) -> None:
        with suppress(*DatabaseDown, asyncpg.PostgresError):
            await self._database.pool.execute("SELECT pg_notify($1, '')", CHANNEL)

    def _heard(self, *args: object) -> None:
        if args[-1] == STAND_ASIDE:
            self._aside.set()
        self._wake.set()

    # Running

    async def run(self) -> None:
        """Lead while no other replica does. A failing broker delays events and never loses them."""
        while True:
            self._health.beat("relay")
            try:
                async with self._leadership() as connection:
                    await self._lead(connection)
            except HistoryLost as lost:
                self._health.set("relay", False, str(lost))
                log.error("relay.history_lost", reason=str(lost))
            except (JetStreamError, PublishRefused, *Down, *DatabaseDown) as error:
                self._health.set("relay", False, repr(error))
                log.warning("relay.interrupted", error=repr(error))
            except asyncpg.PostgresError as error:
                self._health.set("relay", False, repr(error))
                log.warning("relay.database_refused", error=repr(error))
            await self._pause()

    async def _pause(self) -> None:
        if self._aside.is_set():
            self._aside.clear()
            await asyncio.sleep(ASIDE_S)
        else:
            await asyncio.sleep(POLL_S)

    @asynccontextmanager
    async def _leadership(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection that holds the relay lock; losing it ends the leadership."""
        connection = await self._database.connect()
        try:
            while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", RELAY_LOCK):
                self._health.set("relay", True, "standby")
                self._health.beat("relay")
                await asyncio.sleep(POLL_S)
            await connection.add_listener(CHANNEL, self._heard)
            self._leads = True
            yield connection
        finally:
            self._leads = False
            with suppress(*DatabaseDown):
                await connection.close(timeout=2)

    async def _lead(self, connection: asyncpg.Connection) -> None:
        created = await self.reconcile(connection)
        inspected = asyncio.get_running_loop().time()
        while not self._aside.is_set():
            self._health.beat("relay")
            self._wake.clear()
            sent = await self.drain(connection, created)
            self._health.set("relay", True, "")
            if sent:
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):
                    await self._wake.wait()
            if asyncio.get_running_loop().time() - inspected > INSPECT_S:
                created = await self.reconcile(connection)
                inspected = asyncio.get_running_loop().time()

    # One step

    async def drain(self, connection: asyncpg.Connection, created: datetime) -> int:
        """Publish one batch and mark it; return how many events left the outbox."""
        rows = [Outgoing(**row) for row in await connection.fetch(NEXT, MAX_BATCH)]
        if not rows:
            return 0
        faults.point("before_publish")
        with telemetry.publishing(self._stream, len(rows)):
            self._seq = await publish_batch(self._nats.client, self._stream, rows, after=self._seq)
        faults.point("after_publish")
        await connection.execute(MARK, [r.id for r in rows], self._seq, created, rows[-1].event_id)
        faults.point("after_mark")
        return len(rows)

    async def reconcile(self, connection: asyncpg.Connection) -> datetime:
        """Mark what was published but not marked; return the stream's creation time.

        Raises `HistoryLost` when the stream is missing, was made anew, or lost its end.
        """
        try:
            info = await self._nats.jetstream.stream_info(self._stream)
        except NotFoundError as error:
            raise HistoryLost(f"stream {self._stream} does not exist") from error
        state = await connection.fetchrow("SELECT * FROM relay_state")
        created = _created(info)
        known: datetime | None = state["stream_created"]
        if known is not None and known != created and state["published"]:
            raise HistoryLost(f"stream {self._stream} was made anew and lacks its history")
        if info.state.last_seq < state["stream_seq"] and known == created:
            raise HistoryLost(f"stream {self._stream} lost its last events")
        first = state["stream_seq"] + 1 if known == created else 1
        if info.state.last_seq >= first:
            await self._mark_published(connection, range(first, info.state.last_seq + 1), created)
        self._seq = info.state.last_seq
        return created

    async def _mark_published(
        self, connection: asyncpg.Connection, seqs: range, created: datetime
    ) -> None:
        """A relay died between publishing and marking: the stream says which events those were."""
        jetstream = self._nats.jetstream
        ids: list[UUID] = []
        for seq in seqs:
            with suppress(NotFoundError):
                message = await jetstream.get_msg(self._stream, seq, direct=True)
                ids += _event_id(message.headers or {})
        rows = await connection.fetch(
            "SELECT id, event_id FROM event_log WHERE event_id = ANY($1::uuid[])", ids
        )
        last = ids[-1] if ids else None
        await connection.execute(MARK, [row["id"] for row in rows], seqs.stop - 1, created, last)
        log.info("relay.marked_after_crash", count=len(rows))


def _event_id(headers: dict[str, str]) -> list[UUID]:
    """The id of a stored event; nothing for what a stranger wrote into the stream."""
    try:
        return [UUID(headers["Nats-Msg-Id"])]
    except (KeyError, ValueError):
        return []


def _created(info: api.StreamInfo) -> datetime:
    """Creation time of a stream: it changes when the stream is made anew."""
    created = info.created
    if created is None:
        raise HistoryLost("the server does not say when the stream was made")
    return created


async def backlog(pool: asyncpg.Pool) -> tuple[int, float]:
    """Events that await publication, and the age of the oldest in seconds."""
    row = await pool.fetchrow(
        "SELECT count(*) AS depth,"
        " coalesce(extract(epoch FROM now() - min(staged_at)), 0)::float AS age FROM outbox"
    )
    return int(row["depth"]), float(row["age"])
