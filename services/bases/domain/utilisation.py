"""How much of the time that venues are open they are booked, and used."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from contracts.kinds import BookingStatus
from services.bases.domain.opening import Range, Timetable
from services.chassis.working_days import ONE_DAY, CalendarMissing

BOOKED = frozenset(
    {
        BookingStatus.CONFIRMED,
        BookingStatus.CHECKED_IN,
        BookingStatus.COMPLETED,
        BookingStatus.NO_SHOW,
    }
)
"""The venue was kept for somebody. Nobody came to a no-show: that is booked and not used."""

HOUR = 60


@dataclass(frozen=True, kw_only=True)
class Use:
    """Minutes within opening hours; overlapping groups in one venue count once."""

    opened: int = 0
    booked: int = 0
    used: int = 0

    def __add__(self, other: "Use") -> "Use":
        return Use(
            opened=self.opened + other.opened,
            booked=self.booked + other.booked,
            used=self.used + other.used,
        )

    @property
    def booked_rate(self) -> float | None:
        """`None` of what was never open."""
        return _share(self.booked, self.opened)

    @property
    def used_rate(self) -> float | None:
        return _share(self.used, self.opened)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One hour of one day of the week, over the whole period."""

    venue_id: UUID
    weekday: int
    """1 is Monday."""
    hour: int
    """From so many o'clock for an hour, Asia/Shanghai."""
    use: Use


@dataclass(frozen=True, kw_only=True)
class VenueUse:
    """`persons` are person-times of the visits that began in the period."""

    venue_id: UUID
    use: Use
    batches: int
    persons: int

    @property
    def persons_an_hour(self) -> float | None:
        """That the venue was open."""
        return _share(self.persons * HOUR, self.use.opened)


def opened_between(timetable: Timetable, first: date, last: date) -> list[Range]:
    """Without the days that nobody can say it of: their year's calendar is missing."""
    try:
        return timetable.open_between(first, last)
    except CalendarMissing:
        if first == last:
            return []
    middle = first + (last - first) // 2
    halves = (first, middle), (middle + ONE_DAY, last)
    return [each for half in halves for each in opened_between(timetable, *half)]


def ranked(venues: Iterable[VenueUse], *, least: bool) -> list[VenueUse]:
    """By the share of open time that was used, then booked; those never open last."""

    def key(each: VenueUse) -> tuple[bool, float, float]:
        sign = 1 if least else -1
        used, booked = each.use.used_rate or 0, each.use.booked_rate or 0
        return each.use.opened == 0, sign * used, sign * booked

    return sorted(venues, key=key)


def total(cells: Iterable[Cell]) -> dict[UUID, Use]:
    found: dict[UUID, Use] = {}
    for cell in cells:
        found[cell.venue_id] = found.get(cell.venue_id, Use()) + cell.use
    return found


def _share(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


MOST = timedelta(days=366)
"""That one question is answered for."""
