"""Events that a service set aside: listed, handled again, or given up, by an operator."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from contracts.event import Envelope
from ops.services import BY_NAME
from services.chassis.bus import parking
from services.chassis.bus.consumer import Inlet, retry_parked
from services.chassis.bus.parking import Parked
from services.chassis.clock import system_clock
from services.chassis.database import Database
from services.chassis.errors import Defect
from services.chassis.event_log import Cause
from services.chassis.settings import Settings
from services.chassis.unit_of_work import unit_of_work


async def listing(settings: Settings, services: Sequence[str]) -> list[tuple[str, Parked]]:
    """What is parked in each of `services`, oldest version of an aggregate first."""
    found = []
    for service in services:
        async with _database(settings, service) as database:
            found += [(service, parked) for parked in await parking.listing(database.pool)]
    return found


async def retry(
    settings: Settings, service: str, ids: Sequence[int]
) -> list[tuple[Parked, str | None]]:
    """Handle events again, all or those named; each with why it stays parked, if it does."""
    async with _database(settings, service) as database:
        inlets = {inlet.consumer: inlet for inlet in BY_NAME[service].load().SERVICE.inlets}

        async def handle(parked: Parked) -> None:
            await _handle(database, inlets, parked)

        return [outcome async for outcome in parking.retry(database.pool, handle, ids)]


async def drop(settings: Settings, service: str, ids: Sequence[int]) -> int:
    """Give events up for good; how many."""
    async with _database(settings, service) as database:
        return await parking.drop(database.pool, ids)


async def _handle(database: Database, inlets: dict[str, Inlet], parked: Parked) -> None:
    """As the consumer would have done it; the relay finds what follows by its own polling."""
    if parked.consumer not in inlets:
        raise Defect(f"this release has no consumer {parked.consumer}")
    envelope = Envelope.model_validate_json(parked.body)
    cause = Cause(envelope.correlationid, str(envelope.id), envelope.traceparent)
    async with unit_of_work(database.sessions, cause, system_clock(), lambda: None) as uow:
        await retry_parked(inlets[parked.consumer], parked, uow)


@asynccontextmanager
async def _database(settings: Settings, service: str) -> AsyncIterator[Database]:
    database = Database(settings.database_dsn(service), size=2)
    await database.open()
    try:
        yield database
    finally:
        await database.close()
