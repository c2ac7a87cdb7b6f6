"""Carries logged events to JetStream: every one, once, in order within an aggregate.

The outbox is a queue, not a cursor: a transaction that drew a low id and commits late is still
found (ops/decisions/0002 has the measurements). One relay a service is active, by a session
advisory lock. What was published is known exactly from `relay_state` and the stream itself, never
from a time-out; each publication says where the stream must end, so one that comes late is refused.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
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
from services.chassis.database import STATEMENT_TIMEOUT_MS, Database
from services.chassis.health import Health

log = structlog.get_logger()

RELAY_LOCK = 7_401
CHANNEL = "jiceng_outbox"
STAND_ASIDE = "stand aside"
POLL_S = 1.0
"""Behind the wake-up by NOTIFY: how late an event may be when a notification was lost."""
INSPECT_S = 5.0
"""How often an idle relay looks whether its stream is still the one it filled."""
GATHER_S = 0.01
"""Pause after a batch that was not full: under load it saves three round trips a few events."""
ASIDE_S = 5.0
PART = "relay"

CONNECT_TIMEOUT_S = 5.0
COMMAND_TIMEOUT_S = STATEMENT_TIMEOUT_MS / 1000 + 1
"""A frozen database is noticed by us, not only by itself."""
SETTINGS = {
    "synchronous_commit": "off",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
"""The server frees the lock of a leader whose machine vanished after 25 s, not after two hours.
A mark that a crash loses is made again by `reconcile`: only then need it not be flushed."""

DatabaseDown = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)

NEXT = """
SELECT o.id, e.event_id, e.subject, e.body, e.traceparent
  FROM outbox o JOIN event_log e ON e.id = o.id
 ORDER BY o.id LIMIT $1
"""
MARK = """
WITH gone AS (DELETE FROM outbox WHERE id = ANY($1::bigint[]) RETURNING id)
UPDATE relay_state
   SET published = published + (SELECT count(*) FROM gone),
       stream_seq = $2, stream_created = $3, last_event_id = coalesce($4, last_event_id)
"""


class HistoryLost(Exception):
    """The stream lacks what was published into it; `jiceng streams refill` restores it."""


@dataclass
class End:
    """Where the stream ends, as far as the relay knows: which incarnation, which sequence."""

    created: datetime
    seq: int


class Relay:
    """Publishes the outbox of one service until cancelled."""

    def __init__(self, service: str, database: Database, nats: Nats, health: Health) -> None:
        self._service, self._stream = service, stream_of(service)
        self._database, self._nats, self._health = database, nats, health
        self._wake = asyncio.Event()
        self._aside = asyncio.Event()
        self._ringing: asyncio.Task[None] | None = None
        self._rung = False
        self._leads = False
        health.set(PART, False, "starting")

    # Waking

    def ring(self) -> None:
        """Something was committed: wake the active relay, here or in another replica."""
        self._wake.set()
        self._rung = True
        if not self._leads and (self._ringing is None or self._ringing.done()):
            self._ringing = asyncio.create_task(self._notify(), name="outbox-notify")

    async def _notify(self) -> None:
        """Notify once for all that was committed meanwhile."""
        while self._rung:
            self._rung = False
            with suppress(*DatabaseDown):
                await self._database.pool.execute("SELECT pg_notify($1, '')", CHANNEL)

    def _heard(self, *args: object) -> None:
        if args[-1] == STAND_ASIDE:
            self._aside.set()
        self._wake.set()

    # Running

    async def run(self) -> None:
        """Lead while no other replica does. A failing broker delays events and never loses them."""
        while True:
            self._health.beat(PART)
            try:
                with self._nats.watched(self._wake.set):
                    async with self._leadership() as connection:
                        await self._lead(connection)
            except (HistoryLost, PublishRefused, JetStreamError, *Down, *DatabaseDown) as error:
                self._hindered(error)
            except Exception as error:
                self._hindered(error)
                log.exception("relay.defect")
            await self._pause()

    def _hindered(self, error: Exception) -> None:
        """Readiness says what hinders; the log says it once."""
        told = str(error) if isinstance(error, HistoryLost) else repr(error)
        known = self._health.parts.get(PART)
        self._health.set(PART, False, told)
        if known is None or known.detail != told:
            log.error("relay.interrupted", reason=told)

    async def _pause(self) -> None:
        """After standing aside longer, so that whoever asked for it gets the lock."""
        pause = ASIDE_S if self._aside.is_set() else POLL_S
        self._aside.clear()
        await asyncio.sleep(pause)

    @asynccontextmanager
    async def _leadership(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection that holds the relay lock; losing it ends the leadership."""
        connection = await self._database.connect(
            timeout=CONNECT_TIMEOUT_S, command_timeout=COMMAND_TIMEOUT_S, settings=SETTINGS
        )
        try:
            while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", RELAY_LOCK):
                self._health.set(PART, True, "standby")
                self._health.beat(PART)
                await asyncio.sleep(POLL_S)
            await connection.add_listener(CHANNEL, self._heard)
            self._leads = True
            yield connection
        finally:
            self._leads = False
            with suppress(*DatabaseDown):
                await connection.close(timeout=2)

    async def _lead(self, connection: asyncpg.Connection) -> None:
        clock = asyncio.get_running_loop().time
        end = await self.reconcile(connection)
        inspected = clock()
        while not self._aside.is_set():
            self._health.beat(PART)
            self._wake.clear()
            if not self._nats.connected:
                raise ConnectionError("NATS is not connected")
            sent = await self.drain(connection, end)
            self._health.set(PART, True)
            if sent == MAX_BATCH:
                continue
            if sent:
                await asyncio.sleep(GATHER_S)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):
                    await self._wake.wait()
            if clock() - inspected > INSPECT_S:
                end = await self.reconcile(connection)
                inspected = clock()

    # One step

    async def drain(self, connection: asyncpg.Connection, end: End) -> int:
        """Publish one batch behind `end`, mark it, move `end`; return how many left the outbox."""
        rows = [Outgoing(**row) for row in await connection.fetch(NEXT, MAX_BATCH)]
        if not rows:
            return 0
        faults.point("before_publish")
        with telemetry.publishing(self._stream, len(rows)):
            stored = await publish_batch(self._nats.client, self._stream, rows, after=end.seq)
        end.seq = max(end.seq, stored)
        self._health.beat(PART)
        faults.point("after_publish")
        ids = [row.id for row in rows]
        await connection.execute(MARK, ids, end.seq, end.created, rows[-1].event_id)
        faults.point("after_mark")
        return len(rows)

    async def reconcile(self, connection: asyncpg.Connection) -> End:
        """Mark what was published but not marked; return where the stream ends.

        Raises `HistoryLost` when the stream is missing, was made anew, or holds less than it did.
        """
        try:
            info = await self._nats.jetstream.stream_info(self._stream)
        except NotFoundError as error:
            raise HistoryLost(f"stream {self._stream} does not exist") from error
        state = await connection.fetchrow("SELECT * FROM relay_state")
        end = End(_created(info), info.state.last_seq)
        known: datetime | None = state["stream_created"]
        if known is not None and known != end.created and state["published"]:
            raise HistoryLost(f"stream {self._stream} was made anew and lacks its history")
        marked = state["stream_seq"] if known == end.created else 0
        if end.seq < marked:
            raise HistoryLost(f"stream {self._stream} lost its last events")
        lacking = state["published"] - info.state.messages
        if lacking > 0:
            raise HistoryLost(f"stream {self._stream} lacks {lacking} events")
        if end.seq > marked:
            await self._mark_published(connection, range(marked + 1, end.seq + 1), end)
        return end

    async def _mark_published(self, connection: asyncpg.Connection, seqs: range, end: End) -> None:
        """A relay died between publishing and marking: the stream says which events those were.

        The stream's leader is asked: a follower may not know its last messages yet.
        """
        ids: list[UUID] = []
        for seq in seqs:
            with suppress(NotFoundError):
                message = await self._nats.jetstream.get_msg(self._stream, seq)
                ids += _event_id(message.headers or {})
            self._health.beat(PART)
        rows = await connection.fetch(
            "SELECT id, event_id FROM event_log WHERE event_id = ANY($1::uuid[]) ORDER BY id", ids
        )
        last: UUID | None = rows[-1]["event_id"] if rows else None
        await connection.execute(MARK, [row["id"] for row in rows], end.seq, end.created, last)
        log.info("relay.marked_after_crash", count=len(rows), stored=len(seqs))


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
