"""The tables. Guards against double booking and overselling stand in the migration."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from contracts.kinds import BookingStatus, Channel, Sharing, VisitorLevel
from services.bases.domain.bookings.model import Booking
from services.bases.domain.places import Base, VenueState

INSTANT = DateTime(timezone=True)


class Row(SQLModel, registry=registry()):
    """Base of this service's tables."""


class AreaRow(Row, table=True):
    """Copy of what membership announces: that the area exists."""

    __tablename__ = "area"

    code: str = Field(primary_key=True)
    name: str


class OrganisationRow(Row, table=True):
    """Copy of what membership announces: enough to book by."""

    __tablename__ = "organisation"

    organisation_id: UUID = Field(primary_key=True)
    code: str
    name: str
    kind: str
    area: str
    dissolved_on: date | None = None


class BaseRow(Row, table=True):
    __tablename__ = "base"

    base_id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    name: str
    kind: str
    area: str
    version: int
    recorded_at: datetime = Field(sa_type=INSTANT)
    retired_at: datetime | None = Field(default=None, sa_type=INSTANT)
    terms: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    """What it states of its own over the rule `booking.terms`."""

    def state(self) -> Base:
        return Base(**self.model_dump(exclude={"version", "recorded_at", "retired_at", "terms"}))


class VenueRow(Row, table=True):
    __tablename__ = "venue"

    venue_id: UUID = Field(primary_key=True)
    base_id: UUID
    code: str = Field(unique=True)
    name: str
    kind: str
    capacity: int
    sharing: str
    buffer_minutes: int
    floor: int | None
    themes: list[str] = Field(sa_type=JSONB)
    version: int
    recorded_at: datetime = Field(sa_type=INSTANT)
    retired_at: datetime | None = Field(default=None, sa_type=INSTANT)
    available_from: date | None = None
    available_to: date | None = None
    """Of a partner's venue: the days on which it is to be had, both included."""

    def state(self, area: str) -> VenueState:
        about = {"version", "recorded_at", "retired_at", "available_from", "available_to"}
        fields = self.model_dump(exclude=about)
        return VenueState(**fields | {"sharing": Sharing(self.sharing), "area": area})


class BookingRow(Row, table=True):
    """`during`, `exclusive`, `holds` and `venue_no` belong to the guard and are set in SQL."""

    __tablename__ = "booking"

    booking_id: UUID = Field(primary_key=True)
    base_id: UUID
    base_kind: str
    area: str
    venue_id: UUID
    organisation_id: UUID
    starts_at: datetime = Field(sa_type=INSTANT)
    ends_at: datetime = Field(sa_type=INSTANT)
    headcount: int
    actual_headcount: int | None
    channel: str
    visitor_level: str
    on_behalf: bool
    off_day: bool
    menu_item_id: UUID | None
    menu_item_kind: str | None
    series_id: UUID | None
    package_booking_id: UUID | None
    steps: int
    late: bool
    """Cancelled by the visitors after the time to do so."""
    has_contact: bool
    """Whom to call is sealed under the booking's id."""
    exclusive: bool
    holds: bool
    status: str
    version: int
    recorded_at: datetime = Field(sa_type=INSTANT)

    def state(self) -> Booking:
        fields = self.model_dump(
            exclude={"exclusive", "holds", "late", "has_contact", "recorded_at"}
        )
        return Booking(
            **fields
            | {
                "channel": Channel(self.channel),
                "visitor_level": VisitorLevel(self.visitor_level),
                "status": BookingStatus(self.status),
            }
        )


class BookingStepRow(Row, table=True):
    """Who took a step of a booking: the version it made, and the name of its event."""

    __tablename__ = "booking_step"

    booking_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    step: str
    actor: str
    at: datetime = Field(sa_type=INSTANT)


class GuestRow(Row, table=True):
    """Visitors from outside the organisation tree."""

    __tablename__ = "guest"

    guest_id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    name: str
    visitor_level: str
    area: str
    version: int
    recorded_at: datetime = Field(sa_type=INSTANT)


class VisitRow(Row, table=True):
    __tablename__ = "visit"

    visit_id: UUID = Field(primary_key=True)
    base_id: UUID
    venue_id: UUID | None
    booking_id: UUID | None
    organisation_id: UUID | None
    area: str
    visitor_level: str
    channel: str
    planned_headcount: int | None
    actual_headcount: int
    started_at: datetime = Field(sa_type=INSTANT)
    ended_at: datetime | None = Field(sa_type=INSTANT)
    recorded_at: datetime = Field(sa_type=INSTANT)
