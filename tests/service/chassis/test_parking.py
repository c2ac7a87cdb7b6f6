"""The parking lot: what operators do with events that could not be handled."""

import asyncio

import pytest

from contracts.membership.organisations import AreaRenamed
from services.chassis.bus import parking
from services.chassis.bus.parking import OutOfTurn
from services.chassis.errors import Conflict
from services.chassis.ids import new_id
from tests.eventually import eventually
from tests.service.chassis.hearing import failing, heard, parked, retry
from tests.service.chassis.probe import (
    effects,
    listener,
    logged,
    running,
    tell,
)

pytestmark = pytest.mark.usefixtures("impatient")


@pytest.fixture
async def lot(reader, client, listen) -> dict[int, int]:
    """Versions 2, 3 and 4 of one tally parked behind a refusal; version to number in the lot."""
    tally = new_id()
    await tell(client, *(logged(tally, version) for version in (1, 2, 3, 4)))

    def refuse(event: AreaRenamed) -> Exception | None:
        return Conflict("no") if event.name == "第2步" else None

    async with running(listen(failing(refuse))):
        await eventually(parked(reader, 2, 3, 4))
    found = await parking.listing(reader.pool)
    return {each.version: each.parked_id for each in found}


async def test_parked_events_are_retried_in_order_and_the_next_follows(reader, client, listen, lot):
    tally = (await parking.listing(reader.pool))[0].aggregate_id
    assert await retry(reader, listener()) == [None, None, None]
    assert await effects(reader.pool) == [1, 2, 3, 4]
    await tell(client, logged(tally, 5))
    async with running(listen(listener())):
        await eventually(heard(reader, tally, 1, 2, 3, 4, 5))


async def test_an_event_cannot_be_retried_ahead_of_one_parked_before_it(reader, lot):
    (why,) = await retry(reader, listener(), lot[3])
    assert why == "It waits for version 2 of its aggregate."
    assert await effects(reader.pool) == [1]
    assert [each.version for each in await parking.listing(reader.pool)] == [2, 3, 4]


async def test_a_retry_that_fails_keeps_everything_and_tells_the_new_reason(reader, lot):
    why = await retry(reader, failing(lambda _: RuntimeError("still")))
    assert why == ["RuntimeError('still')", *["waits behind a parked event"] * 2]
    found = await parking.listing(reader.pool)
    assert (found[0].version, found[0].attempts > 1) == (2, True)
    assert found[0].reason == "RuntimeError('still')"
    assert await effects(reader.pool) == [1]


async def test_a_dropped_event_lets_the_next_of_its_aggregate_go_on(reader, lot):
    assert await parking.drop(reader.pool, [lot[2]]) == 1
    assert await retry(reader, listener()) == [None, None]
    assert await effects(reader.pool) == [1, 3, 4]


async def test_a_drop_cannot_leave_an_earlier_event_behind(reader, lot):
    with pytest.raises(OutOfTurn):
        await parking.drop(reader.pool, [lot[3]])
    assert await parking.drop(reader.pool, [lot[3], lot[2]]) == 2
    assert await retry(reader, listener()) == [None]
    assert await effects(reader.pool) == [1, 4]


async def test_two_operators_retrying_at_once_do_it_once(reader, lot):
    outcomes = await asyncio.gather(retry(reader, listener()), retry(reader, listener()))
    assert await effects(reader.pool) == [1, 2, 3, 4]
    assert await parking.listing(reader.pool) == []
    assert [None] * 3 in outcomes or sum(o.count(None) for o in outcomes) == 3
