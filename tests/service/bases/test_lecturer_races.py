"""No lecturer is in two places at one time: each race is shown first, then shown gone."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from functools import partial

import asyncpg
import httpx
import pytest

from services.bases.handlers.lecturers import claims as handlers
from services.bases.tables.lecturers import claims
from services.chassis.database import SERVER_SETTINGS, Database
from tests.clock import tomorrow
from tests.conftest import Scene, Start
from tests.service.bases.lecturing import Team
from tests.service.bases.test_concurrency import compete, outcomes
from tests.service.office import Office, open_office

CLIENTS = 40
ROUNDS = 60


@pytest.fixture
async def bases(office: Office, database) -> Database:
    return await database("bases")


CLASHES = """
SELECT count(*) FROM lecturer_assignment a JOIN lecturer_assignment b
    ON a.lecturer_id = b.lecturer_id AND a.assignment_id < b.assignment_id
   AND (a.during && b.during OR a.place_id <> b.place_id AND a.reach && b.reach)
 WHERE a.holds AND b.holds
"""
DROP_WALLS = """
ALTER TABLE lecturer_assignment DROP CONSTRAINT one_task_at_a_time,
                                DROP CONSTRAINT time_to_get_there
"""


async def crowd(team: Team, bookings: int = CLIENTS) -> list[str]:
    """Bookings of an hour at two bases, each five minutes later than the one before."""
    _, elsewhere = await team.base("JD-2")
    places = (team.office.square, elsewhere)
    asked = [
        team.office.book(
            venue_id=places[n % 2],
            headcount=1,
            starts_at=tomorrow(*divmod(480 + 5 * n, 60)),
            ends_at=tomorrow(*divmod(540 + 5 * n, 60)),
        )
        for n in range(bookings)
    ]
    return [(await booking)["booking_id"] for booking in asked]


async def assigned_at_once(team: Team, bookings: list[str], lecturer: str) -> list[httpx.Response]:
    return await asyncio.gather(*(team.assign(booking, lecturer) for booking in bookings))


# The race itself, with every guard off


async def test_looking_before_assigning_clashes_when_nothing_guards_it(bases):
    await bases.pool.execute("CREATE TABLE unguarded (round int, during tstzrange NOT NULL)")
    morning = datetime.fromisoformat(tomorrow(9))

    async def look_then_assign(at_round: int, connection: asyncpg.Connection, place: int) -> None:
        since = morning + timedelta(minutes=place)
        span = at_round, since, since + timedelta(hours=1)
        if not await connection.fetchval(
            "SELECT count(*) FROM unguarded WHERE round = $1 AND during && tstzrange($2, $3)", *span
        ):
            await connection.execute("INSERT INTO unguarded VALUES ($1, tstzrange($2, $3))", *span)

    for at_round in range(8):
        await compete(bases.dsn, 24, partial(look_then_assign, at_round))

    clashing = await bases.pool.fetchval(
        "SELECT count(*) FROM unguarded a JOIN unguarded b"
        " ON a.round = b.round AND a.during < b.during AND a.during && b.during"
    )
    assert clashing > 0, "the race this file is about did not happen: the test proves nothing"


async def test_over_http_lecturers_clash_when_lock_and_walls_are_taken_away(
    team, bases, monkeypatch
):
    await bases.pool.execute(DROP_WALLS)
    monkeypatch.setattr(claims, "LOCK_ALL", "SELECT $1::uuid[]")
    bookings = await crowd(team, 12)

    for _ in range(6):
        await assigned_at_once(team, bookings, await team.join())

    assert await bases.pool.fetchval(CLASHES) > 0, "the guards are not what prevents it"


# One wall at a time


async def test_without_the_constraints_lock_and_look_still_hold(team, bases):
    await bases.pool.execute(DROP_WALLS)
    bookings = await crowd(team, 24)

    for _ in range(3):
        answers = await assigned_at_once(team, bookings, await team.join())
        assert set(outcomes(answers)) == {(200, None), (409, "lecturer-taken")}

    assert await bases.pool.fetchval(CLASHES) == 0


async def test_without_the_lock_the_constraints_still_hold_and_refuse_cleanly(
    team, bases, monkeypatch
):
    monkeypatch.setattr(claims, "LOCK_ALL", "SELECT $1::uuid[]")
    bookings = await crowd(team, 24)

    seen: Counter[tuple[int, str | None]] = Counter()
    for _ in range(3):
        seen += outcomes(await assigned_at_once(team, bookings, await team.join()))

    assert await bases.pool.fetchval(CLASHES) == 0
    assert {status for status, _ in seen} <= {200, 409, 503}  # 503: a deadlock, and its queue
    assert seen[200, None] >= 3


@pytest.mark.parametrize("place", [0, 1])
async def test_without_the_look_the_constraints_refuse_as_the_look_would(
    team, bases, monkeypatch, place
):
    """The same base at the same time, and the other base within the time to travel."""

    async def blind(*_: object, **__: object) -> list[object]:
        return []

    lecturer = await team.join()
    _, elsewhere = await team.base("JD-2")
    await team.assigned(await team.office.book(), lecturer)
    monkeypatch.setattr(handlers, "clashing", blind)
    other = await team.office.book(
        venue_id=(team.office.square, elsewhere)[place],
        starts_at=tomorrow(9 + place, 15),
        ends_at=tomorrow(11),
    )

    answer = await team.assign(other, lecturer)

    assert (answer.status_code, answer.json()["code"]) == (409, "lecturer-taken")
    assert await bases.pool.fetchval(CLASHES) == 0


# All walls, over HTTP


async def test_no_lecturer_clash_among_forty_clients_in_sixty_rounds(team, bases):
    """Whoever wins, no refused assignment would have fitted beside the winners."""
    bookings = await crowd(team)

    for _ in range(ROUNDS):
        answers = await assigned_at_once(team, bookings, await team.join())
        assert set(outcomes(answers)) == {(200, None), (409, "lecturer-taken")}
        won = [n for n, answer in enumerate(answers) if answer.status_code == 200]
        for n, answer in enumerate(answers):
            if answer.status_code == 409:
                assert any(abs(n - m) * 5 < 60 + 30 * ((n - m) % 2) for m in won)
                assert answer.json()["free"]

    assert await bases.pool.fetchval(CLASHES) == 0


async def test_rosters_assignments_and_moves_at_once_leave_nobody_in_two_places(team, bases):
    guides = [await team.join() for _ in range(3)]
    bookings = await crowd(team, 12)

    async def one(n: int) -> httpx.Response:
        if n % 3:
            return await team.assign(bookings[n % 12], guides[n % 2])
        minute = 480 + 20 * n
        begins, ends = (f"{at // 60:02}:{at % 60:02}" for at in (minute, minute + 45))
        return await team.shift(guides[n % 3], begins=begins, ends=ends)

    answers = await asyncio.gather(*(one(n) for n in range(CLIENTS - 4)))

    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert await bases.pool.fetchval(CLASHES) == 0


async def test_of_many_guides_who_swap_at_once_each_shift_has_one(team, bases):
    """Everybody locks shifts and guides in one order: nobody waits for ever."""
    guides = [await team.join() for _ in range(6)]
    shifts = [await team.planned(guide) for guide in guides]

    async def swap(n: int) -> httpx.Response:
        other = shifts[(n + 1 + n // 6) % 6]["shift_id"]
        path = f"/v1/guide-shifts/{shifts[n % 6]['shift_id']}/swap"
        return await team.act(path, 1 + n // 6, with_shift_id=other)

    answers = await asyncio.gather(*(swap(n) for n in range(18)))

    assert {answer.status_code for answer in answers} <= {200, 409, 412, 422}
    held = await bases.pool.fetch(
        "SELECT s.shift_id FROM guide_shift s JOIN lecturer_assignment a USING (shift_id)"
        " WHERE a.holds AND a.lecturer_id = s.lecturer_id"
    )
    assert len(held) == 6
    assert await bases.pool.fetchval(CLASHES) == 0


async def test_who_is_retired_while_being_assigned_is_one_or_the_other(team, bases):
    for _ in range(5):
        lecturer = await team.join()
        booking = await team.office.book(venue_id=team.office.square, headcount=1)

        retired, given = await asyncio.gather(
            team.act(f"/v1/lecturers/{lecturer}/retire", 1), team.assign(booking, lecturer)
        )

        assert {retired.status_code, given.status_code} == {200, 409}


async def test_at_repeatable_read_nobody_is_in_two_places_either(
    scene: Scene, start: Start, database, monkeypatch
):
    """There the look may be older than the lock: the constraints are what holds."""
    monkeypatch.setitem(SERVER_SETTINGS, "default_transaction_isolation", "repeatable read")
    bases = await database("bases")
    team = Team(await open_office(scene, start))
    bookings = await crowd(team, 20)

    for _ in range(5):
        answers = await assigned_at_once(team, bookings, await team.join())
        assert {answer.status_code for answer in answers} <= {200, 409, 503}

    assert await bases.pool.fetchval(CLASHES) == 0
