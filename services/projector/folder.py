"""The worker that keeps the live read model up to date, one task a stream."""

import asyncio
from datetime import datetime

import asyncpg
import structlog
from prometheus_client import Gauge, Histogram

from contracts.event import stream_of
from contracts.publishers import PUBLISHERS
from services.chassis import faults, telemetry
from services.chassis.bus.pull import Anomaly
from services.chassis.errors import Conflict
from services.chassis.http.context import ServiceContext
from services.projector import model, store
from services.projector.memory import spared
from services.projector.model import Disowned
from services.projector.order import Outcome
from services.projector.reader import StreamReader
from services.projector.rebuild import rebuild_with
from services.projector.store import Batch, Overtaken, batch_of

log = structlog.get_logger()

PARKED = Gauge(
    "jiceng_projector_parked", "Events of the live read model that wait or were unreadable"
)
FOLD_SECONDS = Histogram("jiceng_projector_fold_seconds", "Time to fold one batch", ["stream"])
LOOK_AGAIN_S = 5.0
DATABASE_PAUSE_S = 1.0
GATHERED = 4
"""Deliveries that may wait, decoded, for the commit before them."""

PART = "read model"

DatabaseError = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


async def fold_streams(context: ServiceContext) -> None:
    """Own the live model, rebuilding it first where it was folded by other declarations; then fold.

    Returns only when another release took the model over: restarting it then would take it back
    and forth, so this process stays unready and looks whether it got the model back.
    """
    with spared():
        await _own_model(context)
        await _count_parked(context.database.pool)
        try:
            async with asyncio.TaskGroup() as tasks:
                for service in PUBLISHERS:
                    tasks.create_task(Folder(context, stream_of(service)).run())
        except* Disowned:
            await _wait_until_ours(context)


async def _own_model(context: ServiceContext) -> None:
    while True:
        async with context.database.pool.acquire() as connection:
            if await model.ensure_live(connection):
                context.health.set(PART, True)
                return
        context.health.set(PART, False, "rebuilding: figures were declared otherwise")
        try:
            await rebuild_with(
                context.database, context.nats, beat=lambda: context.health.beat(PART)
            )
        except Conflict:
            await asyncio.sleep(LOOK_AGAIN_S)  # another process rebuilds already


async def _wait_until_ours(context: ServiceContext) -> None:
    context.health.set(PART, False, "another release took the read model over")
    log.warning("projector.disowned")
    while True:
        await asyncio.sleep(LOOK_AGAIN_S)
        async with context.database.pool.acquire() as connection:
            if await model.ensure_live(connection):
                return


async def _count_parked(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as connection:
        m = model.schema_of(await model.live(connection))
        PARKED.set(await connection.fetchval(f"SELECT count(*) FROM {m}.parked"))  # noqa: S608


class Folder:
    """Folds one stream into the live model."""

    def __init__(self, context: ServiceContext, stream: str) -> None:
        self._context, self._stream = context, stream
        self._pool = context.database.write_pool
        self._gathered: asyncio.Queue[tuple[Batch, int]] = asyncio.Queue(GATHERED)
        part = f"folds {stream}"
        self._reader = StreamReader(
            context.nats,
            stream,
            self._start,
            lambda ok, detail: context.health.set(part, ok, detail),
            beat=lambda: context.health.beat(part),
        )

    async def run(self) -> None:
        """Read and decode while the database is busy; commit what has gathered meanwhile."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._read())
            tasks.create_task(self._commit_what_gathers())

    async def _read(self) -> None:
        async for delivery in self._reader.deliveries():
            batch = await batch_of(self._stream, delivery)
            await self._gathered.put((batch, delivery.pending))

    async def _commit_what_gathers(self) -> None:
        batch, pending = await self._gathered.get()
        while True:
            while not self._gathered.empty():
                following, pending = self._gathered.get_nowait()
                if not batch.precedes(following):
                    await self._commit(batch, pending)
                    batch = following
                else:
                    batch = batch.joined(following)
            await self._commit(batch, pending)
            batch, pending = await self._gathered.get()

    async def _start(self, epoch: datetime, last: int) -> int:
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                generation = await model.hold_live(connection)
                return await store.start(connection, generation, self._stream, epoch, last)
        except (*DatabaseError, Overtaken) as error:
            raise Anomaly(repr(error)) from error

    async def _commit(self, batch: Batch, pending: int) -> None:
        """Fold; where that fails, read again from where the model stands. Raises `Disowned`."""
        try:
            with FOLD_SECONDS.labels(self._stream).time():
                async with self._pool.acquire() as connection:
                    faults.point("before_fold")
                    outcome = await store.fold_live(connection, batch)
                    faults.point("after_fold")
            if outcome.parked or outcome.freed:
                await _count_parked(self._context.database.pool)
        except Overtaken as error:
            log.info("projector.overtaken", stream=self._stream, reason=str(error))
            self._reader.restart()
        except DatabaseError as error:
            log.warning("projector.fold_failed", stream=self._stream, error=repr(error))
            self._context.health.set(PART, False, repr(error))
            self._reader.restart()
            await asyncio.sleep(DATABASE_PAUSE_S)
        else:
            self._tell(outcome, pending)

    def _tell(self, outcome: Outcome, pending: int) -> None:
        self._context.health.set(PART, True)
        consumer = f"projector {self._stream}"
        telemetry.LAG.labels(consumer).set(pending)
        telemetry.CONSUMED.labels(consumer, "folded").inc(len(outcome.folded))
        telemetry.CONSUMED.labels(consumer, "repeated").inc(outcome.dropped)
        telemetry.CONSUMED.labels(consumer, "parked").inc(len(outcome.parked))
        for told in outcome.parked.values():
            reason = told.problem or "an earlier event of its aggregate is missing"
            log.error("event.parked", stream=self._stream, key=told.key, reason=reason)
