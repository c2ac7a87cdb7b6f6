"""What an operator does: look at what is parked and decide, compare streams and restore them."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from contracts.membership.organisations import AreaRegistered
from ops import parked, streams
from ops.deployment import durables, migrate_all
from ops.embedded.process import ProgramFailedError
from services.chassis import event_log
from services.chassis.errors import Invalid, NotFound
from services.chassis.event_log import Cause
from tests.eventually import eventually

DISTRICT = "410305"
PARK = """
INSERT INTO parked
    (consumer, event_id, aggregate_id, version, type, subject, body, reason, attempts)
VALUES ('bases-membership', $1, $2, $3, $4, $5, $6, 'the disk was full', 5) RETURNING parked_id
"""
FOLD_PARKED = """
INSERT INTO model_1.parked (key, stream, aggregate_id, version, problem, body)
VALUES ('one', 'JICENG_BASES', NULL, 0, 'not an event', '{}')
"""


@pytest.fixture(autouse=True)
async def databases(scene):
    """Commands of operators find all of them there."""
    await scene.broker()
    for service in scene.templates:
        await scene.ensure(service)


def registered(version: int = 1) -> event_log.Entry:
    now = datetime.now(UTC)
    event = AreaRegistered(area=DISTRICT, area_id=uuid4(), name="示范区")
    return event_log.entry(
        event, version=version, occurred_at=now, recorded_at=now, cause=Cause("test")
    )


@pytest.fixture
async def bases(database):
    return await database("bases")


async def park(bases, body: str | None = None) -> str:
    entry = registered()
    named = (entry.event_id, entry.aggregate_id, entry.aggregate_version, entry.type, entry.subject)
    return str(await bases.pool.fetchval(PARK, *named, (body or entry.body).encode()))


async def test_a_parked_event_is_listed_with_its_reason(scene, bases) -> None:
    key = await park(bases)
    (waiting,) = await parked.listing(scene.settings, ["membership", "bases"])
    assert (waiting.service, waiting.key, waiting.reason) == ("bases", key, "the disk was full")
    assert waiting.event == AreaRegistered.type


async def test_a_retried_event_has_its_effect_and_leaves_the_lot(scene, bases) -> None:
    await park(bases)
    assert (await parked.retry(scene.settings, "bases", [])).handled == 1
    assert await parked.listing(scene.settings, ["bases"]) == []
    assert await bases.pool.fetchval("SELECT name FROM area WHERE code = $1", DISTRICT) == "示范区"


async def test_what_fails_again_stays_with_its_new_reason(scene, bases) -> None:
    key = await park(bases, body="{")
    outcome = await parked.retry(scene.settings, "bases", [key])
    assert (outcome.handled, [each.key for each in outcome.left]) == (0, [key])
    (waiting,) = await parked.listing(scene.settings, ["bases"])
    assert "Invalid JSON" in waiting.reason


async def test_a_dropped_event_is_gone_without_its_effect(scene, bases) -> None:
    key = await park(bases)
    assert await parked.drop(scene.settings, "bases", [key], "a test") == 1
    assert await parked.listing(scene.settings, ["bases"]) == []
    assert await bases.pool.fetchval("SELECT count(*) FROM area") == 0


async def test_keys_that_are_not_there_are_refused(scene, bases) -> None:
    with pytest.raises(NotFound):
        await parked.drop(scene.settings, "bases", ["99"], "a test")
    with pytest.raises(Invalid, match="numbers"):
        await parked.retry(scene.settings, "bases", ["first"])
    with pytest.raises(Invalid, match="at once"):
        await parked.retry(scene.settings, "projector", ["one"])


async def test_the_lot_of_the_projector_looks_alike(scene, start, database) -> None:
    await start("projector")
    pool = (await database("projector")).pool

    async def model_made() -> bool:
        return await pool.fetchval("SELECT count(*) FROM generation WHERE state = 'live'")

    await eventually(model_made)
    await pool.execute(FOLD_PARKED)
    (waiting,) = await parked.listing(scene.settings, ["projector"])
    assert (waiting.key, waiting.event, waiting.reason) == ("one", "JICENG_BASES", "not an event")
    assert await parked.drop(scene.settings, "projector", ["one"], "a test") == 1
    assert await parked.listing(scene.settings, ["projector"]) == []


async def test_migrating_restores_the_streams_of_a_server_that_lost_its_data(
    scene, start, database
) -> None:
    client = await start("membership")
    answer = await client.put(
        f"/v1/areas/{DISTRICT}", json={"name": "示范区"}, headers=scene.headers()
    )
    assert answer.status_code == 201
    pool = (await database("membership")).pool
    await published(pool)
    scene.nats.stop()
    scene.nats.wipe()
    scene.nats.start()
    said: list[str] = []
    await migrate_all(scene.settings, said.append, wait=10)
    assert "1 events of membership restored" in said
    assert all(each.whole for each in await streams.check(scene.settings, ["membership", "bases"]))


async def published(pool) -> None:
    async def empty() -> bool:
        return not await pool.fetchval("SELECT count(*) FROM outbox")

    await eventually(empty)


async def test_migrating_twice_changes_nothing(scene) -> None:
    said: list[str] = []
    await migrate_all(scene.settings, said.append)
    assert said == ["databases are at this release"]


async def test_a_database_that_cannot_be_migrated_is_named_with_the_reason(scene, database) -> None:
    pool = (await database("bases")).pool
    await pool.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ProgramFailedError, match=r"(?s)bases.*9999"):
        await migrate_all(scene.settings, lambda _: None)


async def test_restoring_whole_streams_writes_nothing(scene) -> None:
    written = await streams.restore(
        scene.settings, ["membership", "bases"], durables(), lambda *_: None
    )
    assert written == {"membership": 0, "bases": 0}
