"""The duty roster of guides: planned by the week, handed over, swapped, and who came."""

from datetime import datetime, timedelta

import pytest

from services.chassis.clock import LOCAL
from tests.clock import office_clock, tomorrow
from tests.conftest import Scene, Start
from tests.service.bases.lecturing import NAME, Team
from tests.service.office import COMMUNITY, Office, open_office

WEEKS = {"day": "2026-06-11", "until_day": "2026-06-30", "weekdays": ["thursday", "saturday"]}


@pytest.fixture
def clock() -> list[datetime]:
    """The office's present; a test puts another one in its place."""
    return [office_clock()]


@pytest.fixture
async def office(scene: Scene, start: Start, clock: list[datetime]) -> Office:
    return await open_office(scene, start, clock=lambda: clock[0])


async def test_a_roster_repeats_by_the_week_and_says_who_is_on_duty_today(team):
    guide = await team.join(code="JJ-A", roles=["guide"], skills=["exhibition"])

    planned = await team.shift(guide, **WEEKS)

    days = [each["starts_at"][:10] for each in planned.json()["planned"]]
    assert days == [
        "2026-06-11",
        "2026-06-13",
        "2026-06-18",
        "2026-06-20",
        "2026-06-25",
        "2026-06-27",
    ]
    on_duty = await team.get(f"/v1/guide-shifts?base_id={team.office.base_id}&day=2026-06-13")
    (one,) = on_duty.json()["items"]
    assert (one["lecturer_id"], one["person"]["name"]) == (guide, "测***")
    assert (one["starts_at"], one["status"]) == ("2026-06-13T01:00:00Z", "planned")
    file = (await team.get("/v1/guide-shifts/export?day=2026-06-13")).text
    assert ("JJ-A" in file, NAME in file, "已排班" in file) == (True, False, True)


async def test_shifts_and_assignments_keep_clear_of_each_other(team):
    guide = await team.join()
    booking = await team.office.book(starts_at=tomorrow(9), ends_at=tomorrow(10))
    await team.assigned(booking, guide)

    refused = await team.shift(guide, begins="09:59", ends="12:00")
    planned = await team.shift(guide, begins="10:00", ends="12:00")
    other = await team.office.book(
        venue_id=team.office.square, starts_at=tomorrow(11), ends_at=tomorrow(13)
    )
    beside = await team.assign(other, guide)

    assert (refused.status_code, refused.json()["code"]) == (409, "lecturer-taken")
    assert planned.status_code == 201
    assert (beside.status_code, beside.json()["code"]) == (409, "lecturer-taken")


async def test_a_roster_is_planned_whole_or_leaves_out_what_clashes(team):
    guide = await team.join()
    await team.planned(guide, day="2026-06-18", begins="11:00", ends="14:00")

    refused = await team.shift(guide, **WEEKS)
    before = (await team.get("/v1/guide-shifts")).json()["items"]
    planned = await team.shift(guide, **WEEKS, skip_clashes=True)

    assert (refused.status_code, refused.json()["code"]) == (409, "lecturer-taken")
    assert len(before) == 1
    assert len(planned.json()["planned"]) == 5
    assert [each["starts_at"][:10] for each in planned.json()["skipped"]] == ["2026-06-18"]


async def test_a_shift_is_handed_over_to_somebody_who_can_come(team):
    guide, busy, free = [await team.join() for _ in range(3)]
    shift = await team.planned(guide)
    await team.planned(busy, begins="11:00", ends="15:00")
    path = f"/v1/guide-shifts/{shift['shift_id']}/replace"

    refused = await team.act(path, 1, lecturer_id=busy)
    same = await team.act(path, 1, lecturer_id=guide)
    replaced = await team.act(path, 1, lecturer_id=free)

    assert (refused.status_code, refused.json()["code"]) == (409, "lecturer-taken")
    assert (same.status_code, same.json()["code"]) == (422, "same-guide")
    assert (replaced.json()["lecturer_id"], replaced.json()["version"]) == (free, 2)
    assert (await team.shift(guide)).status_code == 201  # who gave it away is free then
    assert (await team.shift(free)).status_code == 409


async def test_two_guides_swap_shifts_that_overlap(team):
    """Each stands in the other's way until both have moved."""
    elsewhere, _ = await team.base("JD-2")
    one, other = await team.join(), await team.join()
    first = await team.planned(one)
    second = await team.planned(other, base_id=elsewhere, begins="10:00", ends="13:00")

    swapped = await team.act(
        f"/v1/guide-shifts/{first['shift_id']}/swap", 1, with_shift_id=second["shift_id"]
    )

    assert swapped.status_code == 200, swapped.text
    assert [each["lecturer_id"] for each in swapped.json()] == [other, one]


async def test_a_cancelled_shift_frees_its_guide_and_is_over(team):
    guide = await team.join()
    shift = await team.planned(guide)
    path = f"/v1/guide-shifts/{shift['shift_id']}"

    cancelled = await team.act(f"{path}/cancel", 1)
    again = await team.act(f"{path}/cancel", 2)

    assert cancelled.json()["status"] == "cancelled"
    assert (again.status_code, again.json()["code"]) == (409, "shift-over")
    assert (await team.shift(guide)).status_code == 201


async def test_whether_a_guide_came_is_recorded_once_the_shift_has_begun(team, clock, database):
    guide = await team.join()
    shift = await team.planned(guide)
    path = f"/v1/guide-shifts/{shift['shift_id']}"

    early = await team.act(f"{path}/outcome", 1, outcome="served")
    clock[0] = datetime(2026, 6, 11, 9, 0, tzinfo=LOCAL)
    missed = await team.act(f"{path}/outcome", 1, outcome="missed")
    late = await team.act(f"{path}/cancel", 2)
    corrected = await team.act(f"{path}/outcome", 2, outcome="served")

    assert (early.status_code, early.json()["code"]) == (409, "shift-not-begun")
    assert missed.json()["status"] == "missed"
    assert (late.status_code, late.json()["code"]) == (409, "shift-over")
    assert (corrected.json()["status"], corrected.json()["version"]) == ("served", 3)
    told = await (await database("bases")).pool.fetch(
        "SELECT type FROM event_log WHERE type LIKE '%guide-shift%' ORDER BY id"
    )
    facts = [row["type"].split(".")[3] for row in told]
    assert facts == ["planned", "missed", "corrected"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"begins": "12:00", "ends": "12:00"}, "impossible-time"),
        ({"until_day": "2026-06-10"}, "impossible-time"),
        ({"until_day": "2027-06-13"}, "impossible-time"),
        ({"until_day": "2026-06-12", "weekdays": ["monday"]}, "nothing-to-plan"),
    ],
)
async def test_a_roster_that_cannot_be_is_refused(team, given, code):
    guide = await team.join()

    answer = await team.shift(guide, **given)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_who_does_not_handle_bookings_of_the_base_plans_no_shifts(team):
    guide = await team.join()
    body = {
        "base_id": team.office.base_id, "lecturer_id": guide, "day": "2026-06-11",
        "begins": "09:00", "ends": "12:00",
    }  # fmt: skip

    viewer = await team.office.post("/v1/guide-shifts", body, role="viewer", area=COMMUNITY)
    unknown = await team.shift("019a2b3c-0000-7000-8000-000000000999")

    assert viewer.status_code == 403
    assert (unknown.status_code, unknown.json()["code"]) == (422, "lecturer-unknown")


# How much lecturers do, and how it was


async def held(team: Team, clock: list[datetime], lecturer: str, *, came: int = 25) -> dict:
    """A booking of tomorrow from 9 to 10:30 with the lecturer, completed; it is then."""
    booking = await team.office.book(starts_at=tomorrow(9), ends_at=tomorrow(10, 30))
    await team.assigned(booking, lecturer)
    booking = await team.office.step(booking, "confirm")
    clock[0] = datetime.fromisoformat(booking["starts_at"])
    await team.office.step(booking, "check-in", headcount=came)
    clock[0] = datetime.fromisoformat(booking["ends_at"])
    return await team.office.step(booking, "complete")


async def test_the_load_of_a_month_says_assignments_hours_shifts_and_person_times(team, clock):
    lecturer, idle = await team.join(code="JS-A"), await team.join(code="JS-B")
    await team.planned(lecturer, day="2026-06-12", begins="14:00", ends="16:00")
    await team.planned(idle, day="2026-07-01")
    await held(team, clock, lecturer, came=25)

    load = await team.get("/v1/lecturers/load?from=2026-06-01&to=2026-06-30")

    (one,) = load.json()
    said = ("assignments", "completed", "shifts", "hours", "person_times", "month")
    assert [one[name] for name in said] == [1, 1, 1, 3.5, 25, "2026-06"]
    assert one["person"]["name"] == "测***"
    wide = await team.get("/v1/lecturers/load?from=2026-01-01&to=2028-01-02")
    assert wide.status_code == 422


async def test_a_rating_stands_once_and_may_be_changed_for_some_days(team, clock):
    lecturer = await team.join()
    booking = await team.office.book(venue_id=team.office.square)
    await team.assigned(booking, lecturer)
    path = f"/v1/bookings/{booking['booking_id']}/lecturers/{lecturer}/rating"
    early = await team.put(path, {"stars": 5})
    await team.release(booking, lecturer)
    done = await held(team, clock, lecturer)
    path = f"/v1/bookings/{done['booking_id']}/lecturers/{lecturer}/rating"

    first = await team.put(path, {"stars": 5, "rated_by": "visitors"})
    clock[0] += timedelta(days=7)
    changed = await team.put(path, {"stars": 4, "rated_by": "visitors"})
    clock[0] += timedelta(days=1)
    same = await team.put(path, {"stars": 4, "rated_by": "visitors"})
    late = await team.put(path, {"stars": 3, "rated_by": "visitors"})

    assert (early.status_code, early.json()["code"]) == (409, "assignment-not-completed")
    assert (first.json()["stars"], first.json()["version"]) == (5, 1)
    assert (changed.json()["rating_id"], changed.json()["version"]) == (
        first.json()["rating_id"],
        2,
    )
    assert same.json()["version"] == 2
    assert (late.status_code, late.json()["code"]) == (409, "rating-fixed")
    one = (await team.get(f"/v1/lecturers/{lecturer}")).json()
    assert (one["rating"], one["ratings"]) == (4, 1)
    (listed,) = (await team.get(f"/v1/lecturers/{lecturer}/ratings")).json()["items"]
    assert listed["stars"] == 4


@pytest.mark.parametrize("stars", [0, 6, 4.5])
async def test_a_rating_has_one_to_five_stars(team, stars):
    lecturer = await team.join()
    booking = await team.office.book()

    answer = await team.put(
        f"/v1/bookings/{booking['booking_id']}/lecturers/{lecturer}/rating", {"stars": stars}
    )

    assert answer.status_code == 422


async def test_what_was_held_is_neither_released_nor_counted_twice(team, clock, database):
    lecturer = await team.join()
    done = await held(team, clock, lecturer)

    released = await team.release(done, lecturer)

    assert (released.status_code, released.json()["code"]) == (409, "booking-over")
    told = await (await database("bases")).pool.fetch(
        "SELECT type, body FROM event_log WHERE type LIKE '%lecturer-assignment%' ORDER BY id"
    )
    assert [row["type"].split(".")[3] for row in told] == ["assigned", "completed"]
    assert '"headcount":25' in told[1]["body"].replace(" ", "")
