"""The delivery loop through everything that can happen to its server.

Two readers stand side by side in every test: a durable consumer with its inbox, as services hear,
and the bare pull loop from a position of its own, as the projector reads.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from contracts.event import Envelope
from services.chassis.bus import streams
from services.chassis.bus.connection import Nats
from services.chassis.bus.pull import PullLoop, position
from services.chassis.ids import new_id
from tests.chaos.watch import Remembering, watched
from tests.eventually import eventually
from tests.service.chassis.probe import (
    STREAM,
    effects,
    hear,
    listener,
    logged,
    running,
    tell,
)

DURABLE = streams.durable("bases", "membership")
HEARS, PULLS = f"hears {DURABLE.name}", "pulls"
OUTAGE_S = 14.0
BACK_S = 25.0
"""Longest time to recovery: silence noticed, calls timed out, reconnected."""


@dataclass
class Positioned:
    """Reads from where it stopped, with a consumer the server may forget."""

    nats: Nats
    created: object = None
    after: int = 0
    versions: list[tuple[UUID, int]] = field(default_factory=list)

    async def prepare(self) -> str:
        jetstream = self.nats.jetstream
        created = (await jetstream.stream_info(STREAM)).created
        if created != self.created:
            self.created, self.after = created, 0
        config = ConsumerConfig(
            ack_policy=AckPolicy.NONE,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=self.after + 1,
            mem_storage=True,
            inactive_threshold=30,
        )
        return (await jetstream.add_consumer(STREAM, config)).name

    async def read(self, health: Remembering) -> None:
        loop = PullLoop(
            self.nats, STREAM, self.prepare, lambda ok, told: health.set(PULLS, ok, told), batch=10
        )
        async for batch in loop.batches():
            for msg in batch:
                envelope = Envelope.model_validate_json(msg.data)
                self.versions.append((envelope.subject, envelope.aggregateversion))
                self.after = position(msg).stream_seq


@dataclass
class Readers:
    scene: object
    nats: Nats
    pool: object
    health: Remembering
    positioned: Positioned

    async def tell(self, tally: UUID, *versions: int) -> None:
        client = await self.scene.connect("teller")
        await tell(client, *(logged(tally, version) for version in versions))
        await client.close()

    async def hear(self, tally: UUID, *expected: int) -> None:
        """Both have the steps of `tally`, each once and in order, and say that they are ready."""

        async def both() -> bool:
            read = [version for of, version in self.positioned.versions if of == tally]
            heard = await effects(self.pool, tally)
            return read == heard == list(expected)

        await eventually(both, within_s=BACK_S)
        await eventually(self.ready)

    async def ready(self) -> bool:
        return self.health.ready

    async def neither_ready(self) -> None:
        async def both_say_so() -> bool:
            return not any(self.health.parts[part].ok for part in (HEARS, PULLS))

        await eventually(both_say_so, within_s=BACK_S)


@pytest.fixture
async def readers(scene, reader, nats) -> AsyncIterator[Readers]:
    health = Remembering()
    positioned = Positioned(nats)
    async with running(hear(listener(), reader, nats, health), positioned.read(health)):
        yield Readers(scene, nats, reader.pool, health, positioned)


@asynccontextmanager
async def heard_before_and_after(readers: Readers) -> AsyncIterator[None]:
    """Steps before the fault, steps after it: none lost, none doubled; the loop never blocked."""
    tally = new_id()
    await readers.tell(tally, 1, 2, 3)
    await readers.hear(tally, 1, 2, 3)
    async with watched() as watch:
        yield
        await readers.tell(tally, 4, 5, 6)
        await readers.hear(tally, 1, 2, 3, 4, 5, 6)
    watch.check()


async def test_a_server_killed_and_started_again(readers, nats_server):
    async with heard_before_and_after(readers):
        nats_server.kill()
        await asyncio.to_thread(nats_server.start)


async def test_a_server_away_for_fourteen_seconds(readers, nats_server):
    async with heard_before_and_after(readers):
        nats_server.stop()
        await readers.neither_ready()
        async with watched() as outage:
            await asyncio.sleep(OUTAGE_S)
        outage.check()
        await readers.neither_ready()
        nats_server.launch()
        await asyncio.to_thread(nats_server.await_ready)


async def test_a_server_frozen_and_thawed(readers, nats_server):
    async with heard_before_and_after(readers):
        nats_server.pause()
        await readers.neither_ready()
        async with watched() as outage:
            await asyncio.sleep(3)
        outage.check()
        nats_server.resume()
        await asyncio.to_thread(nats_server.await_ready)


async def test_the_consumers_deleted_under_them(readers, client):
    async with heard_before_and_after(readers):
        for consumer in await client.jetstream().consumers_info(STREAM):
            await client.jetstream().delete_consumer(STREAM, consumer.name)

        async def both_noticed() -> bool:
            return all(readers.health.told[part][-2:] == [False, True] for part in (HEARS, PULLS))

        await eventually(both_noticed)


async def test_the_stream_deleted_and_made_again(readers, client):
    tally = new_id()
    await readers.tell(tally, 1, 2)
    await readers.hear(tally, 1, 2)
    await client.jetstream().delete_stream(STREAM)
    await readers.neither_ready()
    async with watched() as outage:
        await asyncio.sleep(3)
    outage.check()
    await readers.scene.provision()
    await readers.tell(tally, 3)
    another = new_id()
    await readers.tell(another, 1, 2)
    await readers.hear(another, 1, 2)
    await readers.hear(tally, 1, 2, 3)


async def test_the_servers_disk_lost(readers, nats_server):
    tally = new_id()
    await readers.tell(tally, 1, 2)
    await readers.hear(tally, 1, 2)
    nats_server.stop()
    nats_server.wipe()
    await asyncio.to_thread(nats_server.start)
    await readers.neither_ready()
    await readers.scene.provision()
    await readers.tell(tally, 3, 4)
    await readers.hear(tally, 1, 2, 3, 4)


async def test_the_connection_closed_for_good(readers, nats):
    async with heard_before_and_after(readers):
        closed = nats.client
        await closed.close()
        await eventually(lambda: connected_anew(nats, closed))


async def connected_anew(nats: Nats, closed: object) -> bool:
    return nats.connected and nats.client is not closed


async def test_a_flood_is_read_once_and_in_order_while_consumers_vanish(readers, client):
    """The durable is deleted again and again with events in flight: its successor repeats them."""
    tallies = [new_id() for _ in range(4)]
    for round_ in range(4):
        steps = range(round_ * 25 + 1, round_ * 25 + 26)
        await tell(client, *(logged(tally, version) for version in steps for tally in tallies))
        with suppress(NotFoundError):  # not made again yet
            await client.jetstream().delete_consumer(STREAM, DURABLE.name)
    for tally in tallies:
        await readers.hear(tally, *range(1, 101))
