"""Periods of the office's calendar, what a part of one is worth, and months later. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.kinds.cadence import Every

ONE_DAY = timedelta(days=1)
MONTHS = {
    Every.MONTH: 1,
    Every.TWO_MONTHS: 2,
    Every.QUARTER: 3,
    Every.HALF_YEAR: 6,
    Every.YEAR: 12,
}


@dataclass(frozen=True)
class Period:
    """Days of the office's calendar, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def period_of(every: Every, day: date) -> Period:
    """The period that `day` lies in; weeks begin on Monday."""
    if every is Every.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6))
    months = MONTHS[every]
    start = (day.month - 1) // months * months + 1
    return Period(date(day.year, start, 1), end_of_month(date(day.year, start + months - 1, 1)))


def periods(every: Every, first: date, last: date) -> Iterator[Period]:
    """All periods that have a day between `first` and `last`, both included."""
    while first <= last:
        period = period_of(every, first)
        yield period
        if period.last >= last:  # which may be the last day there is
            return
        first = period.last + ONE_DAY


def share_of(times: int, days: int, of_days: int, least_percent: int) -> int:
    """`times` by the share of days; one is whole from `least_percent` of it on."""
    return (times * days * 100 + (100 - least_percent) * of_days) // (100 * of_days)


def end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def after_months(day: date, months: int) -> date:
    """The same day of the month so much later, or that month's last day where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_on(born: date, day: date) -> int:
    """Full years (周岁) on `day`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
