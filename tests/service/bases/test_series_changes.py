"""Series edited many at once, confirmed and cancelled as a whole."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from services.chassis.database import Database
from tests.clock import tomorrow
from tests.service.bases.series import (
    LOAD_DISAGREES,
    days_of,
    events,
    found,
    hours_of,
    moved,
    overlapping,
    refused,
    series,
)
from tests.service.office import COMMUNITY, Office


@pytest.fixture
async def db(database) -> Database:
    return await database("bases")


# Changed


async def test_all_that_have_not_begun_move_by_an_hour(office, db):
    made = await series(office, times=4)

    now = await moved(office, made, scope="all", starts_at="10:00")

    assert hours_of(now) == ["10:00–11:00"] * 4
    assert days_of(now) == days_of(made)
    assert now["kept"] == []
    assert (now["version"], instant(now["starts_at"])) == (2, instant(tomorrow(10)))
    assert await events(db, made["series_id"]) == [("requested", 1), ("changed", 2)]
    for each in now["occurrences"]:
        assert await events(db, each["booking_id"]) == [("requested", 1), ("rescheduled", 2)]


@pytest.mark.parametrize(("to", "said"), [("10:00", "10:00–09:30"), ("08:00", "08:00–07:30")])
@pytest.mark.parametrize("venue", ["hall", "square"])
async def test_a_series_that_fills_its_days_is_never_in_its_own_way(office, db, venue, to, said):
    """Each occurrence, moved by an hour, lies over the next one as it was."""
    made = await series(
        office,
        venue_id=getattr(office, venue),
        headcount=40 if venue == "hall" else 60,
        starts_at=tomorrow(9),
        ends_at=tomorrow(8, 30, days=2),
        times=6,
    )

    now = await moved(office, made, scope="all", starts_at=to)

    assert hours_of(now) == [said] * 6
    assert await db.pool.fetch(LOAD_DISAGREES) == []
    assert await overlapping(db) == 0
    assert await db.pool.fetchval("SELECT count(*) FROM booking WHERE NOT holds") == 0


async def test_this_and_following_move_and_those_before_stay(office):
    made = await series(office, times=4)

    now = await moved(
        office,
        made,
        scope="this-and-following",
        from_booking_id=made["occurrences"][2]["booking_id"],
        starts_at="14:00",
        ends_at="16:00",
        headcount=30,
    )

    assert hours_of(now) == ["09:00–10:00"] * 2 + ["14:00–16:00"] * 2
    assert [each["headcount"] for each in now["occurrences"]] == [20, 20, 30, 30]
    assert instant(now["starts_at"]) == instant(made["starts_at"])


async def test_an_occurrence_edited_singly_keeps_its_edits_where_the_change_is_about_another_field(
    office,
):
    made = await series(office, times=3)
    one = made["occurrences"][1]["booking_id"]
    edited = await office.bases.post(
        f"/v1/bookings/{one}/reschedule",
        json={"starts_at": tomorrow(15, days=2), "headcount": 7},
        headers=office.scene.headers(**{"If-Match": '"1"'}),
    )
    assert edited.status_code == 200, edited.text

    elsewhere = await moved(office, made, scope="all", venue_id=office.square)
    larger = await moved(office, elsewhere, scope="all", headcount=33)

    assert {each["venue_id"] for each in larger["occurrences"]} == {office.square}
    assert hours_of(larger) == ["09:00–10:00", "15:00–16:00", "09:00–10:00"]
    assert [each["headcount"] for each in elsewhere["occurrences"]] == [20, 7, 20]
    assert [each["headcount"] for each in larger["occurrences"]] == [33, 33, 33]
    assert (larger["venue_id"], larger["headcount"]) == (office.square, 33)


async def test_a_change_that_meets_another_booking_is_refused_whole_or_skips_it(office, db):
    made = await series(office, times=4)
    await office.book(starts_at=tomorrow(14, days=2), ends_at=tomorrow(15, days=2))

    answer = await change(office, made, scope="all", starts_at="14:30")
    now = await found(office, made)
    skipped = await moved(office, made, scope="all", starts_at="14:30", on_conflict="skip")

    assert refused(answer) == (409, "series-refused")
    assert [each["day"] for each in answer.json()["occurrences"]] == ["2026-06-12"]
    assert hours_of(now) == ["09:00–10:00"] * 4
    assert hours_of(skipped) == ["14:30–15:30", "09:00–10:00", "14:30–15:30", "14:30–15:30"]
    assert [(each["day"], each["code"]) for each in skipped["kept"]] == [
        ("2026-06-12", "slot-taken")
    ]
    assert await overlapping(db) == 0


async def test_whoever_cannot_move_keeps_a_slot_that_no_other_of_the_series_takes(office, db):
    """The last cannot move, nor can the one before, that would lie over it, nor can the first."""
    made = await series(office, starts_at=tomorrow(9), ends_at=tomorrow(7, 45, days=2), times=3)
    third_ends = datetime.fromisoformat(tomorrow(7, 45, days=4))
    await office.book(
        starts_at=(third_ends + timedelta(minutes=15)).isoformat(),
        ends_at=(third_ends + timedelta(minutes=45)).isoformat(),
    )

    answer = await change(office, made, scope="all", starts_at="11:00", on_conflict="skip")

    assert refused(answer) == (409, "series-refused")
    assert len(answer.json()["occurrences"]) == 3
    assert hours_of(await found(office, made)) == ["09:00–07:45"] * 3
    assert await db.pool.fetchval("SELECT count(*) FROM booking WHERE NOT holds") == 0


async def test_a_change_to_where_they_are_already_changes_nothing(office, db):
    made = await series(office, times=3)

    now = await moved(office, made, scope="all", starts_at="09:00", ends_at="10:00", headcount=20)

    assert now["version"] == 1
    assert await events(db, made["series_id"]) == [("requested", 1)]


async def test_a_change_names_the_version_it_saw_and_a_booking_of_the_series(office):
    made = await series(office, times=3)
    other = await office.book(starts_at=tomorrow(20), ends_at=tomorrow(21))

    stale = await change(office, made, version=7, scope="all", headcount=5)
    foreign = await change(
        office, made, scope="this-and-following", from_booking_id=other["booking_id"], headcount=5
    )
    missing = await change(office, made, scope="this-and-following", headcount=5)
    zoned = await change(office, made, scope="all", starts_at="10:00+08:00")

    assert refused(stale) == (412, "version-changed")
    assert refused(foreign) == refused(missing) == (422, "not-in-series")
    assert zoned.status_code == 422


# Confirmed and cancelled


async def test_all_pending_of_a_series_are_confirmed_at_once(office):
    made = await series(office, times=3)
    await office.step(made["occurrences"][0], "cancel")

    confirmed = await office.post(f"/v1/series/{made['series_id']}/confirm", {})
    again = await office.post(f"/v1/series/{made['series_id']}/confirm", {})

    assert [each["status"] for each in confirmed.json()["occurrences"]] == [
        "cancelled",
        "confirmed",
        "confirmed",
    ]
    assert refused(again) == (409, "nothing-ahead")


async def test_two_steps_of_approval_are_taken_by_two_people_for_all_at_once(office):
    terms = await office.bases.put(
        f"/v1/bases/{office.base_id}/terms",
        json={"own": {"second_step_headcount": 10}},
        headers=office.scene.headers(**{"If-Match": '"1"'}),
    )
    assert terms.status_code == 200, terms.text
    made = await series(office, times=3)

    async def confirm(role: str) -> httpx.Response:
        return await office.bases.post(
            f"/v1/series/{made['series_id']}/confirm",
            json={},
            headers=office.scene.headers(role, COMMUNITY),
        )

    first = await confirm("base-clerk")
    by_clerk = await confirm("base-clerk")
    second = await confirm("base-manager")

    assert {each["status"] for each in first.json()["occurrences"]} == {"endorsed"}
    assert by_clerk.status_code == 403
    assert {each["status"] for each in second.json()["occurrences"]} == {"confirmed"}


async def test_this_and_following_or_all_are_cancelled_and_their_slots_are_free(office, db):
    made = await series(office, times=4)

    async def cancel(**given: Any) -> httpx.Response:
        return await office.post(f"/v1/series/{made['series_id']}/cancel", given)

    third = made["occurrences"][2]["booking_id"]
    following = await cancel(scope="this-and-following", from_booking_id=third, reason="weather")
    assert [each["status"] for each in following.json()["occurrences"]] == [
        *("pending", "pending"),
        *("cancelled", "cancelled"),
    ]
    every = await cancel(scope="all", reason="by-base")
    again = await cancel(scope="all", reason="by-base")

    assert {each["status"] for each in every.json()["occurrences"]} == {"cancelled"}
    assert refused(again) == (409, "nothing-ahead")
    assert [name for name, _ in await events(db, made["series_id"])] == [
        *("requested", "cancelled", "cancelled")
    ]
    await series(office, times=4)


async def test_what_has_begun_is_neither_moved_nor_cancelled(office):
    """Entered afterwards: the first was over by then."""
    made = await series(
        office,
        starts_at=tomorrow(9, days=-1),
        ends_at=tomorrow(10, days=-1),
        occurred_at=tomorrow(9, days=-3),
        times=4,
    )
    assert days_of(made) == ["06-09", "06-10", "06-11", "06-12"]

    now = await moved(office, made, scope="all", starts_at="11:00")
    gone = await office.post(
        f"/v1/series/{made['series_id']}/cancel", {"scope": "all", "reason": "by-base"}
    )

    assert hours_of(now) == ["09:00–10:00"] * 2 + ["11:00–12:00"] * 2
    assert [each["status"] for each in gone.json()["occurrences"]] == [
        *("pending", "pending"),
        *("cancelled", "cancelled"),
    ]


async def change(
    office: Office, made: dict[str, Any], *, version: int | None = None, **given: Any
) -> httpx.Response:
    tag = f'"{version or made["version"]}"'
    return await office.post(f"/v1/series/{made['series_id']}/change", given, **{"If-Match": tag})


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
