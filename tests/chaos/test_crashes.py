"""SIGKILL between any two steps from commit to effect, in real processes: all comes, once."""

import sys
from typing import Any

import httpx
import pytest

from contracts.event import stream_of
from services.chassis.bus import streams
from services.chassis.ids import new_id
from tests.chaos.child import child
from tests.eventually import eventually
from tests.service.chassis.probe import (
    STREAM,
    Stored,
    by_tally,
    count_up,
    effects,
    logged,
    stored,
    tell,
)
from tests.unit.projector.build import DISTRICT, Log, visit

DURABLE = streams.durable("bases", "membership")
YEAR = {"area": DISTRICT, "from": "2019-01-01", "to": "2019-12-31"}
AREAS = ["410305", *(f"410305{number:03}" for number in range(1, 1000))]


@pytest.fixture
async def forgetful(client) -> None:
    """A stream that forgets at once which ids it has seen, as after a long outage of the relay."""
    jetstream = client.jetstream()
    config = (await jetstream.stream_info(STREAM)).config
    await jetstream.update_stream(config.evolve(duplicate_window=0.1))


async def register(scene, membership, code: str, key: str) -> httpx.Response | None:
    """`None` where the connection broke: the caller does not know."""
    headers = scene.headers() | {"Idempotency-Key": key}
    try:
        return await membership.client.put(
            f"/v1/areas/{code}", json={"name": code}, headers=headers
        )
    except httpx.TransportError:
        return None


async def settled(database, client, areas: list[str]) -> None:
    """All these are in the log and the stream once, and nothing awaits publication."""
    pool = (await database("membership")).pool

    async def emptied() -> bool:
        return await pool.fetchval("SELECT count(*) FROM outbox") == 0

    await eventually(emptied)
    found = await stored(client)
    assert len(found) == len({each.event_id for each in found}) == len(areas)
    assert set(map(tuple, by_tally(found).values())) == {(1,)}
    assert await pool.fetchval("SELECT count(*) FROM event_log") == len(areas)
    state = await pool.fetchrow("SELECT published, stream_seq FROM relay_state")
    assert tuple(state) == (len(areas), len(areas))


async def test_killed_around_the_commit_the_same_key_gives_one_answer_and_one_event(
    scene, client, database, tmp_path
):
    told, answers = [], []
    async with child(scene, "membership", tmp_path) as membership:
        for point, areas in (("before_commit", AREAS[:2]), ("after_commit", AREAS[2:4])):
            membership.start(fault=point, skip=1)
            await membership.ready()
            answers += [await register(scene, membership, code, f"key-{code}") for code in areas]
            await membership.killed()
            told += areas
        assert [each and each.status_code for each in answers] == [201, None, 201, None]
        membership.start()
        await membership.ready()
        told.append(AREAS[4])
        again = [await register(scene, membership, code, f"key-{code}") for code in told]
        assert [each and each.status_code for each in again] == [201] * 5
        marked = ["Idempotent-Replayed" in each.headers for each in again if each]
        assert marked == [True, False, True, True, False]  # the second was not committed
        assert [again[place].json() for place in (0, 2)] == [answers[p].json() for p in (0, 2)]
        await settled(database, client, told)


@pytest.mark.usefixtures("forgetful")
async def test_killed_around_the_publication_each_event_is_stored_once(
    scene, client, database, tmp_path
):
    areas, told = iter(AREAS), []
    async with child(scene, "membership", tmp_path) as membership:
        for point in ("before_publish", "after_publish", "after_mark"):
            membership.start(fault=point, skip=1)
            await membership.ready()
            while membership.program.running:
                told.append(next(areas))
                await register(scene, membership, told[-1], f"key-{told[-1]}")
            await membership.killed()
        membership.start()
        await membership.ready()
        told.append(next(areas))
        again = [await register(scene, membership, code, f"key-{code}") for code in told]
        assert {each and each.status_code for each in again} == {201}
        await settled(database, client, told)


@pytest.mark.usefixtures("forgetful")
async def test_killed_between_the_publications_of_a_few_events_each_is_stored_once_and_in_order(
    scene, writer, client, tmp_path
):
    tallies = [new_id(), new_id()]
    for tally in (*tallies, *tallies):
        await count_up(writer, tally)
    logged = await writer.pool.fetch("SELECT event_id::text FROM event_log ORDER BY id")
    in_order = [row["event_id"] for row in logged]

    def ids(found: list[Stored]) -> list[str]:
        return [each.event_id for each in found]

    command = (sys.executable, "-m", "tests.chaos.relaying")
    async with child(scene, "membership", tmp_path, command) as membership:
        for count in (1, 2, 3):
            membership.start(fault="between_publications")
            await membership.killed()

            async def arrived(count: int = count) -> bool:
                return len(await stored(client)) >= count

            await eventually(arrived)
            assert ids(await stored(client)) == in_order[:count]
        membership.start()

        async def emptied() -> bool:
            return await writer.pool.fetchval("SELECT count(*) FROM outbox") == 0

        await eventually(emptied)
    assert ids(await stored(client)) == in_order
    state = await writer.pool.fetchrow("SELECT published, stream_seq FROM relay_state")
    assert tuple(state) == (len(in_order), len(in_order))


@pytest.mark.parametrize("point", ["before_commit", "after_commit", "after_effect"])
async def test_killed_between_delivery_and_acknowledgement_each_event_has_one_effect(
    scene, reader, client, tmp_path, point
):
    config = streams.consumer_config(DURABLE).evolve(ack_wait=1)
    await client.jetstream().add_consumer(stream_of("membership"), config)
    tally, last = new_id(), 0
    command = (sys.executable, "-m", "tests.chaos.counting")
    async with child(scene, "bases", tmp_path, command) as bases:
        for skip in (0, 2, 1):
            bases.start(fault=point, skip=skip)
            await tell(client, *(logged(tally, last + each) for each in (1, 2, 3, 4)))
            last += 4
            await bases.killed()
        bases.start()

        async def all_heard() -> bool:
            info = await client.jetstream().consumer_info(STREAM, DURABLE.name)
            return info.num_pending == info.num_ack_pending == 0

        await eventually(all_heard)
    assert await effects(reader.pool, tally) == list(range(1, last + 1))


async def test_killed_around_the_fold_every_figure_counts_each_visit_once(scene, client, tmp_path):
    log, told = Log(), 0

    async def tell_of_visits(count: int) -> None:
        nonlocal told
        for _ in range(count):
            told += 1
            entry = log.write(visit(f"接待{told}", persons=told))
            await client.jetstream().publish(entry.subject, entry.body.encode(), timeout=5)

    async with child(scene, "projector", tmp_path) as projector:
        projector.start()
        await projector.ready()
        await tell_of_visits(3)
        projector.stop()
        for point in ("before_fold", "inside_fold", "after_fold"):
            projector.start(fault=point)
            await tell_of_visits(3)
            await projector.killed()
        projector.start()
        await projector.ready()

        async def asked(path: str) -> dict[str, Any]:
            bearer = {"Authorization": f"Bearer {scene.issuer.token('viewer')}"}
            answer = await projector.client.get(f"/v1/figures/{path}", params=YEAR, headers=bearer)
            assert answer.status_code == 200, answer.text
            return answer.json()

        async def all_counted() -> bool:
            return (await asked("bases.visit_batches"))["value"] >= told

        await eventually(all_counted)
        assert (await asked("bases.visit_batches"))["value"] == told == 12
        assert (await asked("bases.visit_persons"))["value"] == sum(range(1, told + 1))
        events = (await asked("bases.visit_persons/events"))["items"]
        assert sorted(each["amount"] for each in events) == list(range(1, told + 1))
