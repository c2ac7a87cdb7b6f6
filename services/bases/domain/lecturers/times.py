"""When lecturers can be had, and what is left of that beside what takes them already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import Field

from contracts.kinds.cadence import Every
from contracts.kinds.lecturers import AbsenceKind
from services.bases.domain.bookings.refusals import ImpossibleTime
from services.bases.domain.opening import (
    AN_INSTANT,
    Hours,
    Range,
    Timetable,
    joined,
    subtracted,
)
from services.chassis.clock import LOCAL, business_date, midnight
from services.chassis.periods import period_of
from services.chassis.state import State
from services.chassis.working_days import ONE_DAY, WorkingCalendar


class Absence(State):
    """Leave, or extra time."""

    absence_id: UUID
    lecturer_id: UUID = Field(title="讲师代码")
    kind: AbsenceKind = Field(title="类别")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    withdrawn_at: datetime | None = Field(title="撤销时刻")


@dataclass(frozen=True, kw_only=True)
class Times:
    """When a lecturer can come: weekly times and extra ones, leave taken out of both.

    Who has stated no weekly times can always come.
    """

    calendar: WorkingCalendar
    hours: Sequence[Hours] = ()
    extras: Sequence[Range] = ()
    leaves: Sequence[Range] = ()

    def between(self, first: date, last: date) -> list[Range]:
        """In order, apart from each other. Raises `CalendarMissing` where holidays matter."""
        stated = Timetable(self.calendar, self.hours).open_between(first, last)
        return subtracted(joined((*stated, *cut(self.extras, day(first, last)))), self.leaves)

    def cover(self, since: datetime, until: datetime) -> bool:
        """Without a break from `since` up to `until`."""
        found = self.between(*days((since, until)))
        return any(begins <= since and until <= ends for begins, ends in found)


@dataclass(frozen=True, kw_only=True)
class Busy:
    """Something that takes a lecturer; elsewhere they can begin at `free_at`."""

    assignment_id: UUID
    place_id: UUID
    starts_at: datetime
    ends_at: datetime
    free_at: datetime

    def blocks(self, place_id: UUID, travel: timedelta) -> Range:
        """When nothing may be done at `place_id`, should getting there and away take `travel`."""
        if place_id == self.place_id:
            return self.starts_at, self.ends_at
        return self.starts_at - travel, self.free_at

    def clashes(self, place_id: UUID, since: datetime, until: datetime, travel: timedelta) -> bool:
        begins, ends = self.blocks(place_id, travel)
        return since < ends and begins < until


def free(
    times: Times,
    busy: Iterable[Busy],
    place_id: UUID,
    travel: timedelta,
    *,
    within: Range,
    length: timedelta = timedelta(),
) -> list[Range]:
    """Where in `within` a lecturer could be had at `place_id` for at least `length`, in order."""
    available = times.between(*days(within))
    away = [each.blocks(place_id, travel) for each in busy]
    left = subtracted(cut(available, within), away)
    return [(a, b) for a, b in left if b - a >= length]


def day(first: date, last: date | None = None) -> Range:
    """From the midnight at which `first` begins to the one at which `last` ends."""
    return midnight(first), midnight((last or first) + ONE_DAY)


def days(span: Range) -> tuple[date, date]:
    """The first and the last of a range, both included."""
    since, until = span
    return business_date(since), business_date(until - AN_INSTANT)


def month(instant: datetime) -> Range:
    """The calendar month in which `instant` lies, Asia/Shanghai."""
    period = period_of(Every.MONTH, business_date(instant))
    return day(period.first, period.last)


def cut(ranges: Iterable[Range], within: Range) -> list[Range]:
    """What of `ranges` lies in `within`."""
    since, until = within
    return [(max(a, since), min(b, until)) for a, b in ranges if a < until and since < b]


def named(span: Range) -> dict[str, str]:
    """As a refusal says it, Asia/Shanghai."""
    since, until = span
    return {"from": local(since), "until": local(until)}


def local(instant: datetime) -> str:
    return instant.astimezone(LOCAL).isoformat()


def check_absence(since: datetime, until: datetime) -> None:
    """Raises `ImpossibleTime`."""
    if until <= since:
        raise ImpossibleTime(
            "`ends_at` must be after `starts_at`.", zh="结束时刻应晚于开始时刻。", field="ends_at"
        )
