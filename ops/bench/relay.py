"""Draining the outbox, against raw nats-py publishing the same messages with many in flight."""

import asyncio
from contextlib import suppress
from time import perf_counter

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from ops.bench.events import EVENTS, entries, log, outgoing
from ops.bench.measure import Measured, paired
from ops.bench.stage import Stage, until
from services.chassis.bus.connection import Nats, connect
from services.chassis.bus.publish import Outgoing
from services.chassis.bus.streams import stream_config
from services.chassis.clock import system_clock
from services.chassis.database import Database
from services.chassis.health import Health
from services.chassis.relay import Relay

IN_FLIGHT = 256
RAW = "JICENG_RAW"


async def measure(stage: Stage) -> Measured:
    database, nats = Database(stage.settings.database_dsn("bases")), Nats(stage.nats.url, "bench")
    client = await connect(stage.nats.url, "bench-raw")
    await database.open()
    await nats.open()
    try:
        return await paired(
            "relay drain",
            unit="events/s",
            what=f"{EVENTS:,} logged events from outbox to acknowledged and marked",
            bound_is=f"nats-py publish_async, {IN_FLIGHT} in flight, same subjects, bodies and ids",
            aim=0.7,
            ours=lambda: _drained(database, nats),
            bound=lambda: _published(stage, client),
        )
    finally:
        await client.close()
        await nats.close()
        await database.close()


async def _drained(database: Database, nats: Nats) -> float:
    await log(database.pool, entries())
    relay = Relay("bases", database, nats, Health(system_clock))
    started = perf_counter()
    running = asyncio.create_task(relay.run())
    await until(_emptied, database)
    seconds = perf_counter() - started
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return EVENTS / seconds


async def _emptied(database: Database) -> bool:
    return not await database.pool.fetchval("SELECT EXISTS (SELECT 1 FROM outbox)")


async def _published(stage: Stage, client: Client) -> float:
    await _fresh_stream(stage, client)
    rows = outgoing(entries())
    jetstream = client.jetstream(publish_async_max_pending=IN_FLIGHT, timeout=30)
    started = perf_counter()
    for row in rows:
        await jetstream.publish_async(
            _aside(row), row.body.encode(), headers=row.headers(), wait_stall=30
        )
    await jetstream.publish_async_completed()
    return len(rows) / (perf_counter() - started)


async def _fresh_stream(stage: Stage, client: Client) -> None:
    """Configured like ours, under subjects of its own."""
    jetstream = client.jetstream()
    with suppress(NotFoundError):
        await jetstream.delete_stream(RAW)
    config = stream_config("bases", stage.settings)
    config.name, config.subjects = RAW, ["raw.>"]
    await jetstream.add_stream(config)


def _aside(row: Outgoing) -> str:
    return row.subject.replace("jiceng.", "raw.", 1)
