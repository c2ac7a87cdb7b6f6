"""Lecture halls, courses, sessions and sign-ups over HTTP."""

from typing import Any

import pytest

from contracts.kinds.courses import SessionStatus
from services.chassis.clock import LOCAL
from tests.clock import office_clock, tomorrow
from tests.service.bases.lecturing import Team
from tests.service.bases.schooling import School, got, patched, said, told
from tests.service.office import COMMUNITY, Office


@pytest.fixture
async def school(office: Office) -> School:
    made_school = School(office)
    await made_school.open()
    return made_school


# Halls and courses


async def test_a_hall_is_opened_changed_and_closed_on_its_days(school, office, database):
    path = f"/v1/lecture-halls/{school.hall['hall_id']}"

    changed = await patched(office, path, 1, kind="study-hall", venue_id=office.hall)
    early = await office.post(f"{path}/close", {"closed_on": "2019-12-31"})
    closed = await office.post(f"{path}/close", {"closed_on": "2026-05-31"})
    late = await office.post(
        "/v1/courses",
        {"hall_id": school.hall["hall_id"], "code": "KC-2", "name": "晚了", "kind": "law"},
    )

    assert (changed.json()["kind"], changed.json()["venue_id"]) == ("study-hall", office.hall)
    assert said(early) == (422, "closed-before-opened")
    assert closed.json()["closed_on"] == "2026-05-31"
    assert said(late) == (409, "lecture-hall-closed")
    events = await told(database, school.hall["hall_id"])
    assert [each.split(".")[1] for each in events] == ["opened", "changed", "closed"]


async def test_a_hall_counts_from_the_day_it_was_opened(school, database):
    bases = await database("bases")
    occurred = await bases.pool.fetchval(
        "SELECT occurred_at FROM event_log WHERE aggregate_id = $1", school.hall["hall_id"]
    )

    assert occurred.astimezone(LOCAL).isoformat() == "2020-01-01T00:00:00+08:00"


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"kind": "没有"}, "unknown-kind", "kind"),
        ({"base_id": None, "area": "410399"}, "area-unknown", "area"),
        ({"base_id": None, "area": COMMUNITY, "venue_id": "hall"}, "venue-unknown", "venue_id"),
        ({"opened_on": "2099-01-01"}, "time-in-future", "opened_on"),
    ],
)
async def test_a_hall_that_cannot_be_is_refused_in_its_field(office, given, code, field):
    if "venue_id" in given:
        given = given | {"venue_id": office.hall}
    answer = await office.post(
        "/v1/lecture-halls",
        {
            "code": "JT-9",
            "name": "测试学堂",
            "kind": "community-school",
            "base_id": office.base_id,
            "opened_on": "2020-01-01",
        }
        | given,
    )

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["field"] == field


async def test_neither_hall_nor_course_ends_before_its_sessions(school, office, database):
    session = await school.announce()
    course = f"/v1/courses/{school.course['course_id']}"
    hall = f"/v1/lecture-halls/{school.hall['hall_id']}"

    assert said(await office.post(f"{course}/retire", {})) == (409, "sessions-ahead")
    refused = await office.post(f"{hall}/close", {"closed_on": "2026-06-01"})
    assert said(refused) == (409, "sessions-ahead")
    await office.post(f"/v1/sessions/{session['session_id']}/cancel", {})
    assert (await patched(office, course, 1, kind="law")).json()["kind"] == "law"
    assert (await office.post(f"{course}/retire", {})).status_code == 200
    assert (await office.post(f"{hall}/close", {"closed_on": "2026-06-01"})).status_code == 200
    assert [each.split(".")[1] for each in await told(database, school.course["course_id"])] == [
        "published",
        "changed",
        "retired",
    ]


# Sessions


async def test_a_session_is_announced_signed_up_for_held_and_counted(school, office, database):
    session = await school.announce()
    first = await school.sign_up(session, organisation_id=office.organisation_id)
    second = await school.sign_up(session, headcount=5, channel="web")
    assert (first.status_code, second.status_code) == (201, 201)
    assert (await school.session(session))["free"] == 1
    held = f"/v1/sessions/{session['session_id']}/hold"

    early = await office.post(held, {})
    begun = {"occurred_at": office_clock().isoformat()}
    bases = await database("bases")
    await bases.pool.execute(
        "UPDATE session SET starts_at = starts_at - interval '2 days',"
        " ends_at = ends_at - interval '2 days', closes_at = closes_at - interval '2 days'"
    )
    attended = await office.post(
        f"/v1/sign-ups/{first.json()['sign_up_id']}/attend", {"headcount": 3}
    )
    unsure = await office.post(held, begun)
    done = await office.post(held, {"walk_ins": 6, "unmarked": "came"})
    again = await office.post(held, {})

    assert said(early) == (409, "session-not-begun")
    assert (attended.status_code, attended.json()["attended"]) == (200, 3)
    assert said(unsure) == (409, "attendance-missing")
    assert unsure.json()["sign_ups"] == [second.json()["sign_up_id"]]
    assert done.json()["status"] == SessionStatus.HELD
    assert [done.json()[name] for name in ("attended", "walk_ins", "absent")] == [14, 6, 1]
    assert said(again) == (409, "session-over")
    assert await told(database, session["session_id"]) == ["session.announced", "session.completed"]
    assert await told(database, second.json()["sign_up_id"]) == [
        "sign-up.accepted",
        "sign-up.attended",
    ]


async def test_a_session_out_of_the_paper_ledger_counts_when_it_was_held(school, office, database):
    row = {
        "course_id": school.course["course_id"],
        "code": "CC-2019-1",
        "starts_at": "2019-06-18T09:00:00+08:00",
        "ends_at": "2019-06-18T11:00:00+08:00",
        "attended": 120,
    }

    answer = await office.post("/v1/sessions/held", row)
    twice = await office.post("/v1/sessions/held", row)
    ahead = await office.post(
        "/v1/sessions/held", row | {"code": "X", "starts_at": tomorrow(9), "ends_at": tomorrow(10)}
    )

    assert (answer.status_code, answer.json()["attended"]) == (201, 120)
    assert said(twice) == (409, "code-taken")
    assert said(ahead) == (422, "time-in-future")
    assert await told(database, answer.json()["session_id"]) == [
        "session.announced",
        "session.completed",
    ]
    listed = await got(office, "/v1/sessions", **{"from": "2019-06-18", "to": "2019-06-18"})
    assert [each["code"] for each in listed["items"]] == ["CC-2019-1"]


async def test_a_session_at_a_venue_names_the_booking_that_holds_it(school, office, database):
    booking = await office.book(starts_at=tomorrow(13), ends_at=tomorrow(17), headcount=30)
    plan = {
        "course_id": school.course["course_id"],
        "starts_at": tomorrow(14),
        "ends_at": tomorrow(16),
        "booking_id": booking["booking_id"],
    }

    small = await office.post("/v1/sessions", plan | {"seats": 41})
    late = await office.post("/v1/sessions", plan | {"seats": 40, "ends_at": tomorrow(18)})
    fits = await office.post("/v1/sessions", plan | {"seats": 40})
    unknown = await office.post(
        "/v1/sessions", plan | {"seats": 40, "booking_id": school.hall["hall_id"]}
    )

    assert (said(small), small.json()["capacity"]) == ((409, "over-capacity"), 40)
    assert (said(late), late.json()["field"]) == ((409, "venue-not-held"), "booking_id")
    assert (fits.status_code, fits.json()["venue_id"]) == (201, office.hall)
    assert said(unknown) == (422, "booking-unknown")
    path = f"/v1/sessions/{fits.json()['session_id']}"
    assert said(await patched(office, path, 1, starts_at=tomorrow(12))) == (409, "venue-not-held")
    assert (await patched(office, path, 1, starts_at=tomorrow(13))).status_code == 200


async def test_a_session_outlives_the_booking_of_its_venue_and_is_not_moved_from_under(
    school, office, database
):
    booking = await office.book(starts_at=tomorrow(13), ends_at=tomorrow(17), headcount=30)
    session = await school.announce(booking_id=booking["booking_id"])
    path = f"/v1/bookings/{booking['booking_id']}"
    headers = office.scene.headers(**{"If-Match": f'"{booking["version"]}"'})

    away = await office.bases.post(
        f"{path}/reschedule", json={"starts_at": tomorrow(15)}, headers=headers
    )
    cancelled = await office.post(f"{path}/cancel", {"reason": "by-base"})

    assert (said(away), away.json()["session_id"]) == (
        (409, "session-in-the-way"),
        session["session_id"],
    )
    assert cancelled.status_code == 200, cancelled.text
    now = await school.session(session)
    assert [now[name] for name in ("status", "venue_id", "booking_id")] == ["announced", None, None]
    assert await told(database, session["session_id"]) == ["session.announced", "session.changed"]


async def test_a_hall_that_is_a_venue_of_a_base_is_booked_first(school, office):
    await patched(office, f"/v1/lecture-halls/{school.hall['hall_id']}", 1, venue_id=office.hall)
    plan = {
        "course_id": school.course["course_id"],
        "starts_at": tomorrow(14),
        "ends_at": tomorrow(16),
        "seats": 10,
    }

    answer = await office.post("/v1/sessions", plan)

    assert (said(answer), answer.json()["venue_id"]) == ((409, "venue-not-held"), office.hall)


async def test_a_session_takes_its_lecturer_moves_with_them_and_lets_them_go(
    school, office, database
):
    team = Team(office)
    lecturer, other = await team.join(), await team.join()
    session = await school.announce(lecturer_id=lecturer)
    clash = {
        "course_id": school.course["course_id"],
        "starts_at": tomorrow(15),
        "ends_at": tomorrow(17),
        "seats": 10,
        "lecturer_id": lecturer,
    }
    path = f"/v1/sessions/{session['session_id']}"

    taken = await office.post("/v1/sessions", clash)
    moved = await patched(office, path, 1, starts_at=tomorrow(9), ends_at=tomorrow(11))
    free = await office.post("/v1/sessions", clash)
    swapped = await patched(office, path, 2, lecturer_id=other)
    cancelled = await office.post(f"{path}/cancel", {})

    assert (said(taken), free.status_code) == ((409, "lecturer-taken"), 201)
    assert [each.status_code for each in (moved, swapped, cancelled)] == [200, 200, 200]
    bases = await database("bases")
    held = await bases.pool.fetch(
        "SELECT lecturer_id::text, session_id::text FROM lecturer_assignment WHERE holds"
    )
    assert [tuple(each) for each in held] == [(lecturer, free.json()["session_id"])]


async def test_a_change_keeps_who_signed_up_and_never_takes_their_seats(school, office, database):
    session = await school.announce()
    path = f"/v1/sessions/{session['session_id']}"
    await school.sign_up(session, headcount=8)

    fewer = await patched(office, path, 1, seats=7)
    moved = await patched(office, path, 1, seats=8, starts_at=tomorrow(15), place="广场")
    stale = await patched(office, path, 1, seats=9)

    assert (said(fewer), fewer.json()["least"]) == ((409, "seats-below-sign-ups"), 8)
    assert (moved.json()["taken"], moved.json()["free"], moved.json()["place"]) == (8, 0, "广场")
    assert said(stale) == (412, "version-changed")
    assert await told(database, session["session_id"]) == ["session.announced", "session.changed"]


# Lists


async def test_lists_find_what_a_working_day_asks_for_and_say_it_in_words(school, office):
    full = await school.announce(seats=4)
    later = await school.announce(starts_at=tomorrow(9, days=2), ends_at=tomorrow(10, days=2))
    await school.sign_up(full, organisation_id=office.organisation_id)

    async def ids(**sought: Any) -> list[str]:
        found = await got(office, "/v1/sessions", **sought)
        return [each["session_id"] for each in found["items"]]

    assert await ids() == [full["session_id"], later["session_id"]]
    assert await ids(with_room=True) == [later["session_id"]]
    assert await ids(status="held") == []
    assert await ids(hall_id=school.hall["hall_id"], base_id=office.base_id, limit=1) == [
        full["session_id"]
    ]
    assert await ids(course_id=office.base_id) == []
    mine = await got(office, "/v1/sign-ups", organisation_id=office.organisation_id)
    assert [each["session_id"] for each in mine["items"]] == [full["session_id"]]
    headers = office.scene.headers()
    files = {
        path: (await office.bases.get(f"/v1/{path}/export", headers=headers)).text
        for path in ("lecture-halls", "courses", "sessions", "sign-ups")
    }
    assert "新时代大讲堂" in files["lecture-halls"]
    assert "公民道德与家风" in files["courses"]
    assert "党员群众" in files["courses"]
    assert "身边的家风" in files["sessions"]
    assert "唐村社区第一党支部" in files["sign-ups"]
