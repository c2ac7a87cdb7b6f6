"""Bookings through an outage of the broker, a death of the database, and a polite stop."""

import asyncio
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest

from contracts.event import stream_of
from ops.embedded.nats import EmbeddedNats
from ops.embedded.postgres import EmbeddedPostgres
from ops.services import BY_NAME
from services.chassis.clock import LOCAL
from services.chassis.migrate import ensure_database, migrate
from services.chassis.settings import Settings
from tests.chaos.child import child
from tests.clock import filed, tomorrow, unpublished
from tests.conftest import ISSUER, Issuer, Scene
from tests.eventually import eventually
from tests.profiles import LONG
from tests.service.chassis.probe import Stored, stored
from tests.service.office import Office, open_office

AWAY_S = 60.0 if LONG else 15.0
LEAST = 20
"""Bookings made meanwhile."""
BASES = stream_of("bases")


def in_order(found: list[Stored]) -> bool:
    """Each aggregate's versions once and without a gap, as they stand in the stream."""
    at: dict[object, int] = {}
    for each in found:
        if each.version != at.get(each.tally, 0) + 1:
            return False
        at[each.tally] = each.version
    return True


async def stream_follows(scene: Scene, pool: asyncpg.Pool | asyncpg.Connection) -> None:
    """Until the stream holds exactly what the log does."""

    async def whole() -> bool:
        return await pool.fetchval("SELECT count(*) FROM outbox") == 0

    await eventually(whole)
    client = await scene.connect("look")
    found = await stored(client, BASES)
    await client.close()
    logged = await pool.fetch("SELECT event_id::text FROM event_log")
    assert sorted(each.event_id for each in found) == sorted(row["event_id"] for row in logged)
    assert in_order(found)


async def test_without_the_broker_bookings_go_on_and_their_events_follow_in_order(
    scene, start, database, nats_server
):
    office = await open_office(scene, start, background=True)
    pool = (await database("bases")).pool

    async def parts() -> dict[str, bool]:
        body = (await office.bases.get("/readyz")).json()
        return {name: part["ok"] for name, part in body["parts"].items()}

    async def relay_says(ok: bool) -> bool:  # noqa: FBT001  reads as a sentence
        return (await parts())["relay"] is ok

    await eventually(lambda: relay_says(True))
    nats_server.stop()
    ends = asyncio.get_running_loop().time() + AWAY_S
    booked = 0
    while asyncio.get_running_loop().time() < ends or booked < LEAST:
        day = 1 + booked // 90  # the square holds a hundred
        booking = await office.book(
            venue_id=office.square,
            headcount=1,
            starts_at=tomorrow(9, days=day),
            ends_at=tomorrow(10, days=day),
        )
        await office.step(booking, "confirm")
        booked += 1
        await asyncio.sleep(0.2)
    found = await parts()
    assert (found["relay"], found["database"]) == (False, True)
    assert (await office.bases.get("/healthz")).status_code == 200
    metrics = (await office.bases.get("/metrics")).text
    pending = await pool.fetchval("SELECT count(*) FROM outbox")
    assert pending >= booked * 2  # asked for and confirmed, and who is told of it
    assert f"jiceng_outbox_pending {pending}" in metrics.replace(".0\n", "\n")
    await asyncio.to_thread(nats_server.start)
    await stream_follows(scene, pool)
    await eventually(lambda: relay_says(True))


# The database


@pytest.fixture
def mortal(memory: Path) -> Iterator[EmbeddedPostgres]:
    """A server of this test's own, to be killed."""
    with EmbeddedPostgres(memory / "mortal" / "data") as server:
        yield server


@pytest.fixture
async def mortal_scene(mortal: EmbeddedPostgres, nats_server: EmbeddedNats, issuer: Issuer):
    settings = Settings(
        database_url=mortal.url_template,
        nats_url=nats_server.url,
        issuer=ISSUER,
        jwks_url=f"file://{issuer.jwks}",
    )
    dsn = settings.database_dsn("bases")
    await ensure_database(dsn)
    await migrate(dsn, BY_NAME["bases"].migrations)
    connection = await asyncpg.connect(dsn)
    await connection.execute("INSERT INTO calendar_year SELECT unnest($1::int[])", unpublished())
    await connection.close()
    scene = Scene(settings, nats_server, issuer)
    await scene.provision()
    return scene


async def book_until_answered(office: Office, key: str, seen: list[httpx.Response]) -> str:
    """As a client does it: the same key until there is an answer; returns the booking's id.

    The service is a process with the real clock.
    """
    starts_at = datetime.now(LOCAL) + timedelta(days=2)
    body = office.booking(
        venue_id=office.square,
        headcount=1,
        starts_at=starts_at.isoformat(),
        ends_at=(starts_at + timedelta(hours=1)).isoformat(),
        occurred_at=filed().isoformat(),
    )
    while True:
        headers = office.scene.headers() | {"Idempotency-Key": key}
        answer = await office.bases.post("/v1/bookings", json=body, headers=headers)
        if answer.status_code == 201:
            return str(answer.json()["booking_id"])
        seen.append(answer)
        await asyncio.sleep(0.1)


async def test_a_database_killed_under_load_loses_no_acknowledged_booking(
    mortal, mortal_scene, tmp_path
):
    async with child(mortal_scene, "bases", tmp_path) as bases:
        bases.start()
        await bases.ready()

        async def started(*_: object, **__: object) -> httpx.AsyncClient:
            return bases.client

        office = await open_office(mortal_scene, started)
        refused: list[httpx.Response] = []
        acknowledged: list[str] = []

        async def clerk(name: str) -> None:
            for turn in range(15):
                acknowledged.append(await book_until_answered(office, f"{name}-{turn}", refused))
                await asyncio.sleep(0.05)

        clerks = [asyncio.create_task(clerk(name)) for name in "ABCD"]
        await eventually(lambda: some(acknowledged, 8))
        mortal.kill()
        await eventually(lambda: some(refused, 8))
        assert (await bases.client.get("/readyz")).status_code == 503
        assert (await bases.client.get("/healthz")).status_code == 200
        await asyncio.to_thread(mortal.start)
        await asyncio.gather(*clerks)
        await bases.ready()

        assert {each.status_code for each in refused} == {503}
        assert all(int(each.headers["Retry-After"]) > 0 for each in refused)
        assert {each.headers["content-type"] for each in refused} == {"application/problem+json"}
        connection = await asyncpg.connect(mortal_scene.settings.database_dsn("bases"))
        kept = await connection.fetch("SELECT booking_id::text FROM booking")
        assert sorted(acknowledged) == sorted(row["booking_id"] for row in kept)
        assert len(acknowledged) == 60
        await stream_follows(mortal_scene, connection)
        await connection.close()


async def some(things: list[object], count: int) -> bool:
    return len(things) >= count


# A stop


async def test_asked_to_stop_a_service_finishes_the_request_in_flight(scene, database, tmp_path):
    writer = await database("membership")
    async with child(scene, "membership", tmp_path) as membership:
        membership.start(JICENG_DRAIN_SECONDS="10")
        await membership.ready()
        async with writer.pool.acquire() as connection:
            holding = connection.transaction()
            await holding.start()
            await connection.execute("LOCK TABLE area IN ACCESS EXCLUSIVE MODE")
            request = asyncio.create_task(
                membership.client.put(
                    "/v1/areas/410305", json={"name": "示范区"}, headers=scene.headers()
                )
            )

            async def in_flight() -> bool:
                waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
                return await connection.fetchval(waiting) > 0

            await eventually(in_flight)
            membership.program.signal(signal.SIGTERM)

            async def refuses_new_ones() -> bool:
                async with httpx.AsyncClient(base_url=membership.client.base_url) as another:
                    try:
                        await another.get("/healthz")
                    except httpx.TransportError:
                        return True
                return False

            await eventually(refuses_new_ones)
            assert not request.done()
            await holding.rollback()
        assert (await request).status_code == 201
        assert await asyncio.to_thread(membership.program.wait, 10)
        assert membership.program.exit_code == 0
    assert await writer.pool.fetchval("SELECT count(*) FROM event_log") == 1
