"""Who is told what, reminders, and that a notice is delivered once."""

from datetime import timedelta

import pytest

from services.bases.handlers import notices as handlers
from tests.clock import office_clock, tomorrow
from tests.service.bases.waiting import notices, run
from tests.service.office import open_office
from tests.together import together

(REMIND,) = handlers.SWEEPS


class Hands:
    ahead = timedelta()

    def __call__(self):
        return office_clock() + self.ahead


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
async def office(scene, start, hands):
    return await open_office(scene, start, clock=hands)


async def kinds(office) -> list[str]:
    return [each["kind"] for each in await notices(office)]


async def moved(office, booking, **change):
    version = booking["version"]
    path = f"/v1/bookings/{booking['booking_id']}/reschedule"
    answer = await office.post(path, change, **{"If-Match": f'"{version}"'})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("reason", "kind"), [("by-visitor", "cancelled"), ("by-base", "cancelled-by-base")]
)
async def test_reminders_and_cancel_notices_reach_those_who_booked(office, reason, kind):
    booking = await office.book()
    await office.step(booking, "confirm")
    assert await run(office, REMIND) == 1
    await office.step(booking, "cancel", reason=reason)

    told = await notices(office)

    assert [each["kind"] for each in told] == ["requested", "confirmed", "reminder", kind]
    assert {each["organisation_id"] for each in told} == {office.organisation_id}
    assert told[2]["text"].startswith(
        "唐村社区第一党支部：测试基地一号展厅 2026年6月11日 09:00–10:00"
    )


async def test_a_booking_is_reminded_of_once_and_anew_when_it_moves(office, hands):
    booking = await office.step(await office.book(), "confirm")
    assert [await run(office, REMIND) for _ in range(2)] == [1, 0]

    await moved(office, booking, starts_at=tomorrow(8))

    assert [await run(office, REMIND) for _ in range(2)] == [1, 0]
    assert (await kinds(office)).count("reminder") == 2


async def test_what_is_far_or_undecided_is_not_reminded_of(office, hands):
    day = {"starts_at": tomorrow(9, days=2), "ends_at": tomorrow(10, days=2)}
    await office.step(await office.book(**day), "confirm")
    await office.book()
    assert await run(office, REMIND) == 0

    hands.ahead = timedelta(hours=23, minutes=1)  # beyond nine of tomorrow: a day before the other

    assert await run(office, REMIND) == 1


async def test_paper_entered_afterwards_is_told_to_nobody(office):
    hour = office_clock().replace(minute=0, second=0, microsecond=0)
    await office.book(
        starts_at=(hour - timedelta(hours=3)).isoformat(),
        ends_at=(hour - timedelta(hours=2)).isoformat(),
        occurred_at=(hour - timedelta(days=1)).isoformat(),
    )

    assert await notices(office) == []


async def test_the_breach_that_fills_the_number_tells_of_the_waiting_time(office, hands):
    for hour in (11, 13, 15):
        at = {"starts_at": tomorrow(hour, days=0), "ends_at": tomorrow(hour, 45, days=0)}
        await office.step(await office.book(**at, occurred_at=tomorrow(8, days=0)), "confirm")
    hands.ahead = timedelta(hours=7)
    items = await office.bases.get("/v1/bookings", headers=office.scene.headers())
    for booking in items.json()["items"]:
        await office.step(booking, "no-show")

    told = await notices(office, kind="waiting-time")

    assert len(told) == 1
    assert told[0]["until"].startswith("2026-07-10")
    assert "2026年7月10日 15:00 起可再预约" in told[0]["text"]
    assert (await kinds(office)).count("no-show") == 3


async def test_delivered_is_said_as_often_as_one_likes_and_counts_once(office, database):
    await office.book()
    (told,) = await notices(office, delivered=False)
    path = f"/v1/notices/{told['notice_id']}/delivered"

    answers = await together(office.post(path, {"channel": "sms"}) for _ in range(4))
    late = await office.post(path, {"channel": "phone"})

    assert {answer.status_code for answer in (*answers, late)} == {200}
    assert late.json()["channel"] == "sms"
    assert await notices(office, delivered=False) == []
    pool = (await database("bases")).pool
    log = "SELECT aggregate_version FROM event_log WHERE type LIKE '%.notice.%' ORDER BY id"
    assert [row["aggregate_version"] for row in await pool.fetch(log)] == [1, 2]


async def test_the_list_is_cut_by_time_and_goes_into_a_file(office):
    await office.book()
    headers = office.scene.headers()

    none = await notices(office, since=tomorrow(0))
    file = await office.bases.get("/v1/notices/export", headers=headers)

    assert none == []
    assert "的预约已受理" in file.text
