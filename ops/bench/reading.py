"""What folding is compared with: raw nats-py pulling by callback, and COPY of as many fact rows."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from time import perf_counter

import asyncpg
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig

from contracts.event import stream_of
from ops.bench.events import entries, outgoing
from ops.bench.stage import Stage
from services.chassis.bus.connection import connect
from services.chassis.bus.publish import MAX_BATCH, publish_batch
from services.projector.fold import Fact, tell

BATCH = 2000
STREAM = stream_of("bases")
_serial = count(1)

PLAIN = """
CREATE TABLE plain_fact (figure text, day date, event_id uuid, line int, type text,
                         aggregate_id uuid, area text, dims text, refs text, amount bigint,
                         occurred_at timestamptz, recorded_at timestamptz)
"""
"""The columns of a fact without any key: the fastest there is."""


@dataclass
class Filled:
    """A stream full of events, and the facts that are in each."""

    stage: Stage
    client: Client
    facts: list[tuple[Fact, ...]]

    async def projector_database(self) -> str:
        """A fresh database as the migrations leave it; the URL template that leads to it."""
        name = f"fold{next(_serial)}"
        admin = await asyncpg.connect(self.stage.postgres.dsn())
        await admin.execute(f"CREATE DATABASE {name}_projector TEMPLATE jiceng_projector")
        await admin.close()
        return self.stage.postgres.dsn(f"{name}_{{service}}")

    async def raw(self) -> float:
        """Messages a second."""
        connection = await asyncpg.connect(self.stage.settings.database_dsn("projector"))
        await connection.execute(f"DROP TABLE IF EXISTS plain_fact; {PLAIN}")
        await connection.execute("SET synchronous_commit = off")
        started = perf_counter()
        await _copied(self.client, connection, self.facts)
        seconds = perf_counter() - started
        await connection.close()
        return len(self.facts) / seconds


async def filled(stage: Stage) -> Filled:
    client = await connect(stage.nats.url, "bench")
    made = entries()
    rows = outgoing(made)
    for at in range(0, len(rows), MAX_BATCH):
        await publish_batch(client, STREAM, rows[at : at + MAX_BATCH])
    return Filled(stage, client, [tell(entry.body.encode()).facts for entry in made])


async def _copied(
    client: Client, connection: asyncpg.Connection, facts: Sequence[tuple[Fact, ...]]
) -> None:
    arrived, wake = 0, asyncio.Event()

    async def take(msg: Msg) -> None:
        nonlocal arrived
        if msg.reply:
            arrived += 1
        wake.set()

    jetstream, inbox = client.jetstream(), client.new_inbox()
    consumer = await jetstream.add_consumer(
        STREAM, ConsumerConfig(ack_policy=AckPolicy.NONE, mem_storage=True)
    )
    subscription = await client.subscribe(inbox, cb=take)
    request = json.dumps({"batch": BATCH, "expires": 30_000_000_000}).encode()
    copied = asked = 0
    while copied < len(facts):
        if asked - arrived < BATCH:
            subject = f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{consumer.name}"
            await client.publish(subject, request, reply=inbox)
            asked += BATCH
        if arrived == copied:
            wake.clear()
            await asyncio.wait_for(wake.wait(), 10)
            continue
        batch, copied = facts[copied:arrived], arrived
        rows = [fact for of_event in batch for fact in of_event]
        await connection.copy_records_to_table("plain_fact", records=rows)
    await subscription.unsubscribe()
    await jetstream.delete_consumer(STREAM, consumer.name)
