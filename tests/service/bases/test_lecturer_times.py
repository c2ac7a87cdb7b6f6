"""When lecturers can come: weekly times, leave, extra time."""

import pytest

from tests.clock import tomorrow
from tests.service.bases.lecturing import Team

THURSDAY_MORNING = {"hours": {"thursday": [["09:00", "12:00"]], "friday": [["14:00", "24:00"]]}}
"""The office's tomorrow is a Thursday."""


async def state(team: Team, lecturer: str, **given: object) -> None:
    answer = await team.put(f"/v1/lecturers/{lecturer}/hours", THURSDAY_MORNING | given)
    assert answer.status_code == 200, answer.text


async def absent(team: Team, lecturer: str, kind: str, since: str, until: str) -> dict:
    answer = await team.office.post(
        f"/v1/lecturers/{lecturer}/absences", {"kind": kind, "starts_at": since, "ends_at": until}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_who_stated_times_is_had_at_them_only_and_the_refusal_names_them(team):
    lecturer, other = await team.join(code="JS-A"), await team.join(code="JS-B")
    await state(team, lecturer)
    inside = await team.office.book(starts_at=tomorrow(11), ends_at=tomorrow(12))
    beyond = await team.office.book(
        venue_id=team.office.square, starts_at=tomorrow(11, 30), ends_at=tomorrow(12, 30)
    )

    refused = await team.assign(beyond, lecturer)
    assigned = await team.assign(inside, lecturer)

    assert (refused.status_code, refused.json()["code"]) == (409, "lecturer-not-available")
    assert refused.json()["available"] == [{"from": tomorrow(9), "until": tomorrow(12)}]
    assert refused.json()["free"] == [{"from": tomorrow(9), "until": tomorrow(12)}]
    assert refused.json()["others"] == [{"lecturer_id": other, "code": "JS-B"}]
    assert assigned.status_code == 200


async def test_times_hold_from_a_day_on_and_are_shown_as_they_were_stated(team):
    lecturer = await team.join()
    await state(team, lecturer, effective_from="2026-06-12")
    await state(team, lecturer, effective_from="2026-06-10", hours={"thursday": []})
    friday = await team.office.book(starts_at=tomorrow(9, days=2), ends_at=tomorrow(10, days=2))
    thursday = await team.office.book()

    answers = [await team.assign(booking, lecturer) for booking in (thursday, friday)]

    assert [answer.status_code for answer in answers] == [409, 409]
    stated = (await team.get(f"/v1/lecturers/{lecturer}/hours")).json()
    assert [each["effective_from"] for each in stated] == ["2026-06-10", "2026-06-12"]
    assert stated[1]["hours"]["friday"] == [["14:00", "24:00"]]


@pytest.mark.parametrize("spans", [[["12:00", "09:00"]], [["09:00", "12:00"], ["11:00", "13:00"]]])
async def test_times_that_contradict_themselves_are_refused(team, spans):
    lecturer = await team.join()

    answer = await team.put(f"/v1/lecturers/{lecturer}/hours", {"hours": {"monday": spans}})

    assert answer.status_code == 422


async def test_leave_takes_time_away_extra_time_adds_some_and_both_can_be_withdrawn(team):
    lecturer = await team.join()
    await state(team, lecturer)
    early = await team.office.book(starts_at=tomorrow(7), ends_at=tomorrow(8))
    morning = await team.office.book(starts_at=tomorrow(9), ends_at=tomorrow(10))

    async def can(booking: dict) -> bool:
        answer = await team.assign(booking, lecturer)
        if answer.status_code == 200:
            await team.release(booking, lecturer)
        return answer.status_code == 200

    assert (await can(early), await can(morning)) == (False, True)
    await absent(team, lecturer, "extra", tomorrow(7), tomorrow(8))
    leave = await absent(team, lecturer, "leave", tomorrow(9, 59), tomorrow(18))
    assert (await can(early), await can(morning)) == (True, False)
    withdrawn = await team.office.post(f"/v1/lecturer-absences/{leave['absence_id']}/withdraw", {})
    assert withdrawn.json()["withdrawn_at"]
    assert (await can(early), await can(morning)) == (True, True)
    (left,) = (await team.get(f"/v1/lecturers/{lecturer}/absences")).json()["items"]
    assert left["kind"] == "extra"


async def test_a_leave_says_what_others_must_take_over(team):
    lecturer = await team.join()
    booking = await team.office.book(starts_at=tomorrow(9), ends_at=tomorrow(10))
    assigned = await team.assigned(booking, lecturer)

    beside = await absent(team, lecturer, "leave", tomorrow(10), tomorrow(11))
    leave = await absent(team, lecturer, "leave", tomorrow(9, 59), tomorrow(18))

    assert beside["to_take_over"] == []
    assert [each["assignment_id"] for each in leave["to_take_over"]] == [assigned["assignment_id"]]


async def test_a_leave_that_ends_before_it_begins_is_refused(team):
    lecturer = await team.join()

    answer = await team.office.post(
        f"/v1/lecturers/{lecturer}/absences",
        {"kind": "leave", "starts_at": tomorrow(9), "ends_at": tomorrow(9)},
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "impossible-time")


async def test_nothing_is_told_as_of_the_future(team):
    """Also where the body names the day it counts from, or the time itself is kept nowhere."""
    path, later = f"/v1/lecturers/{await team.join()}", {"occurred_at": tomorrow(9)}
    leave = {"kind": "leave", "starts_at": tomorrow(9), "ends_at": tomorrow(10)}

    answers = [
        await team.put(
            f"{path}/hours", THURSDAY_MORNING | {"effective_from": "2026-06-10"} | later
        ),
        await team.office.post(f"{path}/absences", leave | later),
        await team.office.post(f"{path}/erase", later),
    ]

    assert {(each.status_code, each.json()["code"]) for each in answers} == {
        (422, "time-in-future")
    }
