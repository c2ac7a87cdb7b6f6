"""Series at once over one venue: the race is shown first, then shown gone."""

from functools import partial
from itertools import pairwise
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.bases.tables import occasions, slots
from services.chassis.database import Database
from tests.clock import tomorrow
from tests.service.bases.series import (
    LOAD_DISAGREES,
    overlapping,
    series,
    series_request,
)
from tests.service.office import Office
from tests.together import outcomes, together

CLIENTS = 20
DAYS = 6


@pytest.fixture
async def db(database) -> Database:
    return await database("bases")


async def at_once(office: Office, **given: Any) -> list[httpx.Response]:
    """Everybody asks for a daily series, each ten minutes later than the one before."""
    asked = [
        series_request(
            office,
            starts_at=tomorrow(*divmod(540 + 10 * place, 60)),
            ends_at=tomorrow(*divmod(600 + 10 * place, 60)),
            times=DAYS,
            **given,
        )
        for place in range(CLIENTS)
    ]
    return await together(office.post("/v1/series", each) for each in asked)


async def test_with_every_guard_off_series_book_over_each_other(office, db, monkeypatch):
    """No lock, no look, no constraint: the test that follows would not pass by luck."""
    await db.pool.execute("ALTER TABLE booking DROP CONSTRAINT one_booking_at_a_time")
    monkeypatch.setattr(occasions, "ASK", occasions.ASK.replace(occasions.LOCK, "NULL"))
    monkeypatch.setattr(slots, "INSERT", slots.INSERT.replace(slots.TAKEN, "false"))

    answers = await at_once(office)

    assert outcomes(answers)[201, None] == CLIENTS
    assert await overlapping(db) > 0


async def test_without_the_lock_a_look_alone_lets_series_book_over_each_other(
    office, db, monkeypatch
):
    await db.pool.execute("ALTER TABLE booking DROP CONSTRAINT one_booking_at_a_time")
    monkeypatch.setattr(occasions, "ASK", occasions.ASK.replace(occasions.LOCK, "NULL"))

    for _ in range(3):
        await at_once(office)

    assert await overlapping(db) > 0


@pytest.mark.parametrize("on_conflict", ["refuse", "skip"])
async def test_of_twenty_series_at_once_nobody_is_booked_over_and_every_refusal_is_clean(
    office, db, on_conflict
):
    answers = await at_once(office, on_conflict=on_conflict)

    assert await overlapping(db) == 0
    assert set(outcomes(answers)) == {(201, None), (409, "series-refused")}
    won = [answer.json() for answer in answers if answer.status_code == 201]
    begins = sorted(each["occurrences"][0]["starts_at"] for each in won)
    assert len(set(begins)) == len(begins)
    assert all(len(each["occurrences"]) == DAYS for each in won)
    assert await db.pool.fetchval("SELECT count(*) FROM booking") == DAYS * len(won)
    for answer in answers:
        if answer.status_code == 409:
            told = answer.json()["occurrences"]
            assert len(told) == DAYS
            assert all(each["facts"]["free_next"] for each in told)


async def test_series_single_bookings_and_changes_at_once_leave_no_overlap_and_no_deadlock(
    office, db
):
    """With a quota, so that its counters are fought over, too, and two venues crosswise."""
    limits = await office.bases.put(
        f"/v1/bases/{office.base_id}/terms",
        json={"own": {"per_week": 200, "per_month": 400, "per_year": 900}},
        headers=office.scene.headers(**{"If-Match": '"1"'}),
    )
    assert limits.status_code == 200
    first = await series(office, starts_at=tomorrow(6), ends_at=tomorrow(7), times=DAYS)
    other = await series(
        office, venue_id=office.square, starts_at=tomorrow(6), ends_at=tomorrow(7), times=DAYS
    )

    async def shift(made: dict[str, Any], place: int) -> httpx.Response:
        path = f"/v1/series/{made['series_id']}"
        now = await office.bases.get(path, headers=office.scene.headers())
        to = office.square if made is first else office.hall
        change = {"scope": "all", "starts_at": f"{5 + place:02}:30", "venue_id": to}
        tag = f'"{now.json()["version"]}"'
        return await office.post(
            f"{path}/change", change | {"on_conflict": "skip"}, **{"If-Match": tag}
        )

    async def single(place: int) -> httpx.Response:
        times = (tomorrow(9 + place, days=place), tomorrow(9 + place, 45, days=place))
        return await office.post(
            "/v1/bookings", office.booking(starts_at=times[0], ends_at=times[1])
        )

    async def whole(place: int) -> httpx.Response:
        times = (tomorrow(8 + place, 10), tomorrow(9 + place, 10))
        asked = series_request(
            office, starts_at=times[0], ends_at=times[1], times=DAYS, on_conflict="skip"
        )
        return await office.post("/v1/series", asked)

    answers = await together(
        [
            *(single(place) for place in range(1, 8)),
            *(whole(place) for place in range(7)),
            *(shift(made, place) for place in range(3) for made in (first, other)),
        ]
    )

    assert set(outcomes(answers)) <= {
        *((200, None), (201, None), (409, "slot-taken"), (409, "series-refused")),
        (412, "version-changed"),
    }
    assert await overlapping(db) == 0
    assert await db.pool.fetch(LOAD_DISAGREES) == []
    assert await db.pool.fetch(QUOTA_DISAGREES) == []
    assert await db.pool.fetchval("SELECT count(*) FROM booking WHERE NOT holds") == 0


QUOTA_DISAGREES = """
SELECT q.span, q.begins, q.used, count(b.booking_id)
  FROM quota_use q LEFT JOIN booking b
    ON b.base_id = q.base_id AND b.organisation_id = q.organisation_id
   AND date_trunc(q.span, b.starts_at AT TIME ZONE 'Asia/Shanghai') = q.begins
 GROUP BY q.base_id, q.organisation_id, q.span, q.begins, q.used
HAVING q.used <> count(b.booking_id)
"""


async def test_of_two_changes_of_one_version_one_is_made(office, db):
    made = await series(office, times=DAYS)
    change = partial(office.post, f"/v1/series/{made['series_id']}/change", **{"If-Match": '"1"'})

    answers = await together(
        change({"scope": "all", "starts_at": f"{hour}:00"}) for hour in (11, 13, 15)
    )

    assert outcomes(answers) == {(200, None): 1, (412, "version-changed"): 2}
    versions = await db.pool.fetch(
        "SELECT aggregate_version FROM event_log WHERE aggregate_id = $1 ORDER BY id",
        UUID(made["series_id"]),
    )
    found = [row["aggregate_version"] for row in versions]
    assert all(b == a + 1 for a, b in pairwise(found))
    assert found == [1, 2]
