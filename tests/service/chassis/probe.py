"""A probe to test the chassis with: tallies that count up by one and announce each step."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig

from contracts.event import stream_of
from contracts.membership.organisations import AreaRenamed
from services.chassis import event_log
from services.chassis.bus.broker import EventBroker, Feed
from services.chassis.bus.connection import Nats
from services.chassis.bus.handling import Work
from services.chassis.bus.inlet import Inlet
from services.chassis.clock import system_clock
from services.chassis.database import Database, execute
from services.chassis.event_log import Cause, Entry
from services.chassis.health import Health
from services.chassis.service import _stop
from services.chassis.unit_of_work import Ring, UnitOfWork, unit_of_work

AREA = "410305001"
STREAM = stream_of("membership")
CAUSE = Cause("probe")

NEXT_STEP = """
INSERT INTO tally VALUES (:id, 1) ON CONFLICT (id) DO UPDATE SET version = tally.version + 1
RETURNING version
"""


def step(tally: UUID, version: int) -> AreaRenamed:
    return AreaRenamed(area=AREA, area_id=tally, name=f"第{version}步", was_name="")


async def furnish(pool: asyncpg.Pool) -> None:
    """The probe's own tables: the tallies, and what was heard of them, in the order it was."""
    await pool.execute("CREATE TABLE tally (id uuid PRIMARY KEY, version int NOT NULL)")
    await pool.execute(
        "CREATE TABLE effect (at bigint GENERATED ALWAYS AS IDENTITY, tally uuid, version int)"
    )


async def count_up(
    database: Database, tally: UUID, ring: Ring = lambda: None, cause: Cause = CAUSE
) -> int:
    """One command as services write them: lock and count the aggregate, announce, commit."""
    async with unit_of_work(database.sessions, cause, system_clock(), ring) as uow:
        version = int((await execute(uow.session, NEXT_STEP, {"id": tally})).scalar_one())
        uow.announce(step(tally, version), version=version)
    return version


def logged(tally: UUID, version: int, cause: Cause = CAUSE) -> Entry:
    now = datetime.now(UTC)
    return event_log.entry(
        step(tally, version), version=version, occurred_at=now, recorded_at=now, cause=cause
    )


async def tell(client: Client, *entries: Entry) -> None:
    """Put events into the stream past any relay, also wrong ones."""
    for entry in entries:
        await client.jetstream().publish(
            entry.subject, entry.body.encode(), stream=STREAM, timeout=5
        )


@dataclass(frozen=True)
class Stored:
    event_id: str
    tally: UUID
    version: int


async def stored(client: Client, stream: str = STREAM) -> list[Stored]:
    """All that a stream holds, in its order."""
    jetstream = client.jetstream()
    total = (await jetstream.stream_info(stream)).state.messages
    config = ConsumerConfig(ack_policy=AckPolicy.NONE, mem_storage=True)
    reader = await jetstream.pull_subscribe("jiceng.>", stream=stream, config=config)
    found: list[Stored] = []
    while len(found) < total:
        for msg in await reader.fetch(total - len(found), timeout=5):
            body = json.loads(msg.data)
            found.append(Stored(body["id"], UUID(body["subject"]), body["aggregateversion"]))
    await reader.unsubscribe()
    return found


def by_tally(found: list[Stored]) -> dict[UUID, list[int]]:
    versions: dict[UUID, list[int]] = {}
    for each in found:
        versions.setdefault(each.tally, []).append(each.version)
    return versions


def listener() -> Inlet:
    """Hears tallies and writes down each step, in the transaction that hears it."""
    inlet = Inlet("bases", "membership")

    @inlet.on(AreaRenamed)
    async def heard(event: AreaRenamed, uow: Work) -> None:
        await write_down(event, uow)

    return inlet


async def hear(inlet: Inlet, database: Database, nats: Nats, health: Health) -> None:
    """As a service does, until cancelled."""
    await EventBroker(inlet).start()
    await Feed(inlet, database, nats, health, system_clock, lambda: None).run()


async def write_down(event: AreaRenamed, uow: UnitOfWork) -> None:
    await execute(
        uow.session,
        "INSERT INTO effect (tally, version) VALUES (:tally, :version)",
        {"tally": event.area_id, "version": int(event.name[1:-1])},
    )


async def effects(pool: asyncpg.Pool, tally: UUID | None = None) -> list[int]:
    """The steps that were heard, of one tally or of all, in the order of their effects."""
    rows = await pool.fetch(
        "SELECT version FROM effect WHERE $1::uuid IS NULL OR tally = $1 ORDER BY at", tally
    )
    return [row["version"] for row in rows]


@asynccontextmanager
async def running(*work: Awaitable[None]) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Workers, as a service runs them, cancelled at the end."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        yield tasks
    finally:
        await _stop(tasks)
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
