"""No lecturer is in two places at one time, by one wall at a time and by all together.

`test_storm.py` has forty clients after one lecturer, with all guards off and with all on.
"""

import asyncio
from collections import Counter

import httpx
import pytest

from services.bases.handlers.lecturers.claims import Diary
from services.bases.tables.lecturers import claims
from services.chassis.database import Database
from tests.clock import tomorrow
from tests.service.bases.lecturing import Team
from tests.service.office import Office
from tests.together import outcomes, together

CLIENTS = 40


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
    return await together(team.assign(booking, lecturer) for booking in bookings)


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
    monkeypatch.setattr(Diary, "clashing", blind)
    other = await team.office.book(
        venue_id=(team.office.square, elsewhere)[place],
        starts_at=tomorrow(9 + place, 15),
        ends_at=tomorrow(11),
    )

    answer = await team.assign(other, lecturer)

    assert (answer.status_code, answer.json()["code"]) == (409, "lecturer-taken")
    assert await bases.pool.fetchval(CLASHES) == 0


# All walls, over HTTP


async def test_rosters_assignments_and_moves_at_once_leave_nobody_in_two_places(team, bases):
    guides = [await team.join() for _ in range(3)]
    bookings = await crowd(team, 12)

    async def one(n: int) -> httpx.Response:
        if n % 3:
            return await team.assign(bookings[n % 12], guides[n % 2])
        minute = 480 + 20 * n
        begins, ends = (f"{at // 60:02}:{at % 60:02}" for at in (minute, minute + 45))
        return await team.shift(guides[n % 3], begins=begins, ends=ends)

    answers = await together(one(n) for n in range(CLIENTS - 4))

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

    answers = await together(swap(n) for n in range(18))

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
