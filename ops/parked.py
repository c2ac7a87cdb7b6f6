"""Events that a service set aside: listed, handled again, or given up, by an operator.

The projector folds batches and keeps its own lot; the other services share the chassis'. Here both
look alike: an event waits under a key.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError

from contracts.event import Envelope
from ops.services import BY_NAME
from services.chassis.bus import parking
from services.chassis.bus.broker import EventBroker, retry_parked
from services.chassis.bus.inlet import Inlet
from services.chassis.bus.parking import Parked
from services.chassis.clock import system_clock
from services.chassis.database import Database
from services.chassis.errors import Defect, Invalid
from services.chassis.event_log import Cause
from services.chassis.settings import Settings
from services.chassis.unit_of_work import unit_of_work
from services.projector import parked as projector

PROJECTOR = "projector"


@dataclass(frozen=True)
class Waiting:
    """One parked event, whoever parked it."""

    service: str
    key: str
    event: str
    """Its type, or where it came from when it cannot be read."""
    aggregate_id: UUID | None
    version: int | None
    reason: str


@dataclass(frozen=True)
class Retried:
    handled: int
    left: list[Waiting]
    """What was tried and stays parked."""


async def listing(settings: Settings, services: Sequence[str]) -> list[Waiting]:
    """What is parked in each of `services`, oldest version of an aggregate first."""
    found = []
    for service in services:
        async with _database(settings, service) as database:
            found += await _listing(database, service)
    return found


async def retry(settings: Settings, service: str, keys: Sequence[str]) -> Retried:
    """Handle events again: those named, or all."""
    async with _database(settings, service) as database:
        if service == PROJECTOR:
            if keys:
                raise Invalid("the projector tries everything at once: name no keys")
            handled = await projector.retry_parked(database.pool)
            return Retried(handled, await _listing(database, service))
        inlets = {inlet.consumer: inlet for inlet in BY_NAME[service].load().SERVICE.inlets}
        await EventBroker(*inlets.values()).start()

        async def handle(parked: Parked) -> None:
            await _handle(database, inlets, parked)

        tried = [each async for each in parking.retry(database.pool, handle, _numbers(keys))]
    left = [_waiting(service, parked, why) for parked, why in tried if why is not None]
    return Retried(len(tried) - len(left), left)


async def drop(settings: Settings, service: str, keys: Sequence[str], reason: str) -> int:
    """Give events up for good: their effect never happens here. Returns how many."""
    async with _database(settings, service) as database:
        if service != PROJECTOR:
            return await parking.drop(database.pool, _numbers(keys))
        for key in keys:
            await projector.drop_parked(database.pool, key, reason)
        return len(keys)


async def _listing(database: Database, service: str) -> list[Waiting]:
    if service == PROJECTOR:
        return [
            Waiting(
                service, each.key, _type_of(each.body) or each.stream,
                each.aggregate_id, each.version, each.reason,
            )
            for each in await projector.list_parked(database.pool)
        ]  # fmt: skip
    return [_waiting(service, each, each.reason) for each in await parking.listing(database.pool)]


def _waiting(service: str, parked: Parked, reason: str) -> Waiting:
    event = parked.type or parked.subject
    key = str(parked.parked_id)
    return Waiting(service, key, event, parked.aggregate_id, parked.version, reason)


def _type_of(body: bytes) -> str | None:
    try:
        return Envelope.model_validate_json(body).type
    except ValidationError:
        return None


def _numbers(keys: Sequence[str]) -> list[int]:
    wrong = [key for key in keys if not key.isdecimal()]
    if wrong:
        raise Invalid(f"{', '.join(wrong)}: the keys of this service are numbers")
    return [int(key) for key in keys]


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
