"""Forty clients, one thing, many rounds: nothing is given away twice, no transaction ends in a
deadlock, and whoever is refused is told what is free instead, and can have it.

All over HTTP, with a connection for each client, at each isolation level that a database may have
as its default. Above READ COMMITTED a client may be told to come again (503, `busy`) where two
change one counter.

With every guard off the same storm breaks what it is about: first that is seen ten times, then as
many rounds are run with all guards on.
"""

import asyncio
from typing import Any

import asyncpg
import pytest

from services.chassis.database import Database
from tests import storms
from tests.conftest import Scene, Start
from tests.service.bases import contests, storm
from tests.service.bases.storm import LEVELS, READ_COMMITTED, survived
from tests.service.office import Office, open_office

CONTESTS = {
    contests.Venue: 60,
    contests.Lecturer: 60,
    contests.Equipment: 8,
    contests.Quota: 8,
    contests.Promotion: 8,
    contests.Seats: 8,
}
"""With their rounds at length."""


@pytest.fixture
def level(request: pytest.FixtureRequest, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> str:
    chosen = getattr(request, "param", READ_COMMITTED)
    storm.isolate(scene, chosen, monkeypatch)
    return str(chosen)


@pytest.fixture
async def office(level: str, scene: Scene, start: Start) -> Office:
    return await open_office(scene, start)


@pytest.fixture
async def bases(level: str, database: Any) -> Database:
    return await database("bases")


@pytest.mark.parametrize("contest", CONTESTS)
async def test_with_every_guard_off_the_same_storm_gives_things_away_twice(
    office, bases, contest, monkeypatch
):
    raging = contest(office, bases)
    await raging.open()
    await raging.unguard(monkeypatch)
    tally, broken = storm.Tally(), 0

    async def one(number: int) -> int:
        nonlocal broken
        before = broken
        await tally.storm(await raging.round(number))
        broken = len(await bases.pool.fetch(contest.broken))
        return broken - before

    await storms.until_seen(contest.__name__, one)

    assert not any(status == 500 for status, _ in tally.answers), tally


@pytest.mark.parametrize("level", LEVELS, indirect=True)
@pytest.mark.parametrize("contest", CONTESTS)
async def test_of_forty_clients_after_one_thing_none_gets_what_another_has(
    office, bases, level, contest
):
    rounds = storms.rounds(contest.__name__, at_length=CONTESTS[contest])

    tally = await survived(contest(office, bases), rounds, level)

    if contest is contests.Venue:
        assert set(tally.answers) == {(201, None), (409, "slot-taken")}  # nobody is sent away
        assert tally.followed > rounds * 3 // 4  # else others of the round had all that was named
    elif contest.refused is not None and level == READ_COMMITTED:
        assert tally.followed == rounds


async def test_a_deadlock_would_be_counted(office, bases):
    """Two transactions want each other's lock; one of them is ended, and that is seen."""
    meet = asyncio.Barrier(2)

    async def lock(first: int) -> None:
        async with bases.pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", first)
            await meet.wait()
            await connection.execute("SELECT pg_advisory_xact_lock($1)", 3 - first)

    ended = await asyncio.gather(lock(1), lock(2), return_exceptions=True)

    assert [type(each) for each in ended if each] == [asyncpg.DeadlockDetectedError]
    assert await storm.deadlocks(office, bases) == 1
