"""Series: booked in one piece, skipped where need be, edited one by one or many at once."""

from datetime import datetime
from itertools import pairwise
from typing import Any

import httpx
import pytest

from services.chassis.clock import LOCAL
from services.chassis.database import Database
from tests.clock import tomorrow
from tests.service.bases.series import (
    days_of,
    events,
    found,
    get,
    hours_of,
    refused,
    series,
    series_request,
)
from tests.service.office import COMMUNITY, Office

ELSEWHERE = "410305001002"
WORKWEEK = ["monday", "tuesday", "wednesday", "thursday", "friday"]
SKIPPED = {"day", "code", "title", "detail", "facts"}


@pytest.fixture
async def db(database) -> Database:
    return await database("bases")


# Made


async def test_a_series_makes_a_booking_of_each_occurrence_and_says_so_once(office, db):
    made = await series(office, times=5)

    assert days_of(made) == ["06-11", "06-12", "06-13", "06-14", "06-15"]
    assert hours_of(made) == ["09:00–10:00"] * 5
    assert {each["series_id"] for each in made["occurrences"]} == {made["series_id"]}
    assert {each["status"] for each in made["occurrences"]} == {"pending"}
    assert (made["booked"], made["first_day"], made["last_day"]) == (5, "2026-06-11", "2026-06-15")
    assert await events(db, made["series_id"]) == [("requested", 1)]
    for each in made["occurrences"]:
        assert await events(db, each["booking_id"]) == [("requested", 1)]


async def test_groups_share_a_room_from_monday_to_friday_by_a_weekly_rota(office):
    """文艺队伍周一至周五排班使用场地: each team has its hour of the same room, all week."""
    for hour in (9, 10, 14, 15, 16):
        rota = await series(
            office,
            starts_at=tomorrow(hour),
            ends_at=tomorrow(hour, 45),
            every="week",
            weekdays=WORKWEEK,
            until="2026-06-30",
        )
        assert len(rota["occurrences"]) == 14
        assert {day.weekday() for day in starts(rota)} == {0, 1, 2, 3, 4}

    late = await office.post(
        "/v1/series",
        series_request(office, starts_at=tomorrow(9, 30), ends_at=tomorrow(10), times=2),
    )
    assert refused(late) == (409, "series-refused")


async def test_refusing_conflicts_books_nothing_and_names_every_one_and_what_is_free_next(
    office, db
):
    await office.book(starts_at=tomorrow(9, days=2), ends_at=tomorrow(10, days=2))
    await office.book(starts_at=tomorrow(9, 30, days=4), ends_at=tomorrow(10, 30, days=4))

    answer = await office.post("/v1/series", series_request(office, times=5))

    assert refused(answer) == (409, "series-refused")
    told = answer.json()["occurrences"]
    assert [(each["day"], each["code"]) for each in told] == [
        ("2026-06-12", "slot-taken"),
        ("2026-06-14", "slot-taken"),
    ]
    assert told[0]["facts"]["free_next"]["from"] == "2026-06-12T10:15:00+08:00"
    assert await db.pool.fetchval("SELECT count(*) FROM booking WHERE series_id IS NOT NULL") == 0
    assert await db.pool.fetchval("SELECT count(*) FROM series") == 0


async def test_series_skip_conflicts_and_edit_one(office):
    """Series; skip conflicts; edit one."""
    await office.book(starts_at=tomorrow(9, days=3), ends_at=tomorrow(10, days=3))

    made = await series(office, times=5, on_conflict="skip")

    assert days_of(made) == ["06-11", "06-12", "06-14", "06-15"]
    assert [(each["day"], each["code"]) for each in made["skipped"]] == [
        ("2026-06-13", "slot-taken")
    ]
    assert set(made["skipped"][0]) == SKIPPED
    one = made["occurrences"][1]
    edited = await office.bases.post(
        f"/v1/bookings/{one['booking_id']}/reschedule",
        json={"starts_at": tomorrow(15, days=2), "headcount": 7},
        headers=office.scene.headers(**{"If-Match": '"1"'}),
    )
    assert edited.status_code == 200, edited.text
    assert edited.json()["series_id"] == made["series_id"]
    now = await found(office, made)
    assert hours_of(now) == ["09:00–10:00", "15:00–16:00", "09:00–10:00", "09:00–10:00"]
    assert now["occurrences"][1]["headcount"] == 7
    assert now["skipped"] == made["skipped"]


async def test_a_series_of_which_nothing_can_be_had_is_refused_even_if_conflicts_are_skipped(
    office,
):
    await series(office, times=3)

    answer = await office.post("/v1/series", series_request(office, times=3, on_conflict="skip"))

    assert refused(answer) == (409, "series-refused")
    assert len(answer.json()["occurrences"]) == 3


async def test_what_stands_against_every_occurrence_is_said_by_its_own_name(office):
    nobody = "019a2b3c-0000-7000-8000-00000000dead"
    asked = series_request(office, times=3, on_conflict="skip")

    async def code(**given: Any) -> tuple[int, str]:
        return refused(await office.post("/v1/series", asked | given))

    assert await code(venue_id=nobody) == (422, "venue-unknown")
    assert await code(organisation_id=nobody) == (422, "organisation-unknown")
    assert await code(menu_item_id=nobody) == (422, "item-unknown")
    assert await code(on_behalf=False, channel="phone") == (422, "channel-needs-staff")


async def test_over_year_end_into_a_year_without_calendar_skip_tells_calendar_missing(office):
    made = await series(
        office,
        starts_at="2026-12-30T09:00:00+08:00",
        ends_at="2026-12-30T10:00:00+08:00",
        times=4,
        on_conflict="skip",
    )

    assert days_of(made) == ["12-30", "12-31"]
    assert [(each["day"], each["code"]) for each in made["skipped"]] == [
        ("2027-01-01", "calendar-missing"),
        ("2027-01-02", "calendar-missing"),
    ]
    assert made["last_day"] == "2026-12-31"


async def test_a_night_over_midnight_recurs_and_does_not_refuse_itself(office):
    made = await series(office, starts_at=tomorrow(22), ends_at=tomorrow(6, days=2), times=3)

    assert hours_of(made) == ["22:00–06:00"] * 3
    assert days_of(made) == ["06-11", "06-12", "06-13"]


async def test_days_that_a_month_does_not_have_are_told_and_never_moved(office):
    made = await series(
        office,
        starts_at="2026-07-31T09:00:00+08:00",
        ends_at="2026-07-31T10:00:00+08:00",
        every="month",
        until="2026-12-31",
    )

    assert days_of(made) == ["07-31", "08-31", "10-31", "12-31"]
    assert [(each["day"], each["code"]) for each in made["skipped"]] == [
        ("2026-09-31", "no-such-day"),
        ("2026-11-31", "no-such-day"),
    ]


async def test_occurrences_beyond_the_quota_of_the_organisation_are_skipped_as_such(office):
    stated = await office.bases.put(
        f"/v1/bases/{office.base_id}/terms",
        json={"own": {"per_week": 2}},
        headers=office.scene.headers(**{"If-Match": '"1"'}),
    )
    assert stated.status_code == 200, stated.text

    made = await series(office, times=7, on_conflict="skip")

    assert days_of(made) == ["06-11", "06-12", "06-15", "06-16"]
    assert {each["code"] for each in made["skipped"]} == {"quota-used"}
    assert len(made["skipped"]) == 3


async def test_closed_days_are_skipped_as_such(office):
    closed = await office.post(
        "/v1/closures",
        {
            "base_id": office.base_id,
            "starts_at": tomorrow(0, days=2),
            "ends_at": tomorrow(0, days=3),
            "reason_kind": "maintenance",
        },
    )
    assert closed.status_code == 201, closed.text

    made = await series(office, times=3, on_conflict="skip")

    assert days_of(made) == ["06-11", "06-13"]
    assert [each["code"] for each in made["skipped"]] == ["not-open"]


async def test_a_series_at_the_most_is_made_and_one_more_is_refused(office):
    longest = series_request(office, times=60)
    assert (await office.post("/v1/series", longest)).status_code == 201

    answer = await office.post(
        "/v1/series", series_request(office, starts_at=tomorrow(14), ends_at=tomorrow(15), times=61)
    )

    assert refused(answer) == (422, "series-too-long")
    assert answer.json()["most"] == 60


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_at": "2026-06-11T09:00:00"},
        {"starts_at": 1781139600},
        {"repeat": {"every": "day"}},
        {"repeat": {"every": "day", "times": 3, "until": "2026-07-01"}},
        {"repeat": {"every": "day", "times": 0}},
        {"repeat": {"every": "day", "interval": 0, "times": 3}},
        {"repeat": {"every": "day", "times": 3, "weekdays": ["thursday"]}},
        {"repeat": {"every": "week", "times": 3, "weekdays": ["friday"]}},
        {"repeat": {"every": "week", "until": "2026-06-10"}},
        {"repeat": {"every": "hour", "times": 3}},
    ],
)
async def test_times_without_offset_and_rules_that_say_nothing_are_refused(office, wrong):
    answer = await office.post("/v1/series", series_request(office, times=3) | wrong)

    assert answer.status_code == 422, answer.text


async def test_the_same_key_makes_one_series(office, db):
    headers = office.scene.headers()
    asked = series_request(office, times=3)

    answers = [await office.bases.post("/v1/series", json=asked, headers=headers) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert await db.pool.fetchval("SELECT count(*) FROM booking") == 3


# Who may


async def test_an_organisation_books_and_changes_its_own_series_and_no_other(office):
    made = await as_visitors(office, COMMUNITY, "/v1/series", own_series(office))
    assert made.status_code == 201, made.text
    path, tag = f"/v1/series/{made.json()['series_id']}", {"If-Match": '"1"'}
    later = {"scope": "all", "starts_at": "15:00"}

    stranger = await as_visitors(office, ELSEWHERE, f"{path}/change", later, **tag)
    changed = await as_visitors(office, COMMUNITY, f"{path}/change", later, **tag)
    approved = await as_visitors(office, COMMUNITY, f"{path}/confirm", {})
    for_base = {"scope": "all", "reason": "by-base"}
    wrongly = await as_visitors(office, COMMUNITY, f"{path}/cancel", for_base)
    gone = await as_visitors(office, COMMUNITY, f"{path}/cancel", {"scope": "all"})
    asked_elsewhere = await as_visitors(office, ELSEWHERE, "/v1/series", own_series(office))
    read_elsewhere = await office.bases.get(
        path, headers=office.scene.headers("community-worker", ELSEWHERE)
    )

    assert stranger.status_code == asked_elsewhere.status_code == approved.status_code == 403
    assert read_elsewhere.status_code == 403
    assert wrongly.status_code == 422
    assert hours_of(changed.json()) == ["15:00–16:00"] * 3
    assert {each["status"] for each in gone.json()["occurrences"]} == {"cancelled"}


def own_series(office: Office) -> dict[str, Any]:
    return series_request(office, times=3, on_behalf=False)


async def as_visitors(
    office: Office, area: str, path: str, json: dict[str, Any], **more: str
) -> httpx.Response:
    headers = office.scene.headers("community-worker", area, **more)
    return await office.bases.post(path, json=json, headers=headers)


# Lists


async def test_series_are_listed_newest_first_page_by_page_and_as_a_file(office):
    made = [
        await series(office, starts_at=tomorrow(hour), ends_at=tomorrow(hour, 45), times=2)
        for hour in (9, 11, 13)
    ]

    first = (await get(office, "/v1/series?limit=2")).json()
    rest = (await get(office, f"/v1/series?limit=2&cursor={first['next']}")).json()
    of_base = (await get(office, f"/v1/series?base_id={office.base_id}")).json()["items"]
    elsewhere = (await get(office, f"/v1/series?venue_id={office.square}")).json()["items"]
    file = await get(office, "/v1/series/export?format=csv")

    listed = [each["series_id"] for each in first["items"] + rest["items"]]
    assert listed == [each["series_id"] for each in reversed(made)]
    assert (len(of_base), elsewhere, rest["next"]) == (3, [], None)
    assert "一号展厅" in file.content.decode("utf-8-sig")
    bookings = (await get(office, f"/v1/bookings?series_id={made[0]['series_id']}")).json()
    assert len(bookings["items"]) == 2


def starts(made: dict[str, Any]) -> list[datetime]:
    found = [
        datetime.fromisoformat(each["starts_at"]).astimezone(LOCAL) for each in made["occurrences"]
    ]
    assert all(a < b for a, b in pairwise(found))
    return found
