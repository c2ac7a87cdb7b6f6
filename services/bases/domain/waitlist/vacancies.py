"""What is free of a venue, and where a wish fits into it. Pure arithmetic of ranges."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.kinds import Sharing
from services.bases.domain.bookings.model import Venue
from services.bases.domain.opening import Range, joined, subtracted
from services.bases.domain.waitlist.entries import Join

BUCKET = timedelta(minutes=15)
"""Shared venues count places by quarter of an hour."""


@dataclass(frozen=True, kw_only=True)
class Vacancies:
    """One venue over a span of time, as its slots stand while they are locked."""

    venue: Venue
    open: Sequence[Range]
    """In order and apart; closures are none of it."""
    taken: Sequence[Range]
    """Of an exclusive venue: what bookings hold, buffer included."""
    places: Mapping[datetime, int]
    """Of a shared venue: places left, by the quarter of an hour; those not named are all free."""

    def fit(self, wish: Join, earliest: datetime) -> Range | None:
        """Where it could be had from `earliest` on: as wished for, else as early as may be."""
        if wish.headcount > self.venue.capacity or self.venue.retired:
            return None
        lasts = wish.ends_at - wish.starts_at
        first = max(wish.earliest_at, earliest)
        starts = [wish.starts_at] if wish.starts_at >= first else []
        for since, until in self._gaps(wish.headcount):
            begins = max(since, first)
            if begins + lasts <= min(until, wish.latest_at):
                starts.append(begins)
        for since in starts:
            if self._has((since, since + lasts), wish.headcount):
                return since, since + lasts
        return None

    def _gaps(self, headcount: int) -> Iterator[Range]:
        """Open and not taken; a booking's own buffer may lie outside."""
        yield from subtracted(self.open, joined(self._busy(headcount)))

    def _busy(self, headcount: int) -> Iterator[Range]:
        yield from self.taken
        for bucket, left in self.places.items():
            if left < headcount:
                yield bucket, bucket + BUCKET

    def _has(self, wanted: Range, headcount: int) -> bool:
        since, until = wanted
        opened = any(a <= since and until <= b for a, b in self.open)
        held = until + self.venue.buffer
        return opened and not any(a < held and since < b for a, b in self._busy(headcount))

    @property
    def exclusive(self) -> bool:
        return self.venue.sharing is Sharing.EXCLUSIVE
