"""What bases state of their bookings: notice, quota, approval in steps, waiting after no-shows."""

from datetime import datetime, timedelta

import pytest

from services.bases.handlers.bookings import clock
from services.chassis import sweeps
from services.chassis.clock import LOCAL
from tests.clock import office_clock, tomorrow
from tests.service.office import COMMUNITY, Office, open_office
from tests.together import together

OTHER_COMMUNITY = "410305001002"


async def state(office: Office, **own) -> dict:
    """Terms of the base, over those of all."""
    path = f"/v1/bases/{office.base_id}/terms"
    seen = await office.bases.get(path, headers=office.scene.headers())
    answer = await office.bases.put(
        path, json={"own": own}, headers=office.scene.headers(**{"If-Match": seen.headers["etag"]})
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refused(office: Office, code: str, **given) -> dict:
    answer = await office.post("/v1/bookings", office.booking(**given))
    assert answer.json().get("code") == code, answer.text
    return answer.json()


def soon(minutes: int) -> str:
    return (office_clock() + timedelta(minutes=minutes)).isoformat()


async def test_terms_of_a_base_go_before_those_of_all_and_are_told_with_their_names(office):
    told = await state(office, notice_minutes=180, horizon_days=7)

    assert told["own"] == {"notice_minutes": 180, "horizon_days": 7}
    assert (told["terms"]["notice_minutes"], told["terms"]["cancel_minutes"]) == (180, 1440)
    assert told["labels"]["notice_minutes"] == "至少提前分钟数"


@pytest.mark.parametrize(
    ("own", "field"),
    [
        ({"notice_minutes": -1}, "own.notice_minutes"),
        ({"horizon_days": 0}, "own.horizon_days"),
        ({"per_week": "many"}, "own.per_week"),
        ({"colour": 1}, "own.colour"),
    ],
)
async def test_terms_that_are_none_are_refused_by_name(office, own, field):
    seen = await office.bases.get(
        f"/v1/bases/{office.base_id}/terms", headers=office.scene.headers()
    )
    answer = await office.bases.put(
        f"/v1/bases/{office.base_id}/terms",
        json={"own": own},
        headers=office.scene.headers(**{"If-Match": seen.headers["etag"]}),
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "terms-wrong")
    assert answer.json()["field"] == field


async def test_notice_and_horizon_limits_of_the_base_hold(office):
    await state(office, notice_minutes=180, horizon_days=7)

    late = await refused(office, "too-little-notice", starts_at=soon(170), ends_at=soon(230))
    assert late["field"] == "starts_at"
    await refused(
        office, "too-far-ahead", starts_at=tomorrow(9, days=8), ends_at=tomorrow(10, days=8)
    )
    assert await office.book(starts_at=soon(190), ends_at=soon(230))


async def test_quotas_per_organisation_hold_in_a_week_and_are_given_back(office):
    await state(office, per_week=2)
    first = await office.book()
    await office.book(starts_at=tomorrow(12), ends_at=tomorrow(13))

    full = await refused(office, "quota-used", starts_at=tomorrow(15), ends_at=tomorrow(16))

    assert (full["most"], full["span"], full["begins"]) == (2, "week", "2026-06-08")
    assert full["free_from"] == "2026-06-15"
    assert full["free_from"] == "2026-06-15"
    await office.book(starts_at=tomorrow(15, days=6), ends_at=tomorrow(16, days=6))  # next week
    await office.step(first, "cancel", reason="by-base")
    assert await office.book(starts_at=tomorrow(15), ends_at=tomorrow(16))


async def test_who_has_used_a_quota_is_told_the_first_later_span_that_is_not_used_up(office):
    for day in (1, 6, 7):  # one this week, two the next
        await office.book(starts_at=tomorrow(9, days=day), ends_at=tomorrow(10, days=day))
    await state(office, per_week=1)

    full = await refused(office, "quota-used", starts_at=tomorrow(12), ends_at=tomorrow(13))

    assert (full["begins"], full["free_from"]) == ("2026-06-08", "2026-06-22")
    monday = {"starts_at": "2026-06-22T00:00:00+08:00", "ends_at": "2026-06-22T01:00:00+08:00"}
    assert await office.book(**monday)


async def test_a_quota_counts_what_was_booked_before_it_was_stated(office):
    await office.book()
    await office.book(starts_at=tomorrow(12), ends_at=tomorrow(13))
    await state(office, per_month=3)

    assert await office.book(starts_at=tomorrow(15), ends_at=tomorrow(16))
    await refused(office, "quota-used", starts_at=tomorrow(18), ends_at=tomorrow(19))


async def test_of_forty_at_once_no_more_than_the_quota_are_booked(office):
    await state(office, per_week=5)

    answers = await together(
        office.post("/v1/bookings", office.booking(venue_id=office.square, headcount=1 + place % 2))
        for place in range(40)
    )

    won = [answer for answer in answers if answer.status_code == 201]
    assert len(won) == 5
    assert {answer.json()["code"] for answer in answers if answer.is_error} == {"quota-used"}


async def test_two_step_approval_is_of_two_persons_and_the_second_manages_the_base(office):
    await state(office, second_step_headcount=20)
    booking = await office.book(headcount=20)
    path = f"/v1/bookings/{booking['booking_id']}/confirm"

    async def confirm(role: str) -> tuple[int, str]:
        answer = await office.post(path, {}, role=role)
        return answer.status_code, answer.json()["code" if answer.is_error else "status"]

    assert booking["steps"] == 2
    assert await confirm("base-manager") == (200, "endorsed")
    assert await confirm("base-clerk") == (403, "forbidden")
    assert await confirm("base-manager") == (403, "second-approver")
    assert await confirm("admin") == (200, "confirmed")
    steps = await office.bases.get(
        f"/v1/bookings/{booking['booking_id']}/steps", headers=office.scene.headers()
    )
    assert [(step["step"], step["actor"]) for step in steps.json()] == [
        ("requested", "test-admin"),
        ("endorsed", "test-base-manager"),
        ("confirmed", "test-admin"),
    ]
    assert [step["label"] for step in steps.json()] == ["预约已提交", "预约已初审", "预约已确认"]


async def test_a_small_group_takes_one_step(office):
    await state(office, second_step_headcount=20)

    booking = await office.step(await office.book(headcount=19), "confirm")

    assert booking["status"] == "confirmed"


async def test_a_declined_booking_frees_its_slot_and_says_why(office):
    booking = await office.book()

    wrong = await office.post(
        f"/v1/bookings/{booking['booking_id']}/decline", {"reason": "no-such-reason"}
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown-kind")
    declined = await office.step(booking, "decline", reason="base-event")

    assert declined["status"] == "declined"
    assert await office.book()


async def test_pending_holds_the_slot_until_it_lapses_undecided(scene, start):
    now = [office_clock()]
    office = await open_office(scene, start, clock=lambda: now[0])
    booking = await office.book()
    await refused(office, "slot-taken")
    now[0] = datetime.fromisoformat(booking["starts_at"])

    done = await sweeps.once(office.bases.app.state.context, clock.SWEEPS[0])

    assert done == 1
    seen = await office.bases.get(
        f"/v1/bookings/{booking['booking_id']}", headers=office.scene.headers()
    )
    assert seen.json()["status"] == "lapsed"
    assert await sweeps.once(office.bases.app.state.context, clock.SWEEPS[0]) == 0


async def test_auto_release_frees_the_slot_of_nobody_after_the_time_the_base_states(scene, start):
    now = [office_clock()]
    office = await open_office(scene, start, clock=lambda: now[0])
    await state(office, release_minutes=45, notice_minutes=0)
    booking = await office.step(await office.book(ends_at=tomorrow(12)), "confirm")
    context, release = office.bases.app.state.context, clock.SWEEPS[1]

    now[0] = datetime.fromisoformat(booking["starts_at"]) + timedelta(minutes=44)
    assert await sweeps.once(context, release) == 0
    now[0] += timedelta(minutes=1)
    assert await sweeps.once(context, release) == 1

    seen = await office.bases.get(
        f"/v1/bookings/{booking['booking_id']}", headers=office.scene.headers()
    )
    assert seen.json()["status"] == "no-show"
    again = now[0] + timedelta(minutes=5)
    assert await office.book(starts_at=again.isoformat(), ends_at=tomorrow(12))


async def test_what_was_entered_afterwards_is_left_to_people(scene, start):
    """A booking of this morning, taken out of the paper book at noon, is no no-show."""
    now = [office_clock()]
    office = await open_office(scene, start, clock=lambda: now[0])
    begun = now[0] - timedelta(hours=2)
    booking = await office.book(
        starts_at=begun.isoformat(),
        ends_at=(begun + timedelta(hours=1)).isoformat(),
        occurred_at=(begun - timedelta(days=1)).isoformat(),
    )
    await office.step(booking, "confirm")

    for sweep in clock.SWEEPS:
        assert await sweeps.once(office.bases.app.state.context, sweep) == 0


async def test_no_shows_are_kept_and_counted_and_lead_to_a_waiting_time(scene, start):
    now = [office_clock()]
    office = await open_office(scene, start, clock=lambda: now[0])
    for day in (1, 2, 5):  # a weekend lies between
        booking = await office.book(starts_at=tomorrow(9, days=day), ends_at=tomorrow(10, days=day))
        await office.step(booking, "confirm")
        now[0] = datetime.fromisoformat(booking["starts_at"]) + timedelta(minutes=31)
        assert await sweeps.once(office.bases.app.state.context, clock.SWEEPS[1]) == 1

    waits = await refused(
        office,
        "organisation-waits",
        starts_at=tomorrow(9, days=9),
        ends_at=tomorrow(10, days=9),
    )

    until = datetime.fromisoformat(waits["until"])
    last = datetime.fromisoformat(tomorrow(9, days=5))
    assert until == last + timedelta(days=30)
    listed = await office.bases.get(
        "/v1/bookings", params={"status": "no-show"}, headers=office.scene.headers()
    )
    assert len(listed.json()["items"]) == 3
    now[0] = until
    day = (until + timedelta(days=1)).astimezone(LOCAL).replace(hour=9, minute=0)
    assert await office.book(
        starts_at=day.isoformat(), ends_at=(day + timedelta(hours=1)).isoformat()
    )


# Off days


SATURDAY, SUNDAY = 3, 4  # counted from the office's Wednesday


async def test_off_day_booking_is_filed_on_a_working_day(scene, start):
    now = [office_clock()]
    office = await open_office(scene, start, clock=lambda: now[0])
    weekend = {"starts_at": tomorrow(9, days=SUNDAY), "ends_at": tomorrow(10, days=SUNDAY)}

    booked = await office.book(**weekend)
    assert booked["off_day"] is True
    await office.step(booked, "cancel")
    now[0] = datetime.fromisoformat(tomorrow(10, days=SATURDAY))
    turned_away = await refused(office, "filed-off-day", **weekend)

    assert turned_away["next_working_day"] == "2026-06-15"
    assert (await office.book(**weekend, occurred_at=tomorrow(10, days=2)))["off_day"] is True


async def test_a_make_up_working_day_is_no_off_day_and_a_public_holiday_is_one(office):
    """2026-06-19 is a Friday and the Dragon Boat Festival; 2026-09-20 a Sunday that is worked."""
    festival = {"starts_at": "2026-06-19T09:00:00+08:00", "ends_at": "2026-06-19T10:00:00+08:00"}
    made_up = {"starts_at": "2026-09-20T09:00:00+08:00", "ends_at": "2026-09-20T10:00:00+08:00"}

    assert (await office.book(**festival))["off_day"] is True
    assert (await office.book(**made_up))["off_day"] is False


async def test_a_year_without_calendar_data_refuses_off_day_decisions(office):
    over_the_year_end = {
        "starts_at": "2026-12-31T23:00:00+08:00",
        "ends_at": "2027-01-01T01:00:00+08:00",
    }

    missing = await refused(office, "calendar-missing", **over_the_year_end)

    assert missing["year"] == 2027
    assert await office.book(**over_the_year_end | {"ends_at": "2027-01-01T00:00:00+08:00"})


# Organisations book for themselves


async def test_an_organisations_own_staff_book_for_it_and_only_for_it(office):
    own = {"role": "organisation-clerk", "area": COMMUNITY}
    stranger = {"role": "organisation-clerk", "area": OTHER_COMMUNITY}
    body = office.booking(on_behalf=False)

    assert (await office.post("/v1/bookings", body, **stranger)).status_code == 403
    assert (await office.post("/v1/bookings", office.booking(), **own)).status_code == 403
    phoned = await office.post("/v1/bookings", body | {"channel": "phone"}, **own)
    assert (phoned.status_code, phoned.json()["code"]) == (422, "channel-needs-staff")
    made = await office.post("/v1/bookings", body, **own)

    assert made.status_code == 201, made.text
    assert made.json()["on_behalf"] is False
    path = f"/v1/bookings/{made.json()['booking_id']}"
    assert (await office.post(f"{path}/confirm", {}, **own)).status_code == 403
    assert (await office.post(f"{path}/cancel", {"reason": "by-base"}, **own)).status_code == 422
    assert (await office.post(f"{path}/cancel", {}, **stranger)).status_code == 403
    assert (await office.post(f"{path}/cancel", {}, **own)).status_code == 200


async def test_late_cancellation_by_visitors_is_kept_and_the_quota_stays_used(scene, start):
    now = [office_clock()]
    office = await open_office(scene, start, clock=lambda: now[0])
    await state(office, per_week=1)
    booking = await office.step(await office.book(), "confirm")
    now[0] = datetime.fromisoformat(booking["starts_at"]) - timedelta(hours=2)

    await office.step(booking, "cancel")

    await refused(office, "quota-used", starts_at=tomorrow(15), ends_at=tomorrow(16))
