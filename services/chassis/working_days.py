"""Working days (工作日): weekdays, but for public holidays and the days worked instead (调休).

Pure. A year whose holidays nobody has entered is refused, never guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.chassis.errors import Invalid

SATURDAY = 5
ONE_DAY = timedelta(days=1)


def weekday_rule(day: date) -> bool:
    """Whether one would work on `day` if there were no holidays."""
    return day.weekday() < SATURDAY


class CalendarMissing(Invalid):
    code = "calendar-missing"
    title, title_zh = "The year's public holidays are not known", "尚未录入该年度的节假日安排"


@dataclass(frozen=True)
class WorkingCalendar:
    """`exceptions` are the days on which weekday and work disagree: true means worked."""

    years: frozenset[int]
    exceptions: Mapping[date, bool]

    def works(self, day: date) -> bool:
        """Raises `CalendarMissing` for a year without data."""
        if day.year not in self.years:
            raise CalendarMissing(
                f"The public holidays of {day.year} have not been entered.",
                zh=f"{day.year} 年的节假日和调休安排尚未录入，无法推算工作日。",
                year=day.year,
            )
        return self.exceptions.get(day, weekday_rule(day))

    def after(self, day: date, working_days: int) -> date:
        """The last of `working_days` working days that follow `day`; `day` itself for 0."""
        while working_days:
            day += ONE_DAY
            working_days -= self.works(day)
        return day

    def between(self, first: date, last: date) -> int:
        """Working days after `first`, up to and including `last`."""
        days = (last - first).days
        return sum(self.works(first + ONE_DAY * n) for n in range(1, days + 1))
