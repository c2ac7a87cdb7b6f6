"""A stream lost, cut or disordered comes back from the log: the same events, in order."""

import json

import pytest
from nats.js.api import StreamConfig

from contracts.event import stream_of
from services.chassis import refill
from tests.clock import tomorrow
from tests.eventually import eventually
from tests.service.office import open_office

STREAM = stream_of("bases")


@pytest.fixture
async def client(scene):
    client = await scene.connect()
    yield client
    await client.close()


@pytest.fixture
async def busy(scene, start, database, client):
    """An office with a published history, and its relay running."""
    office = await open_office(scene, start, background=True)
    for hour in (8, 10, 12):
        booking = await office.book(starts_at=tomorrow(hour), ends_at=tomorrow(hour + 1))
        await office.step(booking, "confirm")
    pool = (await database("bases")).pool
    total = await pool.fetchval("SELECT count(*) FROM event_log")

    async def published() -> bool:
        return (await client.jetstream().stream_info(STREAM)).state.messages == total

    await eventually(published)
    office.total, office.pool = total, pool
    return office


async def stored(client) -> list[tuple[str, int, str]]:
    reader = await client.jetstream().pull_subscribe("jiceng.>", stream=STREAM)
    count = (await client.jetstream().stream_info(STREAM)).state.messages
    found = []
    while len(found) < count:
        for message in await reader.fetch(count - len(found), timeout=5):
            body = json.loads(message.data)
            found.append((body["subject"], body["aggregateversion"], message.data.decode()))
    return found


async def test_a_whole_stream_is_left_alone(busy, scene, client):
    before = (await client.jetstream().stream_info(STREAM)).created

    assert (await refill.check("bases", scene.settings, client)).whole
    assert await refill.refill("bases", scene.settings, client) == 0
    assert (await client.jetstream().stream_info(STREAM)).created == before


async def test_a_deleted_stream_returns_byte_for_byte_in_order(busy, scene, client):
    before = await stored(client)
    await client.jetstream().delete_stream(STREAM)
    assert not (await refill.check("bases", scene.settings, client)).exists

    assert await refill.refill("bases", scene.settings, client) == busy.total

    after = await stored(client)
    assert sorted(after) == sorted(before)
    for aggregate in {a for a, _, _ in after}:
        versions = [v for a, v, _ in after if a == aggregate]
        assert versions == sorted(versions)
    assert (await refill.check("bases", scene.settings, client)).whole


async def test_the_relay_goes_on_after_a_refill_and_nothing_is_doubled(busy, scene, client):
    await client.jetstream().delete_stream(STREAM)
    await busy.book(starts_at=tomorrow(15), ends_at=tomorrow(16))
    await refill.refill("bases", scene.settings, client)
    await busy.book(starts_at=tomorrow(17), ends_at=tomorrow(18))

    async def all_there() -> bool:
        return (await client.jetstream().stream_info(STREAM)).state.messages == busy.total + 2

    await eventually(all_there)
    assert (await refill.check("bases", scene.settings, client)).whole


async def test_a_stream_that_lost_its_beginning_is_made_anew(busy, scene, client):
    info = await client.jetstream().stream_info(STREAM)
    await client.jetstream().purge_stream(STREAM, seq=info.state.first_seq + 4)
    found = await refill.check("bases", scene.settings, client)
    assert len(found.missing) == 4

    async def relay_noticed() -> bool:
        ready = await busy.bases.get("/readyz")
        return "lacks 4 events" in ready.json()["parts"]["relay"]["detail"]

    await eventually(relay_noticed)
    await refill.refill("bases", scene.settings, client)

    assert (await refill.check("bases", scene.settings, client)).whole


async def test_an_empty_stream_made_by_hand_is_not_trusted_until_refilled(busy, scene, client):
    jetstream = client.jetstream()
    await jetstream.delete_stream(STREAM)
    await jetstream.add_stream(
        StreamConfig(name=STREAM, subjects=["jiceng.bases.>"], allow_atomic=True)
    )
    await busy.book(starts_at=tomorrow(19), ends_at=tomorrow(20))

    async def relay_refuses() -> bool:
        ready = await busy.bases.get("/readyz")
        return "lacks its history" in ready.json()["parts"]["relay"]["detail"]

    await eventually(relay_refuses)
    assert (await jetstream.stream_info(STREAM)).state.messages == 0
    await refill.refill("bases", scene.settings, client)
    assert (await refill.check("bases", scene.settings, client)).whole


async def test_an_event_that_is_stored_but_not_marked_yet_is_no_stranger(
    busy, scene, client, database
):
    """The relay marks after it has published: whoever looks in between finds one more stored."""
    pool = (await database("bases")).pool
    await busy.book(starts_at=tomorrow(15), ends_at=tomorrow(16))

    async def published() -> bool:
        return await pool.fetchval("SELECT count(*) FROM outbox") == 0

    await eventually(published)
    await pool.execute("INSERT INTO outbox (id) SELECT max(id) FROM event_log")
    assert (await refill.check("bases", scene.settings, client)).foreign == ()
