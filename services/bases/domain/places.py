"""Bases and their venues."""

from dataclasses import dataclass
from uuid import UUID

from contracts.bases.places import (
    BaseChanged,
    BaseRegistered,
    BaseRetired,
    VenueChanged,
    VenueRegistered,
    VenueRetired,
)
from contracts.kinds import Sharing
from services.chassis.errors import Conflict, Invalid

# Commands


@dataclass(frozen=True, kw_only=True)
class RegisterBase:
    base_id: UUID
    code: str
    name: str
    kind: str
    area: str


@dataclass(frozen=True, kw_only=True)
class RegisterVenue:
    venue_id: UUID
    base_id: UUID
    code: str
    name: str
    kind: str
    capacity: int
    sharing: Sharing
    buffer_minutes: int
    floor: int | None
    themes: list[str]


# State


@dataclass(frozen=True, kw_only=True)
class Base:
    base_id: UUID
    code: str
    name: str
    kind: str
    area: str


@dataclass(frozen=True, kw_only=True)
class VenueState:
    venue_id: UUID
    base_id: UUID
    area: str
    code: str
    name: str
    kind: str
    capacity: int
    sharing: Sharing
    buffer_minutes: int
    floor: int | None
    themes: list[str]


# Refusals


class CodeTaken(Conflict):
    code = "code-taken"
    title, title_zh = "The code is in use", "代码已被使用"


class VenueUnknown(Invalid):
    code = "venue-unknown"
    title, title_zh = "There is no such venue", "没有该场馆"


class OrganisationUnknown(Invalid):
    code = "organisation-unknown"
    title, title_zh = "There is no such organisation", "没有该党组织"


class AreaUnknown(Invalid):
    code = "area-unknown"
    title, title_zh = "The area is not registered", "区划尚未登记"


class CapacityBelowBookings(Conflict):
    code = "capacity-below-bookings"
    title, title_zh = "Bookings need more than the new capacity", "已有预约超过新的容量"


class SharingInUse(Conflict):
    code = "sharing-in-use"
    title, title_zh = (
        "Bookings ahead rely on how the venue is used",
        "仍有未完成预约，不能改变使用方式",
    )


class Retired(Conflict):
    code = "retired"
    title, title_zh = "It is out of use", "已停用"


class BookingsAhead(Conflict):
    code = "bookings-ahead"
    title, title_zh = "Bookings lie ahead", "仍有未完成的预约"


# Decisions


def register_base(command: RegisterBase) -> BaseRegistered:
    return BaseRegistered(
        area=command.area,
        base_id=command.base_id,
        code=command.code,
        name=command.name,
        kind=command.kind,
    )


def change_base(base: Base, name: str | None, kind: str | None) -> BaseChanged | None:
    """`None` when nothing changes."""
    changed = BaseChanged(
        area=base.area,
        base_id=base.base_id,
        code=base.code,
        name=name or base.name,
        kind=kind or base.kind,
        was_kind=base.kind,
    )
    return None if (changed.name, changed.kind) == (base.name, base.kind) else changed


def register_venue(command: RegisterVenue, base: Base) -> VenueRegistered:
    return VenueRegistered(
        area=base.area,
        venue_id=command.venue_id,
        base_id=base.base_id,
        code=command.code,
        name=command.name,
        kind=command.kind,
        capacity=command.capacity,
        sharing=command.sharing,
        theme_count=len(command.themes),
    )


def change_venue(was: VenueState, now: VenueState) -> VenueChanged | None:
    """`None` when nothing changes."""
    if was == now:
        return None
    return VenueChanged(
        area=now.area,
        venue_id=now.venue_id,
        base_id=now.base_id,
        code=now.code,
        name=now.name,
        kind=now.kind,
        capacity=now.capacity,
        sharing=now.sharing,
        theme_count=len(now.themes),
        was_kind=was.kind,
        was_theme_count=len(was.themes),
    )


def retire_venue(venue: VenueState, bookings_ahead: int) -> VenueRetired:
    """Raises `BookingsAhead`."""
    _check_nothing_ahead(bookings_ahead)
    return VenueRetired(
        area=venue.area,
        venue_id=venue.venue_id,
        base_id=venue.base_id,
        code=venue.code,
        kind=venue.kind,
        capacity=venue.capacity,
        sharing=venue.sharing,
        theme_count=len(venue.themes),
    )


def retire_base(base: Base) -> BaseRetired:
    """Once all its venues are."""
    return BaseRetired(area=base.area, base_id=base.base_id, code=base.code, kind=base.kind)


def _check_nothing_ahead(count: int) -> None:
    if count:
        raise BookingsAhead(
            f"{count} bookings lie ahead: let them be, or cancel them first.",
            zh=f"仍有 {count} 个未完成的预约，请先完成或取消。",
            count=count,
        )
