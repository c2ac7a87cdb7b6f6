"""When a series is, beside another implementation of recurrence, and what changes mean."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from contracts.kinds import BookingStatus
from contracts.kinds.series import Frequency, OnConflict, SeriesScope, Weekday
from services.bases.domain.bookings.refusals import SlotTaken
from services.bases.domain.series import model, recurrence
from services.bases.domain.series.model import ChangeSeries
from services.bases.domain.series.recurrence import (
    WEEK,
    Plan,
    Repeat,
    RepeatUnclear,
    SeriesTooLong,
    plan,
)
from services.bases.domain.series.rules import FIRST, SeriesMost
from services.chassis.clock import LOCAL
from tests.unit.bases.build import booking

MOST = SeriesMost(occurrences=60)
HOUR = timedelta(hours=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def planned(repeat: Repeat, first: str, length: timedelta = HOUR) -> Plan:
    begins = local(first)
    return plan(repeat, begins, begins + length, MOST)


def days(found: Plan) -> list[str]:
    return [f"{since:%Y-%m-%d}" for since, _ in found.slots]


# The oracle

FREQ = {
    Frequency.DAY: "DAILY",
    Frequency.WEEK: "WEEKLY",
    Frequency.MONTH: "MONTHLY",
    Frequency.YEAR: "YEARLY",
}
BYDAY = dict(zip(WEEK, ("MO", "TU", "WE", "TH", "FR", "SA", "SU"), strict=True))

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//jiceng//tests//ZH
BEGIN:VEVENT
UID:series
DTSTAMP:20260101T000000Z
DTSTART;TZID=Asia/Shanghai:{since:%Y%m%dT%H%M%S}
DTEND;TZID=Asia/Shanghai:{until:%Y%m%dT%H%M%S}
RRULE:{rule}
END:VEVENT
END:VCALENDAR
"""


def expanded(repeat: Repeat, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """As `recurring_ical_events` reads the same rule out of a calendar."""
    rule = f"FREQ={FREQ[repeat.every]};INTERVAL={repeat.interval};WKST=MO"
    if repeat.weekdays:
        rule += ";BYDAY=" + ",".join(BYDAY[day] for day in repeat.weekdays)
    if repeat.times is not None:
        rule += f";COUNT={repeat.times}"
    if repeat.until is not None:
        end = datetime.combine(repeat.until, time(23, 59, 59), LOCAL).astimezone(UTC)
        rule += f";UNTIL={end:%Y%m%dT%H%M%SZ}"
    calendar = Calendar.from_ical(ICS.format(since=since, until=until, rule=rule))
    window = (date(since.year - 1, 1, 1), date(since.year + 80, 1, 1))
    return sorted(
        (event.start, event.end) for event in recurring_ical_events.of(calendar).between(*window)
    )


@st.composite
def series(draw: st.DrawFn) -> tuple[Repeat, datetime, datetime]:
    """Of times since the clocks were last changed in Shanghai."""
    minute = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
    day = draw(st.dates(date(1992, 1, 1), date(2099, 12, 31)))
    since = datetime.combine(day, draw(minute), LOCAL)
    every = draw(st.sampled_from(Frequency))
    weekdays: tuple[Weekday, ...] = ()
    if every is Frequency.WEEK and draw(st.booleans()):
        others = draw(st.sets(st.sampled_from(Weekday)))
        weekdays = tuple(sorted(others | {WEEK[day.weekday()]}, key=WEEK.index))
    span = {Frequency.DAY: 1, Frequency.WEEK: 7, Frequency.MONTH: 30, Frequency.YEAR: 365}[every]
    interval = draw(st.integers(1, 4))
    times = until = None
    if draw(st.booleans()):
        times = draw(st.integers(1, 15))
    else:
        until = day + timedelta(days=draw(st.integers(0, 15)) * interval * span)
    repeat = Repeat(every=every, interval=interval, weekdays=weekdays, times=times, until=until)
    return repeat, since, since + draw(st.integers(1, 96)) * timedelta(minutes=15)


@given(series())
def test_a_series_is_what_another_implementation_of_recurrence_makes_of_it(asked):
    repeat, since, until = asked
    most = SeriesMost(occurrences=366)

    found = plan(repeat, since, until, most)

    assert found.slots == expanded(repeat, since, until)
    assert all(a.tzinfo is LOCAL for a, _ in found.slots)


def test_weeks_begin_on_monday_so_a_fortnight_skips_the_week_after_its_sunday():
    weekdays = (Weekday.MONDAY, Weekday.SUNDAY)
    found = planned(
        Repeat(every=Frequency.WEEK, interval=2, weekdays=weekdays, times=3), "2026-06-14T09:00"
    )

    assert days(found) == ["2026-06-14", "2026-06-22", "2026-06-28"]


# Days that are not there


def test_the_31st_is_skipped_and_told_in_months_that_have_none():
    found = planned(Repeat(every=Frequency.MONTH, times=4), "2026-01-31T09:00")

    assert days(found) == ["2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31"]
    assert found.absent == ["2026-02-31", "2026-04-31", "2026-06-31"]


def test_29_february_comes_back_in_leap_years_only():
    found = planned(Repeat(every=Frequency.YEAR, times=3), "2024-02-29T09:00")
    monthly = planned(Repeat(every=Frequency.MONTH, until=date(2026, 3, 31)), "2025-12-29T09:00")

    assert days(found) == ["2024-02-29", "2028-02-29", "2032-02-29"]
    assert found.absent == [f"{year}-02-29" for year in (2025, 2026, 2027, 2029, 2030, 2031)]
    assert days(monthly) == ["2025-12-29", "2026-01-29", "2026-03-29"]
    assert monthly.absent == ["2026-02-29"]


def test_absent_days_after_the_last_occurrence_are_told_up_to_the_stated_end():
    found = planned(Repeat(every=Frequency.MONTH, until=date(2026, 6, 30)), "2026-05-31T09:00")

    assert days(found) == ["2026-05-31"]
    assert found.absent == ["2026-06-31"]


# The wall clock


def test_the_hour_stays_the_hour_when_the_clocks_are_changed():
    """Shanghai put its clocks back on 15 September 1991, the last time it did."""
    found = planned(Repeat(every=Frequency.DAY, times=3), "1991-09-14T09:00")

    assert [since.hour for since, _ in found.slots] == [9, 9, 9]
    assert [since.utcoffset() for since, _ in found.slots] == [HOUR * 9, HOUR * 8, HOUR * 8]


def test_instants_of_any_offset_are_read_by_the_clock_of_the_office():
    begins = datetime(2026, 6, 11, 17, 0, tzinfo=UTC)  # 01:00 of the 12th

    found = plan(
        Repeat(every=Frequency.WEEK, weekdays=(Weekday.FRIDAY,), times=2),
        begins,
        begins + HOUR,
        MOST,
    )

    assert days(found) == ["2026-06-12", "2026-06-19"]


def test_a_night_over_midnight_and_over_new_year_keeps_its_length():
    found = planned(Repeat(every=Frequency.DAY, times=3), "2026-12-30T22:00", timedelta(hours=8))

    assert found.slots[1] == (local("2026-12-31T22:00"), local("2027-01-01T06:00"))
    assert days(found) == ["2026-12-30", "2026-12-31", "2027-01-01"]


# What cannot be


@pytest.mark.parametrize(
    ("repeat", "field"),
    [
        (Repeat(every=Frequency.DAY), "repeat.until"),
        (Repeat(every=Frequency.DAY, times=2, until=date(2026, 7, 1)), "repeat.until"),
        (Repeat(every=Frequency.DAY, until=date(2026, 6, 10)), "repeat.until"),
        (Repeat(every=Frequency.MONTH, times=2, weekdays=(Weekday.THURSDAY,)), "repeat.weekdays"),
        (Repeat(every=Frequency.WEEK, times=2, weekdays=(Weekday.FRIDAY,)), "repeat.weekdays"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused_by_the_field(repeat, field):
    with pytest.raises(RepeatUnclear) as refused:
        planned(repeat, "2026-06-11T09:00")
    assert refused.value.facts["field"] == field


@pytest.mark.parametrize("by", ["times", "until"])
def test_a_series_has_at_most_so_many_occurrences_and_not_one_more(by):
    first = date(2026, 6, 11)

    def asked(number: int) -> Repeat:
        if by == "times":
            return Repeat(every=Frequency.DAY, times=number)
        return Repeat(every=Frequency.DAY, until=first + timedelta(days=number - 1))

    assert len(planned(asked(60), "2026-06-11T09:00").slots) == 60
    with pytest.raises(SeriesTooLong) as refused:
        planned(asked(61), "2026-06-11T09:00")
    assert refused.value.facts["most"] == 60
    assert FIRST[0].rule == MOST


def test_no_series_reaches_beyond_the_years_that_requests_may_say():
    found = plan(
        Repeat(every=Frequency.YEAR, interval=30, times=60),
        local("2026-06-11T09:00"),
        local("2026-06-11T10:00"),
        MOST,
    )

    assert found.slots[-1][0].year <= recurrence.LATEST.year


# Changes


def a_change(**given: object) -> ChangeSeries:
    said = {
        "scope": SeriesScope.ALL,
        "from_booking_id": None,
        "opens": None,
        "closes": None,
        "venue_id": None,
        "headcount": None,
        "on_conflict": OnConflict.REFUSE,
    }
    return ChangeSeries(**said | given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        (None, None, (None, None)),
        (time(14), None, ("2026-06-11T14:00", None)),
        (None, time(12), (None, "2026-06-11T12:00")),
        (time(14), time(16), ("2026-06-11T14:00", "2026-06-11T16:00")),
        (time(22), time(6), ("2026-06-11T22:00", "2026-06-12T06:00")),
        (time(9), time(9), ("2026-06-11T09:00", "2026-06-12T09:00")),
        (None, time(0), (None, "2026-06-12T00:00")),
    ],
)
def test_a_new_time_of_day_keeps_the_day_and_an_early_end_is_of_the_next(opens, closes, expected):
    was = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)  # 09:00

    assert a_change(opens=opens, closes=closes).times(was) == tuple(
        None if each is None else local(each) for each in expected
    )


AT = local("2026-06-11T12:00")
STATUSES = (
    BookingStatus.CONFIRMED,
    BookingStatus.CONFIRMED,
    BookingStatus.CANCELLED,
    BookingStatus.PENDING,
    BookingStatus.ENDORSED,
)


def a_series_of_days() -> list[model.Booking]:
    return [
        booking(
            booking_id=UUID(int=n),
            starts_at=AT + timedelta(days=n - 1),
            ends_at=AT + timedelta(days=n - 1) + HOUR,
            status=status,
        )
        for n, status in enumerate(STATUSES)
    ]


@pytest.mark.parametrize(
    ("scope", "since", "expected"),
    [
        (SeriesScope.ALL, None, [3, 4]),
        (SeriesScope.ALL, 4, [3, 4]),
        (SeriesScope.THIS_AND_FOLLOWING, 0, [3, 4]),
        (SeriesScope.THIS_AND_FOLLOWING, 4, [4]),
    ],
)
def test_those_that_have_begun_or_ended_are_in_no_scope(scope, since, expected):
    """The second begins this very moment."""
    key = None if since is None else UUID(int=since)

    found = model.in_scope(a_series_of_days(), scope, key, AT)

    assert [each.booking_id.int for each in found] == expected


def test_a_scope_without_its_booking_or_with_nothing_ahead_is_refused():
    bookings = a_series_of_days()
    with pytest.raises(model.NotInSeries):
        model.in_scope(bookings, SeriesScope.THIS_AND_FOLLOWING, None, AT)
    with pytest.raises(model.NotInSeries):
        model.in_scope(bookings, SeriesScope.ALL, UUID(int=9), AT)
    with pytest.raises(model.NothingAhead):
        model.in_scope(bookings, SeriesScope.ALL, None, AT + timedelta(days=9))


def test_a_refusal_says_the_first_conflicts_in_words_and_all_in_its_members():
    taken = SlotTaken("Taken.", zh="已被预约。", free_next=None)
    missed = [model.skipped(AT + timedelta(days=n), taken) for n in range(4)]

    refused = model.refused(missed, 9)

    assert (refused.zh or "").count("已被预约") == model.SHOWN
    assert "共 9 次，其中 4 次" in (refused.zh or "")
    assert [each["day"] for each in refused.facts["occurrences"]] == [  # type: ignore[attr-defined]
        *("2026-06-11", "2026-06-12", "2026-06-13", "2026-06-14")
    ]
