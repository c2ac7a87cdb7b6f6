"""A base as a few lists: what bookings, closures and the waiting list come to, told simply.

No SQL, no locks, no ranges: every question is answered by looking at everything there is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.chassis.clock import business_date
from tests.clock import works

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
QUARTER = 15 * MINUTE
HOLDS = {"offered", "pending", "confirmed", "checked-in", "completed"}


@dataclass
class Venue:
    key: str
    capacity: int
    shared: bool
    buffer: timedelta


@dataclass
class Wish:
    venue: str
    organisation: str
    starts: datetime
    ends: datetime
    headcount: int


@dataclass
class Booking(Wish):
    status: str = "pending"
    expires: datetime | None = None
    """Of an offer."""
    missed: bool = False
    retracted: bool = False
    """Once missed, and taken back: the clock leaves it alone."""


@dataclass
class Waiting(Wish):
    status: str = "waiting"
    offer: str | None = None
    """The booking that holds the slot."""


@dataclass
class Base:
    venues: dict[str, Venue]
    now: datetime
    bookings: dict[str, Booking] = field(default_factory=dict)
    queue: dict[str, Waiting] = field(default_factory=dict)
    """In order of joining."""
    closures: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    # May it be?

    def refuses(self, wish: Wish, but: str | None = None) -> str | None:
        """The code a request meets with; `None` when it is accepted."""
        return self.rule_against(wish, new=but is None) or self.taken(wish, but)

    def rule_against(self, wish: Wish, *, new: bool = True) -> str | None:
        off_day = not works(business_date(wish.starts))
        closed = any(a < wish.ends and wish.starts < b for a, b in self.closures.values())
        against = {
            "impossible-time": wish.starts < self.now,
            "too-little-notice": wish.starts < self.now + HOUR,
            "filed-off-day": off_day and not works(business_date(self.now)),
            "not-open": closed,
            "over-capacity": wish.headcount > self.venues[wish.venue].capacity,
            "organisation-waits": new and self.waits(wish.organisation),
        }
        return next((code for code, stands in against.items() if stands), None)

    def taken(self, wish: Wish, but: str | None = None) -> str | None:
        venue = self.venues[wish.venue]
        others = [
            each
            for key, each in self.bookings.items()
            if each.venue == wish.venue and each.status in HOLDS and key != but
        ]
        if not venue.shared:
            return "slot-taken" if any(meet(each, wish, venue) for each in others) else None
        at = wish.starts
        while at < wish.ends:
            there = sum(each.headcount for each in others if each.starts <= at < each.ends)
            if there + wish.headcount > venue.capacity:
                return "venue-full"
            at += QUARTER
        return None

    def waits(self, organisation: str) -> bool:
        """Three no-shows within half a year, and thirty days since the last of them."""
        missed = sorted(
            each.starts
            for each in self.bookings.values()
            if each.organisation == organisation and each.missed and each.starts <= self.now
        )
        filled = [
            last
            for first, last in zip(missed, missed[2:], strict=False)
            if last - first <= timedelta(days=180)
        ]
        return bool(filled) and self.now < filled[-1] + timedelta(days=30)

    # What follows from a slot that is free again

    def promote(self, venue: str, offer_of: Callable[[str], str]) -> None:
        """Offer what is free to those who wait for the venue, in order.

        `offer_of` says which booking holds the offer of an entry: the service chooses its id.
        """
        for key, entry in self.queue.items():
            if entry.status != "waiting" or entry.venue != venue or entry.ends <= self.now:
                continue
            wish = Wish(entry.venue, entry.organisation, entry.starts, entry.ends, entry.headcount)
            last = wish.starts - 2 * HOUR
            if self.refuses(wish) or self.now >= last:
                continue
            made = Booking(**vars(wish), status="offered")
            made.expires = min(self.now + timedelta(hours=24), last)
            offer = offer_of(key)
            self.bookings[offer] = made
            entry.status, entry.offer = "offered", offer


def meet(a: Wish, b: Wish, venue: Venue) -> bool:
    return a.starts < b.ends + venue.buffer and b.starts < a.ends + venue.buffer
