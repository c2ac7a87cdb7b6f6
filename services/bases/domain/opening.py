"""When a base is open: hours by the kind of day, closures, and days that the calendar moves."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from contracts.kinds.bases import DayKind
from services.chassis.clock import LOCAL, business_date, midnight
from services.chassis.errors import Conflict
from services.chassis.working_days import ONE_DAY, WorkingCalendar

MIDNIGHT = 24 * 60
"""Of the end of a day, in its minutes."""

AN_INSTANT = timedelta(microseconds=1)

WEEK = tuple(DayKind)[:7]
"""Monday first."""

Range = tuple[datetime, datetime]
"""Instants `[since, until)`."""

Spans = Sequence[tuple[int, int]]
"""`[opens, closes)` in minutes of the day, in order, apart from each other."""


@dataclass(frozen=True)
class Hours:
    """What holds from `effective_from` on; a kind of day without spans is a closed one.

    `HOLIDAY` (a weekday that is off) and `MAKE_UP` (a weekend day that is worked) go before the day
    of the week where they are stated; where they are not, the calendar is not asked.
    """

    effective_from: date
    spans: Mapping[DayKind, Spans]

    def of(self, day: date, calendar: WorkingCalendar) -> Spans:
        """Raises `CalendarMissing` where holidays matter and the year is not known."""
        return self.spans.get(self._kind(day, calendar), ())

    def _kind(self, day: date, calendar: WorkingCalendar) -> DayKind:
        usual = WEEK[day.weekday()]
        if DayKind.HOLIDAY not in self.spans and DayKind.MAKE_UP not in self.spans:
            return usual
        weekend = usual in {DayKind.SATURDAY, DayKind.SUNDAY}
        if calendar.works(day) is not weekend:
            return usual
        moved = DayKind.MAKE_UP if weekend else DayKind.HOLIDAY
        return moved if moved in self.spans else usual


ALWAYS = ((0, MIDNIGHT),)
"""Of a base that has stated no hours."""


@dataclass(frozen=True)
class Timetable:
    """Everything that says when one venue is open. Its own hours go before those of its base."""

    calendar: WorkingCalendar
    of_base: Sequence[Hours] = ()
    of_venue: Sequence[Hours] = ()
    closures: Sequence[Range] = field(default=())

    def open_between(self, first: date, last: date) -> list[Range]:
        """In order, apart from each other: a night that goes on past midnight is one range."""
        stated = (
            (_at(day, opens), _at(day, closes))
            for day in _days(first, last)
            for opens, closes in self._spans(day)
        )
        return subtracted(joined(stated), self.closures)

    def is_open(self, since: datetime, until: datetime) -> bool:
        """Without a break from `since` up to `until`; midnight ends a day and begins none."""
        found = self.open_between(business_date(since), business_date(until - AN_INSTANT))
        return any(opens <= since and until <= closes for opens, closes in found)

    def _spans(self, day: date) -> Spans:
        for stated in (self.of_venue, self.of_base):
            begun = [hours for hours in stated if hours.effective_from <= day]
            if begun:
                newest = max(begun, key=lambda hours: hours.effective_from)
                return newest.of(day, self.calendar)
        return ALWAYS


class NotOpen(Conflict):
    code = "not-open"
    title, title_zh = "Not open at that time", "该时段不开放"


def check_open(timetable: Timetable, since: datetime, until: datetime) -> None:
    """Raises `NotOpen`, which names the hours of the day, or `CalendarMissing`."""
    if timetable.is_open(since, until):
        return
    day = business_date(since)
    hours = timetable.open_between(day, day)
    shown = "、".join(f"{a.astimezone(LOCAL):%H:%M}–{_end(b)}" for a, b in hours)
    raise NotOpen(
        "Open that day: " + (", ".join(_said(each) for each in hours) or "not at all"),
        zh=f"{day:%m月%d日}开放时间：{shown}。" if shown else f"{day:%m月%d日}不开放。",
        field="starts_at",
        open=[{"from": _local(a), "until": _local(b)} for a, b in hours],
    )


def joined(ranges: Iterable[Range]) -> list[Range]:
    """In order, with those that touch or overlap made one."""
    found: list[Range] = []
    for since, until in sorted(ranges):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def subtracted(ranges: Iterable[Range], away: Iterable[Range]) -> list[Range]:
    """What of `ranges`, in order and apart, lies in none of `away`."""
    gone = joined(away)
    found = []
    for since, until in ranges:
        edges = [since, *(p for a, b in gone if a < until and b > since for p in (a, b)), until]
        found += [(a, b) for a, b in list(pairwise(edges))[::2] if a < b]
    return found


def _days(first: date, last: date) -> Iterator[date]:
    return (first + ONE_DAY * n for n in range((last - first).days + 1))


def _at(day: date, minute: int) -> datetime:
    return midnight(day) + timedelta(minutes=minute)


def _end(instant: datetime) -> str:
    """Midnight at the end of a day is written 24:00."""
    text = f"{instant.astimezone(LOCAL):%H:%M}"
    return "24:00" if text == "00:00" else text


def _local(instant: datetime) -> str:
    return instant.astimezone(LOCAL).isoformat()


def _said(each: Range) -> str:
    return f"{_local(each[0])}/{_local(each[1])}"
