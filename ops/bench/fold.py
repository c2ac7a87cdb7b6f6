"""The projector folding a backlog into an empty model, against raw pulling and COPY."""

import asyncio
from time import perf_counter

from ops.bench.events import EVENTS
from ops.bench.measure import Measured, paired
from ops.bench.reading import STREAM, Filled, filled
from ops.bench.stage import Stage, until
from services.chassis.database import Database
from services.chassis.http.context import ServiceContext
from services.chassis.service import create_app
from services.projector import model
from services.projector.app import SERVICE
from services.projector.folder import fold_streams


async def measure(stage: Stage) -> Measured:
    events = await filled(stage)
    facts = sum(map(len, events.facts))
    try:
        return await paired(
            "projector fold",
            unit="events/s",
            what=f"{EVENTS:,} events into {facts:,} facts, rollups, versions and position",
            bound_is=f"nats-py pull by callback, COPY of {facts:,} rows into a table without keys",
            aim=0.5,
            ours=lambda: _folded(stage, events),
            bound=events.raw,
        )
    finally:
        await events.client.close()


async def _folded(stage: Stage, events: Filled) -> float:
    settings = stage.settings.model_copy(update={"database_url": await events.projector_database()})
    context: ServiceContext = create_app(SERVICE, settings).state.context
    await context.database.open()
    await context.nats.open()
    started = perf_counter()
    folding = asyncio.create_task(fold_streams(context))
    await until(_reached, context.database)
    seconds = perf_counter() - started
    folding.cancel()
    await asyncio.gather(folding, return_exceptions=True)
    await context.nats.close()
    await context.database.close()
    return EVENTS / seconds


async def _reached(database: Database) -> bool:
    live = await database.pool.fetchval("SELECT max(id) FROM generation WHERE state = 'live'")
    if live is None:
        return False
    seq = await database.pool.fetchval(
        f"SELECT seq FROM {model.schema_of(live)}.position WHERE stream = $1",  # noqa: S608
        STREAM,
    )
    return bool(seq == EVENTS)
