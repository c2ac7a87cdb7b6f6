"""The processor time that hearing an event costs, against the shortest loop that is as safe."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import process_time

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from contracts.event import Envelope, Event
from contracts.membership.organisations import AreaRegistered, AreaRenamed
from ops.bench.measure import Measured, paired
from ops.bench.stage import Stage
from services.bases import subscribers
from services.bases.tables.rows import AreaRow
from services.chassis import event_log, tree
from services.chassis.bus import inbox, streams
from services.chassis.bus.broker import BATCH, EventBroker, Feed
from services.chassis.bus.connection import Nats, connect
from services.chassis.bus.pull import PullLoop
from services.chassis.clock import system_clock
from services.chassis.database import Database
from services.chassis.event_log import Cause, Entry
from services.chassis.health import Health
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork, unit_of_work

AREAS, STEPS = 100, 10
EVENTS = AREAS * STEPS
ROUNDS = 9
Handler = Callable[..., Awaitable[None]]

INLET = subscribers.membership


async def _kept(event: AreaRegistered | AreaRenamed, uow: UnitOfWork) -> None:
    await tree.keep(uow, AreaRow, code=event.area, name=event.name)


HANDLERS: dict[str, tuple[type[Event], Handler]] = {
    event.type: (event, _kept) for event in (AreaRegistered, AreaRenamed)
}


@dataclass
class Heard:
    """A clock that is asked once an event, and so knows when the last one has come."""

    count: int = 0
    all: asyncio.Event = field(default_factory=asyncio.Event)

    def __call__(self) -> datetime:
        self.count += 1
        if self.count == EVENTS:
            self.all.set()
        return system_clock()


@dataclass(frozen=True)
class Hearer:
    client: Client
    database: Database
    nats: Nats

    async def rate(self, hear: Callable[[Heard], Awaitable[None]]) -> float:
        """Events a second of processor time, from an empty inbox."""
        await self.database.pool.execute("TRUNCATE inbox, area")
        place = INLET.durable
        with suppress(NotFoundError):
            await self.client.jetstream().delete_consumer(place.stream, place.name)
        heard = Heard()
        used = process_time()
        hearing = asyncio.ensure_future(hear(heard))
        await heard.all.wait()
        used = process_time() - used
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
        return EVENTS / used

    async def ours(self, heard: Heard) -> None:
        feed = Feed(INLET, self.database, self.nats, Health(system_clock), heard, lambda: None)
        await feed.run()

    async def bare(self, heard: Heard) -> None:
        """No retries, no parking, no gaps, no telemetry."""
        loop = PullLoop(
            self.nats, INLET.durable.stream, self._prepare, lambda *_: None, batch=BATCH
        )
        async with aclosing(loop.batches()) as batches:
            async for batch in batches:
                for msg in batch:
                    await self._handle(Envelope.model_validate_json(msg.data), heard)
                    await msg.ack()

    async def _prepare(self) -> str:
        await streams.ensure_durable(self.nats.jetstream, INLET.durable)
        return INLET.consumer

    async def _handle(self, envelope: Envelope, heard: Heard) -> None:
        event, handler = HANDLERS[envelope.type]
        cause = Cause(envelope.correlationid, str(envelope.id))
        async with unit_of_work(self.database.sessions, cause, heard(), lambda: None) as uow:
            if await inbox.claim(uow.session, INLET.consumer, envelope) is inbox.Claim.FIRST:
                await handler(event.model_validate(envelope.data), uow)


async def measure(stage: Stage) -> Measured:
    database, nats = Database(stage.settings.database_dsn("bases")), Nats(stage.nats.url, "bench")
    client = await connect(stage.nats.url, "bench-hearing")
    await database.open()
    await nats.open()
    try:
        await _publish(client)
        await EventBroker(INLET).start()
        hearer = Hearer(client, database, nats)
        return await paired(
            "hearing",
            unit="events/CPU s",
            what=f"{EVENTS:,} areas, through FastStream, inbox and handler into the copy of bases",
            bound_is="the same pull loop, inbox, transaction and handlers, called one by one",
            aim=0.83,
            ours=lambda: hearer.rate(hearer.ours),
            bound=lambda: hearer.rate(hearer.bare),
            rounds=ROUNDS,
        )
    finally:
        await client.close()
        await nats.close()
        await database.close()


async def _publish(client: Client) -> None:
    jetstream = client.jetstream(timeout=30)
    for entry in _entries():
        await jetstream.publish_async(entry.subject, entry.body.encode(), wait_stall=30)
    await jetstream.publish_async_completed()


def _entries() -> Iterator[Entry]:
    """Areas that are registered, and then renamed again and again."""
    now, areas = datetime.now(UTC), [(new_id(), f"410305001{n + 1:03d}") for n in range(AREAS)]
    for version in range(1, STEPS + 1):
        for area_id, area in areas:
            facts = {
                "area_id": area_id,
                "area": area,
                "name": f"第{version}社区",
                "was_name": f"第{version - 1}社区",
            }
            kind: type[Event] = AreaRegistered if version == 1 else AreaRenamed
            event = kind.model_validate(facts)
            yield event_log.entry(
                event, version=version, occurred_at=now, recorded_at=now, cause=Cause("bench")
            )
