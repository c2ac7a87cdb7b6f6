"""Folding from real streams: repetitions, gaps, poison, wiped streams, lost connections."""

import asyncio

import msgspec
import pytest

from contracts.event import stream_of
from services.projector.parked import drop_parked, list_parked, retry_parked
from tests.eventually import eventually
from tests.service.projector.conftest import Desk
from tests.unit.projector.build import base, branch, rekinded, visit

BASES = stream_of("bases")


async def test_a_repeated_event_changes_nothing(office: Desk) -> None:
    await office.tell(visit("v1", 30))
    await office.settled()
    before = await office.rows()
    for entry in office.sent:
        await office.put(entry)
    await office.settled()
    assert await office.rows() == before


async def test_an_event_that_comes_too_early_waits_for_the_missing_one(office: Desk) -> None:
    missing = office.log.write(rekinded("基地甲", was="red", kind="basic"))
    await office.tell(rekinded("基地甲", was="basic", kind="technology"))
    await office.settled()
    assert await office.groups("bases.bases", "base_kind") == {"红色型": 1}
    [waiting] = await list_parked(office.database.pool)
    assert waiting.reason == "version 3 waits for version 2 of its aggregate"
    await office.put(missing)
    await office.settled()
    assert await office.groups("bases.bases", "base_kind") == {"科技型": 1}
    assert await list_parked(office.database.pool) == []


async def test_an_unreadable_event_is_parked_with_its_reason_and_the_rest_goes_on(
    office: Desk,
) -> None:
    entry = office.log.write(visit("v1"))
    body = msgspec.json.decode(entry.body)
    body["data"]["actual_headcount"] = "thirty"
    await office.put(entry, msgspec.json.encode(body))
    await office.put(entry, b"no event at all")
    await office.tell(visit("v2", 7))
    await office.settled()
    assert await office.value("bases.visit_persons") == 7
    reasons = [parked.reason for parked in await list_parked(office.database.pool)]
    assert any("'thirty' is no whole number" in reason for reason in reasons)
    assert any("not an event" in reason for reason in reasons)
    assert await retry_parked(office.database.pool) == 0


async def test_an_operator_can_do_without_what_never_came(office: Desk) -> None:
    office.log.write(rekinded("基地甲", was="red", kind="basic"))
    await office.tell(rekinded("基地甲", was="basic", kind="technology"))
    await office.tell(rekinded("基地甲", was="technology", kind="red"))
    await office.settled()
    first, second = await list_parked(office.database.pool)
    assert await drop_parked(office.database.pool, first.key, "entered wrongly") == 1
    assert await list_parked(office.database.pool) == []
    assert await office.groups("bases.bases", "base_kind") == {"红色型": 2, "科技型": -1}
    assert second.version == 4


async def test_a_stream_wiped_and_refilled_changes_nothing(office: Desk) -> None:
    await office.tell(visit("v1", 30))
    await office.settled()
    before = await office.rows()
    jetstream = office.nats.jetstream()
    assert await jetstream.delete_stream(BASES)
    await office.scene.provision()
    await office.settled()
    assert await office.rows() == before
    for entry in office.sent:
        if ".bases." in entry.type:
            await office.put(entry)
    await office.tell(visit("v2", 12))
    await office.settled()
    assert await office.value("bases.visit_persons") == 42


async def test_a_stream_that_lost_its_end_is_read_again(office: Desk) -> None:
    """As when the server's disk came back older than it was."""
    m = await office.m()
    await office.database.pool.execute(
        f"UPDATE {m}.position SET seq = seq + 100 WHERE stream = $1", BASES
    )
    await delete_consumers(office)
    await office.tell(visit("v1", 30))

    async def counted() -> bool:
        return await office.value("bases.visit_persons") == 30

    await eventually(counted)


async def delete_consumers(office: Desk) -> None:
    jetstream = office.nats.jetstream()
    for consumer in await jetstream.consumers_info(BASES):
        await jetstream.delete_consumer(BASES, consumer.name)


async def test_a_deleted_consumer_is_made_again(office: Desk) -> None:
    await delete_consumers(office)
    await office.tell(visit("v1", 30))
    await office.settled()
    assert await office.value("bases.visit_persons") == 30


async def test_while_the_server_is_away_it_is_not_ready_and_goes_on_afterwards(
    office: Desk,
) -> None:
    async def ready() -> bool:
        return (await office.client.get("/readyz")).status_code == 200

    async def unready() -> bool:
        return not await ready()

    await eventually(ready)
    await office.nats.close()
    await asyncio.to_thread(office.scene.nats.stop)
    await eventually(unready)
    assert await office.value("bases.bases") == 1
    await asyncio.to_thread(office.scene.nats.start)
    await eventually(ready)
    office.nats = await office.scene.connect("desk")
    await office.tell(visit("v1", 30))
    await office.settled()
    assert await office.value("bases.visit_persons") == 30


async def test_two_processes_fold_every_event_once(office: Desk, start: object) -> None:
    await start("projector")  # type: ignore[operator]
    for n in range(200):
        await office.tell(visit(f"v{n}", 1))
    await office.settled()
    assert await office.value("bases.visit_persons") == 200
    assert await office.value("bases.visit_batches") == 200


@pytest.mark.parametrize("gone", ["base", "branch"])
async def test_a_lost_database_connection_loses_nothing(office: Desk, gone: str) -> None:
    terminate = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await office.tell(base("基地乙") if gone == "base" else branch("支部乙"))
    await office.database.pool.execute(terminate)
    await office.tell(visit("v1", 30))

    async def counted() -> bool:
        answer = await office.get("/v1/figures/bases.visit_persons")
        return answer.status_code == 200 and answer.json()["value"] == 30

    await eventually(counted)
