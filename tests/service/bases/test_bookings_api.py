"""A booking's life over HTTP, on the real database."""

from datetime import UTC, datetime, timedelta

import pytest

from services.chassis.ids import new_id
from tests.clock import office_clock, tomorrow
from tests.service.office import open_office


async def test_a_booking_is_requested_confirmed_held_and_becomes_a_visit(office, database):
    hour = office_clock().replace(minute=0, second=0, microsecond=0)
    booking = await office.book(
        starts_at=(hour - timedelta(hours=3)).isoformat(),
        ends_at=(hour - timedelta(hours=2)).isoformat(),
        occurred_at=(hour - timedelta(days=1)).isoformat(),
    )
    assert (booking["status"], booking["version"]) == ("pending", 1)
    assert (booking["venue_name"], booking["organisation_name"]) == (
        "一号展厅",
        "唐村社区第一党支部",
    )

    await office.step(booking, "confirm")
    checked_in = await office.step(booking, "check-in", headcount=18)
    done = await office.step(booking, "complete")

    assert (checked_in["actual_headcount"], done["status"], done["version"]) == (18, "completed", 4)
    visits = await office.bases.get("/v1/visits", headers=office.scene.headers())
    visit = visits.json()["items"][0]
    assert (visit["booking_id"], visit["actual_headcount"]) == (booking["booking_id"], 18)
    log = await (await database("bases")).pool.fetch(
        "SELECT type, aggregate_version FROM event_log ORDER BY id"
    )
    told = [(row["type"].split(".", 2)[2], row["aggregate_version"]) for row in log][-5:]
    assert told == [
        ("booking.requested.v1", 1),
        ("booking.confirmed.v1", 2),
        ("booking.checked-in.v1", 3),
        ("booking.completed.v1", 4),
        ("visit.completed.v1", 1),
    ]


async def test_overlapping_times_are_refused_and_the_refusal_names_what_is_taken(office):
    await office.book()

    answer = await office.post("/v1/bookings", office.booking(starts_at=tomorrow(9, 30)))

    assert (answer.status_code, answer.json()["code"]) == (409, "slot-taken")
    assert answer.json()["taken"][0]["from"] == tomorrow(9)
    assert answer.json()["taken"][0]["until"] == tomorrow(10, 15)


@pytest.mark.parametrize(("from_time", "status"), [((10, 14), 409), ((10, 15), 201)])
async def test_the_buffer_belongs_to_the_booking_and_its_end_is_free(office, from_time, status):
    await office.book()

    answer = await office.post(
        "/v1/bookings", office.booking(starts_at=tomorrow(*from_time), ends_at=tomorrow(11))
    )

    assert answer.status_code == status


@pytest.mark.parametrize("step", ["cancel"])
async def test_a_cancelled_booking_frees_its_slot(office, step):
    booking = await office.book()
    await office.step(booking, step, reason="weather")

    await office.book()


async def test_a_pending_booking_holds_its_slot_like_a_confirmed_one(office):
    booking = await office.book()
    refused = await office.post("/v1/bookings", office.booking())
    assert refused.status_code == 409

    await office.step(booking, "confirm")
    refused = await office.post("/v1/bookings", office.booking())
    assert refused.status_code == 409


async def test_a_no_show_is_kept_and_its_slot_free(office):
    hour = office_clock().replace(minute=0, second=0, microsecond=0)
    times = {
        "starts_at": (hour - timedelta(hours=3)).isoformat(),
        "ends_at": (hour + timedelta(hours=2)).isoformat(),
        "occurred_at": (hour - timedelta(days=1)).isoformat(),
    }
    booking = await office.book(**times)
    await office.step(booking, "confirm")

    missed = await office.step(booking, "no-show")

    assert missed["status"] == "no-show"
    await office.book(**times)


async def test_a_step_out_of_order_is_refused_and_lists_the_steps_allowed(office):
    booking = await office.book()

    answer = await office.post(f"/v1/bookings/{booking['booking_id']}/complete", {})

    assert (answer.status_code, answer.json()["code"]) == (409, "step-not-allowed")
    assert answer.json()["allowed"] == [
        "cancelled",
        "confirmed",
        "declined",
        "endorsed",
        "lapsed",
    ]


async def test_a_shared_venue_takes_several_groups_up_to_its_places(office):
    times = {"venue_id": office.square}
    await office.book(**times, headcount=60)
    await office.book(**times, headcount=40)

    answer = await office.post("/v1/bookings", office.booking(**times, headcount=1))

    assert (answer.status_code, answer.json()["code"]) == (409, "venue-full")
    assert answer.json()["free"] == 0


async def test_places_of_a_cancelled_booking_are_free_again(office):
    booking = await office.book(venue_id=office.square, headcount=100)
    await office.step(booking, "cancel")

    await office.book(venue_id=office.square, headcount=100)


async def test_lists_page_in_order_of_start_without_skipping_or_repeating(office):
    for hour in (8, 11, 14, 17):
        await office.book(starts_at=tomorrow(hour), ends_at=tomorrow(hour + 1))

    seen, cursor = [], None
    while True:
        params = {"limit": 3, "base_id": office.base_id} | ({"cursor": cursor} if cursor else {})
        page = await office.bases.get("/v1/bookings", params=params, headers=office.scene.headers())
        seen += [b["booking_id"] for b in page.json()["items"]]
        cursor = page.json()["next"]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 4


async def test_the_day_of_a_list_is_the_office_s_day_not_utc(office):
    booking = await office.book(starts_at=tomorrow(0), ends_at=tomorrow(1))

    day = tomorrow(0)[:10]
    page = await office.bases.get(
        "/v1/bookings", params={"day": day}, headers=office.scene.headers()
    )

    assert [b["booking_id"] for b in page.json()["items"]] == [booking["booking_id"]]


async def test_a_venue_edit_needs_the_version_that_was_seen(office):
    path = f"/v1/venues/{office.hall}"
    change = {"capacity": 50}
    without = await office.bases.patch(path, json=change, headers=office.scene.headers())
    stale = await office.bases.patch(
        path, json=change, headers=office.scene.headers(**{"If-Match": '"7"'})
    )
    seen = await office.bases.get(path, headers=office.scene.headers())
    right = await office.bases.patch(
        path, json=change, headers=office.scene.headers(**{"If-Match": seen.headers["etag"]})
    )

    assert [r.status_code for r in (without, stale, right)] == [428, 412, 200]
    assert (right.json()["capacity"], right.headers["etag"]) == (50, '"2"')


async def test_capacity_cannot_fall_below_what_is_booked(office):
    await office.book(venue_id=office.square, headcount=60)
    await office.book(venue_id=office.square, headcount=30)

    answer = await office.bases.patch(
        f"/v1/venues/{office.square}",
        json={"capacity": 89},
        headers=office.scene.headers(**{"If-Match": '"1"'}),
    )

    assert (answer.status_code, answer.json()["least"]) == (409, 90)


async def test_a_raised_capacity_counts_for_slots_already_in_use(office):
    await office.book(venue_id=office.square, headcount=100)
    await office.bases.patch(
        f"/v1/venues/{office.square}",
        json={"capacity": 120},
        headers=office.scene.headers(**{"If-Match": '"1"'}),
    )

    await office.book(venue_id=office.square, headcount=20)


async def test_an_event_can_be_read_out_of_the_permanent_log(office, database):
    await office.book()
    event_id = await (await database("bases")).pool.fetchval(
        "SELECT event_id FROM event_log WHERE type LIKE '%booking.requested%'"
    )

    found = await office.bases.get(f"/v1/events/{event_id}", headers=office.scene.headers())
    none = await office.bases.get(f"/v1/events/{new_id()}", headers=office.scene.headers())

    assert (found.json()["id"], found.json()["aggregateversion"]) == (str(event_id), 1)
    assert none.status_code == 404


async def test_business_time_travels_with_the_event(scene, start, database):
    office = await open_office(scene, start)
    await office.post(
        "/v1/visits",
        {
            "base_id": office.base_id,
            "visitor_level": "central",
            "channel": "phone",
            "headcount": 31,
            "started_at": "2019-06-30T23:30:00+08:00",
        },
    )

    row = await (await database("bases")).pool.fetchrow(
        "SELECT occurred_at, recorded_at FROM event_log ORDER BY id DESC LIMIT 1"
    )

    assert row["occurred_at"] == datetime.fromisoformat("2019-06-30T23:30:00+08:00")
    assert row["recorded_at"] > datetime(2026, 1, 1, tzinfo=UTC)
