"""Nobody is booked over and nothing is oversold, by one wall at a time and by all together.

That the races happen is shown in `tests/service/test_races.py` and `test_storm.py`.
"""

import asyncio
from collections import Counter
from functools import partial
from uuid import UUID

import asyncpg
import httpx
import pytest

from services.bases.tables import occasions, slots
from services.chassis.database import Database
from tests.clock import tomorrow
from tests.eventually import eventually
from tests.service.office import Office
from tests.together import outcomes, together

CLIENTS = 24


@pytest.fixture
async def bases(database) -> Database:
    return await database("bases")


async def overlapping(bases: Database) -> int:
    """Pairs of bookings that hold one exclusive venue at one time."""
    return await bases.pool.fetchval(
        "SELECT count(*) FROM booking a JOIN booking b"
        " ON a.venue_id = b.venue_id AND a.booking_id < b.booking_id AND a.during && b.during"
        " WHERE a.holds AND b.holds AND a.exclusive AND b.exclusive"
    )


async def booked_at_once(office: Office, hours: list[tuple[int, int]]) -> list[httpx.Response]:
    """Everybody asks for the hall at the same time, each for the hours (minutes of day) given."""
    return await together(
        office.post(
            "/v1/bookings",
            office.booking(
                starts_at=tomorrow(*divmod(since, 60)), ends_at=tomorrow(*divmod(until, 60))
            ),
        )
        for since, until in hours
    )


# One wall at a time


async def test_without_the_constraint_the_lock_and_the_look_still_hold(office, bases):
    await bases.pool.execute("ALTER TABLE booking DROP CONSTRAINT one_booking_at_a_time")

    for day in range(3):
        hours = [(540 + place + 200 * day, 600 + place + 200 * day) for place in range(CLIENTS)]
        answers = await booked_at_once(office, hours)
        assert outcomes(answers) == {(201, None): 1, (409, "slot-taken"): CLIENTS - 1}

    assert await overlapping(bases) == 0


async def test_without_the_lock_the_constraint_still_holds_and_refuses_cleanly(
    office, bases, monkeypatch
):
    unlocked = occasions.ASK.replace(occasions.LOCK, "NULL")
    monkeypatch.setattr(occasions, "ASK", unlocked)

    refused: Counter[tuple[int, str | None]] = Counter()
    for day in range(3):
        hours = [(540 + place + 200 * day, 600 + place + 200 * day) for place in range(CLIENTS)]
        refused += outcomes(await booked_at_once(office, hours))

    assert await overlapping(bases) == 0
    assert {status for status, _ in refused} <= {201, 409, 503}  # 503: a deadlock, and its queue
    assert refused[201, None] == 3


async def test_without_the_look_the_constraint_refuses_as_the_look_would(
    office, bases, monkeypatch
):
    unlooked = slots.INSERT.replace(slots.TAKEN, "false")
    monkeypatch.setattr(slots, "INSERT", unlooked)
    await office.book()

    answer = await office.post("/v1/bookings", office.booking())

    assert (answer.status_code, answer.json()["code"]) == (409, "slot-taken")
    assert await overlapping(bases) == 0


# All walls, over HTTP


async def test_of_forty_clients_with_overlapping_hours_exactly_the_free_slots_are_won(
    office, bases
):
    slot_hours = [(60 * hour, 60 * hour + 45) for hour in range(8, 16)]  # 45 min + 15 of buffer
    answers = await booked_at_once(office, slot_hours * 5)

    assert outcomes(answers) == {(201, None): 8, (409, "slot-taken"): 32}
    assert await overlapping(bases) == 0
    won = {a.json()["starts_at"] for a in answers if a.status_code == 201}
    assert len(won) == 8
    assert all(a.json()["taken"] for a in answers if a.status_code == 409)


async def test_shifted_hours_leave_bookings_that_cannot_be_added_to(office, bases):
    """Whoever wins, no refused request would have fitted beside the winners."""
    hours = [(480 + 13 * place, 540 + 13 * place) for place in range(40)]
    answers = await booked_at_once(office, hours)

    held = [h for h, a in zip(hours, answers, strict=True) if a.status_code == 201]
    assert await overlapping(bases) == 0
    assert outcomes(answers)[409, "slot-taken"] == 40 - len(held)
    for (since, until), answer in zip(hours, answers, strict=True):
        if answer.status_code == 409:
            assert any(since < b + 15 and a < until + 15 for a, b in held)


async def loads(bases: Database, office: Office) -> list[int]:
    rows = await bases.pool.fetch(
        "SELECT taken FROM venue_load WHERE venue_id = $1 ORDER BY bucket", office.square
    )
    return [row["taken"] for row in rows]


LOAD_DISAGREES = """
SELECT l.bucket, l.taken, coalesce(sum(b.headcount), 0) AS booked
  FROM venue_load l LEFT JOIN booking b
    ON b.venue_id = l.venue_id AND b.holds
   AND b.during && tstzrange(l.bucket, l.bucket + interval '15 minutes')
 GROUP BY l.venue_id, l.bucket, l.taken, l.capacity
HAVING l.taken <> coalesce(sum(b.headcount), 0) OR coalesce(sum(b.headcount), 0) > l.capacity
"""


async def test_a_shared_venue_is_filled_to_the_last_place_and_never_beyond(office, bases):
    asked = [
        office.booking(
            venue_id=office.square,
            headcount=5 + place % 9,
            starts_at=tomorrow(9 + place % 3, 5),
            ends_at=tomorrow(10 + place % 3, 20),
        )
        for place in range(40)
    ]

    answers = await together(office.post("/v1/bookings", one) for one in asked)

    assert set(outcomes(answers)) == {(201, None), (409, "venue-full")}
    assert await bases.pool.fetch(LOAD_DISAGREES) == []
    assert 90 < max(await loads(bases, office)) <= 100


async def test_a_storm_of_cancelling_and_booking_again_keeps_the_counters_exact(office, bases):
    async def come_and_go(place: int) -> None:
        request = office.booking(
            venue_id=office.square,
            headcount=3 + place,
            starts_at=tomorrow(9, 10 * (place % 5)),
            ends_at=tomorrow(11, place),
        )
        for _ in range(4):
            made = await office.post("/v1/bookings", request)
            assert made.status_code in {201, 409}, made.text
            if made.status_code == 201:
                await office.step(made.json(), "cancel")

    await together(come_and_go(place) for place in range(16))

    assert await bases.pool.fetch(LOAD_DISAGREES) == []
    assert set(await loads(bases, office)) == {0}


# One booking, one edit


@pytest.mark.parametrize("steps", [("confirm", "confirm"), ("cancel", "cancel")])
async def test_of_two_equal_steps_at_once_one_is_taken_and_one_refused(office, bases, steps):
    booking = await office.book()

    answers = await together(
        office.post(f"/v1/bookings/{booking['booking_id']}/{step}", {}) for step in steps
    )

    assert outcomes(answers) == {(200, None): 1, (409, "step-not-allowed"): 1}
    assert await versions(bases, booking["booking_id"]) == [1, 2]


async def test_many_steps_at_once_leave_versions_without_gaps_or_repetition(office, bases):
    booking = await office.book()
    path = f"/v1/bookings/{booking['booking_id']}"

    answers = await together(
        office.post(f"{path}/{step}", {}) for step in ["confirm", "cancel"] * 8
    )

    taken = sum(answer.status_code == 200 for answer in answers)
    assert taken in {1, 2}  # cancelled at once, or confirmed before
    assert await versions(bases, booking["booking_id"]) == list(range(1, taken + 2))
    now = await office.bases.get(path, headers=office.scene.headers())
    assert (now.json()["status"], now.json()["version"]) == ("cancelled", taken + 1)


async def versions(bases: Database, aggregate_id: str) -> list[int]:
    rows = await bases.pool.fetch(
        "SELECT aggregate_version FROM event_log WHERE aggregate_id = $1 ORDER BY id", aggregate_id
    )
    return [row["aggregate_version"] for row in rows]


@pytest.mark.parametrize("what", ["venues", "bases"])
async def test_of_two_edits_of_one_version_one_is_refused(office, bases, what):
    key = office.hall if what == "venues" else office.base_id
    path = f"/v1/{what}/{key}"

    answers = await together(
        office.bases.patch(
            path, json={"name": name}, headers=office.scene.headers(**{"If-Match": '"1"'})
        )
        for name in ("甲", "乙", "丙")
    )

    assert outcomes(answers) == {(200, None): 1, (412, "version-changed"): 2}
    assert await versions(bases, key) == [1, 2]


async def test_a_venue_edited_between_look_and_lock_is_looked_at_again(office, bases):
    """The editor holds the lock when the booking looks, and lowers the capacity below it."""
    connection = await asyncpg.connect(bases.dsn)
    edit = connection.transaction()
    await edit.start()
    await connection.execute(slots.LOCK_SLOTS, UUID(office.hall))
    booking = asyncio.create_task(office.post("/v1/bookings", office.booking(headcount=20)))
    await eventually(partial(bases.pool.fetchval, WAITING))
    await connection.execute(
        "UPDATE venue SET capacity = 10, version = version + 1 WHERE venue_id = $1",
        UUID(office.hall),
    )
    await edit.commit()
    await connection.close()

    answer = await booking

    assert (answer.status_code, answer.json()["code"]) == (409, "over-capacity")
    assert answer.json()["capacity"] == 10


WAITING = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"


async def test_a_venue_shrunk_while_it_is_booked_is_never_left_overbooked(office, bases):
    async def shrink() -> httpx.Response:
        return await office.bases.patch(
            f"/v1/venues/{office.square}",
            json={"capacity": 50},
            headers=office.scene.headers(**{"If-Match": '"1"'}),
        )

    request = office.booking(venue_id=office.square, headcount=30)
    answers = await together(
        shrink() if place == 2 else office.post("/v1/bookings", request) for place in range(6)
    )

    capacity = await bases.pool.fetchval(
        "SELECT capacity FROM venue WHERE venue_id = $1", office.square
    )
    assert max(await loads(bases, office)) <= capacity
    assert await bases.pool.fetch(LOAD_DISAGREES) == []
    assert {answer.status_code for answer in answers} <= {200, 201, 409}


# What the database says when it is in trouble


RAISE = """
CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'injected' USING ERRCODE = '{state}'; END $$;
CREATE TRIGGER trouble BEFORE INSERT ON booking FOR EACH ROW EXECUTE FUNCTION trouble();
"""


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        ("40P01", 503, "busy"),
        ("40001", 503, "busy"),
        ("55P03", 503, "busy"),
        ("57014", 503, "busy"),
        ("53100", 503, "unavailable"),
        ("XX000", 500, "defect"),
    ],
)
async def test_trouble_in_the_database_is_said_plainly_and_the_same_key_works_after_it(
    office, bases, state, status, code
):
    await bases.pool.execute(RAISE.format(state=state))
    headers = office.scene.headers()
    before = await bases.pool.fetchval("SELECT count(*) FROM event_log")

    refused = await office.bases.post("/v1/bookings", json=office.booking(), headers=headers)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert ("retry-after" in refused.headers) == (status == 503)
    assert "injected" not in refused.text
    assert refused.headers["x-correlation-id"]
    assert await bases.pool.fetchval("SELECT count(*) FROM event_log") == before
    await bases.pool.execute("DROP TRIGGER trouble ON booking")
    again = await office.bases.post("/v1/bookings", json=office.booking(), headers=headers)
    assert again.status_code == 201
