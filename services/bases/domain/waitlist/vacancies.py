"""What is free of a venue, and where a wish fits into it. Pure arithmetic of ranges."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.bases.domain.bookings.model import Venue
from services.bases.domain.opening import AN_INSTANT, Range, Timetable, joined, subtracted
from services.bases.domain.waitlist.entries import Join
from services.chassis.clock import business_date
from services.chassis.working_days import CalendarMissing

BUCKET = timedelta(minutes=15)
"""Shared venues count places by quarter of an hour."""


@dataclass(frozen=True, kw_only=True)
class Vacancies:
    """One venue over a span of time, as its slots stand while they are locked."""

    venue: Venue
    timetable: Timetable
    taken: Sequence[Range]
    """Of an exclusive venue: what bookings hold, buffer included."""
    places: Mapping[datetime, int]
    """Of a shared venue: places left, by the quarter of an hour; those not named are all free."""

    def fit(self, wish: Join, earliest: datetime) -> Range | None:
        """Where it could be had from `earliest` on: as wished for, else as early as may be.

        Nowhere in a year without calendar data, where holidays matter.
        """
        if wish.headcount > self.venue.capacity or self.venue.retired:
            return None
        lasts = wish.ends_at - wish.starts_at
        busy = joined(self._busy(wish.headcount))
        opened = self._open(wish)
        for since in self._starts(wish, opened, busy, earliest):
            held = since + lasts + self.venue.buffer
            inside = any(a <= since and since + lasts <= b for a, b in opened)
            if inside and not any(a < held and since < b for a, b in busy):
                return since, since + lasts
        return None

    def _starts(
        self, wish: Join, opened: Sequence[Range], busy: Sequence[Range], earliest: datetime
    ) -> Iterator[datetime]:
        """Worth a look: the wish itself, then wherever the window, the day or a booking lets in."""
        first = max(wish.earliest_at, earliest)
        last = wish.latest_at - (wish.ends_at - wish.starts_at)
        if wish.starts_at >= first:
            yield wish.starts_at
        for since, _ in subtracted(opened, busy):
            if max(since, first) <= last:
                yield max(since, first)

    def _open(self, wish: Join) -> Sequence[Range]:
        first, last = business_date(wish.earliest_at), business_date(wish.latest_at - AN_INSTANT)
        try:
            return self.timetable.open_between(first, last)
        except CalendarMissing:
            return ()

    def _busy(self, headcount: int) -> Iterator[Range]:
        yield from self.taken
        for bucket, left in self.places.items():
            if left < headcount:
                yield bucket, bucket + BUCKET
