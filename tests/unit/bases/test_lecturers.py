"""Rules of lecturers: who may be retired, when they can come, what stands in their way."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.bases.lecturers import (
    GuideShiftCorrected,
    GuideShiftMissed,
    GuideShiftServed,
    LecturerRatingChanged,
)
from contracts.kinds import BookingStatus
from contracts.kinds.bases import DayKind
from contracts.kinds.lecturers import LecturerEngagement, RatedBy, ShiftStatus
from services.bases.domain.lecturers import assignments, people, shifts, times
from services.bases.domain.lecturers.people import Ahead, Lecturer
from services.bases.domain.lecturers.rules import LecturerRatingWindow, LecturerTravel
from services.bases.domain.lecturers.times import Busy, Times
from services.bases.domain.opening import Hours, Range
from services.chassis.clock import LOCAL
from services.chassis.working_days import CalendarMissing, WorkingCalendar

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
MONDAY = date(2026, 6, 8)
CALENDAR = WorkingCalendar(frozenset({2026}), {})
TRAVEL = LecturerTravel(minutes=30).time
MORNING = Hours(date(2026, 1, 1), {DayKind.MONDAY: ((540, 720),)})


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(), LOCAL) + timedelta(hours=hour, minutes=minute)


def busy(since: datetime, until: datetime, place: UUID = HERE) -> Busy:
    return Busy(
        assignment_id=UUID(int=9),
        place_id=place,
        starts_at=since,
        ends_at=until,
        free_at=until + TRAVEL,
    )


LECTURER = Lecturer(
    lecturer_id=UUID(int=3),
    code="JS-1",
    area="410305001",
    base_id=None,
    roles=["lecturer"],
    skills=["party-history", "film"],
    engagement=LecturerEngagement.VOLUNTEER,
    engaged_on=date(2026, 1, 1),
    retired_on=None,
)


# Who they are


def test_a_lecturer_of_a_street_serves_its_communities_and_no_other_street():
    assert LECTURER.serves("410305001")
    assert LECTURER.serves("410305001002")
    assert not LECTURER.serves("410305002001")
    assert not LECTURER.serves("410305")


def test_nobody_is_retired_before_having_come_or_while_something_lies_ahead():
    ahead = Ahead(assignment_id=UUID(int=4), starts_at=at(9), ends_at=at(10))

    with pytest.raises(people.RetiresBeforeStart):
        people.retire(LECTURER, date(2025, 12, 31), [])
    with pytest.raises(people.AssignmentsAhead) as refused:
        people.retire(LECTURER, MONDAY, [ahead])
    assert refused.value.facts["assignments"][0]["assignment_id"] == str(ahead.assignment_id)
    assert people.retire(LECTURER, date(2026, 1, 1), []).retired_on == date(2026, 1, 1)
    with pytest.raises(people.LecturerGone):
        people.retire(LECTURER.model_copy(update={"retired_on": MONDAY}), MONDAY, [])


def test_a_change_of_name_alone_is_told_without_saying_it():
    told = people.change(LECTURER, LECTURER, personal=True)

    assert told is not None
    assert people.change(LECTURER, LECTURER, personal=False) is None


# When they can come


def test_who_stated_no_times_can_always_come():
    assert Times(calendar=CALENDAR).cover(at(23), at(26))


@pytest.mark.parametrize(
    ("since", "until", "can"),
    [
        (at(9), at(12), True),
        (at(8, 59), at(10), False),
        (at(11), at(12, 1), False),
        (at(9, day=date(2026, 6, 9)), at(10, day=date(2026, 6, 9)), False),
    ],
)
def test_who_stated_times_can_come_at_them_to_the_minute(since, until, can):
    assert Times(calendar=CALENDAR, hours=(MORNING,)).cover(since, until) is can


def test_extra_time_joins_what_it_touches_and_leave_goes_before_both():
    extra = Times(calendar=CALENDAR, hours=(MORNING,), extras=((at(12), at(14)),))
    away = replace(extra, leaves=((at(13), at(18)),))

    assert extra.cover(at(11), at(14))
    assert away.cover(at(11), at(13))
    assert not away.cover(at(11), at(13, 1))


def test_times_over_midnight_and_over_a_year_without_calendar():
    nights = Hours(date(2026, 1, 1), {DayKind.MONDAY: ((1320, 1440),), DayKind.TUESDAY: ((0, 60),)})
    holidays = Hours(date(2026, 1, 1), {DayKind.FRIDAY: ((0, 1440),), DayKind.HOLIDAY: ()})
    newyear = date(2027, 1, 1)

    assert Times(calendar=CALENDAR, hours=(nights,)).cover(at(23), at(25))
    assert Times(calendar=CALENDAR, hours=(nights,)).cover(at(22), at(24))
    assert not Times(calendar=CALENDAR, hours=(nights,)).cover(at(23), at(25, 1))
    with pytest.raises(CalendarMissing):
        Times(calendar=CALENDAR, hours=(holidays,)).cover(at(9, day=newyear), at(10, day=newyear))


def test_a_leap_day_is_a_day_like_others():
    leap = date(2028, 2, 29)
    tuesdays = Hours(date(2026, 1, 1), {DayKind.TUESDAY: ((540, 720),)})

    assert Times(calendar=CALENDAR, hours=(tuesdays,)).between(leap, leap) == [
        (at(9, day=leap), at(12, day=leap))
    ]
    assert times.month(at(0, day=leap)) == (
        at(0, day=date(2028, 2, 1)),
        at(0, day=date(2028, 3, 1)),
    )


# What stands in their way


@pytest.mark.parametrize(
    ("place", "since", "until", "clashes"),
    [
        (HERE, at(10), at(11), False),
        (HERE, at(9, 59), at(11), True),
        (HERE, at(8), at(9), False),
        (ELSEWHERE, at(10, 29), at(11), True),
        (ELSEWHERE, at(10, 30), at(11), False),
        (ELSEWHERE, at(8), at(8, 31), True),
        (ELSEWHERE, at(8), at(8, 30), False),
    ],
)
def test_travel_is_needed_between_places_only_and_on_both_sides(place, since, until, clashes):
    assert busy(at(9), at(10)).clashes(place, since, until, TRAVEL) is clashes


def test_what_is_free_is_what_is_left_and_long_enough():
    known = Times(calendar=CALENDAR, hours=(MORNING,))
    taken = [busy(at(9, 30), at(10)), busy(at(11), at(11, 20), ELSEWHERE)]

    found = times.free(known, taken, HERE, TRAVEL, within=times.day(MONDAY))

    assert found == [(at(9), at(9, 30)), (at(10), at(10, 30)), (at(11, 50), at(12))]
    half = timedelta(minutes=30)
    assert (
        times.free(known, taken, HERE, TRAVEL, within=times.day(MONDAY), length=half) == found[:2]
    )


minute = st.integers(0, 24 * 60 - 1)
span = st.tuples(minute, st.integers(1, 180), st.sampled_from([HERE, ELSEWHERE]))


@given(spans=st.lists(span, max_size=6), asked=span)
def test_what_clashes_with_nothing_lies_in_what_is_free(spans, asked):
    """`free` and `clashes` are two ways of asking the same."""

    def ranged(minutes: int, length: int) -> Range:
        return at(0, minutes), at(0, minutes + length)

    taken = [busy(*ranged(since, length), place) for since, length, place in spans]
    since, until = ranged(*asked[:2])
    days = times.day(MONDAY, date(2026, 6, 9))

    clear = not any(each.clashes(asked[2], since, until, TRAVEL) for each in taken)
    found = times.free(Times(calendar=CALENDAR), taken, asked[2], TRAVEL, within=days)

    assert clear is any(a <= since and until <= b for a, b in found)


@pytest.mark.parametrize(("status", "open_"), [(s, s in assignments.OPEN) for s in BookingStatus])
def test_lecturers_are_arranged_for_bookings_that_are_held_and_not_over(status, open_):
    over = {"completed", "cancelled", "no-show", "declined", "lapsed"}
    assert open_ is (status.value not in over)
    if open_:
        assignments.check_open(status)
        return
    with pytest.raises(assignments.BookingOver):
        assignments.check_open(status)


# Ratings


ASSIGNMENT = assignments.Assignment(
    assignment_id=UUID(int=6),
    lecturer_id=UUID(int=3),
    booking_id=UUID(int=7),
    session_id=None,
    base_id=UUID(int=1),
    area="410305001001",
    skill=None,
    starts_at=at(9),
    ends_at=at(10),
    completed_at=at(10),
    headcount=20,
)


def rating(stars: int = 5) -> assignments.Rating:
    return assignments.Rating(
        rating_id=UUID(int=5),
        lecturer_id=UUID(int=3),
        booking_id=UUID(int=7),
        stars=stars,
        rated_by=RatedBy.VISITORS,
        rated_on=MONDAY,
    )


def test_only_what_was_held_is_rated():
    ahead = ASSIGNMENT.model_copy(update={"completed_at": None})

    assert assignments.rate(rating(), ASSIGNMENT).stars == 5
    with pytest.raises(assignments.NotCompleted):
        assignments.rate(rating(), ahead)


def test_a_rating_is_changed_up_to_the_last_day_and_not_after():
    def changed_to(stars: int, today: date) -> LecturerRatingChanged | None:
        window = LecturerRatingWindow(days=7)
        now = rating(stars)
        return assignments.change_rating(rating(), now, ASSIGNMENT, window, today)

    changed = changed_to(3, date(2026, 6, 15))
    assert changed is not None
    assert (changed.stars, changed.was_stars) == (3, 5)
    with pytest.raises(assignments.RatingFixed):
        changed_to(3, date(2026, 6, 16))
    assert changed_to(5, date(2030, 1, 1)) is None


# Shifts


SHIFT = shifts.Shift(
    shift_id=UUID(int=8),
    lecturer_id=UUID(int=3),
    base_id=HERE,
    area="410305001001",
    starts_at=at(9),
    ends_at=at(12),
    status=ShiftStatus.PLANNED,
)


def standing(status: ShiftStatus) -> shifts.Shift:
    return SHIFT.model_copy(update={"status": status})


def test_a_shift_is_handed_over_and_cancelled_until_it_begins():
    before = at(8, 59)

    event = shifts.hand_over(SHIFT, UUID(int=4), before)
    assert (event.lecturer_id, event.was_lecturer_id) == (UUID(int=4), SHIFT.lecturer_id)
    assert shifts.cancel(SHIFT, before).shift_id == SHIFT.shift_id
    with pytest.raises(shifts.ShiftOver):
        shifts.hand_over(SHIFT, UUID(int=4), at(9))
    with pytest.raises(shifts.ShiftOver):
        shifts.cancel(SHIFT, at(9))


def test_whether_a_guide_came_is_said_from_the_start_on_and_corrected():
    with pytest.raises(shifts.ShiftNotBegun):
        shifts.record(SHIFT, ShiftStatus.SERVED, at(8, 59))
    assert isinstance(shifts.record(SHIFT, ShiftStatus.SERVED, at(9)), GuideShiftServed)
    assert isinstance(shifts.record(SHIFT, ShiftStatus.MISSED, at(9)), GuideShiftMissed)
    missed, served = standing(ShiftStatus.MISSED), standing(ShiftStatus.SERVED)
    assert isinstance(shifts.record(missed, ShiftStatus.SERVED, at(9)), GuideShiftCorrected)
    assert shifts.record(served, ShiftStatus.SERVED, at(9)) is None
    with pytest.raises(shifts.ShiftOver):
        shifts.record(standing(ShiftStatus.CANCELLED), ShiftStatus.SERVED, at(9))
