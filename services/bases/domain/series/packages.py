"""Where and when the parts of a package (红色套餐) may be had."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import Field

from contracts.kinds import Channel, VisitorLevel
from services.bases.domain import menu
from services.bases.domain.menu import Item, Package, PackageWithdrawn
from services.bases.domain.opening import Range
from services.bases.domain.series.model import Skipped, skipped
from services.chassis.errors import Conflict, Invalid, Refusal
from services.chassis.state import State


class PackageBooking(State):
    """A package as it was booked; `[starts_at, ends_at)` spans its parts."""

    package_booking_id: UUID
    package_id: UUID
    base_id: UUID = Field(title="基地")
    area: str = Field(title="区划")
    organisation_id: UUID = Field(title="来访党组织")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    headcount: int = Field(title="预约人数")
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")
    on_behalf: bool = Field(title="代为预约")
    parts: int = Field(title="项目数")


@dataclass(frozen=True, kw_only=True)
class RequestPackage:
    """`venue_ids` are one for each part, in order, `None` for whichever suits; or none at all."""

    package_booking_id: UUID
    package_id: UUID
    base_id: UUID | None
    organisation_id: UUID
    starts_at: datetime
    headcount: int
    channel: Channel
    visitor_level: VisitorLevel
    on_behalf: bool
    venue_ids: Sequence[UUID | None] = ()


@dataclass(frozen=True, kw_only=True)
class Place:
    """A venue in use, as an item knows it."""

    venue_id: UUID
    base_id: UUID
    area: str
    code: str
    kind: str
    capacity: int


@dataclass(frozen=True)
class Part:
    """An item in its turn, and the venues to try for it, the best first."""

    item: Item
    slot: Range
    venues: list[Place]


class BaseNeeded(Invalid):
    code = "base-needed"
    title, title_zh = "Name the base where the package is had", "请指明在哪个基地享用套餐"


class VenuesPerPart(Invalid):
    code = "venues-per-part"
    title, title_zh = "One venue for each part of the package", "场馆与套餐项目不对应"


class NoVenueSuits(Conflict):
    code = "no-venue-suits"
    title, title_zh = "No venue of the base suits the item", "基地没有适合该项目的场馆"


class PackageRefused(Conflict):
    code = "package-refused"
    title, title_zh = "Not every part of the package can be had", "套餐中有不能预约的项目"


def base_of(package: Package, command: RequestPackage) -> UUID:
    """Raises `PackageWithdrawn`, `BaseNeeded`."""
    if package.retired_on is not None:
        raise PackageWithdrawn(
            f"It left the menu on {package.retired_on}.",
            zh=f"“{package.name}”已于 {package.retired_on} 下架。",
        )
    base_id = command.base_id or package.base_id
    if base_id is None or (package.base_id is not None and base_id != package.base_id):
        raise BaseNeeded(
            "Every base of its area offers the package: name one."
            if base_id is None
            else f"Only base {package.base_id} offers the package.",
            zh="该套餐由区划内各基地提供，请指明基地。"
            if base_id is None
            else "该套餐由另一基地提供。",
            field="base_id",
        )
    return base_id


def parts(
    command: RequestPackage, items: Sequence[Item], slots: Sequence[Range], venues: Sequence[Place]
) -> list[Part]:
    """Every part with its venues: the one asked for, or all that suit in order of code.

    Raises `VenuesPerPart`, and for a venue asked for what `menu.suits` does.
    """
    asked = command.venue_ids or [None] * len(items)
    if len(asked) != len(items):
        raise VenuesPerPart(
            f"{len(items)} parts, {len(asked)} venues.",
            zh=f"套餐有 {len(items)} 项，填写了 {len(asked)} 个场馆；不指定的请填空值。",
            field="venue_ids",
            parts=len(items),
        )
    return [
        Part(item, slot, _venues(item, slot, command.headcount, venue_id, venues))
        for item, slot, venue_id in zip(items, slots, asked, strict=True)
    ]


def missed(part: Part, refusal: Refusal) -> Skipped:
    return skipped(part.slot[0], refusal, item=part.item.code)


def no_venue(part: Part, headcount: int) -> NoVenueSuits:
    details = part.item.details
    return NoVenueSuits(
        f"{part.item.code} needs one of {', '.join(details.venue_kinds) or 'any kind'}"
        f" for {headcount}.",
        zh=f"没有可容纳 {headcount} 人且适合“{details.name}”的场馆。",
        field="venue_ids",
        suitable=list(details.venue_kinds),
    )


def refused(missed: Sequence[Skipped], wanted: int) -> PackageRefused:
    words = "；".join(f"{each.facts['item']} {each.detail}" for each in missed)
    return PackageRefused(
        f"{len(missed)} of {wanted} parts cannot be had; nothing was booked.",
        zh=f"共 {wanted} 项，其中 {len(missed)} 项不能预约，未作任何预约：{words}",
        field="starts_at",
        parts=[vars(each) for each in missed],
    )


def _venues(
    item: Item, slot: Range, headcount: int, venue_id: UUID | None, venues: Sequence[Place]
) -> list[Place]:
    minutes = int((slot[1] - slot[0]).total_seconds() // 60)
    if venue_id is None:
        roomy = (venue for venue in venues if venue.capacity >= headcount)
        return [venue for venue in roomy if _suits(item, venue, minutes, headcount)]
    found = [venue for venue in venues if venue.venue_id == venue_id]
    if not found:
        raise VenuesPerPart(
            f"Venue {venue_id} is none of the base's in use.",
            zh="所指定的场馆不属于该基地或已停用。",
            field="venue_ids",
            value=str(venue_id),
        )
    menu.suits(item, found[0], minutes, headcount)
    return found


def _suits(item: Item, venue: Place, minutes: int, headcount: int) -> bool:
    """Whether the kind of venue is right; what else is wrong with the item is said at once."""
    try:
        menu.suits(item, venue, minutes, headcount)
    except menu.ItemNeedsVenue:
        return False
    return True
