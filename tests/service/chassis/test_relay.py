"""The relay on real servers: nothing skipped, doubled or turned round, whoever commits when."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from unittest.mock import ANY

import asyncpg
import pytest

from services.chassis import event_log, relay
from services.chassis.bus.publish import FEW, PublishRefused
from services.chassis.clock import system_clock
from services.chassis.database import sqlstate
from services.chassis.health import Health
from services.chassis.ids import new_id
from services.chassis.relay import Relay
from services.chassis.unit_of_work import unit_of_work
from tests.eventually import eventually
from tests.service.chassis.probe import (
    CAUSE,
    STREAM,
    by_tally,
    count_up,
    logged,
    running,
    step,
    stored,
)

UNIQUE_VIOLATION = "23505"
LEADER = """
SELECT pid FROM pg_locks
 WHERE locktype = 'advisory' AND objid = 7401 AND granted
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@pytest.fixture
def a_relay(writer, nats, health, monkeypatch) -> Relay:
    monkeypatch.setattr(relay, "INSPECT_S", 0.2)
    monkeypatch.setattr(relay, "POLL_S", 0.2)
    return Relay("membership", writer, nats, health)


@asynccontextmanager
async def led(one: Relay) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """The relay as a leader that does one step when told to."""
    async with one._leadership() as connection:
        end = await one.reconcile(connection)
        yield lambda: one.drain(connection, end)


def published(client, count: int) -> Callable[[], Awaitable[bool]]:
    async def reached() -> bool:
        return (await client.jetstream().stream_info(STREAM)).state.messages >= count

    return reached


# The race, and the queue that knows none


async def test_a_cursor_skips_an_event_that_commits_late_and_the_relay_does_not(
    writer, a_relay, client
):
    late_tally, early_tally = new_id(), new_id()
    async with AsyncExitStack() as stack:
        late, early = [await stack.enter_async_context(writer.pool.acquire()) for _ in range(2)]
        slow = late.transaction()
        await slow.start()
        await late.execute(event_log.APPEND, *event_log.columns([logged(late_tally, 1)]))
        await early.execute(event_log.APPEND, *event_log.columns([logged(early_tally, 1)]))
        drain = await stack.enter_async_context(led(a_relay))

        after = "SELECT id FROM event_log WHERE id > $1 ORDER BY id"
        seen = [row["id"] for row in await early.fetch(after, 0)]
        assert await drain() == 1
        await slow.commit()
        skipped_by_cursor = await early.fetchval("SELECT id FROM event_log WHERE id < $1", seen[-1])

        assert len(seen) == 1
        assert await early.fetch(after, seen[-1]) == []
        assert skipped_by_cursor is not None
        assert await drain() == 1
    assert set(by_tally(await stored(client))) == {late_tally, early_tally}


async def test_without_the_aggregates_lock_two_writers_draw_one_version_and_one_is_refused(writer):
    tally = new_id()
    both_read = asyncio.Barrier(2)

    async def write_unlocked() -> None:
        async with unit_of_work(writer.sessions, CAUSE, system_clock(), lambda: None) as uow:
            await both_read.wait()  # each believes that it is the first
            uow.announce(step(tally, 1), version=1)

    outcomes = await asyncio.gather(write_unlocked(), write_unlocked(), return_exceptions=True)

    assert [sqlstate(each) for each in outcomes if each is not None] == [UNIQUE_VIOLATION]
    assert await writer.pool.fetchval("SELECT count(*) FROM event_log") == 1
    assert await writer.pool.fetchval("SELECT count(*) FROM outbox") == 1


async def test_without_the_aggregates_lock_versions_are_published_turned_round(
    writer, a_relay, client
):
    """As with versions out of a sequence, where nobody waits for anybody."""
    tally = new_id()
    async with AsyncExitStack() as stack:
        first, second = [await stack.enter_async_context(writer.pool.acquire()) for _ in range(2)]
        drain = await stack.enter_async_context(led(a_relay))
        slow = first.transaction()
        await slow.start()
        await first.execute(event_log.APPEND, *event_log.columns([logged(tally, 1)]))
        await second.execute(event_log.APPEND, *event_log.columns([logged(tally, 2)]))
        await drain()
        await slow.commit()
        await drain()
    assert by_tally(await stored(client)) == {tally: [2, 1]}


async def test_with_the_lock_many_writers_keep_every_version_in_order(
    writer, a_relay, nats, client
):
    tallies = [new_id() for _ in range(5)]

    async def write(start: int) -> None:
        for turn in range(25):
            await count_up(writer, tallies[(start + turn) % len(tallies)], a_relay.ring)

    async with running(a_relay.run()):
        await asyncio.gather(*(write(start) for start in range(8)))
        await eventually(published(client, 200))
    found = await stored(client)
    assert len({each.event_id for each in found}) == len(found) == 200
    assert by_tally(found) == {tally: list(range(1, 41)) for tally in tallies}
    state = await writer.pool.fetchrow("SELECT * FROM relay_state")
    info = await client.jetstream().stream_info(STREAM)
    assert (state["published"], state["stream_seq"]) == (200, info.state.last_seq)
    assert str(state["last_event_id"]) == found[-1].event_id
    assert await relay.backlog(writer.pool) == (0, 0.0)


# One leader


@pytest.fixture
def two_relays(writer, nats) -> list[tuple[Relay, Health]]:
    healths = [Health(system_clock), Health(system_clock)]
    return [(Relay("membership", writer, nats, health), health) for health in healths]


def details(two_relays) -> list[str]:
    return sorted(health.parts["relay"].detail for _, health in two_relays)


async def test_of_two_relays_one_leads_and_the_other_takes_over_when_it_is_cut_off(
    writer, client, two_relays
):
    tally = new_id()

    async def one_leads() -> bool:
        return details(two_relays) == ["", "standby"]

    async with running(*(one.run() for one, _ in two_relays)):
        await eventually(one_leads)
        for _ in range(3):
            writing = asyncio.gather(*(count_up(writer, tally) for _ in range(20)))
            (leader,) = await writer.pool.fetch(LEADER)
            await writer.pool.execute("SELECT pg_terminate_backend($1)", leader["pid"])
            await writing

            async def another_leads(was: int = leader["pid"]) -> bool:
                found = await writer.pool.fetch(LEADER)
                return len(found) == 1 and found[0]["pid"] != was

            await eventually(another_leads)
        await eventually(published(client, 60))
        await eventually(one_leads)
    found = await stored(client)
    assert by_tally(found) == {tally: list(range(1, 61))}
    assert await writer.pool.fetchval("SELECT published FROM relay_state") == 60


async def test_both_relays_leading_at_once_would_still_store_each_event_once(
    writer, client, two_relays, monkeypatch
):
    """A leader cut off in mid-publication does not know it yet: the slower one is refused."""
    monkeypatch.setattr(relay, "RELAY_LOCK", 7_402)
    tally = new_id()
    (first, _), (second, _) = two_relays
    async with led(first) as drain_first:
        monkeypatch.setattr(relay, "RELAY_LOCK", 7_403)
        async with led(second) as drain_second:
            for _ in range(3):
                await count_up(writer, tally)
            assert await drain_first() == 3
            await count_up(writer, tally)
            with pytest.raises(PublishRefused):
                await drain_second()
            await count_up(writer, tally)
            with pytest.raises(PublishRefused):
                await drain_second()
            assert await drain_first() == 2
    assert by_tally(await stored(client)) == {tally: [1, 2, 3, 4, 5]}


@pytest.mark.parametrize("count", [FEW, FEW + 1])
async def test_where_a_stranger_takes_the_place_of_an_event_none_behind_it_is_stored(
    writer, client, a_relay, count
):
    """The second of a few would fit exactly behind the stranger, if it looked at sequences only."""
    tally = new_id()
    async with led(a_relay) as drain:
        for _ in range(count):
            await count_up(writer, tally)
        await client.jetstream().publish("jiceng.membership.stranger", b"{}", stream=STREAM)
        with pytest.raises(PublishRefused):
            await drain()
        assert (await client.jetstream().stream_info(STREAM)).state.messages == 1
        assert await relay.backlog(writer.pool) == (count, ANY)
    async with running(a_relay.run()):
        await eventually(published(client, count + 1))
    await client.jetstream().purge_stream(STREAM, keep=count)
    assert by_tally(await stored(client)) == {tally: list(range(1, count + 1))}


async def test_a_commit_in_another_replica_wakes_the_leader_at_once(
    writer, a_relay, client, health, monkeypatch
):
    monkeypatch.setattr(relay, "POLL_S", 60.0)
    elsewhere = Relay("membership", writer, a_relay._nats, Health(system_clock))

    async def leads() -> bool:
        return health.parts["relay"].ok

    async with running(a_relay.run()):
        await eventually(leads)
        for count in (1, 2):
            await count_up(writer, new_id(), elsewhere.ring)
            await eventually(published(client, count), within_s=relay.POLL_S / 2)


async def test_a_lost_notification_only_costs_one_poll(writer, a_relay, client, health):
    async with running(a_relay.run()):
        await count_up(writer, new_id())
        await eventually(published(client, 1))
        await count_up(writer, new_id())
        await eventually(published(client, 2))


# What hinders it


async def test_it_is_not_ready_before_it_has_looked(a_relay, health):
    assert not health.ready


@pytest.mark.parametrize("remade", [False, True])
async def test_a_stream_that_lost_its_history_is_told_and_gets_nothing(
    scene, writer, a_relay, client, remade
):
    health = a_relay._health
    async with running(a_relay.run()):
        await count_up(writer, new_id(), a_relay.ring)
        await eventually(published(client, 1))
        await client.jetstream().delete_stream(STREAM)
        if remade:
            await scene.provision()

        async def told() -> bool:
            part = health.parts["relay"]
            return not part.ok and ("lacks its history" if remade else "not exist") in part.detail

        await eventually(told)
        await count_up(writer, new_id(), a_relay.ring)
        await eventually(told)
    assert await writer.pool.fetchval("SELECT count(*) FROM outbox") == 1
    if remade:
        assert await stored(client) == []


async def test_a_strangers_message_in_the_stream_is_passed_by(writer, a_relay, client, health):
    async with running(a_relay.run()):
        await count_up(writer, new_id(), a_relay.ring)
        await eventually(published(client, 1))
        await client.jetstream().publish("jiceng.membership.stranger", b"{}", stream=STREAM)
        await count_up(writer, new_id(), a_relay.ring)
        await eventually(published(client, 3))

        async def caught_up() -> bool:
            return await relay.backlog(writer.pool) == (0, 0.0) and health.parts["relay"].ok

        await eventually(caught_up)
    assert await writer.pool.fetchval("SELECT published FROM relay_state") == 2


async def test_a_full_stream_refuses_and_the_events_wait_in_order(
    scene, writer, a_relay, client, health
):
    jetstream = client.jetstream()
    config = (await jetstream.stream_info(STREAM)).config
    tally = new_id()
    await jetstream.update_stream(config.evolve(max_msgs=2))
    async with running(a_relay.run()):
        for _ in range(5):
            await count_up(writer, tally, a_relay.ring)

        async def refused() -> bool:
            return not health.parts["relay"].ok

        await eventually(refused)
        await jetstream.update_stream(config)
        await eventually(published(client, 5))
    assert by_tally(await stored(client)) == {tally: [1, 2, 3, 4, 5]}


# The log


@pytest.mark.parametrize(
    "statement",
    ["UPDATE event_log SET body = ''", "DELETE FROM event_log", "TRUNCATE event_log CASCADE"],
)
async def test_the_event_log_only_grows(writer, statement):
    await count_up(writer, new_id())
    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError, match="append-only"):
        await writer.pool.execute(statement)
    assert await writer.pool.fetchval("SELECT count(*) FROM event_log") == 1
