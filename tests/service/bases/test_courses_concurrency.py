"""Seats of a session, over HTTP; `test_storm.py` shows the race with every guard off."""

import pytest

from services.bases.tables import courses as tables
from services.chassis.database import Database
from tests.service.bases.schooling import School
from tests.service.office import Office
from tests.together import outcomes, together

CLIENTS, SEATS, ROUNDS = 40, 10, 5

AGREES = """
SELECT s.taken = coalesce(sum(u.headcount) FILTER (WHERE u.status = 'standing'), 0)
       AND s.taken <= s.seats
  FROM session s LEFT JOIN sign_up u USING (session_id)
 WHERE s.session_id = $1 GROUP BY s.session_id
"""


@pytest.fixture
async def bases(database) -> Database:
    return await database("bases")


@pytest.fixture
async def school(office: Office) -> School:
    opened = School(office)
    await opened.open()
    return opened


async def test_capacity_under_race_forty_clients_never_oversell_the_seats_of_a_session(
    school, bases
):
    for _ in range(ROUNDS):
        session = await school.announce(seats=SEATS)

        answers = await together(
            school.sign_up(session, headcount=1 + place % 4) for place in range(CLIENTS)
        )

        assert set(outcomes(answers)) == {(201, None), (409, "session-full")}
        won = sum(answer.json()["headcount"] for answer in answers if answer.status_code == 201)
        assert await bases.pool.fetchval(AGREES, session["session_id"])
        # Whoever asked for one seat was refused only when none was left.
        assert (await school.session(session))["taken"] == won == SEATS
        refused = [answer.json() for answer in answers if answer.status_code == 409]
        assert all(each["free"] < 4 and each["following"] is not None for each in refused)


async def test_without_the_guarded_update_the_constraint_still_refuses_to_oversell(
    school, bases, monkeypatch
):
    monkeypatch.setattr(tables, "TAKE", tables.TAKE.replace("AND taken + $2 <= seats", ""))
    session = await school.announce(seats=SEATS)

    answers = await together(school.sign_up(session, headcount=3) for _ in range(8))

    assert sum(answer.status_code == 201 for answer in answers) == 3
    assert await bases.pool.fetchval(AGREES, session["session_id"])


async def test_a_storm_of_coming_and_going_and_resizing_keeps_the_counter_exact(school, bases):
    session = await school.announce(seats=SEATS)
    office = school.office

    async def come_and_go(place: int) -> None:
        for _ in range(3):
            made = await school.sign_up(session, headcount=1 + place % 4)
            assert made.status_code in {201, 409}, made.text
            if made.status_code == 409:
                continue
            path = f"/v1/sign-ups/{made.json()['sign_up_id']}"
            headers = office.scene.headers(**{"If-Match": '"1"'})
            resized = await office.bases.patch(path, json={"headcount": 3}, headers=headers)
            assert resized.status_code in {200, 409}, resized.text
            gone = await office.post(f"{path}/withdraw", {})
            assert gone.status_code == 200, gone.text

    await together(come_and_go(place) for place in range(12))

    assert await bases.pool.fetchval(AGREES, session["session_id"])
    assert (await school.session(session))["taken"] == 0


async def test_one_organisation_asking_many_times_at_once_signs_up_once(school, office, bases):
    session = await school.announce(seats=100)

    answers = await together(
        school.sign_up(session, headcount=2, organisation_id=office.organisation_id)
        for _ in range(12)
    )

    assert outcomes(answers) == {(201, None): 1, (409, "signed-up-already"): 11}
    assert (await school.session(session))["taken"] == 2


async def test_signing_up_while_the_session_is_cancelled_leaves_nobody_behind(school, bases):
    for _ in range(ROUNDS):
        session = await school.announce(seats=SEATS)
        path = f"/v1/sessions/{session['session_id']}/cancel"

        answers = await together(
            school.office.post(path, {}) if place == 3 else school.sign_up(session, headcount=1)
            for place in range(8)
        )

        assert set(outcomes(answers)) <= {(200, None), (201, None), (409, "session-over")}
        assert await bases.pool.fetchval(AGREES, session["session_id"])
        assert (await school.session(session))["taken"] == 0


async def test_seats_taken_away_while_people_sign_up_are_never_those_taken(school, bases):
    for _ in range(ROUNDS):
        session = await school.announce(seats=SEATS)
        path = f"/v1/sessions/{session['session_id']}"
        headers = school.office.scene.headers(**{"If-Match": '"1"'})

        answers = await together(
            school.office.bases.patch(path, json={"seats": 4}, headers=headers)
            if place == 3
            else school.sign_up(session, headcount=2)
            for place in range(8)
        )

        assert {answer.status_code for answer in answers} <= {200, 201, 409}
        assert await bases.pool.fetchval(AGREES, session["session_id"])
