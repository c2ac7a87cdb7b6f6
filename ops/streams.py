"""The streams held against the event logs, for all services that publish."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import asyncpg
from nats.aio.client import Client

from contracts.event import stream_of
from services.chassis import refill
from services.chassis.bus.connection import connect
from services.chassis.bus.streams import Durable, provision
from services.chassis.refill import Comparison
from services.chassis.settings import Settings

Progress = Callable[[str, int, int], None]
"""Told the service, how many of its events are done, and of how many."""


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Client]:
    client = await connect(settings.nats_url, "jiceng-streams")
    try:
        yield client
    finally:
        await client.close()


async def check(settings: Settings, services: Sequence[str]) -> list[Comparison]:
    """Compare every event; the time it takes grows with the logs. Changes nothing."""
    async with connected(settings) as client:
        return [await refill.check(service, settings, client) for service in services]


async def restore(
    settings: Settings, services: Sequence[str], durables: list[Durable], progress: Progress
) -> dict[str, int]:
    """Bring back what streams lack; how many events were written for each service."""
    async with connected(settings) as client:
        written = {}
        for service in services:

            def told(done: int, of: int, service: str = service) -> None:
                progress(service, done, of)

            written[service] = await refill.refill(service, settings, client, told)
        await provision(client, settings, durables)  # a stream made anew has lost its consumers
    return written


async def has_lost(service: str, settings: Settings, client: Client) -> bool:
    """A quick look, for every start: the stream is not the one that was filled, or lost its end.

    What it cannot see, such as a hole in the middle, `check` finds.
    """
    connection = await asyncpg.connect(settings.database_dsn(service))
    try:
        known = await connection.fetchrow("SELECT * FROM relay_state")
    finally:
        await connection.close()
    info = await client.jetstream().stream_info(stream_of(service))
    if not known["published"]:
        return False
    return bool(
        info.created != known["stream_created"]
        or info.state.last_seq < known["stream_seq"]
        or info.state.messages < known["published"]
    )
