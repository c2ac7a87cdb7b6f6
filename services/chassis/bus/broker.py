"""FastStream's broker as services run it: its subscribers, fed by the `PullLoop`.

FastStream's own pull loop freezes on a closed connection and spins on a deleted consumer (0.7.8).
"""

import asyncio
from collections import deque
from collections.abc import Coroutine
from contextlib import aclosing, suppress
from typing import Any

import structlog
from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.aio.msg import Msg

from services.chassis.bus import parking, streams
from services.chassis.bus.connection import Down, Nats
from services.chassis.bus.handling import Hearing, hearing, within
from services.chassis.bus.inlet import Inlet
from services.chassis.bus.parking import Parked
from services.chassis.bus.pull import PullLoop
from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.health import Health
from services.chassis.unit_of_work import Ring, UnitOfWork

log = structlog.get_logger()

BATCH = 50
FINISH_S = 5.0
"""How long the event in hand may take when the process is asked to stop."""


class EventBroker(NatsBroker):
    """The subscribers of some inlets. It never connects: `Feed` brings what they hear."""

    def __init__(self, *inlets: Inlet, **options: Any) -> None:
        super().__init__(routers=inlets, logger=None, **options)

    async def start(self) -> None:
        """Build what handlers are injected with."""
        self._setup_logger()
        for subscriber in self.subscribers:
            subscriber.schema()


class Feed:
    """Feeds one inlet of one process until cancelled, one event after another."""

    def __init__(
        self,
        inlet: Inlet,
        database: Database,
        nats: Nats,
        health: Health,
        clock: Clock,
        ring: Ring,
    ) -> None:
        self._inlet, self._nats, self._health = inlet, nats, health
        self._part = f"hears {inlet.consumer}"
        self._hearing = Hearing(database, clock, ring, self._beat)
        self._waiting: deque[Msg] = deque()
        self._stopping = False
        health.set(self._part, False, "starting")

    def _beat(self) -> None:
        self._health.beat(self._part)

    async def run(self) -> None:
        hearing.set(self._hearing)
        loop = PullLoop(
            self._nats,
            self._inlet.durable.stream,
            self._prepare,
            lambda ok, detail: self._health.set(self._part, ok, detail),
            batch=BATCH,
            beat=self._beat,
        )
        try:
            async with aclosing(loop.batches()) as batches:
                async for batch in batches:
                    self._waiting.extend(batch)
                    await self._finished(self._deliver_waiting())
        finally:
            # Put back, for the next process, which else would wait as long as for a crashed one.
            # Only now that nothing asks for more: we would be given them again.
            for msg in (*self._waiting, *loop.left()):
                with suppress(*Down):
                    await msg.nak()
            self._waiting.clear()

    async def _prepare(self) -> str:
        place = self._inlet.durable
        if await streams.ensure_durable(self._nats.jetstream, place):
            log.warning("consumer.restored", durable=place.name)
        return place.name

    async def _deliver_waiting(self) -> None:
        while self._waiting and not self._stopping:
            await self._inlet.deliver(self._waiting.popleft())
            self._beat()

    async def _finished(self, work: Coroutine[Any, Any, None]) -> None:
        """Await `work`; cancelled meanwhile, even repeatedly, let the event in hand end first."""
        task = asyncio.create_task(work)
        clock = asyncio.get_running_loop().time
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            self._stopping = True
            until = clock() + FINISH_S
            while not task.done() and clock() < until:
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([task], timeout=until - clock())
            task.cancel()
            raise


async def retry_parked(inlet: Inlet, parked: Parked, uow: UnitOfWork) -> None:
    """Have a parked event handled and take it out of the lot, in one transaction.

    The inlet's broker was started.
    """
    if await parking.take(await uow.session.connection(), parked):
        with within(uow):
            await inlet.deliver(Msg(Client(), parked.subject, data=parked.body))
