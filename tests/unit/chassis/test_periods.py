"""Weeks, months and longer, without a gap; what a part of one is worth; months later."""

from datetime import date
from itertools import pairwise

import pytest

from contracts.kinds.cadence import Every
from services.chassis.periods import ONE_DAY, after_months, period_of, periods, share_of


@pytest.mark.parametrize(
    ("every", "day", "first", "last"),
    [
        (Every.WEEK, date(2020, 2, 29), date(2020, 2, 24), date(2020, 3, 1)),
        (Every.MONTH, date(2020, 2, 29), date(2020, 2, 1), date(2020, 2, 29)),
        (Every.MONTH, date(2019, 2, 28), date(2019, 2, 1), date(2019, 2, 28)),
        (Every.TWO_MONTHS, date(2019, 12, 31), date(2019, 11, 1), date(2019, 12, 31)),
        (Every.QUARTER, date(2020, 3, 31), date(2020, 1, 1), date(2020, 3, 31)),
        (Every.QUARTER, date(2020, 4, 1), date(2020, 4, 1), date(2020, 6, 30)),
        (Every.HALF_YEAR, date(2020, 6, 30), date(2020, 1, 1), date(2020, 6, 30)),
        (Every.HALF_YEAR, date(2020, 7, 1), date(2020, 7, 1), date(2020, 12, 31)),
        (Every.YEAR, date(2020, 12, 31), date(2020, 1, 1), date(2020, 12, 31)),
    ],
)
def test_a_day_lies_in_one_period(every, day, first, last):
    period = period_of(every, day)

    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize("every", list(Every))
def test_periods_follow_each_other_without_gap_or_overlap(every):
    found = list(periods(every, date(2019, 12, 1), date(2021, 2, 1)))

    assert all(b.first == a.last + ONE_DAY for a, b in pairwise(found))
    assert found[0].first <= date(2019, 12, 1)
    assert found[-1].last >= date(2021, 2, 1)


def test_there_are_no_periods_backwards_and_none_beyond_the_last_day_there_is():
    assert list(periods(Every.MONTH, date(2020, 2, 1), date(2020, 1, 31))) == []
    (last,) = periods(Every.MONTH, date(9999, 12, 5), date.max)
    assert (last.last, last.days) == (date.max, 31)


@pytest.mark.parametrize(
    ("times", "days", "least_percent", "worth"),
    [
        (1, 15, 50, 1),
        (1, 14, 50, 0),
        (4, 30, 50, 4),
        (4, 15, 50, 2),
        (4, 11, 50, 1),
        (4, 12, 50, 2),
    ],
)
def test_a_part_of_a_period_of_thirty_days_is_worth_its_share(times, days, least_percent, worth):
    assert share_of(times, days, 30, least_percent) == worth


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_end_with_the_month(day, months, then):
    assert after_months(day, months) == then
