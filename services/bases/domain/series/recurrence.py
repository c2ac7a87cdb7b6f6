"""When a series is, by the wall clock of the office (Asia/Shanghai).

An hour stays the same hour whatever happens to the clocks. A day that a month or a year does not
have is none of the occurrences, and is told: nothing moves to the day before or after by itself.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Literal

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule
from dateutil.rrule import weekdays as DAYS  # noqa: N812  Monday first

from contracts.kinds.series import Frequency, Weekday
from services.bases.domain.opening import Range
from services.bases.domain.series.rules import SeriesMost
from services.chassis.clock import LOCAL
from services.chassis.errors import Invalid

LATEST = date(2200, 12, 31)
"""No request says a later day, and no series reaches one."""

FREQUENCIES: dict[Frequency, Literal[0, 1, 2, 3]] = {
    Frequency.DAY: DAILY,
    Frequency.WEEK: WEEKLY,
    Frequency.MONTH: MONTHLY,
    Frequency.YEAR: YEARLY,
}
MONTHS = {Frequency.MONTH: 1, Frequency.YEAR: 12}
WEEK = tuple(Weekday)


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """Every `interval` days, weeks, months or years, so many `times` or up to the day `until`.

    `weekdays` are of a weekly series; without, it is the weekday of the first. Weeks begin on
    Monday.
    """

    every: Frequency
    interval: int = 1
    weekdays: tuple[Weekday, ...] = ()
    until: date | None = None
    times: int | None = None


@dataclass(frozen=True)
class Plan:
    """`absent` are the days, as they would be written, that no calendar has."""

    slots: list[Range]
    absent: list[str]


class RepeatUnclear(Invalid):
    code = "repeat-unclear"
    title, title_zh = "The rule of the series contradicts itself", "重复规则前后矛盾"


class SeriesTooLong(Invalid):
    code = "series-too-long"
    title, title_zh = "Too many bookings in one series", "系列预约次数过多"


def plan(repeat: Repeat, starts_at: datetime, ends_at: datetime, most: SeriesMost) -> Plan:
    """Every occurrence, beginning with the one given. Raises `RepeatUnclear`, `SeriesTooLong`."""
    first, end = (each.astimezone(LOCAL).replace(tzinfo=None) for each in (starts_at, ends_at))
    _check(repeat, first)
    limit = most.occurrences
    begun = list(islice(_rule(repeat, first), min(repeat.times or limit + 1, limit + 1)))
    if len(begun) > limit:
        raise SeriesTooLong(
            f"A series has at most {limit} bookings.",
            zh=f"一个系列至多预约 {limit} 次，请缩短期限或减少次数。",
            field="repeat.times" if repeat.times else "repeat.until",
            most=limit,
        )
    last = max(begun[-1].date(), repeat.until or begun[-1].date())
    slots = [(_aware(each), _aware(each + (end - first))) for each in begun]
    return Plan(slots, list(_absent(repeat, first.date(), last)))


def _check(repeat: Repeat, first: datetime) -> None:
    if (repeat.until is None) == (repeat.times is None):
        raise _unclear("State `until` or `times`.", "请填写截止日期或次数，二者填一。", "until")
    if repeat.until is not None and repeat.until < first.date():
        raise _unclear("`until` is before the first.", "截止日期早于首次日期。", "until")
    if repeat.weekdays and repeat.every is not Frequency.WEEK:
        raise _unclear("Only weekly series have weekdays.", "仅每周重复可选星期。", "weekdays")
    if repeat.weekdays and WEEK[first.weekday()] not in repeat.weekdays:
        raise _unclear(
            "The first booking is on none of `weekdays`.",
            f"首次预约是{WEEK[first.weekday()].label}，不在所选星期之内。",
            "weekdays",
        )


def _unclear(detail: str, zh: str, field: str) -> RepeatUnclear:
    return RepeatUnclear(detail, zh=zh, field=f"repeat.{field}")


def _rule(repeat: Repeat, first: datetime) -> rrule:
    return rrule(
        FREQUENCIES[repeat.every],
        dtstart=first,
        interval=repeat.interval,
        wkst=DAYS[0],
        byweekday=[DAYS[WEEK.index(day)] for day in repeat.weekdays] or None,
        until=datetime.combine(repeat.until or LATEST, time.max),
    )


def _absent(repeat: Repeat, first: date, last: date) -> Iterator[str]:
    """The 31st of short months and 29 February, up to `last`."""
    step = MONTHS.get(repeat.every, 0) * repeat.interval
    if not step:
        return
    month = first.year * 12 + first.month - 1
    while (month := month + step) <= last.year * 12 + last.month - 1:
        year, of_year = divmod(month, 12)
        if first.day > monthrange(year, of_year + 1)[1]:
            yield f"{year}-{of_year + 1:02}-{first.day:02}"


def _aware(wall: datetime) -> datetime:
    return wall.replace(tzinfo=LOCAL)
