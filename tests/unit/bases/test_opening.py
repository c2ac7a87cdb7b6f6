"""Opening hours against an oracle that asks every minute, and what is said about them."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.kinds import BookingStatus
from contracts.kinds.bases import DayKind
from contracts.kinds.opening import ClosureStage
from services.bases.domain import closing
from services.bases.domain.closing import (
    Booked,
    BookingsInTheWay,
    Closure,
    ClosureOver,
    ClosureReversed,
    HoursBegun,
    HoursOverlap,
    HoursReversed,
    OpeningHours,
    VisitorsInside,
)
from services.bases.domain.opening import (
    MIDNIGHT,
    WEEK,
    Hours,
    NotOpen,
    Range,
    Timetable,
    check_open,
    joined,
    subtracted,
)
from services.bases.domain.places import Base
from services.chassis.clock import LOCAL
from services.chassis.working_days import CalendarMissing, WorkingCalendar
from tests.profiles import examples

MONDAY = date(2026, 6, 8)
DRAGON_BOAT = date(2026, 6, 19)
"""A Friday that is off."""
MADE_UP = date(2026, 9, 20)
"""A Sunday that is worked."""
CALENDAR = WorkingCalendar(
    frozenset({2024, 2026}), {DRAGON_BOAT: False, MADE_UP: True, date(2026, 1, 1): False}
)
MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)


def at(day: date, minute: int = 0) -> datetime:
    return datetime.combine(day, time(), LOCAL) + timedelta(minutes=minute)


def hours(since: date = date(2024, 1, 1), **spans: Sequence[tuple[int, int]]) -> Hours:
    return Hours(since, {DayKind(name.replace("_", "-")): each for name, each in spans.items()})


# The oracle: one minute after the other


def minute_is_open(timetable: Timetable, instant: datetime) -> bool:
    """What the fields of a timetable mean, read out loud."""
    if any(since <= instant < until for since, until in timetable.closures):
        return False
    local = instant.astimezone(LOCAL)
    day, minute = local.date(), local.hour * 60 + local.minute
    for stated in (timetable.of_venue, timetable.of_base):
        begun = sorted((each for each in stated if each.effective_from <= day), key=_begin)
        if begun:
            spans = spans_on(begun[-1], day, timetable.calendar)
            return any(opens <= minute < closes for opens, closes in spans)
    return True


def spans_on(stated: Hours, day: date, calendar: WorkingCalendar) -> Sequence[tuple[int, int]]:
    off = calendar.exceptions.get(day)
    if off is False and day.weekday() < 5 and DayKind.HOLIDAY in stated.spans:
        return stated.spans[DayKind.HOLIDAY]
    if off is True and day.weekday() >= 5 and DayKind.MAKE_UP in stated.spans:
        return stated.spans[DayKind.MAKE_UP]
    return stated.spans.get(WEEK[day.weekday()], ())


def _begin(stated: Hours) -> date:
    return stated.effective_from


# Generated timetables, around days on which the calendar does something

CLOCKS = st.integers(0, 24).map(lambda n: n * 60) | st.integers(0, MIDNIGHT)
DAYS = st.sampled_from([MONDAY, DRAGON_BOAT, MADE_UP, date(2024, 2, 28), date(2026, 12, 30)])


@st.composite
def spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = sorted(set(draw(st.lists(CLOCKS, max_size=6))))
    return tuple(list(pairwise(edges))[::2])


@st.composite
def stated(draw: st.DrawFn, around: date) -> Hours:
    kinds = draw(st.sets(st.sampled_from(list(DayKind)), max_size=9))
    begins = around + A_DAY * draw(st.integers(-4, 3))
    return Hours(begins, {kind: draw(spans()) for kind in kinds})


@st.composite
def ranges(draw: st.DrawFn, around: date, most: int = 4) -> list[Range]:
    offsets = st.integers(-MIDNIGHT, 3 * MIDNIGHT)
    found = []
    for _ in range(draw(st.integers(0, most))):
        since, until = sorted((draw(offsets), draw(offsets)))
        if since < until:
            found.append((at(around, since), at(around, until)))
    return found


@st.composite
def timetables(draw: st.DrawFn) -> tuple[Timetable, date]:
    day = draw(DAYS)
    known = WorkingCalendar(frozenset({2024, 2026, 2027}), CALENDAR.exceptions)
    made = Timetable(
        calendar=known,
        of_base=draw(st.lists(stated(day), max_size=3, unique_by=_begin)),
        of_venue=draw(st.lists(stated(day), max_size=2, unique_by=_begin)),
        closures=draw(ranges(day)),
    )
    return made, day


@settings(max_examples=examples(120))
@given(timetables())
def test_open_between_is_open_in_exactly_the_minutes_that_the_oracle_says(given_):
    timetable, first = given_
    last = first + A_DAY * 2

    found = timetable.open_between(first, last)

    assert all(since < until for since, until in found)
    assert all(a[1] < b[0] for a, b in pairwise(found)), "in order, apart from each other"
    minute = at(first)
    while minute < at(last + A_DAY):
        covered = any(since <= minute < until for since, until in found)
        assert covered == minute_is_open(timetable, minute), minute
        minute += MINUTE


@settings(max_examples=examples(150))
@given(timetables(), st.integers(-200, 2 * MIDNIGHT), st.integers(1, 900))
def test_is_open_asks_for_every_minute_without_a_break(given_, offset, length):
    timetable, day = given_
    since = at(day, offset)
    until = since + MINUTE * length

    every = all(minute_is_open(timetable, since + MINUTE * n) for n in range(length))

    assert timetable.is_open(since, until) == every


@given(ranges(MONDAY), ranges(MONDAY))
def test_joined_and_subtracted_are_what_sets_of_minutes_are(some, away):
    def minutes(of: Sequence[Range]) -> set[datetime]:
        return {since + MINUTE * n for since, until in of for n in range((until - since) // MINUTE)}

    one = joined(some)
    left = subtracted(one, away)

    assert minutes(one) == minutes(some)
    assert minutes(left) == minutes(some) - minutes(away)
    for found in (one, left):
        assert all(since < until for since, until in found)
        assert all(a[1] <= b[0] for a, b in pairwise(found))
    assert all(a[1] < b[0] for a, b in pairwise(one)), "those that touch are one"


# By name


def test_a_base_that_stated_no_hours_is_always_open_but_for_closures():
    day = at(MONDAY)
    timetable = Timetable(CALENDAR, closures=[(day + 2 * MINUTE, day + 3 * MINUTE)])

    assert timetable.is_open(day, day + 2 * MINUTE)
    assert not timetable.is_open(day, day + 3 * MINUTE)


def test_a_night_over_midnight_is_one_range_and_its_last_minute_is_the_last():
    timetable = Timetable(CALENDAR, of_base=[hours(monday=[(1320, MIDNIGHT)], tuesday=[(0, 120)])])

    assert timetable.is_open(at(MONDAY, 1320), at(MONDAY + A_DAY, 120))
    assert not timetable.is_open(at(MONDAY, 1320), at(MONDAY + A_DAY, 121))
    assert timetable.open_between(MONDAY, MONDAY + A_DAY) == [
        (at(MONDAY, 1320), at(MONDAY + A_DAY, 120))
    ]


def test_public_holidays_have_hours_of_their_own_where_they_are_stated():
    usual = hours(friday=[(540, 1020)])
    special = hours(friday=[(540, 1020)], holiday=[(600, 720)])

    assert Timetable(CALENDAR, of_base=[usual]).is_open(at(DRAGON_BOAT, 800), at(DRAGON_BOAT, 900))
    kept = Timetable(CALENDAR, of_base=[special])
    assert kept.open_between(DRAGON_BOAT, DRAGON_BOAT) == [
        (at(DRAGON_BOAT, 600), at(DRAGON_BOAT, 720))
    ]


def test_make_up_working_days_open_a_weekend_and_other_weekends_stay():
    timetable = Timetable(CALENDAR, of_base=[hours(make_up=[(540, 1020)])])

    assert timetable.is_open(at(MADE_UP, 540), at(MADE_UP, 1020))
    assert timetable.open_between(MADE_UP + A_DAY * 7, MADE_UP + A_DAY * 7) == []


def test_a_29_february_is_a_day_like_others():
    leap = date(2024, 2, 29)
    timetable = Timetable(CALENDAR, of_base=[hours(thursday=[(540, 600)])])

    assert timetable.open_between(leap - A_DAY, leap + A_DAY) == [(at(leap, 540), at(leap, 600))]


def test_a_booking_up_to_midnight_of_the_last_known_year_needs_no_calendar_of_the_next():
    eve, new_year = date(2026, 12, 31), date(2027, 1, 1)
    nightly = {day.value: [(0, MIDNIGHT)] for day in WEEK}
    timetable = Timetable(CALENDAR, of_base=[hours(**nightly, holiday=[])])

    assert timetable.is_open(at(eve, 1320), at(new_year))
    with pytest.raises(CalendarMissing) as missing:
        timetable.is_open(at(eve, 1320), at(new_year, 1))
    assert missing.value.facts["year"] == 2027


def test_a_year_without_calendar_is_open_as_usual_where_holidays_do_not_matter():
    day = date(2027, 1, 4)
    timetable = Timetable(CALENDAR, of_base=[hours(monday=[(540, 600)])])

    assert timetable.is_open(at(day, 540), at(day, 600))


def test_not_open_says_when_it_is():
    timetable = Timetable(CALENDAR, of_base=[hours(monday=[(540, 690), (810, MIDNIGHT)])])

    with pytest.raises(NotOpen) as refused:
        check_open(timetable, at(MONDAY, 690), at(MONDAY, 800))

    assert refused.value.zh is not None
    assert "09:00–11:30、13:30–24:00" in refused.value.zh
    assert [each["from"][11:16] for each in refused.value.facts["open"]] == ["09:00", "13:30"]  # type: ignore[attr-defined]


# What is stated


BASE = Base(base_id=uuid4(), code="JD-1", name="测试基地", kind="red", area="410305001001")


def stating(day: date = MONDAY, known: Sequence[date] = (), **clocks: list[tuple[str, str]]):
    stated = OpeningHours(
        opening_hours_id=uuid4(), base_id=BASE.base_id, venue_id=None, effective_from=day
    )
    spans = closing.spans_of(
        {DayKind(name.replace("_", "-")): each for name, each in clocks.items()}
    )
    return closing.state_hours(stated, spans, BASE.area, known, today=MONDAY)


def test_hours_are_sorted_counted_and_midnight_is_written_24():
    event = stating(monday=[("13:30", "24:00"), ("09:00", "11:30")], holiday=[])

    assert event.spans == {DayKind.MONDAY: ((540, 690), (810, 1440)), DayKind.HOLIDAY: ()}
    assert event.minutes_a_week == 150 + 630
    assert closing.clocks_of(event.spans[DayKind.MONDAY])[1] == ("13:30", "24:00")


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ([("09:00", "09:00")], HoursReversed),
        ([("10:00", "09:00")], HoursReversed),
        ([("09:00", "11:00"), ("10:59", "12:00")], HoursOverlap),
    ],
)
def test_spans_that_cannot_be_are_refused_in_their_place(said, refusal):
    with pytest.raises(refusal) as refused:
        closing.spans_of({DayKind.MONDAY: said})

    assert refused.value.facts["field"] == f"hours.monday.{len(said) - 1}"


def test_spans_may_touch():
    assert closing.spans_of({DayKind.MONDAY: [("09:00", "11:00"), ("11:00", "12:00")]})


@pytest.mark.parametrize(
    ("day", "known", "refused"),
    [
        (MONDAY, [MONDAY], False),
        (MONDAY + A_DAY, [MONDAY + A_DAY * 9], False),
        (MONDAY - A_DAY, [], False),
        (MONDAY - A_DAY, [MONDAY - A_DAY * 2], False),
        (MONDAY - A_DAY, [MONDAY - A_DAY], True),
        (MONDAY - A_DAY, [MONDAY], True),
    ],
)
def test_the_past_is_entered_only_where_nothing_later_is_known(day, known, refused):
    if refused:
        with pytest.raises(HoursBegun):
            stating(day, known)
    else:
        stating(day, known)


CLOSURE = Closure(
    closure_id=uuid4(),
    base_id=BASE.base_id,
    venue_id=None,
    area=BASE.area,
    starts_at=at(MONDAY, 540),
    ends_at=at(MONDAY, 1020),
    reason_kind="refit",
    reopens_at=None,
    cancelled=0,
)


def announced(*booked: Booked, cancel: bool = False):
    return closing.announce_closure(CLOSURE, BASE, booked, cancel=cancel)


def booked(status: BookingStatus = BookingStatus.CONFIRMED) -> Booked:
    return Booked(
        booking_id=uuid4(),
        venue_id=uuid4(),
        starts_at=at(MONDAY, 600),
        ends_at=at(MONDAY, 660),
        status=status,
    )


def test_bookings_in_the_way_refuse_a_closure_unless_it_may_cancel_them():
    one = booked()

    with pytest.raises(BookingsInTheWay) as refused:
        announced(one)
    assert refused.value.facts["bookings"] == [one.shown()]

    assert announced(one, cancel=True).bookings_cancelled == 1
    assert announced().bookings_cancelled == 0


@pytest.mark.parametrize("status", [BookingStatus.CHECKED_IN, BookingStatus.COMPLETED])
def test_who_is_there_is_not_closed_out(status):
    with pytest.raises(VisitorsInside):
        announced(booked(status), cancel=True)


def test_a_closure_ends_after_it_begins():
    closing.check_order(at(MONDAY), at(MONDAY, 1))
    with pytest.raises(ClosureReversed):
        closing.check_order(at(MONDAY), at(MONDAY))


@pytest.mark.parametrize(
    ("minute", "stage", "reopens"),
    [
        (539, ClosureStage.AHEAD, 540),
        (540, ClosureStage.UNDER_WAY, 540),
        (1019, ClosureStage.UNDER_WAY, 1019),
    ],
)
def test_a_withdrawn_closure_closes_up_to_then_or_not_at_all(minute, stage, reopens):
    event = closing.withdraw_closure(CLOSURE, BASE, at=at(MONDAY, minute))

    assert event.stage is stage
    assert event.reopens_at == at(MONDAY, reopens)


def test_a_closure_that_is_over_or_withdrawn_is_not_withdrawn():
    for reopens_at in (None, at(MONDAY, 600)):
        closure = CLOSURE.model_copy(update={"reopens_at": reopens_at})
        with pytest.raises(ClosureOver):
            closing.withdraw_closure(closure, BASE, at=at(MONDAY, 1020))
    withdrawn = CLOSURE.model_copy(update={"reopens_at": at(MONDAY)})
    with pytest.raises(ClosureOver):
        closing.withdraw_closure(withdrawn, BASE, at=at(MONDAY))
