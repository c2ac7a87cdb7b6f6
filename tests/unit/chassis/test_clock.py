"""The office's calendar day, and what cannot have happened yet."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.clock import LOCAL, SKEW, TimeInFuture, business_date, from_day, occurred

NOW = datetime(2026, 3, 1, 4, tzinfo=UTC)
FIRST, LAST = datetime(1992, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001  hypothesis adds the zone
instants = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2019-12-31T15:59:59Z", date(2019, 12, 31)),
        ("2019-12-31T16:00:00Z", date(2020, 1, 1)),
        ("2020-01-01T00:00:00+08:00", date(2020, 1, 1)),
        ("2020-02-29T23:59:59+08:00", date(2020, 2, 29)),
        ("2019-12-31T20:00:00-05:00", date(2020, 1, 1)),
    ],
)
def test_the_business_day_begins_at_midnight_in_shanghai(instant, day):
    assert business_date(datetime.fromisoformat(instant)) == day


@given(instants, offsets)
def test_the_offset_a_time_is_written_with_does_not_change_its_day(instant, offset):
    assert business_date(instant.astimezone(offset)) == business_date(instant)


@given(instants)
def test_a_business_day_is_eight_hours_ahead_of_utc(instant):
    assert business_date(instant) == (instant + timedelta(hours=8)).date()


def test_what_is_not_dated_happened_now():
    assert occurred(None, NOW) == NOW


@given(st.timedeltas(timedelta(), timedelta(days=36_000)), offsets)
def test_what_is_dated_back_is_taken_as_it_is(ago, offset):
    assert occurred((NOW - ago).astimezone(offset), NOW) == NOW - ago


def test_a_clock_that_is_a_little_ahead_is_forgiven_and_not_more():
    assert occurred(NOW + SKEW, NOW) == NOW + SKEW
    with pytest.raises(TimeInFuture) as refused:
        occurred(NOW + SKEW + timedelta(microseconds=1), NOW, field="started_at")
    assert refused.value.facts["field"] == "started_at"


def test_shanghai_has_one_offset_for_every_day_that_is_counted():
    days = (
        datetime(year, month, 1, tzinfo=LOCAL) for year in range(1992, 2100) for month in (1, 7)
    )
    assert {day.utcoffset() for day in days} == {timedelta(hours=8)}


def test_what_holds_from_a_past_day_holds_from_its_first_moment_and_else_from_now():
    at = datetime(2019, 6, 8, 4, tzinfo=UTC)
    assert from_day(date(2019, 6, 7), at) == datetime(2019, 6, 6, 16, tzinfo=UTC)
    assert from_day(date(2019, 6, 8), at) == datetime(2019, 6, 7, 16, tzinfo=UTC)
    assert from_day(date(2019, 6, 9), at) == at
