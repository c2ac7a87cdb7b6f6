"""Closures over HTTP: announced, withdrawn, and what bookings meet."""

import asyncio
from datetime import timedelta
from uuid import UUID

import asyncpg
import httpx
import pytest

from services.bases.tables import slots
from tests.clock import OPENING, tomorrow
from tests.eventually import eventually
from tests.service.bases.hours import (
    NINE_TO_FIVE,
    TODAY,
    close,
    closed,
    get,
    refused,
    state,
)
from tests.service.office import Office
from tests.together import together

# Closures


async def test_blackouts_refuse_bookings_that_touch_them_and_no_others(office):
    await closed(office, starts_at=tomorrow(10), ends_at=tomorrow(12))

    assert (await refused(office, starts_at=tomorrow(9, 30), ends_at=tomorrow(10, 1)))["open"]
    assert (await refused(office, starts_at=tomorrow(11, 59), ends_at=tomorrow(13)))[
        "code"
    ] == "not-open"
    await office.book(starts_at=tomorrow(9), ends_at=tomorrow(10))
    await office.book(starts_at=tomorrow(12), ends_at=tomorrow(13))


async def test_a_closure_over_bookings_lists_them_and_cancels_none(office):
    booking = await office.book()

    answer = await close(office)

    assert (answer.status_code, answer.json()["code"]) == (409, "bookings-in-the-way")
    assert answer.json()["count"] == 1
    assert answer.json()["bookings"] == [
        {
            "booking_id": booking["booking_id"],
            "venue_id": office.hall,
            "starts_at": tomorrow(9),
            "ends_at": tomorrow(10),
            "status": "pending",
        }
    ]
    assert (await get(office, f"/v1/bookings/{booking['booking_id']}"))["status"] == "pending"
    assert (await get(office, "/v1/closures"))["items"] == []


async def test_a_closure_that_may_cancels_every_booking_in_its_way_and_says_so(office, database):
    first = await office.book()
    shared = await office.book(venue_id=office.square)
    later = await office.book(starts_at=tomorrow(9, days=3), ends_at=tomorrow(10, days=3))

    closure = await closed(office, cancel_bookings=True)

    assert closure["cancelled"] == 2
    states = [
        (await get(office, f"/v1/bookings/{each['booking_id']}"))["status"]
        for each in (first, shared, later)
    ]
    assert states == ["cancelled", "cancelled", "pending"]
    pool = (await database("bases")).pool
    rows = await pool.fetch(
        "SELECT body::json -> 'data' ->> 'closure_id' AS closure,"
        " body::json -> 'data' ->> 'reason' AS reason FROM event_log"
        " WHERE type = 'jiceng.bases.booking.cancelled.v1'"
    )
    assert [tuple(row) for row in rows] == [(closure["closure_id"], "by-base")] * 2
    assert set(await pool.fetchval("SELECT array_agg(taken) FROM venue_load")) == {0}


async def test_a_closure_of_one_venue_leaves_the_others_alone(office):
    await office.book(venue_id=office.square)

    await closed(office, venue_id=office.hall)

    await office.book(venue_id=office.square)
    assert (await refused(office))["code"] == "not-open"


async def test_a_booking_whose_buffer_alone_reaches_into_a_closure_is_in_nobodys_way(office):
    await office.book()  # to 10:00, 15 minutes of buffer

    await closed(office, starts_at=tomorrow(10), ends_at=tomorrow(12))


async def test_a_closure_does_not_undo_a_visit(office):
    soon = OPENING + timedelta(minutes=70)
    booking = await office.book(
        starts_at=soon.isoformat(), ends_at=(soon + timedelta(hours=1)).isoformat()
    )
    await office.step(booking, "confirm")
    await office.step(booking, "check-in", headcount=12)

    answer = await close(office, starts_at=soon.isoformat(), cancel_bookings=True)

    assert (answer.status_code, answer.json()["code"]) == (409, "visitors-inside")


async def test_a_withdrawn_closure_never_happens_and_one_under_way_ends(office):
    ahead = await closed(office)
    now = await closed(
        office,
        venue_id=office.square,
        starts_at=(OPENING - timedelta(hours=1)).isoformat(),
        ends_at=tomorrow(18),
    )

    for each in (ahead, now):
        answer = await office.post(f"/v1/closures/{each['closure_id']}/withdraw", {})
        assert answer.status_code == 200, answer.text
        again = await office.post(f"/v1/closures/{each['closure_id']}/withdraw", {})
        assert (again.status_code, again.json()["code"]) == (409, "closure-over")

    await office.book()
    await office.book(venue_id=office.square)
    gone = await get(office, "/v1/closures", withdrawn=True)
    assert {row["closure_id"] for row in gone["items"]} == {ahead["closure_id"], now["closure_id"]}
    assert (await get(office, "/v1/closures", withdrawn=False))["items"] == []


async def test_a_closure_ends_after_it_begins_and_has_a_known_reason(office):
    reversed_ = await close(office, ends_at=tomorrow(0))
    unknown = await close(office, reason_kind="whim")

    assert (reversed_.status_code, reversed_.json()["field"]) == (422, "ends_at")
    assert (unknown.json()["code"], unknown.json()["field"]) == ("unknown-kind", "reason_kind")


async def test_closures_are_listed_by_day_and_as_a_file(office):
    await closed(office)
    await closed(office, starts_at=tomorrow(0, days=9), ends_at=tomorrow(0, days=10))
    day = tomorrow(0, days=9)[:10]

    listed = await get(office, "/v1/closures", **{"from": day, "to": day})
    file = await office.bases.get(
        "/v1/closures/export", params={"format": "csv"}, headers=office.scene.headers()
    )

    assert [row["starts_at"] for row in listed["items"]] != []
    assert len(listed["items"]) == 1
    assert "设施维护" in file.text
    assert "测试基地" in file.text


async def test_only_who_manages_bases_closes_them(office):
    body = {"base_id": office.base_id, "starts_at": tomorrow(9), "ends_at": tomorrow(10)}
    answer = await office.bases.post(
        "/v1/closures",
        json=body | {"reason_kind": "other"},
        headers=office.scene.headers(role="base-clerk"),
    )

    assert answer.status_code == 403


# No booking slips in while a closure is announced


CLOSE = """
INSERT INTO closure (closure_id, base_id, area, starts_at, ends_at, reason_kind, cancelled, version,
                     recorded_at)
SELECT gen_random_uuid(), base_id, area, date $day, date $day + 3, 'other', 0, 1, now()
  FROM base WHERE base_id = $base
"""
NEVER_OPEN = """
INSERT INTO opening_hours (opening_hours_id, base_id, effective_from, hours, version, recorded_at)
VALUES (gen_random_uuid(), $base, $day, '{}', 1, now())
"""
SAID_ANEW = """
UPDATE opening_hours SET hours = '{}', version = version + 1 WHERE base_id = $base
"""
TAKEN_BACK = "UPDATE venue SET available_to = $day WHERE base_id = $base"
WAITING = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"


async def race(
    office: Office, dsn: str, pool: asyncpg.Pool, statement: str = CLOSE
) -> tuple[httpx.Response, int]:
    """`statement` runs under the venue's lock while a booking has looked and waits for it."""
    closing = await asyncpg.connect(dsn)
    transaction = closing.transaction()
    await transaction.start()
    await closing.execute(slots.LOCK_SLOTS, UUID(office.hall))
    booking = asyncio.create_task(office.post("/v1/bookings", office.booking()))
    await eventually(lambda: pool.fetchval(WAITING))
    about = statement.replace("$base", f"'{office.base_id}'").replace("$day", f"'{TODAY}'")
    await closing.execute(about)
    await transaction.commit()
    await closing.close()
    answer = await booking
    return answer, await pool.fetchval("SELECT count(*) FROM booking WHERE holds")


async def test_a_booking_slips_into_a_closure_when_nothing_looks_under_the_lock(
    office, database, monkeypatch
):
    bases = await database("bases")
    monkeypatch.setattr(slots, "INSERT", slots.INSERT.replace(f"AND NOT {slots.CLOSED}", ""))

    answer, held = await race(office, bases.dsn, bases.pool)

    assert (answer.status_code, held) == (201, 1), "the race did not happen: nothing is proven"


async def test_no_booking_slips_into_a_closure_that_is_being_announced(office, database):
    bases = await database("bases")

    answer, held = await race(office, bases.dsn, bases.pool)

    assert (answer.status_code, answer.json()["code"], held) == (409, "not-open", 0)


@pytest.mark.parametrize("statement", [NEVER_OPEN, SAID_ANEW, TAKEN_BACK])
@pytest.mark.parametrize("guarded", [False, True])
async def test_a_booking_that_waited_while_hours_were_stated_is_judged_by_the_new_ones(
    office, database, monkeypatch, statement, guarded
):
    bases = await database("bases")
    if statement is SAID_ANEW:
        await state(office, NINE_TO_FIVE)
    if not guarded:
        seen = slots.AS_SEEN.format("$26", "$27", "$28")
        blind = "$26::numeric IS NOT NULL AND ($27::date, $28::date) IS NOT NULL OR true"
        monkeypatch.setattr(slots, "INSERT", slots.INSERT.replace(seen, f"({blind})"))

    answer, held = await race(office, bases.dsn, bases.pool, statement)

    if guarded:
        assert (answer.status_code, answer.json()["code"], held) == (409, "not-open", 0)
    else:
        assert (answer.status_code, held) == (201, 1), "the race did not happen"


async def test_of_forty_requests_and_a_closure_at_once_none_holds_the_closed_hours(
    office, database
):
    pool = (await database("bases")).pool
    hours = [(540 + 13 * place, 600 + 13 * place) for place in range(39)]
    requests = [
        office.post(
            "/v1/bookings",
            office.booking(
                starts_at=tomorrow(*divmod(since, 60)), ends_at=tomorrow(*divmod(until, 60))
            ),
        )
        for since, until in hours
    ]
    requests.insert(20, close(office, cancel_bookings=True))

    answers = await together(requests)

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert answers[20].status_code == 201
    assert await pool.fetchval("SELECT count(*) FROM booking WHERE holds") == 0
    cancelled = await pool.fetchval("SELECT count(*) FROM booking WHERE status = 'cancelled'")
    assert cancelled == answers[20].json()["cancelled"]


async def test_visitors_who_cancel_while_the_base_closes_meet_no_deadlock(office):
    booked = [
        await office.book(starts_at=tomorrow(8 + n), ends_at=tomorrow(8 + n, 45)) for n in range(8)
    ]

    answers = await together(
        [
            close(office, cancel_bookings=True),
            *(office.post(f"/v1/bookings/{b['booking_id']}/cancel", {}) for b in booked),
        ]
    )

    assert answers[0].status_code == 201, answers[0].text
    assert {answer.status_code for answer in answers[1:]} <= {200, 409}
