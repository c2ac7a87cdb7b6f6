"""What tests of consumers wait for: effects, what was parked, what was settled."""

from collections import Counter
from collections.abc import Awaitable, Callable

from nats.aio.client import Client

from contracts.membership.organisations import AreaRenamed
from services.chassis import telemetry
from services.chassis.bus import parking, streams
from services.chassis.bus.broker import EventBroker, retry_parked
from services.chassis.bus.handling import Work
from services.chassis.bus.inlet import Inlet
from services.chassis.bus.parking import Parked
from services.chassis.clock import system_clock
from services.chassis.database import Database
from services.chassis.unit_of_work import unit_of_work
from tests.service.chassis.probe import (
    CAUSE,
    effects,
    write_down,
)

DURABLE = streams.durable("bases", "membership")


def heard(database: Database, tally, *expected: int) -> Callable[[], Awaitable[bool]]:
    async def is_so() -> bool:
        return await effects(database.pool, tally) == list(expected)

    return is_so


def parked(database: Database, *expected: int | None) -> Callable[[], Awaitable[bool]]:
    async def is_so() -> bool:
        found = await parking.listing(database.pool)
        return [each.version for each in found] == list(expected)

    return is_so


def all_settled(client: Client) -> Callable[[], Awaitable[bool]]:
    async def is_so() -> bool:
        info = await client.jetstream().consumer_info(DURABLE.stream, DURABLE.name)
        return info.num_pending == 0 and info.num_ack_pending == 0

    return is_so


def outcomes() -> Counter[str]:
    """How often what came of the events that were heard in this process."""
    (consumed,) = telemetry.CONSUMED.collect()
    return Counter(
        {
            sample.labels["outcome"]: int(sample.value)
            for sample in consumed.samples
            if sample.name.endswith("_total") and sample.labels["consumer"] == DURABLE.name
        }
    )


def failing(when: Callable[[AreaRenamed], Exception | None]) -> Inlet:
    """Writes down what it hears, unless `when` has something to raise."""
    inlet = Inlet("bases", "membership")

    @inlet.on(AreaRenamed)
    async def refuse_some(event: AreaRenamed, uow: Work) -> None:
        await write_down(event, uow)
        failure = when(event)
        if failure is not None:
            raise failure

    return inlet


async def retry(database: Database, inlet: Inlet, *ids: int) -> list[str | None]:
    """As the operator's command does it: why each stayed parked, or `None`."""
    await EventBroker(inlet).start()

    async def handle(each: Parked) -> None:
        async with unit_of_work(database.sessions, CAUSE, system_clock(), lambda: None) as uow:
            await retry_parked(inlet, each, uow)

    return [why async for _, why in parking.retry(database.pool, handle, ids)]
