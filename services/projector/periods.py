"""Periods of whole days, both ends included, and the months in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from contracts.kinds.cadence import Every
from services.chassis import periods
from services.chassis.clock import in_chinese
from services.chassis.periods import end_of_month

FIRST_DAY = date.min
"""Where stocks are counted from."""


@dataclass(frozen=True)
class Period(periods.Period):
    """Business dates in Asia/Shanghai."""

    def months(self) -> Iterator[tuple[str, "Period"]]:
        """`2019-06` and the days of it that lie in the period, in order."""
        for month in periods.periods(Every.MONTH, self.first, self.last):
            days = Period(max(month.first, self.first), min(month.last, self.last))
            yield f"{month.first.year:04}-{month.first.month:02}", days

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
        return f"{in_chinese(first)}至{in_chinese(last)}"
