"""An activity is recorded once and counted once: each race is shown first, then shown gone."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import asyncpg
import pytest

from services.chassis import sweeps
from services.membership.handlers.cadence import FOLLOW
from tests import storms
from tests.service.membership.life import Now, begin
from tests.together import together

CLIENTS = 12


@pytest.fixture
async def life(scene, start, database):
    return await begin(
        scene, start, database, Now(datetime.fromisoformat("2020-03-10T10:00:00+08:00"))
    )


async def recorded_at_once(life, day: int) -> Counter[int]:
    starts = datetime.fromisoformat("2019-12-31T09:00:00+08:00") + timedelta(days=day)
    body = life.meeting(starts_at=starts.isoformat(), headcount=10)
    answers = await together(life.post("/v1/activities", body) for _ in range(CLIENTS))
    return Counter(answer.status_code for answer in answers)


async def twice(life) -> int:
    return await life.database.pool.fetchval(
        "SELECT count(*) FROM (SELECT 1 FROM activity WHERE status = 'held'"
        " GROUP BY organisation_id, kind, starts_at HAVING count(*) > 1) AS doubled"
    )


async def test_without_the_constraint_the_same_activity_is_recorded_twice(life):
    await life.database.pool.execute("DROP INDEX activity_once")

    async def one(number: int) -> int:
        before = await twice(life)
        await recorded_at_once(life, 1 + number)
        return await twice(life) - before

    await storms.until_seen("record an activity", one)


async def test_of_many_clients_that_record_the_same_activity_one_does(life):
    rounds = storms.rounds("record an activity", at_length=28)

    for number in range(rounds):
        assert await recorded_at_once(life, 1 + number) == {201: 1, 409: CLIENTS - 1}

    assert await twice(life) == 0
    assert len(await life.events("activity.completed")) == rounds


async def test_counting_without_the_lock_loses_what_another_records_meanwhile(life):
    await life.database.pool.execute("CREATE TABLE unguarded (held int NOT NULL)")
    await life.database.pool.execute("CREATE TABLE happened (n int NOT NULL)")
    await life.database.pool.execute("INSERT INTO unguarded VALUES (0)")
    connections = [await asyncpg.connect(life.database.dsn) for _ in range(2)]
    gate = asyncio.Barrier(2)

    async def record(connection: asyncpg.Connection) -> None:
        async with connection.transaction():
            await connection.execute("INSERT INTO happened VALUES (1)")
            count = await connection.fetchval("SELECT count(*) FROM happened")
            await gate.wait()
            await connection.execute("UPDATE unguarded SET held = $1", count)

    await asyncio.gather(*map(record, connections))
    await asyncio.gather(*(connection.close() for connection in connections))

    assert await life.database.pool.fetchval("SELECT held FROM unguarded") == 1  # of two


async def test_activities_of_one_period_recorded_at_once_all_count(life):
    await life.clockwork()

    answers = await together(
        life.post(
            "/v1/activities",
            life.meeting(kind="theme-day", starts_at=f"2020-02-{day:02}T09:00:00+08:00"),
        )
        for day in range(1, CLIENTS + 1)
    )

    assert {answer.status_code for answer in answers} == {201}
    held = "SELECT held FROM duty WHERE kind = 'theme-day' AND due_on = '2020-02-29'"
    assert await life.database.pool.fetchval(held) == CLIENTS
    told = [data for _, _, data in await life.events("duty.reassessed")]
    assert sorted(each["held"] for each in told) == list(range(1, CLIENTS + 1))


async def test_an_activity_recorded_while_the_clock_opens_the_period_counts(life):
    context = life.client.app.state.context
    branches = [await life.organisation(f"ZB-{n}") for n in range(2, 8)]

    async def record(branch: dict) -> None:
        body = life.meeting(
            organisation_id=branch["organisation_id"],
            kind="theme-day",
            starts_at="2020-02-05T09:00:00+08:00",
        )
        assert (await life.post("/v1/activities", body)).status_code == 201

    await together([*map(record, branches), sweeps.once(context, FOLLOW)])
    await sweeps.once(context, FOLLOW)  # those that were being recorded were passed over

    held = await life.database.pool.fetch(
        "SELECT held FROM duty WHERE kind = 'theme-day' AND due_on = '2020-02-29'"
    )
    assert sorted(row["held"] for row in held) == [0, 1, 1, 1, 1, 1, 1]
