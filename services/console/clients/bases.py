"""What the pages ask of bases: the bases of an area, their venues, the bookings of a day."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from services.console.clients.paging import MOST_PER_PAGE, Page, collect
from services.console.clients.upstream import Caller, Params, Upstream

MOST_BASES = 500
MOST_BOOKINGS = 500


class Base(BaseModel):
    base_id: UUID
    code: str
    name: str
    kind: str
    area: str


class Venue(BaseModel):
    venue_id: UUID
    base_id: UUID
    code: str
    name: str
    kind: str
    capacity: int
    floor: int | None = None


class Booking(BaseModel):
    booking_id: UUID
    status: str
    venue_id: UUID
    organisation_name: str | None = None
    starts_at: datetime
    ends_at: datetime
    headcount: int
    actual_headcount: int | None = None
    channel: str
    visitor_level: str


class Closure(BaseModel):
    venue_id: UUID | None
    """None for the whole base."""
    starts_at: datetime
    ends_at: datetime
    reopens_at: datetime | None = None
    """Withdrawn: closed up to then only."""
    reason_kind: str

    @property
    def until(self) -> datetime:
        return self.ends_at if self.reopens_at is None else min(self.reopens_at, self.ends_at)


_BASE = TypeAdapter(Base)
_BASES = TypeAdapter(Page[Base])
_VENUES = TypeAdapter(Page[Venue])
_BOOKINGS = TypeAdapter(Page[Booking])
_CLOSURES = TypeAdapter(Page[Closure])


class Bases:
    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def base(self, caller: Caller, base_id: str) -> Base:
        return await self._upstream.ask(_BASE, f"/v1/bases/{base_id}", caller, {})

    async def bases(self, caller: Caller, *, within: str) -> list[Base]:
        async def fetch(cursor: str | None) -> Page[Base]:
            params: Params = {"within": within, "limit": MOST_PER_PAGE, "cursor": cursor}
            return await self._upstream.ask(_BASES, "/v1/bases", caller, params)

        found, _ = await collect(fetch, most=MOST_BASES)
        return sorted(found, key=lambda base: base.code)

    async def venues(self, caller: Caller, base_id: UUID) -> list[Venue]:
        async def fetch(cursor: str | None) -> Page[Venue]:
            params: Params = {"base_id": str(base_id), "limit": MOST_PER_PAGE, "cursor": cursor}
            return await self._upstream.ask(_VENUES, "/v1/venues", caller, params)

        found, _ = await collect(fetch, most=MOST_BASES)
        return sorted(found, key=lambda venue: venue.code)

    async def bookings(self, caller: Caller, base_id: UUID, on: date) -> tuple[list[Booking], bool]:
        """Bookings that touch the day, by time, and whether there were more than we show."""

        async def fetch(cursor: str | None) -> Page[Booking]:
            params: Params = {
                "base_id": str(base_id),
                "day": on.isoformat(),
                "limit": MOST_PER_PAGE,
            }
            return await self._upstream.ask(
                _BOOKINGS, "/v1/bookings", caller, {**params, "cursor": cursor}
            )

        found, more = await collect(fetch, most=MOST_BOOKINGS)
        return sorted(found, key=lambda booking: booking.starts_at), more

    async def closures(self, caller: Caller, base_id: UUID, on: date) -> list[Closure]:
        """Closures that touch the day, of the base and of its venues."""

        async def fetch(cursor: str | None) -> Page[Closure]:
            day = on.isoformat()
            params: Params = {"base_id": str(base_id), "from": day, "to": day}
            return await self._upstream.ask(
                _CLOSURES,
                "/v1/closures",
                caller,
                {**params, "limit": MOST_PER_PAGE, "cursor": cursor},
            )

        found, _ = await collect(fetch, most=MOST_BOOKINGS)
        return found
