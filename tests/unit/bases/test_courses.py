"""Halls, courses and sessions: times, seats, sign-ups, and how many came."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.kinds import Channel
from contracts.kinds.courses import Unmarked
from services.bases.domain.bookings.refusals import ImpossibleTime, OverCapacity
from services.bases.domain.courses import catalogue, life, refusals, sessions
from services.bases.domain.courses.catalogue import Course, Hall
from services.bases.domain.courses.model import Room, Session, SignUp
from services.chassis.clock import LOCAL
from tests.unit.bases.build import but

COMMUNITY = "410305001001"
NINE = datetime(2026, 6, 11, 9, tzinfo=LOCAL)
NOW = NINE - timedelta(days=1)
MINUTE = timedelta(minutes=1)

HALL = Hall(
    hall_id=uuid4(),
    code="JT-1",
    name="新时代大讲堂",
    kind="grand-hall",
    area=COMMUNITY,
    base_id=None,
    venue_id=None,
    opened_on=date(2020, 1, 1),
    closed_on=None,
)
COURSE = Course(
    course_id=uuid4(),
    hall_id=HALL.hall_id,
    code="KC-1",
    name="身边的家风",
    kind="morals",
    audience_kind="everybody",
    area=COMMUNITY,
    retired_on=None,
)


def session(**given: Any) -> Session:
    said: dict[str, Any] = {
        "session_id": uuid4(),
        "course_id": COURSE.course_id,
        "course_kind": "morals",
        "audience_kind": "everybody",
        "hall_id": HALL.hall_id,
        "hall_kind": "grand-hall",
        "area": COMMUNITY,
        "base_id": None,
        "venue_id": None,
        "booking_id": None,
        "lecturer_id": None,
        "starts_at": NINE,
        "ends_at": NINE + timedelta(hours=2),
        "closes_at": NINE - timedelta(hours=1),
        "seats": 10,
        "taken": 0,
        "status": life.ANNOUNCE.to,
    }
    told_later = dict.fromkeys(("code", "place", "attended", "walk_ins", "absent"))
    return Session(**told_later | said | given)


def sign_up(headcount: int = 4, **given: Any) -> SignUp:
    said: dict[str, Any] = {
        "sign_up_id": uuid4(),
        "organisation_id": uuid4(),
        "headcount": headcount,
        "channel": Channel.PHONE,
        "session_id": uuid4(),
        "status": life.ENTER.to,
        "attended": None,
    }
    return SignUp(**said | given)


# Halls and courses


def test_a_hall_closes_on_the_day_it_opened_at_the_earliest():
    assert catalogue.close_hall(HALL, HALL.opened_on, None).closed_on == HALL.opened_on
    with pytest.raises(catalogue.ClosedBeforeOpened):
        catalogue.close_hall(HALL, HALL.opened_on - timedelta(days=1), None)


def test_neither_hall_nor_course_ends_while_sessions_are_announced():
    with pytest.raises(catalogue.SessionsAhead):
        catalogue.close_hall(HALL, date(2026, 6, 1), NINE)
    with pytest.raises(catalogue.SessionsAhead):
        catalogue.retire_course(COURSE, NINE)


def test_a_closed_hall_takes_no_change_and_no_course():
    closed = but(HALL, closed_on=date(2026, 1, 1))

    with pytest.raises(catalogue.HallClosed):
        catalogue.change_hall(closed, but(closed, name="新名"))
    with pytest.raises(catalogue.HallClosed):
        catalogue.publish_course(COURSE, closed)
    with pytest.raises(catalogue.HallClosed):
        catalogue.close_hall(closed, date(2026, 6, 1), None)


def test_changes_say_what_kind_it_was_and_none_says_nothing():
    hall = catalogue.change_hall(HALL, but(HALL, kind="study-hall"))
    course = catalogue.change_course(COURSE, but(COURSE, audience_kind="youth"))

    assert hall is not None
    assert (hall.kind, hall.was_kind) == ("study-hall", "grand-hall")
    assert course is not None
    assert (course.was_kind, course.was_audience_kind) == ("morals", "everybody")
    assert catalogue.change_hall(HALL, but(HALL)) is None
    assert catalogue.change_course(COURSE, but(COURSE)) is None


def test_a_course_that_ended_is_not_given_again():
    with pytest.raises(catalogue.CourseEnded):
        catalogue.check_given(but(COURSE, retired_on=date(2026, 1, 1)))


# Sessions


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ends_at": NINE}, "ends_at"),
        ({"ends_at": NINE + timedelta(hours=24) + MINUTE}, "ends_at"),
        ({"closes_at": NINE + MINUTE}, "closes_at"),
    ],
)
def test_impossible_times_are_refused_in_their_field(given, field):
    with pytest.raises(ImpossibleTime) as refused:
        sessions.announce(session(**given), at=NOW)

    assert refused.value.facts["field"] == field


def test_a_session_is_announced_until_it_begins():
    assert sessions.announce(session(), at=NINE).seats == 10
    with pytest.raises(ImpossibleTime):
        sessions.announce(session(), at=NINE + MINUTE)


def test_seats_go_down_to_those_taken_and_not_below():
    was = session(taken=8)
    changed = sessions.change(was, but(was, seats=8), at=NOW)

    assert changed is not None
    assert (changed.seats, changed.was_seats) == (8, 10)
    with pytest.raises(refusals.SeatsBelowSignUps) as refused:
        sessions.change(was, but(was, seats=7), at=NOW)
    assert refused.value.facts["least"] == 8
    assert sessions.change(was, was, at=NOW) is None


def test_a_session_moves_to_a_time_that_is_still_to_come():
    was = session()
    later = but(was, starts_at=NINE + MINUTE)

    changed = sessions.change(was, later, at=NINE + MINUTE)
    assert changed is not None
    assert changed.was_starts_at == NINE
    with pytest.raises(ImpossibleTime):
        sessions.change(was, later, at=NINE + 2 * MINUTE)


def test_signing_up_that_closes_with_the_start_goes_on_closing_with_it():
    until_start = session(closes_at=NINE)

    assert sessions.with_closing(until_start, {"starts_at": NOW})["closes_at"] == NOW
    assert "closes_at" not in sessions.with_closing(session(), {"starts_at": NOW})
    assert sessions.with_closing(until_start, {"starts_at": NINE, "closes_at": NOW}) == {
        "starts_at": NINE,
        "closes_at": NOW,
    }


def room(**given: Any) -> Room:
    said: dict[str, Any] = {
        "booking_id": uuid4(),
        "base_id": uuid4(),
        "venue_id": uuid4(),
        "starts_at": NINE,
        "ends_at": NINE + timedelta(hours=2),
        "holds": True,
        "places": 10,
        "area": COMMUNITY,
    }
    return Room(**said | given)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"starts_at": NINE + MINUTE}, refusals.VenueNotHeld),
        ({"ends_at": NINE + timedelta(hours=2) - MINUTE}, refusals.VenueNotHeld),
        ({"holds": False}, refusals.VenueNotHeld),
        ({"places": 9}, OverCapacity),
    ],
)
def test_a_session_lies_within_the_booking_that_holds_its_venue(given, refusal):
    sessions.check_room(session(), room(), None)

    with pytest.raises(refusal):
        sessions.check_room(session(), room(**given), None)


def test_a_booking_stays_where_its_session_is():
    held = room()
    planned = session(booking_id=held.booking_id, venue_id=held.venue_id)
    sessions.check_stays(planned, held)

    for other in ({"venue_id": uuid4()}, {"starts_at": NINE + MINUTE}, {"ends_at": NINE}):
        with pytest.raises(refusals.SessionInTheWay):
            sessions.check_stays(planned, replace(held, **other))
    lost = sessions.lose_venue(planned)
    assert (lost.venue_id, lost.booking_id, lost.was_venue_id) == (None, None, held.venue_id)


def test_a_hall_that_is_a_venue_is_booked_and_another_is_not():
    sessions.check_room(session(), None, None)

    with pytest.raises(refusals.VenueNotHeld) as refused:
        sessions.check_room(session(), None, uuid4())
    assert refused.value.facts["field"] == "booking_id"


def test_a_session_from_the_paper_ledger_was_announced_and_held():
    announced, held = sessions.record(session(), 120)

    assert announced.session_id == held.session_id
    assert (held.attended_headcount, held.walk_in_headcount, held.absent_headcount) == (120, 120, 0)


# Signing up


def test_signing_up_is_possible_until_it_closes():
    closes = session().closes_at

    assert sessions.sign_up(session(), sign_up(), at=closes - MINUTE).headcount == 4
    with pytest.raises(refusals.SignUpClosed):
        sessions.sign_up(session(), sign_up(), at=closes)
    with pytest.raises(refusals.SignUpClosed):
        sessions.resize(session(), sign_up(), 5, at=closes)


def test_withdrawing_is_possible_until_the_session_begins():
    assert sessions.withdraw(session(), sign_up(), at=NINE - MINUTE).session_cancelled is False
    with pytest.raises(refusals.SignUpClosed):
        sessions.withdraw(session(), sign_up(), at=NINE)


def test_a_resized_sign_up_says_how_many_it_was():
    event = sessions.resize(session(), sign_up(4), 6, at=NOW)

    assert event is not None
    assert (event.headcount, event.was_headcount) == (6, 4)
    assert sessions.resize(session(), sign_up(4), 4, at=NOW) is None


def test_a_full_session_names_the_seats_left_and_where_there_is_room():
    other = uuid4()

    refusal = sessions.full(2, [(other, NINE + timedelta(days=7), 30)])

    assert refusal.facts["free"] == 2
    assert [each["session_id"] for each in refusal.facts["following"]] == [str(other)]  # type: ignore[attr-defined]
    assert "06月18日 09:00（余 30 座）" in (refusal.zh or "")


# Who came


def test_nobody_came_before_it_began():
    with pytest.raises(refusals.SessionNotBegun):
        sessions.attend(session(), sign_up(), 1, at=NINE - MINUTE)
    with pytest.raises(refusals.SessionNotBegun):
        sessions.hold(session(), [], {}, 0, None, at=NINE - MINUTE)


def test_of_a_sign_up_no_more_come_than_signed_up():
    event = sessions.attend(session(), sign_up(4, attended=2), 4, at=NINE)

    assert (event.attended_headcount, event.was_attended_headcount) == (4, 2)
    with pytest.raises(refusals.MoreThanSignedUp):
        sessions.attend(session(), sign_up(4), 5, at=NINE)


def test_who_came_unannounced_is_added_and_who_did_not_come_is_absent():
    noted, told = sign_up(4, attended=3), sign_up(5)
    came: dict[UUID, int] = {told.sign_up_id: 5}

    held, along = sessions.hold(session(), [noted, told], came, 7, None, at=NINE)

    assert held.attended_headcount == 3 + 5 + 7
    assert (held.walk_in_headcount, held.absent_headcount) == (7, 1)
    assert [each.sign_up_id for each, _ in along] == [told.sign_up_id]


def test_what_nobody_noted_is_asked_for_and_never_guessed():
    unnoted = sign_up(4)

    with pytest.raises(refusals.AttendanceMissing) as refused:
        sessions.hold(session(), [unnoted], {}, 0, None, at=NINE)
    assert refused.value.facts["sign_ups"] == [str(unnoted.sign_up_id)]

    absent, _ = sessions.hold(session(), [unnoted], {}, 0, Unmarked.ABSENT, at=NINE)
    came, _ = sessions.hold(session(), [unnoted], {}, 0, Unmarked.CAME, at=NINE)
    assert (absent.attended_headcount, absent.absent_headcount) == (0, 4)
    assert (came.attended_headcount, came.absent_headcount) == (4, 0)


def test_a_sign_up_of_another_session_is_refused():
    with pytest.raises(refusals.NotOfSession):
        sessions.hold(session(), [], {uuid4(): 1}, 0, None, at=NINE)
