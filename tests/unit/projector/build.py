"""Events as they lie in a stream. A test says only what it is about."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid5

from contracts.bases.bookings import (
    BookingCancelled,
    BookingCompleted,
    BookingMissed,
    BookingMissRetracted,
    BookingRequested,
)
from contracts.bases.places import BaseChanged, BaseRegistered, VenueRegistered
from contracts.bases.visits import VisitCompleted
from contracts.event import Event
from contracts.kinds import CancelReason, Channel, Sharing, VisitorLevel
from contracts.membership.organisations import (
    AreaRegistered,
    OrganisationChanged,
    OrganisationRegistered,
)
from services.chassis.event_log import Cause, Entry, entry

DISTRICT, STREET, COMMUNITY = "410305", "410305001", "410305001001"
NEXT_COMMUNITY = "410305001002"
NAMESPACE = UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
JUNE = datetime(2019, 6, 8, 1, 0, tzinfo=UTC)
"""9 o'clock in Shanghai."""


def an_id(name: str) -> UUID:
    """The same name, the same id: what is written of a base and of its visits fits together."""
    return uuid5(NAMESPACE, name)


@dataclass
class Log:
    """Counts versions as the services do, and dates what it writes a second apart."""

    recorded: datetime = datetime(2020, 1, 1, tzinfo=UTC)
    versions: dict[UUID, int] = field(default_factory=dict)
    serial: Iterator[int] = field(default_factory=lambda: count(1))

    def write(self, event: Event, at: datetime = JUNE, *, version: int | None = None) -> Entry:
        known = self.versions.get(event.key, 0)
        self.versions[event.key] = version or known + 1
        return entry(
            event,
            version=self.versions[event.key],
            occurred_at=at,
            recorded_at=self.recorded + timedelta(seconds=next(self.serial)),
            cause=Cause("test"),
        )


def area(code: str, name: str) -> AreaRegistered:
    return AreaRegistered(area=code, area_id=an_id(code), name=name)


def base(name: str = "基地甲", kind: str = "red", area: str = COMMUNITY) -> BaseRegistered:
    return BaseRegistered(area=area, base_id=an_id(name), code=name, name=name, kind=kind)


def rekinded(name: str, was: str, kind: str, area: str = COMMUNITY) -> BaseChanged:
    return BaseChanged(
        area=area, base_id=an_id(name), code=name, name=name, kind=kind, was_kind=was
    )


def venue(name: str, kind: str = "hall", themes: int = 0, area: str = COMMUNITY) -> VenueRegistered:
    return VenueRegistered(
        area=area,
        venue_id=an_id(name),
        base_id=an_id("基地甲"),
        code=name,
        name=name,
        kind=kind,
        capacity=40,
        sharing=Sharing.EXCLUSIVE,
        theme_count=themes,
    )


def branch(name: str, area: str = COMMUNITY, kind: str = "branch") -> OrganisationRegistered:
    return OrganisationRegistered(
        area=area, organisation_id=an_id(name), code=name, name=name, kind=kind
    )


def moved(name: str, was: str, area: str, kind: str = "branch") -> OrganisationChanged:
    return OrganisationChanged(
        area=area,
        organisation_id=an_id(name),
        code=name,
        name=name,
        kind=kind,
        was_kind=kind,
        was_area=was,
    )


def visit(
    name: str,
    persons: int = 30,
    level: VisitorLevel = VisitorLevel.CITY,
    at: datetime = JUNE,
    *,
    area: str = COMMUNITY,
    base: str = "基地甲",
    visitor: str | None = None,
) -> VisitCompleted:
    return VisitCompleted(
        area=area,
        visit_id=an_id(name),
        base_id=an_id(base),
        base_kind="red",
        organisation_id=an_id(visitor) if visitor else None,
        visitor_level=level,
        channel=Channel.PHONE,
        actual_headcount=persons,
        started_at=at,
    )


def _booking(name: str, channel: Channel) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "booking_id": an_id(name),
        "base_id": an_id("基地甲"),
        "base_kind": "red",
        "venue_id": an_id("展厅甲"),
        "organisation_id": an_id("支部甲"),
        "starts_at": JUNE,
        "ends_at": JUNE + timedelta(hours=1),
        "headcount": 20,
        "channel": channel,
        "visitor_level": VisitorLevel.CITY,
    }


def requested(name: str, channel: Channel = Channel.WEB) -> BookingRequested:
    return BookingRequested(**_booking(name, channel))


def cancelled(name: str, channel: Channel = Channel.WEB) -> BookingCancelled:
    return BookingCancelled(**_booking(name, channel), reason=CancelReason.WEATHER)


def completed(name: str, channel: Channel = Channel.WEB) -> BookingCompleted:
    return BookingCompleted(
        **_booking(name, channel), actual_headcount=18, visit_id=an_id(f"visit {name}")
    )


def missed(name: str, channel: Channel = Channel.WEB) -> BookingMissed:
    return BookingMissed(**_booking(name, channel))


def not_missed(name: str, channel: Channel = Channel.WEB) -> BookingMissRetracted:
    return BookingMissRetracted(**_booking(name, channel))
