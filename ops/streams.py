"""The streams held against the event logs, for all services that publish."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from nats.aio.client import Client

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
