"""Periods of whole days and how people name them."""

from datetime import date

import pytest

from services.projector.periods import Period
from services.projector.queries import divide


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2019, 1, 1), date(2019, 12, 31), "2019年"),
        (date(2020, 2, 1), date(2020, 2, 29), "2020年2月"),
        (date(2019, 2, 1), date(2019, 3, 31), "2019年2月1日至2019年3月31日"),
        (date(2019, 6, 8), date(2019, 6, 8), "2019年6月8日至2019年6月8日"),
        (date(2018, 1, 1), date(2019, 12, 31), "2018年1月1日至2019年12月31日"),
    ],
)
def test_a_period_is_named_as_people_do(first: date, last: date, words: str) -> None:
    assert Period(first, last).in_chinese() == words


def test_months_are_cut_at_both_ends_of_the_period() -> None:
    months = dict(Period(date(2019, 11, 15), date(2020, 1, 3)).months())
    assert list(months) == ["2019-11", "2019-12", "2020-01"]
    assert months["2019-11"] == Period(date(2019, 11, 15), date(2019, 11, 30))
    assert months["2020-01"] == Period(date(2020, 1, 1), date(2020, 1, 3))


def test_the_last_day_there_is_ends_a_month() -> None:
    assert Period(date(9999, 12, 1), date(9999, 12, 31)).month_count == 1
    assert len(list(Period(date(9999, 12, 1), date(9999, 12, 31)).months())) == 1


@pytest.mark.parametrize(
    ("over", "under", "value"), [(856, 29, 29.5), (1, 8, 0.1), (25, 100, 0.3), (1, 0, None)]
)
def test_division_rounds_half_up_and_refuses_nothing(
    over: int, under: int, value: float | None
) -> None:
    assert divide(over, under, 1) == value
