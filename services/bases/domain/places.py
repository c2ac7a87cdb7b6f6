"""Bases and their venues."""

from typing import Any
from uuid import UUID

from pydantic import Field

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
from services.chassis.state import State


class Base(State):
    base_id: UUID
    code: str = Field(title="基地代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类型")
    area: str = Field(title="区划")

    def facts(self) -> dict[str, Any]:
        """What every event about what it is repeats."""
        return self.model_dump(include={"area", "base_id", "code", "kind"})


class Venue(State):
    """It lies where its base does."""

    venue_id: UUID
    base_id: UUID
    code: str = Field(title="场馆代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类型")
    capacity: int = Field(title="容量")
    sharing: Sharing = Field(title="使用方式")
    buffer_minutes: int = Field(title="整理时间（分钟）")
    floor: int | None = Field(title="楼层")
    themes: list[str] = Field(title="主题")

    def facts(self, area: str) -> dict[str, Any]:
        """What every event about it repeats."""
        repeated = {"venue_id", "base_id", "code", "kind", "capacity", "sharing"}
        return self.model_dump(include=repeated) | {"area": area, "theme_count": len(self.themes)}


# Refusals


class VenueUnknown(Invalid):
    code = "venue-unknown"
    title, title_zh = "There is no such venue", "没有该场馆"


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


def register_base(base: Base) -> BaseRegistered:
    return BaseRegistered(**base.facts(), name=base.name)


def change_base(was: Base, now: Base) -> BaseChanged | None:
    """`None` when nothing changes."""
    return None if now == was else BaseChanged(**now.facts(), name=now.name, was_kind=was.kind)


def retire_base(base: Base) -> BaseRetired:
    """Once all its venues are."""
    return BaseRetired(**base.facts())


def register_venue(venue: Venue, area: str) -> VenueRegistered:
    return VenueRegistered(**venue.facts(area), name=venue.name)


def change_venue(was: Venue, now: Venue, area: str, busiest: int) -> VenueChanged | None:
    """`None` when nothing changes; `busiest` is the most that come at one time from now on.

    Raises `CapacityBelowBookings` or `SharingInUse`.
    """
    if now.capacity < busiest:
        raise CapacityBelowBookings(
            f"Bookings ahead bring up to {busiest} people.",
            zh=f"已有预约最多 {busiest} 人，容量不能低于此数。",
            field="capacity",
            least=busiest,
        )
    if now.sharing is not was.sharing and busiest:
        raise SharingInUse("Bookings lie ahead.", zh="仍有未完成的预约。", field="sharing")
    if now == was:
        return None
    return VenueChanged(
        **now.facts(area), name=now.name, was_kind=was.kind, was_theme_count=len(was.themes)
    )


def retire_venue(venue: Venue, area: str, bookings_ahead: int) -> VenueRetired:
    """Raises `BookingsAhead`."""
    if bookings_ahead:
        raise BookingsAhead(
            f"{bookings_ahead} bookings lie ahead: let them be, or cancel them first.",
            zh=f"仍有 {bookings_ahead} 个未完成的预约，请先完成或取消。",
            count=bookings_ahead,
        )
    return VenueRetired(**venue.facts(area))
