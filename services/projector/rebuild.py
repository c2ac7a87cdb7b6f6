"""Building the read model anew from the streams, beside the live one, and putting it in its place.

First in bulk: facts by COPY into tables without keys, the rollups out of them in one statement.
Then batch by batch like the live model, until nothing is missing. Then, while live folding holds
its breath, one transaction swaps the two. Queries never wait and never see half a model.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import structlog
from nats.js.errors import Error as JetStreamError

from contracts.event import stream_of
from contracts.publishers import PUBLISHERS
from services.chassis.bus.connection import Down, Nats
from services.chassis.database import Database
from services.chassis.errors import Conflict, Unavailable
from services.chassis.settings import Settings
from services.projector import model, store
from services.projector.bulk import Bulk
from services.projector.memory import spared
from services.projector.reader import Start, StreamReader
from services.projector.store import Batch, batch_of

log = structlog.get_logger()

REBUILD_LOCK = 7_301
CONNECT_S = 10.0
SWAP_S = 10.0
"""How long live folding may be held up by the swap; beyond, the rebuild gives up."""

Progress = Callable[[str, int, int], None]
"""Told the stream, how many of its messages were read, and how many there are to read."""

Beat = Callable[[], None]
Take = Callable[[Batch], Awaitable[None]]


@dataclass(frozen=True)
class Rebuilt:
    """The generation that is live now, and the one it replaced."""

    generation: int
    replaced: int
    facts: int


def _quiet(stream: str, read: int, of: int) -> None:
    """No progress is told."""


async def rebuild(
    settings: Settings, *, progress: Progress = _quiet, keep: bool = False
) -> Rebuilt:
    """Rebuild from a process of its own. With `keep` the replaced generation is not dropped.

    Raises `Conflict` when somebody rebuilds already, `Unavailable` when the streams or the database
    cannot be read; the live model is then as it was.
    """
    database = Database(settings.database_dsn("projector"))
    nats = Nats(settings.nats_url, "projector-rebuild")
    await database.open()
    try:
        await nats.open()
        with spared():
            return await rebuild_with(database, nats, progress=progress, keep=keep)
    finally:
        await nats.close()
        await database.close()


async def rebuild_with(
    database: Database,
    nats: Nats,
    *,
    progress: Progress = _quiet,
    beat: Beat = lambda: None,
    keep: bool = False,
) -> Rebuilt:
    """Rebuild over connections that are open already."""
    source = _Source(nats, beat)
    async with _alone(database) as connection:
        await _discard_leftovers(connection)
        await model.ensure_live(connection)
        ends = await source.ends()
        async with connection.transaction():
            generation = await model.create(connection, "building", keys=False)
        bulk = Bulk(connection, generation, await store.waived(connection))
        async with asyncio.TaskGroup() as tasks:
            for stream, end in ends.items():
                if end:
                    tasks.create_task(_fill(source, bulk, stream, end, progress))
        async with database.pool.acquire() as helper:
            facts = await bulk.finish(helper)
        follower = _Follower(database, source, generation)
        for stream, end in (await source.ends()).items():
            await follower.reach(stream, end)
        replaced = await _swap(connection, follower)
        log.info("projector.rebuilt", generation=generation, replaced=replaced, facts=facts)
        if not keep:
            await model.discard(connection, replaced)
    return Rebuilt(generation, replaced, facts)


@asynccontextmanager
async def _alone(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection without time limits that holds the lock of the one who may rebuild."""
    connection = await database.connect()
    try:
        await connection.execute(
            "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;"
            " SET synchronous_commit = off; SET work_mem = '128MB';"
            " SET maintenance_work_mem = '128MB'; SET default_statistics_target = 20"
        )
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", REBUILD_LOCK):
            raise Conflict("Another rebuild is running.", zh="另一次重建正在进行。")
        yield connection
    finally:
        await connection.close()


async def _discard_leftovers(connection: asyncpg.Connection) -> None:
    """What an interrupted rebuild left, or a finished one kept."""
    for row in await connection.fetch("SELECT id FROM generation WHERE state <> 'live'"):
        await model.discard(connection, row["id"])


class _Source:
    """The streams, read up to where they ended."""

    def __init__(self, nats: Nats, beat: Beat) -> None:
        self._nats, self._beat = nats, beat

    async def ends(self) -> dict[str, int]:
        """The last sequence of every stream. Raises `Unavailable`."""
        try:
            async with asyncio.timeout(CONNECT_S):
                await self._nats.ready()
                jetstream = self._nats.jetstream
                return {
                    stream: (await jetstream.stream_info(stream)).state.last_seq
                    for stream in map(stream_of, PUBLISHERS)
                }
        except (*Down, JetStreamError) as error:
            raise Unavailable(
                f"The streams cannot be read: {error!r}", zh="无法读取事件流。"
            ) from error

    async def read(self, stream: str, start: Start, take: Take, end: int) -> None:
        """Hand over all up to sequence `end`, or to the end of a stream that became shorter."""

        def report(ok: bool, detail: str) -> None:  # noqa: FBT001  the shape the loop calls
            if not ok:
                log.info("rebuild.waits", stream=stream, reason=detail)

        reader = StreamReader(self._nats, stream, start, report, beat=self._beat)
        async with aclosing(reader.deliveries()) as deliveries:
            async for delivery in deliveries:
                await take(await batch_of(stream, delivery))
                if delivery.last >= end or delivery.pending == 0:
                    return


async def _fill(source: _Source, bulk: Bulk, stream: str, end: int, progress: Progress) -> None:
    """Everything up to `end` into the bulk build."""

    async def start(epoch: datetime, last: int) -> int:
        return bulk.start(stream, epoch, last)

    async def take(batch: Batch) -> None:
        await bulk.take(batch)
        progress(stream, batch.last, max(end, batch.last))

    await source.read(stream, start, take, end)


class _Follower:
    """Brings a filled generation up to date, batch by batch."""

    def __init__(self, database: Database, source: _Source, generation: int) -> None:
        self.generation = generation
        self._pool, self._source = database.write_pool, source

    async def reach(self, stream: str, end: int) -> None:
        """Fold `stream` at least up to `end`, or all there is."""
        m = model.schema_of(self.generation)
        at = await self._pool.fetchval(
            f"SELECT seq FROM {m}.position WHERE stream = $1",  # noqa: S608
            stream,
        )
        if (at or 0) < end:
            await self._source.read(stream, self._start(stream), self._take, end)

    def _start(self, stream: str) -> Start:
        async def start(epoch: datetime, last: int) -> int:
            async with self._pool.acquire() as connection:
                return await store.start(connection, self.generation, stream, epoch, last)

        return start

    async def _take(self, batch: Batch) -> None:
        async with self._pool.acquire() as connection:
            await store.fold_building(connection, self.generation, batch)


async def _swap(connection: asyncpg.Connection, follower: _Follower) -> int:
    """Make the built generation the live one, at a moment when it has all that the live one has."""
    try:
        async with asyncio.timeout(SWAP_S), connection.transaction():
            live = int(await connection.fetchval(f"{model.LIVE} FOR UPDATE"))
            m = model.schema_of(live)
            for row in await connection.fetch(f"SELECT stream, seq FROM {m}.position"):  # noqa: S608
                await follower.reach(row["stream"], row["seq"])
            await connection.execute("UPDATE generation SET state = 'retired' WHERE id = $1", live)
            await connection.execute(
                "UPDATE generation SET state = 'live' WHERE id = $1", follower.generation
            )
            return live
    except TimeoutError as error:
        raise Unavailable(
            "The new model could not catch up with the live one in time; nothing was changed.",
            zh="新模型未能及时追上，现有统计未受影响，请稍后再试。",
        ) from error
