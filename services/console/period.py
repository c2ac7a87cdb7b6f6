"""The period a page speaks about: business dates in Asia/Shanghai, both ends inclusive."""

from dataclasses import dataclass
from datetime import date

from contracts.kinds import Labelled
from services.chassis.errors import Invalid
from services.chassis.periods import after_months, end_of_month
from services.console import wording

EARLIEST = date(2000, 1, 1)
"""Before anything this platform counts."""
CONTEXT_MONTHS = 12
MOST_MONTHS = 240


class Preset(Labelled):
    THIS_YEAR = "this-year", "本年"
    LAST_YEAR = "last-year", "上年"
    THIS_MONTH = "this-month", "本月"
    SINCE_BUILT = "since-built", "自建成以来"
    CHOSEN = "chosen", "自选"


class PeriodInvalid(Invalid):
    code = "period-invalid"
    title, title_zh = "No such period", "时段有误"


@dataclass(frozen=True)
class Period:
    first: date
    last: date
    preset: Preset = Preset.CHOSEN

    @property
    def label(self) -> str:
        """`2019年`, `2019年6月`, or from day to day."""
        first, last = self.first, self.last
        if (first.day, first.month, last.day, last.month) == (1, 1, 31, 12):
            years = f"{first.year}年"
            return years if first.year == last.year else f"{years}至{last.year}年"
        if first == last:
            return wording.day(first)
        if _whole_months(first, last):
            months = [f"{day.year}年{day.month}月" for day in (first, last)]
            return "至".join(dict.fromkeys(months))
        return f"{wording.day(first)}至{wording.day(last)}"

    @property
    def query(self) -> dict[str, str]:
        """As the services take it."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}

    @property
    def months(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def trend(self) -> "Period":
        """The months a trend shows: a year back where the period is too short for one, and no
        more months than the projector splits into.
        """
        if self.months <= 2:  # noqa: PLR2004  two points are no trend
            return Period(after_months(self.last.replace(day=1), 1 - CONTEXT_MONTHS), self.last)
        if self.months > MOST_MONTHS:
            return Period(after_months(self.last.replace(day=1), 1 - MOST_MONTHS), self.last)
        return self

    def has_month(self, key: str) -> bool:
        """Whether month `2019-06` touches the period."""
        return f"{self.first:%Y-%m}" <= key <= f"{self.last:%Y-%m}"


def year_of(today: date) -> Period:
    return Period(date(today.year, 1, 1), date(today.year, 12, 31), Preset.THIS_YEAR)


def preset_period(preset: Preset, today: date, built: date | None) -> Period:
    """`built` is the first day of the area's record; unknown, the period starts at `EARLIEST`."""
    match preset:
        case Preset.LAST_YEAR:
            return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31), preset)
        case Preset.THIS_MONTH:
            return Period(today.replace(day=1), end_of_month(today), preset)
        case Preset.SINCE_BUILT:
            return Period(min(built or EARLIEST, today), today, preset)
        case _:
            return year_of(today)


def recognised(period: Period, today: date) -> Period:
    """Dates that are just a preset's are that preset."""
    for preset in (Preset.THIS_YEAR, Preset.LAST_YEAR, Preset.THIS_MONTH):
        same = preset_period(preset, today, None)
        if (same.first, same.last) == (period.first, period.last):
            return same
    return period


def chosen_period(first: str, last: str) -> Period:
    """Raises `PeriodInvalid`, in words for the form, when the dates cannot be a period."""
    try:
        period = Period(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        raise PeriodInvalid("`from` and `to` must be dates.", zh="请填写起止日期。") from None
    if period.first > period.last:
        raise PeriodInvalid("`from` is later than `to`.", zh="起始日期不能晚于截止日期。")
    if period.first < EARLIEST:
        raise PeriodInvalid("`from` is too early.", zh=f"起始日期不能早于{wording.day(EARLIEST)}。")
    return period


def _whole_months(first: date, last: date) -> bool:
    return first.day == 1 and last == end_of_month(last)
