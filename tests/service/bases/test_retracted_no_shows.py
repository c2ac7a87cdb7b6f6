"""A no-show that was none is taken back: what it cost is given back, and the slot is held again."""

from datetime import datetime, timedelta

import pytest

from services.bases.handlers.bookings import clock
from services.chassis import sweeps
from tests.clock import office_clock, tomorrow
from tests.service.bases.test_booking_terms import refused, state
from tests.service.office import COMMUNITY, open_office

LATE = timedelta(minutes=31)


class Day:
    """An office whose clock a test sets."""

    def __init__(self) -> None:
        self.now = office_clock()

    async def missed(self, **wish) -> dict:
        """A booking that the clock found nobody at."""
        booking = await self.office.step(await self.office.book(**wish), "confirm")
        self.now = datetime.fromisoformat(booking["starts_at"]) + LATE
        assert await self.release() == 1
        return await self.seen(booking)

    async def release(self) -> int:
        return await sweeps.once(self.office.bases.app.state.context, clock.SWEEPS[1])

    async def seen(self, booking) -> dict:
        path = f"/v1/bookings/{booking['booking_id']}"
        return (await self.office.bases.get(path, headers=self.office.scene.headers())).json()

    async def retract(self, booking, **who):
        path = f"/v1/bookings/{booking['booking_id']}/retract-no-show"
        return await self.office.post(path, {}, **who)


@pytest.fixture
async def day(scene, start):
    found = Day()
    found.office = await open_office(scene, start, clock=lambda: found.now)
    return found


@pytest.fixture
async def pool(database):
    return (await database("bases")).pool


async def test_those_who_came_late_are_received_after_all(day):
    booking = await day.missed()
    assert booking["status"] == "no-show"

    back = await day.retract(booking)

    assert (back.status_code, back.json()["status"]) == (200, "confirmed")
    assert back.json()["check_in_code"] == booking["check_in_code"]
    assert await day.release() == 0  # a person has spoken: the clock leaves it alone
    await day.office.step(booking, "check-in", headcount=12)
    done = await day.office.step(booking, "complete")
    assert (done["status"], done["actual_headcount"]) == ("completed", 12)


async def test_the_slot_is_held_again_or_refused_to_who_lost_it(day):
    await state(day.office, notice_minutes=0)
    booking = await day.missed(ends_at=tomorrow(12))
    soon = (day.now + timedelta(minutes=5)).isoformat()
    wish = {"starts_at": soon, "ends_at": booking["ends_at"]}
    other = await day.office.book(**wish)

    lost = await day.retract(booking)
    assert (lost.status_code, lost.json()["code"]) == (409, "slot-taken")
    assert [datetime.fromisoformat(each["from"]) for each in lost.json()["taken"]] == [
        datetime.fromisoformat(other["starts_at"])
    ]
    assert (await day.seen(booking))["status"] == "no-show"

    await day.office.step(other, "cancel", reason="by-base")
    assert (await day.retract(booking)).status_code == 200
    await refused(day.office, "slot-taken", **wish)


async def test_places_of_a_shared_venue_are_taken_again_or_refused(day, pool):
    await state(day.office, notice_minutes=0)
    square = day.office.square
    booking = await day.missed(venue_id=square, headcount=60, ends_at=tomorrow(12))
    count = "SELECT coalesce(max(taken), 0) FROM venue_load WHERE venue_id = $1"
    assert await pool.fetchval(count, square) == 0
    soon = (day.now + timedelta(minutes=5)).isoformat()
    wish = {"starts_at": soon, "ends_at": booking["ends_at"], "venue_id": square}
    other = await day.office.book(**wish, headcount=41)

    lost = await day.retract(booking)
    assert (lost.status_code, lost.json()["code"], lost.json()["free"]) == (409, "venue-full", 59)

    await day.office.step(other, "cancel", reason="by-base")
    assert (await day.retract(booking)).status_code == 200
    assert await pool.fetchval(count, square) == 60


async def test_it_counts_for_no_waiting_time_and_is_told_for_its_own_time(day, pool):
    days = (tomorrow(9, days=1), tomorrow(9, days=2), tomorrow(9, days=5), tomorrow(9, days=9))
    for begins in days[:3]:  # a weekend lies between
        ends = datetime.fromisoformat(begins) + timedelta(hours=1)
        booking = await day.missed(starts_at=begins, ends_at=ends.isoformat())
    wish = {
        "starts_at": days[3],
        "ends_at": (datetime.fromisoformat(days[3]) + timedelta(hours=1)).isoformat(),
    }
    await refused(day.office, "organisation-waits", **wish)
    day.now += timedelta(days=1)

    assert (await day.retract(booking)).status_code == 200

    assert await day.office.book(**wish)
    told = await pool.fetch(
        "SELECT type, occurred_at FROM event_log WHERE aggregate_id = $1"
        " ORDER BY aggregate_version DESC LIMIT 2",
        booking["booking_id"],
    )
    assert [row["type"].split(".")[3] for row in told] == ["miss-retracted", "missed"]
    assert told[0]["occurred_at"] == told[1]["occurred_at"]


async def test_missed_again_it_says_that_it_was_taken_back_before(day, pool):
    booking = await day.missed()
    await day.retract(booking)

    missed = await day.office.step(booking, "no-show")

    assert missed["status"] == "no-show"
    said = await pool.fetch(
        "SELECT body::json->'data'->>'retractions' AS times FROM event_log"
        " WHERE aggregate_id = $1 AND type LIKE '%.missed.v1' ORDER BY id",
        booking["booking_id"],
    )
    assert [row["times"] for row in said] == ["0", "1"]


async def test_nobody_else_and_nothing_else_is_taken_back(day):
    early = await day.retract(await day.office.book())
    assert (early.status_code, early.json()["code"]) == (409, "step-not-allowed")
    missed = await day.missed(starts_at=tomorrow(14), ends_at=tomorrow(15))
    assert (await day.retract(missed, role="viewer", area=COMMUNITY)).status_code == 403
