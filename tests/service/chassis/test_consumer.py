"""What a consumer makes of repetition, gap, failure and nonsense; on real servers."""

import asyncio
from collections import Counter
from itertools import count

import pytest
from nats.aio.msg import Msg
from sqlalchemy.exc import OperationalError

from contracts.membership.organisations import AreaRegistered, AreaRenamed
from services.chassis.bus import handling, parking, streams
from services.chassis.bus.broker import EventBroker
from services.chassis.bus.handling import Hearing, Work
from services.chassis.bus.inlet import Inlet
from services.chassis.clock import system_clock
from services.chassis.errors import NotFound
from services.chassis.health import Health
from services.chassis.ids import new_id
from tests.eventually import eventually
from tests.service.chassis.hearing import (
    DURABLE,
    all_settled,
    failing,
    heard,
    outcomes,
    parked,
    retry,
)
from tests.service.chassis.probe import (
    STREAM,
    effects,
    hear,
    listener,
    logged,
    running,
    tell,
    write_down,
)

pytestmark = pytest.mark.usefixtures("impatient")


# In order, once


async def test_a_repeated_event_has_one_effect(reader, client, listen):
    tally = new_id()
    first, second = logged(tally, 1), logged(tally, 2)
    await tell(client, first, first, second, first, second)
    async with running(listen(listener())):
        await eventually(heard(reader, tally, 1, 2))
        await eventually(all_settled(client))
    assert await effects(reader.pool) == [1, 2]


async def test_an_early_event_waits_for_the_one_before_and_others_do_not_wait(
    reader, client, listen
):
    held_up, other = new_id(), new_id()
    await tell(client, logged(held_up, 1), logged(held_up, 3), logged(other, 1), logged(other, 2))
    async with running(listen(listener())):
        await eventually(heard(reader, other, 1, 2))
        assert await effects(reader.pool, held_up) == [1]
        await tell(client, logged(held_up, 2))
        await eventually(heard(reader, held_up, 1, 2, 3))
        await eventually(all_settled(client))
    assert await parking.listing(reader.pool) == []


async def test_one_event_delivered_to_two_processes_at_once_has_one_effect(reader, client):
    both_inside = asyncio.Event()
    arrivals = count(1)

    async def slow(event: AreaRenamed, uow: Work) -> None:
        if next(arrivals) == 2:
            both_inside.set()
        await write_down(event, uow)
        await asyncio.sleep(0.3)

    inlet = Inlet("bases", "membership")
    inlet.on(AreaRenamed)(slow)
    await EventBroker(inlet).start()
    handling.hearing.set(Hearing(reader, system_clock, lambda: None, lambda: None))
    before = outcomes()
    msg = Msg(client, DURABLE.stream, data=logged(new_id(), 1).body.encode())
    await asyncio.gather(*(inlet.deliver(msg) for _ in range(2)))
    assert outcomes() - before == Counter(handled=1, repeated=1)
    assert await effects(reader.pool) == [1]
    assert not both_inside.is_set()


async def test_an_event_type_nobody_handles_passes_by_and_is_counted(reader, client, listen):
    inlet = Inlet("bases", "membership")

    @inlet.on(AreaRegistered)
    async def never(event: AreaRegistered, uow: Work) -> None:
        raise AssertionError

    tally = new_id()
    await tell(client, logged(tally, 1), logged(tally, 2))
    async with running(listen(inlet)):
        await eventually(all_settled(client))
    assert await reader.pool.fetchval("SELECT version FROM inbox") == 2
    assert await parking.listing(reader.pool) == []


async def test_a_stopped_consumer_finishes_the_event_in_hand_and_gives_the_rest_back(
    reader, client, listen
):
    begun = asyncio.Event()

    async def slow(event: AreaRenamed, uow: Work) -> None:
        begun.set()
        await asyncio.sleep(0.3)
        await write_down(event, uow)

    inlet = Inlet("bases", "membership")
    inlet.on(AreaRenamed)(slow)
    tally = new_id()
    await tell(client, *(logged(tally, version) for version in range(1, 6)))
    async with running(listen(inlet)):
        await begun.wait()
    assert await effects(reader.pool) == [1]
    # Within less than the ack wait: they were put back, not timed out.
    async with running(listen(listener())):
        await eventually(heard(reader, tally, 1, 2, 3, 4, 5), within_s=streams.ACK_WAIT_S / 2)


# Failures


async def test_a_passing_failure_is_retried_with_growing_pauses_and_one_effect(
    reader, client, listen
):
    at: list[float] = []

    def fails_twice(_: AreaRenamed) -> Exception | None:
        at.append(asyncio.get_running_loop().time())
        return RuntimeError("not yet") if len(at) < 3 else None

    tally = new_id()
    await tell(client, logged(tally, 1))
    async with running(listen(failing(fails_twice))):
        await eventually(heard(reader, tally, 1))
        await eventually(all_settled(client))
    assert at[1] - at[0] >= 0.05
    assert at[2] - at[1] >= 0.1
    assert await parking.listing(reader.pool) == []


@pytest.mark.parametrize(
    ("failure", "tries"), [(RuntimeError("poison"), 4), (NotFound("no such thing"), 1)]
)
async def test_what_keeps_failing_is_parked_with_its_followers_and_others_go_on(
    reader, client, listen, failure, tries
):
    poisoned, other = new_id(), new_id()
    seen: list[int] = []

    def poison(event: AreaRenamed) -> Exception | None:
        if event.area_id == poisoned and event.name == "第2步":
            seen.append(2)
            return failure
        return None

    await tell(client, *(logged(poisoned, version) for version in (1, 2, 3)), logged(other, 1))
    async with running(listen(failing(poison))):
        await eventually(heard(reader, other, 1))
        await eventually(parked(reader, 2, 3))
        await eventually(all_settled(client))
        await tell(client, logged(poisoned, 4), logged(other, 2))
        await eventually(heard(reader, other, 1, 2))
        await eventually(parked(reader, 2, 3, 4))
    assert await effects(reader.pool, poisoned) == [1]
    assert len(seen) == tries
    reasons = [each.reason for each in await parking.listing(reader.pool)]
    assert reasons == [repr(failure), *["waits behind a parked event"] * 2]


async def test_a_parked_event_that_is_delivered_again_keeps_its_reason(reader, client, listen):
    tally = new_id()
    poison = logged(tally, 1)
    await tell(client, poison, poison)
    async with running(listen(failing(lambda _: NotFound("gone")))):
        await eventually(all_settled(client))
        await eventually(parked(reader, 1))
    (only,) = await parking.listing(reader.pool)
    assert only.reason == repr(NotFound("gone"))


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"{}", b"[1]", b'{"id": 7'])
async def test_what_is_no_event_is_parked_at_once_and_the_next_is_heard(
    reader, client, listen, body
):
    tally = new_id()
    await client.jetstream().publish("jiceng.membership.x", body, stream=STREAM)
    await tell(client, logged(tally, 1))
    async with running(listen(listener())):
        await eventually(heard(reader, tally, 1))
        await eventually(parked(reader, None))
        await eventually(all_settled(client))
    (nonsense,) = await parking.listing(reader.pool)
    assert nonsense.body == body
    assert nonsense.attempts == 1


async def test_data_that_is_not_what_its_type_says_is_parked_with_the_field(reader, client, listen):
    tally = new_id()
    entry = logged(tally, 1)
    wrong = entry.body.replace('"was_name":""', '"was_name":7')
    await client.jetstream().publish(entry.subject, wrong.encode(), stream=STREAM)
    async with running(listen(listener())):
        await eventually(parked(reader, 1))
    (only,) = await parking.listing(reader.pool)
    assert "was_name" in only.reason


async def test_an_event_whose_predecessor_never_came_is_parked_and_nothing_of_it_is_lost(
    reader, client, listen, monkeypatch
):
    monkeypatch.setattr(handling, "GAP_DELIVERIES", 3)
    monkeypatch.setattr(handling, "GAP_DELAYS_S", (0.05,))
    tally = new_id()
    await tell(client, logged(tally, 1), logged(tally, 3))
    async with running(listen(listener())):
        await eventually(parked(reader, 3))
        await tell(client, logged(tally, 2))
        await eventually(parked(reader, 2, 3))
        assert await retry(reader, listener()) == [None, None]
        await tell(client, logged(tally, 4))
        await eventually(heard(reader, tally, 1, 2, 3, 4))


async def test_while_the_database_refuses_nothing_is_parked_and_nothing_lost(
    reader, client, listen
):
    """More often than an event may fail: connections cut in the middle of the handler."""
    tries = count(1)

    async def cut_off(event: AreaRenamed, uow: Work) -> None:
        await write_down(event, uow)
        if next(tries) <= len(handling.BACKOFF_S) + 3:
            own = await (await uow.session.connection()).exec_driver_sql("SELECT pg_backend_pid()")
            await reader.pool.execute("SELECT pg_terminate_backend($1)", own.scalar())

    inlet = Inlet("bases", "membership")
    inlet.on(AreaRenamed)(cut_off)
    tally = new_id()
    await tell(client, logged(tally, 1), logged(tally, 2))
    async with running(listen(inlet)):
        await eventually(heard(reader, tally, 1, 2))
        await eventually(all_settled(client))
    assert await parking.listing(reader.pool) == []


@pytest.mark.parametrize(
    ("state", "passing"),
    [("57P03", True), ("53300", True), ("40P01", True), ("25006", True), ("23505", False)],
)
def test_only_the_databases_own_troubles_are_not_counted_as_a_try(state, passing):
    class Told(Exception):
        sqlstate = state

    assert handling._passing(OperationalError("", {}, Told())) is passing


async def test_a_consumer_with_nothing_to_hear_is_alive(reader, client, nats):
    """Else whoever watches liveness restarts every quiet service, again and again."""
    beats = 0

    class Beating(Health):
        def beat(self, worker: str) -> None:
            nonlocal beats
            beats += 1
            super().beat(worker)

    async def beaten(times: int) -> bool:
        return beats >= times

    tally = new_id()
    async with running(hear(listener(), reader, nats, Beating(system_clock))):
        await tell(client, logged(tally, 1))
        await eventually(heard(reader, tally, 1))
        await eventually(all_settled(client))
        quiet = beats
        await eventually(lambda: beaten(quiet + 4))
