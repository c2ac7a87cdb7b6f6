"""The projector rebuilding its model beside the live one, against raw pulling and COPY."""

from time import perf_counter

from ops.bench.events import EVENTS
from ops.bench.measure import Measured, paired
from ops.bench.reading import Filled, filled
from ops.bench.stage import Stage
from services.chassis.settings import Settings
from services.projector.rebuild import rebuild


async def measure(stage: Stage) -> Measured:
    events = await filled(stage)
    facts = sum(map(len, events.facts))
    settings = stage.settings.model_copy(update={"database_url": await events.projector_database()})
    try:
        return await paired(
            "projector rebuild",
            unit="events/s",
            what=f"{EVENTS:,} events into {facts:,} facts with keys and rollups, and the swap",
            bound_is=f"nats-py pull by callback, COPY of {facts:,} rows into a table without keys",
            aim=0.5,
            ours=lambda: _rebuilt(settings, events),
            bound=events.raw,
        )
    finally:
        await events.client.close()


async def _rebuilt(settings: Settings, events: Filled) -> float:
    started = perf_counter()
    rebuilt = await rebuild(settings)
    seconds = perf_counter() - started
    expected = sum(map(len, events.facts))
    if rebuilt.facts != expected:
        raise RuntimeError(f"{rebuilt.facts} facts instead of {expected}")
    return EVENTS / seconds
