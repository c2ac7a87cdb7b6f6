"""What is free: opening hours, less what is taken. The rest is reading that off, day by day.

A booking holds its venue for a buffer longer than it lasts. So what is taken begins a buffer sooner
for whoever wants to end before it: with that taken away, a booking may be had exactly where it lies
in one free range.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from contracts.kinds import Sharing
from contracts.kinds.labelled import Labelled
from services.bases.domain.bookings.ask import MINUTE, check_filed
from services.bases.domain.bookings.model import Venue
from services.bases.domain.bookings.refusals import (
    ImpossibleTime,
    OverCapacity,
    TooFarAhead,
    TooLittleNotice,
    VenueRetired,
)
from services.bases.domain.bookings.terms import BookingTerms, OffDays
from services.bases.domain.opening import AN_INSTANT, Range, Timetable, subtracted
from services.chassis.clock import business_date, midnight
from services.chassis.errors import Refusal
from services.chassis.working_days import ONE_DAY, CalendarMissing, WorkingCalendar

QUARTER = timedelta(minutes=15)
"""Bookings are offered to begin on the quarters of an hour."""

LONGEST = timedelta(hours=24)
"""So long may go on what begins on the last day that is asked about."""


class DayState(Labelled):
    OPEN = "open", "空闲"
    PARTLY = "partly", "部分空闲"
    FULL = "full", "已约满"
    CLOSED = "closed", "不开放"
    OVER = "over", "已过"
    CALENDAR_MISSING = "calendar-missing", "节假日安排未录入"


# What is asked, and what there is


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A booking of `minutes` (any, for `None`) on one of the days, both ends included."""

    first: date
    last: date
    at: datetime
    """When it would be filed."""
    minutes: int | None = None
    headcount: int = 1

    @property
    def span(self) -> Range:
        """All that bears upon the answer, but for buffers."""
        return midnight(self.first), midnight(self.last + ONE_DAY) + LONGEST

    @property
    def days(self) -> Iterator[date]:
        return (self.first + ONE_DAY * n for n in range((self.last - self.first).days + 1))


@dataclass(frozen=True, kw_only=True)
class Supply:
    """One venue, the terms of its base, and what takes it."""

    venue: Venue
    timetable: Timetable
    terms: BookingTerms
    held: Sequence[Range] = ()
    """Of a venue for one at a time: by bookings and offers, their buffers included."""
    places: Mapping[int, int] = field(default_factory=dict)
    """Of a shared venue: those left in the quarters (see `starts`) in which some are taken."""
    lacking: Sequence[Range] = ()
    """When something else that is wanted besides the venue is not to be had."""

    def earliest(self, at: datetime) -> datetime:
        return at + self.terms.notice_minutes * MINUTE

    def latest(self, at: datetime) -> datetime:
        return at + timedelta(days=self.terms.horizon_days)

    def away(self, headcount: int) -> Iterator[Range]:
        """When a group of that size cannot be there, nor up to a buffer before."""
        full = [instant(quarter) for quarter, left in self.places.items() if left < headcount]
        for taken in (self.held, ((at, at + QUARTER) for at in full), self.lacking):
            yield from ((since - self.venue.buffer, until) for since, until in taken)

    def refused(self, wanted: Wanted) -> type[Refusal] | None:
        """With what, should it be so for any time."""
        if self.venue.retired:
            return VenueRetired
        if wanted.headcount > self.venue.capacity:
            return OverCapacity
        return ImpossibleTime if (wanted.minutes or 0) > self.terms.longest_minutes else None


@dataclass(frozen=True)
class Filing:
    """Which days are off, and whether a booking for such a day may be filed `at` that instant."""

    calendar: WorkingCalendar
    rule: OffDays
    at: datetime
    _found: dict[date, tuple[bool | None, str | None]] = field(default_factory=dict)

    def off(self, day: date) -> bool | None:
        """`None` where the calendar does not say."""
        return self._of(day)[0]

    def refused(self, day: date) -> str | None:
        """The code of what a booking that touches an off day and begins on `day` meets."""
        return self._of(day)[1]

    def _of(self, day: date) -> tuple[bool | None, str | None]:
        if day not in self._found:
            self._found[day] = self._off(day), self._refused(day)
        return self._found[day]

    def _off(self, day: date) -> bool | None:
        return not self.calendar.works(day) if day.year in self.calendar.years else None

    def _refused(self, day: date) -> str | None:
        try:
            check_filed(business_date(self.at), day, self.calendar, self.rule)
        except Refusal as refusal:
            return refusal.code
        return None


# What is free


def opened(timetable: Timetable, day: date) -> list[Range] | None:
    """`None` where the calendar would have to say and does not: nobody can book such a day."""
    try:
        found = timetable.open_between(day, day)
    except CalendarMissing:
        found = subtracted([(midnight(day), midnight(day + ONE_DAY))], timetable.closures)
    return found if day.year in timetable.calendar.years or not found else None


def hours_of(
    between: Callable[[date, date], Sequence[Range]], wanted: Wanted, since: date
) -> dict[date, Sequence[Range] | None]:
    """Of somebody who can be asked from `since` on; `None` where the calendar would have to say."""

    def on(day: date) -> Sequence[Range] | None:
        try:
            return between(day, day) if day >= since else ()
        except CalendarMissing:
            return None

    return {day: on(day) for day in (*wanted.days, wanted.last + ONE_DAY)}


def free(hours: Iterable[Range], away: Iterable[Range], wanted: Wanted) -> list[Range]:
    """In order, apart, ahead and long enough. `hours` come in order; a night is one range."""
    whole: list[Range] = []
    for since, until in hours:
        if until <= wanted.at:
            continue
        if whole and whole[-1][1] == since:
            whole[-1] = whole[-1][0], until
        else:
            whole.append((max(since, wanted.at), until))
    least = (wanted.minutes or 0) * MINUTE
    return [(a, b) for a, b in subtracted(whole, away) if b - a >= least]


def starts(
    ranges: Iterable[Range], minutes: int, since: datetime, until: datetime
) -> Iterator[int]:
    """Quarters of an hour, numbered since the epoch, from which on `minutes` lie in one range.

    Those from `since` to `until`, both included; in order.
    """
    for a, b in ranges:
        last = min(b - minutes * MINUTE, until)
        yield from range(_quarter_from(max(a, since)), _quarter_by(last) + 1)


def enough(
    spare: Iterable[Iterable[Range]], count: int, minutes: int, within: Range
) -> frozenset[int]:
    """Starts at which so many of those who are free in the ranges of `spare` are free."""
    seen = Counter(start for ranges in spare for start in set(starts(ranges, minutes, *within)))
    return frozenset(start for start, free_then in seen.items() if free_then >= count)


def instant(start: int) -> datetime:
    return datetime.fromtimestamp(start * QUARTER.total_seconds(), UTC)


def _quarter_from(at: datetime) -> int:
    return -int(-at.timestamp() // QUARTER.total_seconds())


def _quarter_by(at: datetime) -> int:
    return int(at.timestamp() // QUARTER.total_seconds())


# Day by day


@dataclass(frozen=True)
class Free:
    since: datetime
    until: datetime
    places: int | None = None
    """Of a shared venue: how many may come at any time within."""
    untouched: bool = True
    """Nobody comes at any time within."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """Ranges are cut at midnight; a start belongs to the day it lies in."""

    day: date
    state: DayState
    off_day: bool | None = None
    """`None` where the calendar does not say, or nobody asked it."""
    hours: Sequence[Range] = ()
    free: Sequence[Free] = ()
    starts: Sequence[datetime] = ()
    refused: str | None = None
    """The code of what a request for any time of this day meets if it is filed now."""


def month(
    supply: Supply, wanted: Wanted, filing: Filing, only: frozenset[int] | None = None
) -> list[Day]:
    """One day after the other. Starts that are not among `only` are left out."""
    always = supply.refused(wanted)
    beyond = business_date(wanted.span[1] - AN_INSTANT)
    days = {
        day: [] if always is VenueRetired else opened(supply.timetable, day)
        for day in (*wanted.days, beyond)
    }
    hours = [each for ranges in days.values() for each in ranges or ()]
    found = [] if always else free(hours, supply.away(wanted.headcount), wanted)
    free_on = {
        day: [_with_places(each, supply) for each in ranges]
        for day, ranges in _by_day(found).items()
    }
    starts_on = _starts_by_day(found, supply, wanted, filing, only)
    return [
        Day(
            day=day,
            state=_state(days[day], free_on.get(day, ()), wanted.at),
            off_day=filing.off(day),
            hours=days[day] or (),
            free=free_on.get(day, ()),
            starts=[instant(start) for start in starts_on.get(day, ())],
            refused=_refused(day, days[day], always, supply, filing),
        )
        for day in wanted.days
    ]


def days_of(
    hours: Mapping[date, Sequence[Range] | None], found: Sequence[Range], wanted: Wanted
) -> list[Day]:
    """Of somebody or something that is no venue: free in the ranges `found`."""
    free_on = {
        day: [Free(since, until) for since, until in ranges]
        for day, ranges in _by_day(found).items()
    }
    started: dict[date, list[datetime]] = {}
    for start in starts(found, wanted.minutes, *wanted.span) if wanted.minutes else ():
        at = instant(start)
        started.setdefault(business_date(at), []).append(at)
    return [
        Day(
            day=day,
            state=_state(hours[day], free_on.get(day, ()), wanted.at),
            hours=hours[day] or (),
            free=free_on.get(day, ()),
            starts=started.get(day, ()),
        )
        for day in wanted.days
    ]


def _starts_by_day(
    found: Sequence[Range],
    supply: Supply,
    wanted: Wanted,
    filing: Filing,
    only: frozenset[int] | None,
) -> Mapping[date, list[int]]:
    """Those that may be filed now: by notice, horizon, and the rule of off days."""
    by_day: dict[date, list[int]] = {}
    if wanted.minutes is None:
        return by_day
    within = supply.earliest(wanted.at), supply.latest(wanted.at)
    for start in starts(found, wanted.minutes, *within):
        if only is None or start in only:
            by_day.setdefault(business_date(instant(start)), []).append(start)
    return {day: list(_filed(day, each, wanted.minutes, filing)) for day, each in by_day.items()}


def _filed(day: date, found: Iterable[int], minutes: int, filing: Filing) -> Iterator[int]:
    """An off day is touched by what begins on it, and by what goes on until it has begun."""
    if filing.refused(day) is None:
        yield from found
    elif not filing.off(day):
        until = midnight(day + ONE_DAY) - minutes * MINUTE
        tomorrow_works = filing.off(day + ONE_DAY) is False
        yield from (start for start in found if tomorrow_works or instant(start) <= until)


def _refused(
    day: date,
    hours: Sequence[Range] | None,
    always: type[Refusal] | None,
    supply: Supply,
    filing: Filing,
) -> str | None:
    if always is not None:
        return always.code
    if hours is None:
        return CalendarMissing.code
    if not hours or hours[-1][1] <= filing.at:
        return None
    if midnight(day + ONE_DAY) <= supply.earliest(filing.at):
        return TooLittleNotice.code
    if midnight(day) > supply.latest(filing.at):
        return TooFarAhead.code
    return filing.refused(day) if filing.off(day) else None


def _state(hours: Sequence[Range] | None, found: Sequence[Free], at: datetime) -> DayState:
    if hours is None:
        return DayState.CALENDAR_MISSING
    if not hours:
        return DayState.CLOSED
    ahead = [(max(since, at), until) for since, until in hours if until > at]
    if not ahead:
        return DayState.OVER
    if not found:
        return DayState.FULL
    whole = [(each.since, each.until) for each in found] == ahead
    return DayState.OPEN if whole and all(each.untouched for each in found) else DayState.PARTLY


def _by_day(ranges: Iterable[Range]) -> dict[date, list[Range]]:
    """Cut at every midnight."""
    found: dict[date, list[Range]] = {}
    for since, until in ranges:
        begins = since
        while begins < until:
            day = business_date(begins)
            ends = min(until, midnight(day + ONE_DAY))
            found.setdefault(day, []).append((begins, ends))
            begins = ends
    return found


def _with_places(within: Range, supply: Supply) -> Free:
    since, until = within
    if supply.venue.sharing is not Sharing.SHARED:
        return Free(since, until)
    touched = range(_quarter_by(since), _quarter_from(until + supply.venue.buffer))
    taken = [supply.places[each] for each in touched if each in supply.places]
    return Free(since, until, min(taken, default=supply.venue.capacity), untouched=not taken)
