"""The tables. Guards against double booking and overselling stand in the migration."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field

from contracts.kinds import BookingStatus, Channel, VisitorLevel
from services.bases.domain.bookings.model import Booking
from services.bases.domain.guests import Guest
from services.bases.domain.places import Base, Venue
from services.bases.domain.visits.occasions import Occasion
from services.bases.domain.visits.records import Visit
from services.chassis import rows, tree

UUIDS = ARRAY(Uuid())


class Row(rows.Row, registry=registry()):
    """Base of this service's tables."""


class AreaRow(tree.Area, Row, table=True):
    __tablename__ = "area"


class OrganisationRow(tree.Organisation, Row, table=True):
    __tablename__ = "organisation"


class BaseRow(Base, Row, table=True):
    __tablename__ = "base"

    base_id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    version: int = 1
    recorded_at: datetime
    retired_at: datetime | None = None
    terms: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    """What it states of its own over the rule `booking.terms`."""


class VenueRow(Venue, Row, table=True):
    __tablename__ = "venue"

    venue_id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    themes: list[str] = Field(sa_type=JSONB)
    version: int = 1
    recorded_at: datetime
    retired_at: datetime | None = None
    available_from: date | None = None
    available_to: date | None = None
    """Of a partner's venue: the days on which it is to be had, both included."""


class BookingRow(Row, table=True):
    """`during`, `exclusive`, `holds` and `venue_no` belong to the guard and are set in SQL."""

    __tablename__ = "booking"

    booking_id: UUID = Field(primary_key=True)
    base_id: UUID
    base_kind: str
    area: str
    venue_id: UUID
    organisation_id: UUID
    starts_at: datetime
    ends_at: datetime
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
    recorded_at: datetime
    check_in_code: str | None = None
    """From its confirmation on."""

    def state(self) -> Booking:
        fields = self.model_dump(include=set(Booking.__dataclass_fields__))
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
    at: datetime


class GuestRow(Guest, Row, table=True):
    """Visitors from outside the organisation tree."""

    __tablename__ = "guest"

    guest_id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    version: int = 1
    recorded_at: datetime


class VisitRow(Visit, Row, table=True):
    __tablename__ = "visit"

    visit_id: UUID = Field(primary_key=True)
    base_kind: str | None
    """As it was told; `None` where a release that did not keep it entered the visit."""
    with_organisation_ids: list[UUID] = Field(default_factory=list, sa_type=UUIDS)
    version: int = 0
    corrections: int = 0
    told_at: datetime | None = None
    """For which time it was told: the period it was counted in. `None` as with `base_kind`."""
    withdrawn_at: datetime | None = None
    recorded_at: datetime

    def told_for(self) -> datetime:
        """The business time of its first event."""
        ended = self.ended_at if self.booking_id else None
        return self.told_at or ended or self.started_at


class OccasionRow(Occasion, Row, table=True):
    """A film showing, a training or a tour."""

    __tablename__ = "occasion"

    occasion_id: UUID = Field(primary_key=True)
    base_kind: str
    told_at: datetime
    version: int = 1
    recorded_at: datetime
