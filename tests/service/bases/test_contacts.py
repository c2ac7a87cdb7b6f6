"""Whom to call about a booking: sealed, masked, read on the record, corrected, erased."""

from datetime import timedelta

import pytest

from ops import personal as rotation
from services.bases.handlers import contacts as handlers
from tests.clock import office_clock, tomorrow
from tests.service.bases.waiting import run
from tests.service.office import open_office

(ERASE,) = handlers.SWEEPS
CALLER = {"name": "测试甲", "phone": "13800000001"}


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


async def read(office, booking, role="admin", **sought):
    return await office.bases.get(
        f"/v1/bookings/{booking['booking_id']}/contact",
        params={"purpose": "改期联系"} | sought,
        headers=office.scene.headers(role),
    )


async def seen(office, booking):
    path = f"/v1/bookings/{booking['booking_id']}"
    return (await office.bases.get(path, headers=office.scene.headers())).json()["contact"]


async def test_staff_book_on_behalf_of_a_phone_caller_whose_name_and_number_are_sealed(
    office, database
):
    booking = await office.book(channel="phone", contact=CALLER)

    assert (booking["on_behalf"], booking["channel"]) == (True, "phone")
    assert booking["contact"] is None  # answers of commands are kept
    assert await seen(office, booking) == {"name": "测**", "phone": "138****0001"}
    assert (await read(office, booking)).json() == CALLER
    pool = (await database("bases")).pool
    kept = await pool.fetchval(
        "SELECT (SELECT string_agg(body, '') FROM event_log)"
        " || (SELECT string_agg(coalesce(body, ''), '') FROM idempotency)"
        " || (SELECT string_agg(b::text, '') FROM booking b)"
        " || (SELECT string_agg(n::text, '') FROM notice n)"
    )
    assert "测试甲" not in kept
    assert CALLER["phone"] not in kept


async def test_a_contact_is_read_by_right_and_every_reading_is_recorded(office, database):
    booking = await office.book(contact=CALLER)

    refused = await read(office, booking, "organisation-clerk")
    unsaid = await read(office, booking, purpose="")
    await read(office, booking, "base-clerk")

    assert (refused.status_code, unsaid.status_code) == (403, 422)
    pool = (await database("bases")).pool
    (reading,) = await pool.fetch("SELECT person_id, actor, purpose FROM personal_reading")
    assert str(reading["person_id"]) == booking["booking_id"]
    assert (reading["actor"], reading["purpose"]) == ("test-base-clerk", "改期联系")
    auditor, manager = [
        await office.bases.get("/v1/personal-readings", headers=office.scene.headers(role))
        for role in ("auditor", "base-manager")
    ]
    assert [row["subject_id"] for row in auditor.json()["items"]] == [booking["booking_id"]]
    assert manager.status_code == 403


async def test_a_contact_is_corrected_or_said_later(office):
    booking, other = (
        await office.book(contact=CALLER),
        await office.book(starts_at=tomorrow(13), ends_at=tomorrow(14)),
    )
    for each, said in ((booking, {"phone": "13800000002"}), (other, {"name": "测试乙"})):
        answer = await office.bases.put(
            f"/v1/bookings/{each['booking_id']}/contact",
            json=said,
            headers=office.scene.headers(),
        )
        assert answer.status_code == 204, answer.text

    assert (await read(office, booking)).json() == CALLER | {"phone": "13800000002"}
    assert (await read(office, other)).json() == {"name": "测试乙", "phone": None}


async def test_a_contact_is_erased_as_many_days_after_the_end_as_the_rule_says(office, hands):
    booking = await office.book(contact=CALLER)
    ends_in = timedelta(days=1)  # ten of tomorrow is a day after the office's clock began

    hands.ahead = ends_in + timedelta(days=30) - timedelta(minutes=5)
    assert await run(office, ERASE) == 0
    hands.ahead = ends_in + timedelta(days=30)
    assert await run(office, ERASE) == 1

    assert await seen(office, booking) is None
    assert (await read(office, booking)).status_code == 404
    again = await office.bases.put(
        f"/v1/bookings/{booking['booking_id']}/contact",
        json={"phone": "13800000002"},
        headers=office.scene.headers(),
    )
    assert (again.status_code, again.json()["code"]) == (409, "contact-erased")


@pytest.mark.parametrize("channel", ["web", "wechat", "phone", "form"])
async def test_each_of_the_four_intake_channels_is_recorded_of_a_booking_and_of_an_entry(
    office, channel
):
    booking = await office.book(channel=channel)
    waiting = await office.post(
        "/v1/waitlist",
        office.booking(channel=channel),
    )
    found = await office.bases.get(
        f"/v1/bookings/{booking['booking_id']}", headers=office.scene.headers()
    )

    assert found.json()["channel"] == channel
    assert waiting.json()["channel"] == channel


async def test_after_the_root_key_was_renewed_contacts_still_open(scene, start, office):
    for service in rotation.DIGESTS:
        await scene.ensure(service)
    booking = await office.book(contact=CALLER)
    new = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
    keys = type(scene.settings.personal_keys)
    old = scene.settings.personal_keys.get_secret_value()
    both = scene.settings.model_copy(update={"personal_keys": keys(f"{new},{old}")})

    assert (await rotation.rewrap(both, lambda *_: None))["bases"] == 1
    assert (await rotation.reindex(both))["bases"] == 1
    scene.settings = scene.settings.model_copy(update={"personal_keys": keys(new)})
    office.bases = await start("bases", background=False, clock=office_clock)

    assert (await read(office, booking)).json() == CALLER
