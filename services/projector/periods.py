"""Periods of whole days, both ends included, and the months in them."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

FIRST_DAY = date.min
"""Where stocks are counted from."""


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both included; business dates in Asia/Shanghai."""

    first: date
    last: date

    def months(self) -> Iterator[tuple[str, "Period"]]:
        """`2019-06` and the days of it that lie in the period, in order."""
        for place in range(self.month_count):
            month = self.first.month - 1 + place
            first = date(self.first.year + month // 12, month % 12 + 1, 1)
            days = Period(max(first, self.first), min(end_of_month(first), self.last))
            yield f"{first.year:04}-{first.month:02}", days

    @property
    def month_count(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def in_chinese(self) -> str:
        """`2019年` for a whole year, `2019年6月` for a month, else both days."""
        first, last = self.first, self.last
        if first.day == 1 and last == end_of_month(last) and first.year == last.year:
            if (first.month, last.month) == (1, 12):
                return f"{first.year}年"
            if first.month == last.month:
                return f"{first.year}年{first.month}月"
        return f"{day_in_chinese(first)}至{day_in_chinese(last)}"


def end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def day_in_chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
