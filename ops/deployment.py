"""Bringing databases and streams to this release: the same step on one machine and in a cluster."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg
from nats.errors import Error as NatsError

from ops.services import PUBLISHING, SERVICES
from ops.streams import has_lost, restore
from services.chassis.bus.connection import connect
from services.chassis.bus.streams import Durable, provision
from services.chassis.migrate import ensure_database, migrate
from services.chassis.settings import Settings

Say = Callable[[str], None]
T = TypeVar("T")

_RETRY_S = 1.0
_NOT_YET = (OSError, TimeoutError, NatsError, asyncpg.PostgresConnectionError)
"""What says that a server is still starting. `CannotConnectNowError` is among the last."""


async def migrate_all(settings: Settings, say: Say, *, wait: float = 0) -> None:
    """Databases, schemas, streams, and what the streams lack. Repeating it changes nothing.

    `wait` is how long, in seconds, PostgreSQL and NATS may take to answer at all.
    """
    await prepare_databases(settings, say, wait=wait)
    await prepare_streams(settings, say, wait=wait)


async def prepare_databases(settings: Settings, say: Say, *, wait: float = 0) -> None:
    for entry in SERVICES:
        if not entry.database:
            continue
        dsn = settings.database_dsn(entry.name)
        if await _patiently(lambda dsn=dsn: ensure_database(dsn), wait):  # type: ignore[misc]
            say(f"database of {entry.name} created")
        await migrate(dsn, entry.load().SERVICE.migrations)
    say("databases are at this release")


async def prepare_streams(settings: Settings, say: Say, *, wait: float = 0) -> None:
    """Make streams and durables as declared; refill a stream whose server lost its data."""
    client = await _patiently(lambda: connect(settings.nats_url, "jiceng-provision"), wait)
    try:
        for name in await provision(client, settings, durables()):
            say(f"{name} provisioned")
        lost = [name for name in PUBLISHING if await has_lost(name, settings, client)]
    finally:
        await client.close()
    if lost:
        say(f"the streams of {', '.join(lost)} lost events; restoring them from the log")
        written = await restore(settings, lost, durables(), lambda *_: None)
        for name, count in written.items():
            say(f"{count} events of {name} restored")


def durables() -> list[Durable]:
    """What every service listens by."""
    listeners = [entry.load().SERVICE for entry in SERVICES if entry.database]
    return [inlet.durable for service in listeners for inlet in service.inlets]


async def _patiently(attempt: Callable[[], Awaitable[T]], wait: float) -> T:
    deadline = time.monotonic() + wait
    while True:
        try:
            return await attempt()
        except _NOT_YET:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(_RETRY_S)
