"""When bases are open, over HTTP: hours by the kind of day, closures, and what bookings meet."""

from datetime import date, timedelta

import pytest

from tests.clock import tomorrow
from tests.service.bases.hours import NINE_TO_FIVE, TODAY, closed, get, put, refused, state
from tests.service.office import Office

# Hours


async def test_bookable_hours_by_weekday_let_in_what_lies_within_and_refuse_what_does_not(office):
    await state(office, NINE_TO_FIVE)

    early = await refused(office, starts_at=tomorrow(8, 59), ends_at=tomorrow(10))
    late = await refused(office, starts_at=tomorrow(16), ends_at=tomorrow(17, 1))

    assert (early["code"], late["code"]) == ("not-open", "not-open")
    assert early["open"] == [{"from": tomorrow(9), "until": tomorrow(17)}]
    said = await office.post(
        "/v1/bookings",
        office.booking(starts_at=tomorrow(18), ends_at=tomorrow(19)),
        **{"Accept-Language": "zh-CN"},
    )
    assert "开放时间：09:00–17:00" in said.json()["detail"]
    await office.book(starts_at=tomorrow(9), ends_at=tomorrow(10))
    await office.book(starts_at=tomorrow(16), ends_at=tomorrow(17))


async def test_hours_of_a_venue_go_before_those_of_its_base(office):
    await state(office, NINE_TO_FIVE)
    await state(
        office, {"thursday": [["19:00", "24:00"]]}, path=f"/v1/venues/{office.hall}/opening-hours"
    )

    assert (await refused(office))["code"] == "not-open"
    await office.book(starts_at=tomorrow(22), ends_at=tomorrow(0, days=2))
    await office.book(venue_id=office.square)


@pytest.mark.parametrize(
    ("spans", "code"),
    [
        ([["09:00", "12:00"], ["13:00", "13:00"]], "hours-reversed"),
        ([["09:00", "12:00"], ["14:00", "08:00"]], "hours-reversed"),
        ([["09:00", "12:00"], ["11:59", "17:00"]], "hours-overlap"),
    ],
)
async def test_spans_that_are_reversed_or_overlap_are_refused_by_their_place(office, spans, code):
    answer = await put(office, {"monday": [["09:00", "12:00"]], "tuesday": spans})

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["field"] == "hours.tuesday.1"


@pytest.mark.parametrize("clock", ["9:00", "24:01", "25:00", "09:60", "morning"])
async def test_a_clock_is_written_with_two_digits_up_to_midnight(office, clock):
    answer = await put(office, {"monday": [[clock, "24:00"]]})

    assert answer.status_code == 422


async def test_hours_are_said_anew_only_by_who_read_them(office):
    made = await put(office, NINE_TO_FIVE)
    first = made.json()
    assert made.status_code == 201
    other = {"monday": [["10:00", "12:00"]]}
    assert (await put(office, NINE_TO_FIVE)).status_code == 200

    unseen = await put(office, other)
    stale = await put(office, other, headers={"If-Match": '"7"'})
    seen = await put(office, other, headers={"If-Match": '"1"'})
    again = await put(office, other)

    assert [unseen.status_code, stale.status_code, seen.status_code] == [428, 412, 200]
    assert seen.json()["opening_hours_id"] == first["opening_hours_id"]
    assert seen.json()["version"] == again.json()["version"] == 2


async def test_hours_may_be_entered_afterwards_only_where_no_later_ones_are_known(office):
    last_year = (TODAY - timedelta(days=365)).isoformat()
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    tomorrow_on = (TODAY + timedelta(days=1)).isoformat()
    await state(office, NINE_TO_FIVE, effective_from=last_year)
    await state(office, NINE_TO_FIVE, effective_from=yesterday)

    between = (TODAY - timedelta(days=30)).isoformat()
    assert (await put(office, {}, effective_from=between)).json()["code"] == "hours-begun"
    begun = await put(office, {}, effective_from=yesterday, headers={"If-Match": '"1"'})
    assert (begun.status_code, begun.json()["field"]) == (409, "effective_from")
    await state(office, {}, effective_from=tomorrow_on)
    await state(office, {}, effective_from=TODAY.isoformat())  # today is not begun


async def test_what_holds_on_a_day_is_the_newest_that_began_by_then(office):
    await state(office, NINE_TO_FIVE)
    later = (TODAY + timedelta(days=7)).isoformat()
    await state(office, {"saturday": [["10:00", "16:00"]], "holiday": []}, effective_from=later)
    path = f"/v1/bases/{office.base_id}/opening-hours"

    versions = await get(office, path)
    (before,) = await get(office, path, day=(TODAY + timedelta(days=6)).isoformat())
    (after,) = await get(office, f"/v1/venues/{office.hall}/opening-hours", day=later)
    none = await get(office, path, day=(TODAY - timedelta(days=1)).isoformat())

    assert [row["effective_from"] for row in versions] == [later, TODAY.isoformat()]
    assert before["hours"]["monday"] == [["09:00", "17:00"]]
    assert after["hours"] == {"saturday": [["10:00", "16:00"]], "holiday": []}
    assert none == []


async def test_new_hours_list_the_bookings_that_lie_outside_and_leave_them(office):
    inside = await office.book(starts_at=tomorrow(9), ends_at=tomorrow(10))
    outside = await office.book(starts_at=tomorrow(18), ends_at=tomorrow(19))

    said = await state(office, NINE_TO_FIVE)

    assert [each["booking_id"] for each in said["outside"]] == [outside["booking_id"]]
    for booking in (inside, outside):
        now = await get(office, f"/v1/bookings/{booking['booking_id']}")
        assert now["status"] == "pending"


async def test_hours_are_announced_whole(office, database):
    await state(office, NINE_TO_FIVE | {"holiday": []})

    pool = (await database("bases")).pool
    data = await pool.fetchval(
        "SELECT body::json ->> 'data' FROM event_log"
        " WHERE type = 'jiceng.bases.opening-hours.stated.v1'"
    )

    assert '"minutes_a_week": 2400' in data or '"minutes_a_week":2400' in data


# Days that the calendar moves


async def test_public_holidays_follow_their_own_hours_where_a_base_states_them(office):
    """19 June 2026 is Dragon Boat Festival, a Friday."""
    await state(office, NINE_TO_FIVE | {"holiday": [["13:00", "15:00"]]})

    (day,) = await open_days(office, "2026-06-19", "2026-06-19")
    (usual,) = await open_days(office, "2026-06-26", "2026-06-26")

    assert day == ["13:00–15:00"]
    assert usual == ["09:00–17:00"]


async def test_make_up_working_days_open_a_weekend_where_a_base_states_them(office):
    """20 September 2026 is a Sunday that is worked (调休)."""
    await state(office, NINE_TO_FIVE | {"make-up": [["09:00", "12:00"]]})

    worked, free = (
        await open_days(office, "2026-09-20", "2026-09-20"),
        await open_days(office, "2026-09-27", "2026-09-27"),
    )

    assert (worked, free) == ([["09:00–12:00"]], [[]])


async def test_a_year_without_calendar_is_refused_where_holidays_matter_and_never_guessed(office):
    await state(office, NINE_TO_FIVE)
    asked = {"from": "2026-12-31", "to": "2027-01-01"}
    path = f"/v1/bases/{office.base_id}/open"
    assert len(await get(office, path, **asked)) == 4

    await state(office, NINE_TO_FIVE | {"holiday": []}, headers={"If-Match": '"1"'})
    answer = await office.bases.get(path, params=asked, headers=office.scene.headers())

    assert (answer.status_code, answer.json()["code"]) == (422, "calendar-missing")
    assert answer.json()["year"] == 2027


async def open_days(office: Office, first: str, last: str) -> list[list[str]]:
    """Open hours of the hall on each day, as people write them."""
    rows = await get(office, f"/v1/bases/{office.base_id}/open", **{"from": first, "to": last})
    return [
        [f"{each['since'][11:16]}–{each['until'][11:16]}" for each in row["open"]]
        for row in rows
        if row["venue_id"] == office.hall
    ]


async def test_open_hours_are_told_per_venue_and_day_with_closures_taken_out(office):
    await state(office, NINE_TO_FIVE)
    await closed(office, venue_id=office.hall, starts_at=tomorrow(10), ends_at=tomorrow(11))
    day = tomorrow(0)[:10]

    rows = await get(office, f"/v1/bases/{office.base_id}/open", **{"from": day, "to": day})
    by_venue = {row["venue_id"]: row["open"] for row in rows}

    assert [(r["since"][11:16], r["until"][11:16]) for r in by_venue[office.hall]] == [
        ("09:00", "10:00"),
        ("11:00", "17:00"),
    ]
    assert len(by_venue[office.square]) == 1


async def test_a_question_about_open_hours_spans_a_quarter_at_most(office):
    path = f"/v1/bases/{office.base_id}/open"
    for first, last in (("2026-06-02", "2026-06-01"), ("2026-01-01", "2026-04-04")):
        asked = {"from": first, "to": last}
        answer = await office.bases.get(path, params=asked, headers=office.scene.headers())
        assert (answer.status_code, answer.json()["field"]) == (422, "to")


def test_the_office_stands_on_a_working_day():
    assert date(2026, 6, 10) == TODAY
