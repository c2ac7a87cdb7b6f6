"""What services hear, over FastStream's own test broker: no server, no database."""

import asyncio
from contextlib import suppress
from inspect import signature
from typing import Annotated, Any

import pytest
from faststream import Depends
from faststream.nats import TestNatsBroker
from faststream.nats.annotations import NatsMessage

from contracts.catalogue import EVENTS
from contracts.event import subject_of
from contracts.membership.organisations import AreaRenamed
from ops.services import SERVICES
from services.chassis.bus.broker import EventBroker
from services.chassis.bus.handling import Work, within
from services.chassis.bus.inlet import Inlet, operation_of
from services.chassis.errors import Invalid
from services.chassis.ids import new_id
from tests import walks
from tests.contract import samples
from tests.service.chassis.probe import logged


class OutOfReach(Exception):
    """A handler got as far as its database."""


class NoDatabase:
    def __getattr__(self, name: str) -> Any:
        raise OutOfReach(name)


HEARD = {
    operation_of(service.name, EVENTS[event]): (service.load().SERVICE, EVENTS[event])
    for service in SERVICES
    for inlet in service.load().SERVICE.inlets
    for event in inlet.heard
}


@walks.over(HEARD)
def test_an_event_comes_by_its_subject_to_the_handler_that_declares_it(heard):
    service, event = heard
    (sample, *_) = samples.of_type(event.type)

    async def told() -> list[Any]:
        broker = EventBroker(*service.inlets)
        async with TestNatsBroker(broker):
            with within(NoDatabase()), suppress(OutOfReach):
                subject = subject_of(samples.parsed(sample))
                await broker.publish(sample.read_bytes(), subject)
            handlers = [call.handler for each in broker.subscribers for call in each.calls]
            called = [handler for handler in handlers if handler.mock.called]
            called[0].mock.assert_called_once_with(samples.read(sample)["data"])
            return called

    (handler,) = asyncio.run(told())

    asked, *_ = signature(handler._declared_call).parameters.values()
    assert asked.annotation is event


# The chassis' part of it


@pytest.fixture
def inlet() -> Inlet:
    return Inlet("bases", "membership")


async def tell(inlet: Inlet, body: str, subject: str = "jiceng.membership.x") -> None:
    """In a transaction that is open already, as an operator's retry does."""
    async with TestNatsBroker(EventBroker(inlet)) as broker:
        with within(NoDatabase()):
            await broker.publish(body, subject)


async def renamed(inlet: Inlet) -> None:
    entry = logged(new_id(), 1)
    await tell(inlet, entry.body, entry.subject)


async def test_a_handler_asks_for_whatever_faststream_injects(inlet):
    seen = []

    async def name(event: AreaRenamed) -> str:
        return event.name

    @inlet.on(AreaRenamed)
    async def hear(
        event: AreaRenamed, uow: Work, message: NatsMessage, name: Annotated[str, Depends(name)]
    ) -> None:
        seen.append((type(uow), message.envelope.data["area_id"] == str(event.area_id), name))

    await renamed(inlet)

    assert seen == [(NoDatabase, True, "第1步")]


async def test_what_a_handler_raises_is_raised_to_whose_transaction_it_is_after_one_try(inlet):
    tries = []

    @inlet.on(AreaRenamed)
    async def hear(event: AreaRenamed) -> None:
        tries.append(event)
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        await renamed(inlet)

    assert len(tries) == 1


async def test_what_is_no_event_is_not_taken_for_handled(inlet):
    entry = logged(new_id(), 1)
    wrong = entry.body.replace('"aggregateversion":1', '"aggregateversion":0')

    @inlet.on(AreaRenamed)
    async def hear(event: AreaRenamed) -> None:
        raise AssertionError

    for body in ("", "{}", wrong):
        with pytest.raises(Invalid, match="not an event"):
            await tell(inlet, body, entry.subject)


async def test_without_a_process_that_lends_its_database_nothing_is_handled(inlet):
    async with TestNatsBroker(EventBroker(inlet)) as broker:
        with pytest.raises(LookupError, match="hearing"):
            await broker.publish(logged(new_id(), 1).body, "jiceng.membership.unheard")
