"""Calendars over HTTP: what stands in them, who may read them, what a change does to them."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from contracts.kinds import BookingStatus
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from tests.calendars import checked, events
from tests.clock import OPENING, office_clock, tomorrow
from tests.service.office import COMMUNITY

ELSEWHERE = "410306"


@pytest.fixture
async def bases(database):
    return await database("bases")


async def read(office, path: str, *, role: str = "viewer", area: str = COMMUNITY, **more: str):
    return await office.bases.get(path, headers=office.scene.headers(role, area) | more)


async def feed(office, path: str, **who: str) -> dict:
    """Events by UID, of a calendar that must be good."""
    answer = await read(office, f"/v1/{path}/calendar.ics", **who)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return events(answer.content)


async def of_base(office) -> dict:
    return await feed(office, f"bases/{office.base_id}")


async def moved(office, booking: dict, **to) -> dict:
    path = f"/v1/bookings/{booking['booking_id']}"
    seen = await read(office, path)
    answer = await office.post(
        f"{path}/reschedule", to, role="admin", **{"If-Match": seen.headers["etag"]}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def uid(thing) -> str:
    return f"{thing}@jiceng"


# What stands in it


async def test_ics_feed_is_valid_with_cancel_and_a_sequence_that_rises(office):
    booking = await office.book()
    key = uid(booking["booking_id"])
    asked = (await of_base(office))[key]
    await office.step(booking, "confirm")
    confirmed = (await of_base(office))[key]
    await moved(office, booking, starts_at=tomorrow(14), ends_at=tomorrow(16))
    later = (await of_base(office))[key]
    await office.step(booking, "cancel", reason="by-base")
    off = (await of_base(office))[key]

    told = [asked, confirmed, later, off]
    statuses = ["TENTATIVE", "CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [str(event["status"]) for event in told] == statuses
    assert [int(event["sequence"]) for event in told] == [0, 1, 2, 3]
    assert asked.decoded("dtstart") == datetime.fromisoformat(tomorrow(9))
    assert later.decoded("dtstart") == datetime.fromisoformat(tomorrow(14))
    assert later.decoded("dtend") == datetime.fromisoformat(tomorrow(16))
    stamps = [event.decoded("last-modified") for event in told]
    assert stamps == sorted(stamps)
    assert len({event.decoded("created") for event in told}) == 1
    assert str(off["summary"]).startswith("【已取消】")


async def test_a_venue_shows_its_own_and_closures_of_the_whole_base(office):
    in_hall = await office.book()
    on_square = await office.book(venue_id=office.square)
    closures = [
        await closed(office, venue_id, day)
        for venue_id, day in ((None, 3), (office.hall, 4), (office.square, 5))
    ]
    everything = {in_hall["booking_id"], on_square["booking_id"], *closures}
    assert set(await of_base(office)) == {uid(each) for each in everything}
    hall = await feed(office, f"venues/{office.hall}")
    assert set(hall) == {uid(each) for each in (in_hall["booking_id"], *closures[:2])}
    whole = hall[uid(closures[0])]
    assert str(whole["summary"]) == "闭馆：设施维护"
    assert str(whole["transp"]) == "OPAQUE"


async def closed(office, venue_id: str | None, days: int) -> str:
    answer = await office.post(
        "/v1/closures",
        {
            "base_id": office.base_id,
            "venue_id": venue_id,
            "starts_at": tomorrow(8, days=days),
            "ends_at": tomorrow(18, days=days),
            "reason_kind": "maintenance",
        },
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["closure_id"]


async def test_a_closure_that_was_taken_back_is_cancelled_in_the_feed(office):
    closure = await closed(office, None, 3)
    before = (await of_base(office))[uid(closure)]
    answer = await office.post(f"/v1/closures/{closure}/withdraw", {})
    assert answer.status_code == 200, answer.text
    after = (await of_base(office))[uid(closure)]
    assert (str(before["status"]), str(after["status"])) == ("CONFIRMED", "CANCELLED")
    assert int(after["sequence"]) > int(before["sequence"])
    assert after.decoded("dtend") == before.decoded("dtend")


async def test_sessions_of_courses_stand_in_the_calendars_of_where_they_are_held(office, bases):
    booking = (await office.book())["booking_id"]
    session = await taught(bases, office, UUID(booking))
    for path in (f"bases/{office.base_id}", f"venues/{office.hall}"):
        found = await feed(office, path)
        event = found[uid(session)]
        assert set(found) == {uid(session)}
        assert str(event["summary"]) == "讲习：党史,第一讲"
        assert str(event["location"]) == "测试基地 一号展厅"
    await bases.pool.execute("UPDATE session SET status = 'cancelled', version = 2")
    event = (await of_base(office))[uid(session)]
    assert (str(event["status"]), int(event["sequence"])) == ("CANCELLED", 1)
    assert await feed(office, f"venues/{office.square}") == {}


async def taught(bases, office, booking: UUID) -> UUID:
    hall, course, session = new_id(), new_id(), new_id()
    now, starts = office_clock(), datetime.fromisoformat(tomorrow(15))
    await bases.pool.execute(
        "INSERT INTO lecture_hall (hall_id, code, name, kind, area, opened_on, version,"
        " recorded_at) VALUES ($1, 'JT', '大讲堂', 'grand-hall', $2, '2020-01-01', 1, $3)",
        hall, COMMUNITY, now,
    )  # fmt: skip
    await bases.pool.execute(
        "INSERT INTO course (course_id, hall_id, code, name, kind, audience_kind, area, version,"
        " recorded_at) VALUES ($1, $2, 'KC', '党史,第一讲', 'history', 'everybody', $3, 1, $4)",
        course, hall, COMMUNITY, now,
    )  # fmt: skip
    await bases.pool.execute(
        "INSERT INTO session (session_id, course_id, hall_id, area, base_id, venue_id, starts_at,"
        " ends_at, closes_at, seats, status, version, recorded_at, booking_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, 30, 'announced', 1, $9, $10)",
        session, course, hall, COMMUNITY, UUID(office.base_id), UUID(office.hall), starts,
        starts + timedelta(hours=1), now, booking,
    )  # fmt: skip
    return session


async def test_an_organisation_sees_its_bookings_wherever_the_base_lies(office, bases):
    booking = await office.book()
    await bases.pool.execute("UPDATE organisation SET area = $1", ELSEWHERE)
    path = f"organisations/{office.organisation_id}"
    assert set(await feed(office, path, area=ELSEWHERE)) == {uid(booking["booking_id"])}
    refused = await read(office, f"/v1/{path}/calendar.ics")
    assert (refused.status_code, refused.json()["code"]) == (403, "area-out-of-scope")


async def test_a_lecturer_sees_assignments_and_only_busy_time_where_one_may_not_read(office, bases):
    lecturer, booking = new_id(), await office.book()
    await bases.pool.execute(
        "INSERT INTO lecturer (lecturer_id, code, area, roles, skills, engagement, engaged_on,"
        " version, recorded_at) VALUES ($1, 'JS-1', $2, '{lecturer}', '{history}', 'part-time',"
        " '2024-01-01', 1, $3)",
        lecturer, COMMUNITY, office_clock(),
    )  # fmt: skip
    here = await assigned(bases, office, lecturer, COMMUNITY, 9, booking["booking_id"])
    away = await assigned(bases, office, lecturer, ELSEWHERE, 14, booking["booking_id"])
    await bases.pool.execute(
        "UPDATE lecturer_assignment SET holds = false, version = 2 WHERE assignment_id = $1", away
    )
    found = await feed(office, f"lecturers/{lecturer}")
    assert str(found[uid(here)]["summary"]) == "【待确认】接待讲解：唐村社区第一党支部"
    assert str(found[uid(away)]["summary"]) == "【已取消】已有安排"
    assert "location" not in found[uid(away)]
    answer = await read(office, f"/v1/lecturers/{lecturer}/calendar.ics")
    assert str(checked(answer.content)["x-wr-calname"]) == "讲师 JS-1"


async def assigned(bases, office, lecturer: UUID, area: str, hour: int, booking: str) -> UUID:
    assignment, starts = new_id(), datetime.fromisoformat(tomorrow(hour))
    await bases.pool.execute(
        "INSERT INTO lecturer_assignment (assignment_id, lecturer_id, lecturer_no, booking_id,"
        " base_id, place_id, area, starts_at, ends_at, free_at, holds, version, recorded_at)"
        " VALUES ($1, $2, 1, $3, $4, $4, $5, $6, $7, $7, $8, 1, $9)",
        assignment, lecturer, UUID(booking), UUID(office.base_id), area, starts,
        starts + timedelta(hours=1), area == COMMUNITY, office_clock(),
    )  # fmt: skip
    return assignment


async def test_no_person_stands_in_a_calendar(office, bases):
    """Whatever of a booking is about persons, or free text, is not even read for it."""
    booking = await office.book()
    await office.step(booking, "confirm")
    answer = await read(office, f"/v1/bases/{office.base_id}/calendar.ics")
    shown = {str(name) for event in checked(answer.content).walk("VEVENT") for name in event}
    assert shown == {
        "UID", "SEQUENCE", "DTSTAMP", "CREATED", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY",
        "LOCATION", "DESCRIPTION", "STATUS", "TRANSP", "CATEGORIES", "ORGANIZER",
    }  # fmt: skip
    for told in (b"test-admin", b"mailto:", b"ATTENDEE", b"tel:"):
        assert told not in answer.content


# How much of it


async def test_the_window_ends_ninety_days_ago_and_a_year_ahead(office, bases):
    booking = await office.book()
    await office.step(booking, "confirm")
    midnight = OPENING.replace(hour=0)
    assert business_date(midnight) == business_date(office_clock())
    for starts, stands in (
        (midnight - timedelta(days=90, hours=2), False),
        (midnight - timedelta(days=90, minutes=30), True),
        (midnight + timedelta(days=367, minutes=-1), True),
        (midnight + timedelta(days=367), False),
    ):
        await bases.pool.execute(
            "UPDATE booking SET starts_at = $1, ends_at = $2", starts, starts + timedelta(hours=1)
        )
        assert bool(await of_base(office)) is stands, starts


async def test_what_is_off_is_told_for_a_month_and_then_left_out(office, bases):
    booking = await office.book()
    off_until = OPENING.replace(hour=0) - timedelta(days=30)
    for status in ("cancelled", "declined", "lapsed", "no-show", "confirmed"):
        for changed_at, told in ((off_until + timedelta(seconds=1), True), (off_until, False)):
            await bases.pool.execute(
                "UPDATE booking SET status = $1, version = 99, recorded_at = $2", status, changed_at
            )
            stands = uid(booking["booking_id"]) in await of_base(office)
            assert stands is (told or status == "confirmed"), (status, changed_at)


async def test_of_too_many_the_nearest_stand_in_the_feed_and_it_says_so(office, bases):
    near = await office.book()
    far = await office.book(starts_at=tomorrow(9, days=7), ends_at=tomorrow(10, days=7))
    await bases.pool.execute(
        """UPDATE rule SET parameters = parameters || '{"most_items": 1}'
            WHERE code = 'feed.terms'"""
    )
    answer = await read(office, f"/v1/bases/{office.base_id}/calendar.ics")
    assert set(events(answer.content)) == {uid(near["booking_id"])}
    assert str(checked(answer.content)["x-wr-caldesc"]) == "日程过多，仅含最近的 1 项。"
    await bases.pool.execute(
        """UPDATE rule SET parameters = parameters || '{"most_items": 2}'
            WHERE code = 'feed.terms'"""
    )
    answer = await read(office, f"/v1/bases/{office.base_id}/calendar.ics")
    assert set(events(answer.content)) == {uid(each["booking_id"]) for each in (near, far)}
    assert "x-wr-caldesc" not in checked(answer.content)


async def test_who_has_it_already_is_told_so_until_something_changes(office, bases):
    booking = await office.book()
    path = f"/v1/bases/{office.base_id}/calendar.ics"
    first = await read(office, path)
    tag = first.headers["etag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await read(office, path, **{"If-None-Match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await read(office, path)).content == first.content
    await office.step(booking, "confirm")
    fresh = await read(office, path, **{"If-None-Match": tag})
    assert fresh.status_code == 200
    await bases.pool.execute("UPDATE venue SET name = '二号展厅'")
    renamed = await read(office, path, **{"If-None-Match": fresh.headers["etag"]})
    assert renamed.status_code == 200
    assert "二号展厅" in renamed.text


@pytest.mark.parametrize("scope", ["bases", "venues", "organisations", "lecturers"])
async def test_a_calendar_of_nothing_is_not_found(office, scope):
    answer = await read(office, f"/v1/{scope}/{new_id()}/calendar.ics")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


# Invitations


async def test_an_invitation_is_a_request_until_it_is_off_and_then_a_cancel(office):
    booking = await office.book()
    path = f"/v1/bookings/{booking['booking_id']}/invitation.ics"
    asked = await read(office, path)
    await office.step(booking, "cancel", reason="weather")
    off = await read(office, path, **{"If-None-Match": asked.headers["etag"]})
    assert asked.headers["content-type"] == "text/calendar; charset=utf-8; method=REQUEST"
    assert off.headers["content-type"] == "text/calendar; charset=utf-8; method=CANCEL"
    (first,), (last,) = (checked(each.content).walk("VEVENT") for each in (asked, off))
    assert str(checked(off.content)["method"]) == "CANCEL"
    assert first["uid"] == last["uid"] == uid(booking["booking_id"])
    assert int(first["sequence"]) < int(last["sequence"])
    assert str(last["status"]) == BookingStatus.CANCELLED.upper()
    assert str(last["attendee"]) == f"urn:uuid:{office.organisation_id}"


async def test_an_invitation_is_for_who_reads_the_base_or_the_visitors(office, bases):
    booking = await office.book()
    path = f"/v1/bookings/{booking['booking_id']}/invitation.ics"
    assert (await read(office, path, area=ELSEWHERE)).status_code == 403
    await bases.pool.execute("UPDATE organisation SET area = $1", ELSEWHERE)
    assert (await read(office, path, area=ELSEWHERE)).status_code == 200
    assert (await read(office, path)).status_code == 200
