"""Working days: counted like a person would with a wall calendar, never guessed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.kinds.calendar import Holiday
from services.chassis.working_days import CalendarMissing, WorkingCalendar
from services.membership.domain import calendar as domain
from services.membership.domain.calendar import (
    CalendarDue,
    DayOutsideYear,
    DayTwice,
    ExceptionalDay,
)

AREA = "410305"
YEARS = frozenset(range(2024, 2028))
DAYS = st.dates(date(2025, 1, 1), date(2026, 6, 30))
CALENDARS = st.dictionaries(DAYS, st.booleans(), max_size=60).map(
    lambda exceptions: WorkingCalendar(YEARS, exceptions)
)


def day(month: int, day_: int, *, works: bool = False) -> ExceptionalDay:
    return ExceptionalDay(
        day=date(2026, month, day_), works=works, holiday_kind=Holiday.NATIONAL_DAY
    )


def entered(*days: ExceptionalDay, known=None):
    return domain.enter_year(2026, days, known, area=AREA)


def works_by_hand(calendar: WorkingCalendar, on: date) -> bool:
    said = calendar.exceptions.get(on)
    return on.isoweekday() not in {6, 7} if said is None else said


@given(CALENDARS, DAYS, st.integers(0, 250))
def test_between_agrees_with_counting_every_day_by_hand(calendar, first, span):
    last = first + timedelta(days=span)
    by_hand = [d for n in range(span) if works_by_hand(calendar, d := first + timedelta(n + 1))]

    assert calendar.between(first, last) == len(by_hand)


@given(CALENDARS, DAYS, st.integers(1, 60))
def test_after_agrees_with_crossing_off_days_one_by_one(calendar, first, working_days):
    crossed, on = 0, first
    while crossed < working_days:
        on += timedelta(days=1)
        crossed += works_by_hand(calendar, on)

    assert calendar.after(first, working_days) == on


@given(CALENDARS, DAYS, st.integers(0, 60))
def test_after_and_between_undo_each_other(calendar, first, working_days):
    assert calendar.between(first, calendar.after(first, working_days)) == working_days


@given(CALENDARS, DAYS, st.integers(1, 60))
def test_a_term_of_working_days_ends_on_a_working_day(calendar, first, working_days):
    assert calendar.works(calendar.after(first, working_days))


def test_a_term_that_runs_into_a_year_without_data_is_refused():
    calendar = WorkingCalendar(frozenset({2025}), {})

    assert calendar.after(date(2025, 12, 30), 1) == date(2025, 12, 31)
    with pytest.raises(CalendarMissing) as refused:
        calendar.after(date(2025, 12, 31), 1)
    assert refused.value.facts == {"year": 2026}


def test_free_weekends_within_a_holiday_are_left_out():
    thursday, saturday = day(10, 1), day(10, 3)

    event = entered(saturday, thursday)

    assert event is not None
    assert (event.days_off, event.days_worked) == ((thursday.day,), ())


def test_entering_the_same_year_again_changes_nothing():
    assert entered(day(10, 1), known=[day(10, 1)]) is None
    assert entered(day(10, 1), known=[]) is not None


def test_a_day_of_another_year_is_refused_by_its_place():
    stray = ExceptionalDay(day=date(2027, 1, 1), works=False, holiday_kind=Holiday.NEW_YEAR)

    with pytest.raises(DayOutsideYear) as refused:
        entered(day(10, 1), stray)
    assert refused.value.facts["field"] == "exceptions.1.day"


def test_a_day_said_twice_is_refused():
    with pytest.raises(DayTwice):
        entered(day(10, 1), day(10, 1, works=True))


def test_a_changed_day_says_what_it_was():
    friday = date(2026, 10, 9)
    off = ExceptionalDay(day=friday, works=False, holiday_kind=Holiday.OTHER)

    event = domain.change_day(off, {}, area=AREA)

    assert event is not None
    assert (event.works, event.was_works, event.year) == (False, True, 2026)


def test_a_day_changed_to_what_it_is_says_nothing():
    back = ExceptionalDay(day=date(2026, 10, 9), works=True, holiday_kind=Holiday.OTHER)

    assert domain.change_day(back, {}, area=AREA) is None


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 12, 14), (2026,)),
        (date(2026, 12, 15), (2026, 2027)),
        (date(2026, 12, 31), (2026, 2027)),
        (date(2027, 1, 1), (2027,)),
    ],
)
def test_next_year_is_due_from_the_middle_of_december(today, due):
    assert domain.due_years(today, CalendarDue(month=12, day=15)) == due
