"""A booking moves to another time, venue or size, and keeps its slot until it has the new one."""

import pytest

from tests.clock import tomorrow
from tests.service.bases.test_concurrency import LOAD_DISAGREES, overlapping
from tests.service.office import COMMUNITY
from tests.together import outcomes, together


@pytest.fixture
async def bases(database):
    return await database("bases")


async def move(office, booking: dict, **change):
    return await office.post(
        f"/v1/bookings/{booking['booking_id']}/reschedule",
        change,
        **{"If-Match": f'"{booking["version"]}"'},
    )


async def test_a_moved_booking_leaves_its_old_slot_and_keeps_its_approval(office):
    booking = await office.step(await office.book(), "confirm")

    moved = (await move(office, booking, starts_at=tomorrow(14))).json()

    assert (moved["starts_at"], moved["ends_at"]) == (
        "2026-06-11T06:00:00Z",
        "2026-06-11T07:00:00Z",
    )
    assert (moved["status"], moved["version"]) == ("confirmed", 3)
    assert await office.book()


async def test_a_refused_move_keeps_the_slot_it_has(office, bases):
    booking = await office.book()
    await office.book(starts_at=tomorrow(12), ends_at=tomorrow(13))

    answer = await move(office, booking, starts_at=tomorrow(12, 30))

    assert (answer.status_code, answer.json()["code"]) == (409, "slot-taken")
    assert answer.json()["free_next"] == {"from": tomorrow(13, 15), "until": tomorrow(14, 15)}
    taken = await office.post("/v1/bookings", office.booking())
    assert taken.json()["code"] == "slot-taken"


async def test_a_booking_may_move_over_its_own_slot(office):
    booking = await office.book()

    answer = await move(office, booking, starts_at=tomorrow(9, 30))

    assert answer.status_code == 200, answer.text


async def test_places_of_a_shared_venue_move_with_the_booking(office, bases):
    booking = await office.book(venue_id=office.square, headcount=60)

    fewer = await move(office, booking, headcount=90)
    assert fewer.status_code == 200, fewer.text
    elsewhere = await move(office, fewer.json(), venue_id=office.hall, headcount=30)

    assert elsewhere.status_code == 200, elsewhere.text
    assert await bases.pool.fetch(LOAD_DISAGREES) == []
    assert await bases.pool.fetchval("SELECT max(taken) FROM venue_load") == 0
    back = await move(office, elsewhere.json(), venue_id=office.square, headcount=100)
    assert back.status_code == 200, back.text
    assert await bases.pool.fetch(LOAD_DISAGREES) == []


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"headcount": 41}, 409, "over-capacity"),
        ({"ends_at": tomorrow(8)}, 422, "impossible-time"),
        ({"starts_at": tomorrow(9, days=400)}, 422, "too-far-ahead"),
        ({"venue_id": "01a1fd96-0000-7000-8000-000000000000"}, 422, "venue-unknown"),
    ],
)
async def test_a_move_must_fit_as_if_it_were_asked_for_anew(office, change, status, code):
    booking = await office.book()

    answer = await move(office, booking, **change)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_what_was_seen_before_somebody_else_moved_it_is_refused(office):
    booking = await office.book()
    await move(office, booking, starts_at=tomorrow(14))

    answer = await move(office, booking, starts_at=tomorrow(16))

    assert (answer.status_code, answer.json()["code"]) == (412, "version-changed")


async def test_a_move_to_where_it_is_changes_nothing(office):
    booking = await office.book()

    same = (await move(office, booking, starts_at=tomorrow(9))).json()

    assert same["version"] == booking["version"]


async def test_a_booking_that_is_off_moves_nowhere(office):
    booking = await office.step(await office.book(), "cancel")

    answer = await move(office, booking, starts_at=tomorrow(14))

    assert (answer.status_code, answer.json()["code"]) == (409, "step-not-allowed")


async def test_two_bookings_that_want_each_others_slots_at_once_do_not_deadlock(office, bases):
    """Each holds what the other asks for: both are refused or one waits, and nobody is lost."""
    first = await office.book()
    second = await office.book(starts_at=tomorrow(12), ends_at=tomorrow(13))

    answers = await together(
        move(office, booking, starts_at=hour)
        for booking, hour in ((first, tomorrow(12)), (second, tomorrow(9)))
        for _ in range(8)
    )

    assert set(outcomes(answers)) == {(409, "slot-taken")}
    assert await overlapping(bases) == 0


async def test_forty_moves_into_one_free_hour_are_won_by_one(office, bases):
    booked = [
        await office.book(starts_at=tomorrow(9, days=day), ends_at=tomorrow(10, days=day))
        for day in (1, 2, 5, 6, 7, 8)
    ]

    answers = await together(
        move(office, booking, starts_at=tomorrow(15)) for booking in booked for _ in range(7)
    )

    found = outcomes(answers)
    assert found[200, None] == 1
    assert set(found) <= {(200, None), (409, "slot-taken"), (412, "version-changed")}
    assert await overlapping(bases) == 0


async def test_an_organisation_that_moves_its_booking_asks_for_approval_again(office):
    own = {"role": "organisation-clerk", "area": COMMUNITY}
    made = await office.post("/v1/bookings", office.booking(on_behalf=False), **own)
    booking = await office.step(made.json(), "confirm")
    path = f"/v1/bookings/{booking['booking_id']}"

    moved = await office.post(
        f"{path}/reschedule",
        {"starts_at": tomorrow(14)},
        **own,
        **{"If-Match": f'"{booking["version"]}"'},
    )

    assert moved.json()["status"] == "pending", moved.text
    assert (await office.step(moved.json(), "confirm"))["status"] == "confirmed"


# The working day


async def listed(office, **asked) -> list[str]:
    answer = await office.bases.get(
        "/v1/bookings", params=asked, headers=office.scene.headers("base-clerk")
    )
    assert answer.status_code == 200, answer.text
    return [item["booking_id"] for item in answer.json()["items"]]


async def test_staff_find_what_awaits_them_and_who_is_late(office):
    awaiting = await office.book()
    confirmed = await office.step(
        await office.book(starts_at=tomorrow(12), ends_at=tomorrow(13)), "confirm"
    )
    begun = tomorrow(9, 30, days=0)
    late = await office.step(
        await office.book(
            starts_at=begun, ends_at=tomorrow(11, days=0), occurred_at=tomorrow(9, days=-1)
        ),
        "confirm",
    )

    assert await listed(office, desk="awaiting") == [awaiting["booking_id"]]
    assert await listed(office, desk="late") == [late["booking_id"]]
    assert await listed(office, desk="today") == [late["booking_id"]]
    assert await listed(office, status=["pending", "confirmed"]) == [
        late["booking_id"],
        awaiting["booking_id"],
        confirmed["booking_id"],
    ]
    day = tomorrow(0)[:10]
    assert await listed(office, **{"from": day, "to": day}) == [
        awaiting["booking_id"],
        confirmed["booking_id"],
    ]
    await office.step(late, "check-in", headcount=12)
    assert await listed(office, desk="late") == []
    assert await listed(office, desk="present") == [late["booking_id"]]


async def test_an_organisations_own_staff_see_its_bookings_wherever_the_base_lies(office, bases):
    await bases.pool.execute("UPDATE organisation SET area = '410302001001'")
    booking = await office.book()
    own = office.scene.headers("organisation-clerk", "410302001001")
    stranger = office.scene.headers("organisation-clerk", "410302001002")
    asked = {"organisation_id": office.organisation_id}
    path = f"/v1/bookings/{booking['booking_id']}"

    seen = await office.bases.get("/v1/bookings", params=asked, headers=own)
    assert [each["booking_id"] for each in seen.json()["items"]] == [booking["booking_id"]]
    assert (await office.bases.get(path, headers=own)).status_code == 200
    assert (await office.bases.get(path, headers=stranger)).status_code == 403
    others = await office.bases.get("/v1/bookings", params=asked, headers=stranger)
    assert others.json()["items"] == []
