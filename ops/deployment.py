"""Bringing databases and streams to this release: the same step on one machine and in a cluster."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg
from nats.aio.client import Client
from nats.errors import Error as NatsError

from contracts.event import stream_of
from ops.embedded.process import ProgramFailedError
from ops.services import BY_NAME, PUBLISHING, SERVICES, ServiceEntry
from services.chassis.bus.connection import connect
from services.chassis.bus.streams import Durable, durable, provision
from services.chassis.migrate import ensure_database, is_migrated, migrate
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
    """All of them side by side. Raises `ProgramFailedError` where migrations could not be applied.

    `wait` as in `migrate_all`.
    """
    kept = [entry for entry in SERVICES if entry.database]
    await asyncio.gather(*(_prepare_database(entry, settings, say, wait) for entry in kept))
    say("databases are at this release")


async def _prepare_database(entry: ServiceEntry, settings: Settings, say: Say, wait: float) -> None:
    dsn = settings.database_dsn(entry.name)
    if await _patiently(lambda: ensure_database(dsn), wait):
        say(f"database of {entry.name} created")
    if not await is_migrated(dsn, entry.migrations):
        await _migrate_apart(entry, settings)


async def _migrate_apart(entry: ServiceEntry, settings: Settings) -> None:
    """In a process of its own: Alembic keeps what it works on in its modules."""
    migrating = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ops.deployment", entry.name),
        env=os.environ | {"JICENG_DATABASE_URL": settings.database_url},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, told = await migrating.communicate()
    except asyncio.CancelledError:
        migrating.terminate()
        raise
    if migrating.returncode:
        words = told.decode(errors="replace").strip()
        raise ProgramFailedError(f"the database of {entry.name} could not be migrated: {words}")


async def prepare_streams(settings: Settings, say: Say, *, wait: float = 0) -> None:
    """Make streams and durables as declared; refill a stream whose server lost its data."""
    client = await _patiently(lambda: connect(settings.nats_url, "jiceng-provision"), wait)
    try:
        for name in await provision(client, settings, durables()):
            say(f"{name} provisioned")
        lost = [name for name in PUBLISHING if await _has_lost(name, settings, client)]
    finally:
        await client.close()
    if lost:
        from ops.streams import restore  # noqa: PLC0415  slow to import, and seldom needed

        say(f"the streams of {', '.join(lost)} lost events; restoring them from the log")
        written = await restore(settings, lost, durables(), lambda *_: None)
        for name, count in written.items():
            say(f"{count} events of {name} restored")


async def _has_lost(service: str, settings: Settings, client: Client) -> bool:
    """A quick look, for every start: the stream is not the one that was filled, or lost its end.

    What it cannot see, such as a hole in the middle, `ops.streams.check` finds.
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


def durables() -> list[Durable]:
    """What every service listens by."""
    return [durable(entry.name, upstream) for entry in SERVICES for upstream in entry.hears]


async def _patiently(attempt: Callable[[], Awaitable[T]], wait: float) -> T:
    deadline = time.monotonic() + wait
    while True:
        try:
            return await attempt()
        except _NOT_YET:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(_RETRY_S)


def main(name: str) -> None:
    """Migrate the database of one service; what is wrong goes to stderr, in a few lines."""
    try:
        asyncio.run(migrate(Settings().database_dsn(name), BY_NAME[name].migrations))
    except Exception as error:  # noqa: BLE001  whatever it is, whoever waits for us tells it
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main(sys.argv[1])
