"""Check-in and check-out by code: six digits at the door, guessed in vain."""

from collections import Counter
from datetime import datetime, timedelta

from services.bases.tables.visits import codes
from tests.clock import office_clock, tomorrow
from tests.service.office import COMMUNITY, open_office
from tests.together import together

WRONG_CODE, LOCKED = "code-unknown", "too-many-wrong-codes"


def soon(minutes: int) -> str:
    at = office_clock().replace(second=0, microsecond=0) + timedelta(minutes=minutes)
    return at.isoformat()


async def confirmed(office, **given) -> dict:
    booking = await office.book(
        **{"starts_at": soon(70), "ends_at": soon(130)} | given,
    )
    return await office.step(booking, "confirm")


async def at_door(office, code: str, role: str = "admin", step: str = "check-ins", **body):
    body = {"headcount": 18} | body if step == "check-ins" else body
    return await office.bases.post(
        f"/v1/bases/{office.base_id}/{step}",
        json={"code": code} | body,
        headers=office.scene.headers(role, COMMUNITY),
    )


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


async def test_check_in_and_check_out_by_code_with_planned_and_actual_headcount(office):
    requested = await office.book(starts_at=soon(70), ends_at=soon(130))
    assert requested["check_in_code"] is None
    booking = await office.step(requested, "confirm")
    code = booking["check_in_code"]
    assert (len(code), code.isdigit()) == (6, True)

    inside = await at_door(office, code)
    outside = await at_door(office, code, step="check-outs", headcount=17)

    assert (inside.json()["status"], inside.json()["actual_headcount"]) == ("checked-in", 18)
    assert (outside.json()["status"], outside.json()["actual_headcount"]) == ("completed", 17)
    (visit,) = (await office.bases.get("/v1/visits", headers=office.scene.headers())).json()[
        "items"
    ]
    assert (visit["planned_headcount"], visit["actual_headcount"]) == (20, 17)


async def test_no_event_tells_a_code(office, database):
    booking = await confirmed(office)

    bodies = await (await database("bases")).pool.fetch("SELECT body FROM event_log")

    said = f'"{booking["check_in_code"]}"'
    assert bodies
    assert not any(said in row["body"] or "check_in" in row["body"] for row in bodies)


async def test_whoever_comes_again_too_early_or_on_another_day_is_told_so(office):
    inside = await confirmed(office)
    early = await confirmed(office, starts_at=soon(300), ends_at=soon(330))
    later = await confirmed(office, starts_at=tomorrow(9), ends_at=tomorrow(10))
    await at_door(office, inside["check_in_code"])

    again = await at_door(office, inside["check_in_code"])
    ahead = await at_door(office, early["check_in_code"])
    other = await at_door(office, later["check_in_code"])

    assert (again.status_code, again.json()["code"]) == (409, "already-checked-in")
    assert (ahead.status_code, ahead.json()["code"]) == (409, "too-early")
    assert (other.status_code, other.json()["code"]) == (409, "wrong-day")
    assert other.json()["day"] == tomorrow(9)[:10]
    assert "booking_id" not in other.text


async def test_a_code_of_another_base_is_as_unknown_as_any(office):
    booking = await confirmed(office)
    base = {"code": "JD-2", "name": "另一基地", "kind": "red", "area": COMMUNITY}
    elsewhere = (await office.post("/v1/bases", base)).json()["base_id"]

    answer = await office.post(
        f"/v1/bases/{elsewhere}/check-ins", {"code": booking["check_in_code"], "headcount": 18}
    )

    assert (answer.status_code, answer.json()["code"]) == (404, WRONG_CODE)


async def test_after_five_wrong_codes_an_account_waits_and_nobody_else_does(scene, start):
    moved = timedelta()
    office = await open_office(scene, start, clock=lambda: office_clock() + moved)
    code = (await confirmed(office, starts_at=soon(90)))["check_in_code"]
    wrong = other_than(code)

    said = [(await at_door(office, wrong, "base-clerk")).json()["code"] for _ in range(6)]
    right_too_late = await at_door(office, code, "base-clerk")

    assert said == [WRONG_CODE] * 5 + [LOCKED]
    assert (right_too_late.status_code, right_too_late.json()["code"]) == (409, LOCKED)
    retry_at = datetime.fromisoformat(right_too_late.json()["retry_at"])
    assert timedelta(minutes=9) < retry_at - office_clock() <= timedelta(minutes=10)
    moved = timedelta(minutes=10)
    assert (await at_door(office, code, "base-clerk")).status_code == 200


async def test_another_account_may_check_in_while_one_waits(office):
    code = (await confirmed(office))["check_in_code"]
    for _ in range(5):
        await at_door(office, other_than(code), "base-clerk")

    assert (await at_door(office, code, "base-manager")).status_code == 200


async def test_guesses_sent_all_at_once_are_counted_one_by_one(office):
    code = (await confirmed(office))["check_in_code"]

    answers = await together(at_door(office, other_than(code)) for _ in range(20))

    assert Counter(each.json()["code"] for each in answers) == {WRONG_CODE: 5, LOCKED: 15}


async def test_of_two_who_check_in_with_one_code_at_once_one_wins(office, database):
    for hours in range(4):
        booking = await confirmed(
            office, venue_id=office.square, starts_at=soon(70 + hours), headcount=18
        )
        answers = await together(
            at_door(office, booking["check_in_code"], role)
            for role in ("base-clerk", "base-manager", "admin", "base-clerk")
        )
        assert Counter(each.status_code for each in answers) == {200: 1, 409: 3}
        assert {each.json().get("code") for each in answers if each.is_error} == {
            "already-checked-in"
        }
    pool = (await database("bases")).pool
    counted = "SELECT count(*) FROM event_log WHERE type = 'jiceng.bases.booking.checked-in.v1'"
    assert await pool.fetchval(counted) == 4


async def test_two_bookings_of_one_base_and_day_never_have_one_code(office, monkeypatch):
    """The draw is the same for both, so the database has to tell them apart."""
    drawn = iter([7, 7, 7, 8])
    monkeypatch.setattr(codes.secrets, "randbelow", lambda _: next(drawn))
    first = await confirmed(office)
    second = await confirmed(office, starts_at=soon(200), ends_at=soon(230))

    assert (first["check_in_code"], second["check_in_code"]) == ("000007", "000008")
    monkeypatch.setattr(codes.secrets, "randbelow", lambda _: 7)
    next_day = await confirmed(office, starts_at=tomorrow(9), ends_at=tomorrow(10))
    assert next_day["check_in_code"] == "000007"


async def test_a_booking_moved_to_another_day_has_a_code_of_that_day(office, monkeypatch):
    monkeypatch.setattr(codes.secrets, "randbelow", lambda _: 7)
    await confirmed(office, starts_at=tomorrow(9), ends_at=tomorrow(10))
    booking = await confirmed(office)
    monkeypatch.setattr(codes.secrets, "randbelow", lambda _: 9)

    moved = await office.step(booking, "reschedule", starts_at=tomorrow(14), ends_at=tomorrow(15))

    assert moved["check_in_code"] == "000009"
    same_day = await office.step(moved, "reschedule", starts_at=tomorrow(16), ends_at=tomorrow(17))
    assert same_day["check_in_code"] == "000009"
