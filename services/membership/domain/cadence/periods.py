"""Periods of the office's calendar, and what a part of one is worth. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from pydantic import Field

from contracts.kinds.cadence import Every
from services.chassis.rules import Rule

ONE_DAY = timedelta(days=1)
MONTHS = {
    Every.MONTH: 1,
    Every.TWO_MONTHS: 2,
    Every.QUARTER: 3,
    Every.HALF_YEAR: 6,
    Every.YEAR: 12,
}


class PartOfPeriod(Rule):
    """An organisation that exists for a part of a period owes that share of it.

    Shares are rounded: from `least_percent` of one session on, it is owed.
    """

    code: ClassVar[str] = "cadence.part-period"
    label: ClassVar[str] = "不足一个周期时的折算"

    least_percent: int = Field(title="折算满一次的最低百分比", ge=1, le=100)


@dataclass(frozen=True)
class Period:
    """Days of the office's calendar, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def period_of(every: Every, day: date) -> Period:
    """The period that `day` lies in."""
    if every is Every.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6))
    months = MONTHS[every]
    start = (day.month - 1) // months * months + 1
    end = start + months - 1
    return Period(date(day.year, start, 1), date(day.year, end, monthrange(day.year, end)[1]))


def periods(every: Every, first: date, last: date) -> Iterator[Period]:
    """All periods that have a day between `first` and `last`, both included."""
    while first <= last:
        period = period_of(every, first)
        yield period
        first = period.last + ONE_DAY


def share_of(times: int, days: int, of_days: int, least_percent: int) -> int:
    """`times` by the share of days, a session owed from `least_percent` of it on."""
    return (times * days * 100 + (100 - least_percent) * of_days) // (100 * of_days)
