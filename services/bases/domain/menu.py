"""The activity menu (活动菜单): what can be done at a base, step by step, and what that takes."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from pydantic import Field

from contracts.bases.menu import (
    MenuItemChanged,
    MenuItemEvent,
    MenuItemPublished,
    MenuItemRetired,
    PackageChanged,
    PackageEvent,
    PackagePublished,
    PackageRetired,
)
from contracts.kinds import VenueKind
from services.chassis.errors import Conflict, Invalid
from services.chassis.state import State

# State


class Step(State):
    """One step of the run-sheet (流程): what is done, for how long, and what is laid out for it."""

    title: str
    minutes: int
    needs: str | None = None


class Details(State):
    """All that a base may change about an item. Ranges include both ends."""

    name: str = Field(title="名称")
    kind: str
    duration_minutes: int = Field(title="时长（分钟）")
    least_minutes: int = Field(title="最短时长（分钟）")
    most_minutes: int = Field(title="最长时长（分钟）")
    least_headcount: int = Field(title="最少人数")
    most_headcount: int = Field(title="最多人数")
    venue_kinds: list[str]
    """Kinds of venue that suit; none named, every venue does."""
    equipment_kinds: list[str]
    """Wished for; an item is had without them, too."""
    skill_code: str | None
    """What a lecturer must be able to do; `None` where none is needed."""
    lecturer_count: int = Field(title="所需讲师数")
    steps: list[Step]


class Item(State):
    item_id: UUID
    code: str
    area: str
    base_id: UUID | None
    """`None`: offered by every base of `area`."""
    details: Details
    retired_on: date | None
    version: int

    def offered_at(self, base_id: UUID, area: str) -> bool:
        """By the base, which lies in `area`."""
        if self.retired_on is not None:
            return False
        return self.base_id == base_id if self.base_id else area.startswith(self.area)

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        repeated = set(MenuItemEvent.model_fields)
        about = self.details.model_dump(include=repeated) | self.model_dump(include=repeated)
        return about | {"step_count": len(self.details.steps)}


class Place(Protocol):
    """A venue as a booking knows it."""

    @property
    def base_id(self) -> UUID: ...
    @property
    def area(self) -> str: ...
    @property
    def kind(self) -> str: ...


class Part(State):
    """An item of a package, begun `pause_minutes` after the one before it has ended."""

    item_id: UUID
    pause_minutes: int


class Offer(State):
    """Items that are had one after another (红色套餐), of one base or of all of an area."""

    package_id: UUID
    code: str = Field(title="套餐代码")
    name: str = Field(title="名称")
    area: str = Field(title="区划")
    base_id: UUID | None
    retired_on: date | None = Field(title="下架日期")


class Package(Offer):
    parts: list[Part]

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include=set(PackageEvent.model_fields)) | {
            "item_ids": [part.item_id for part in self.parts],
            "pauses_minutes": [part.pause_minutes for part in self.parts],
        }


# Refusals


class ItemOutOfOrder(Invalid):
    code = "item-out-of-order"
    title, title_zh = "The item contradicts itself", "菜单项目前后矛盾"


class StepsTooLong(Invalid):
    code = "steps-too-long"
    title, title_zh = "The run-sheet takes longer than the item", "流程超出项目时长"


class ItemRetired(Conflict):
    code = "item-retired"
    title, title_zh = "The item is no longer on the menu", "该项目已下架"


class ItemUnknown(Invalid):
    code = "item-unknown"
    title, title_zh = "There is no such item", "没有该菜单项目"


class ItemNotOffered(Invalid):
    code = "item-not-offered"
    title, title_zh = "The base does not offer the item", "该基地不提供此项目"


class ItemNeedsTime(Invalid):
    code = "item-needs-time"
    title, title_zh = "The item takes another length of time", "预约时长不合该项目要求"


class ItemGroupSize(Invalid):
    code = "item-group-size"
    title, title_zh = "The item is for groups of another size", "人数不合该项目要求"


class ItemNeedsVenue(Invalid):
    code = "item-needs-venue"
    title, title_zh = "The item needs another kind of venue", "场馆类型不合该项目要求"


class ItemInPackage(Conflict):
    code = "item-in-package"
    title, title_zh = "A package still has the item", "该项目仍在套餐中"


class PackageWithdrawn(Conflict):
    code = "package-retired"
    title, title_zh = "The package is no longer on the menu", "该套餐已下架"


# Decisions about items


def publish(item: Item) -> MenuItemPublished:
    """Raises `ItemOutOfOrder` or `StepsTooLong`."""
    check(item.details)
    return MenuItemPublished(**item.facts())


def change(was: Item, now: Item) -> MenuItemChanged | None:
    """`None` when nothing changes. Raises `ItemRetired`, `ItemOutOfOrder` or `StepsTooLong`."""
    _check_on_menu(was)
    if now == was:
        return None
    check(now.details)
    return MenuItemChanged(**now.facts(), was_kind=was.details.kind)


def retire(item: Item, packages: Sequence[str]) -> MenuItemRetired:
    """`packages` are the codes of those on the menu that have it. Raises `ItemInPackage`."""
    _check_on_menu(item)
    if packages:
        raise ItemInPackage(
            f"Take it out of {', '.join(packages)} first.",
            zh=f"请先从套餐 {'、'.join(packages)} 中移除。",
            packages=list(packages),
        )
    return MenuItemRetired(**item.facts())


def check(details: Details) -> None:
    """Raises `ItemOutOfOrder` or `StepsTooLong`, each naming what would be right."""
    if details.least_minutes > details.most_minutes:
        raise _out_of_order("most_minutes", "最长时长", details.least_minutes, None)
    if not details.least_minutes <= details.duration_minutes <= details.most_minutes:
        least, most = details.least_minutes, details.most_minutes
        raise _out_of_order("duration_minutes", "时长", least, most)
    if details.least_headcount > details.most_headcount:
        raise _out_of_order("most_headcount", "最多人数", details.least_headcount, None)
    if details.lecturer_count and details.skill_code is None:
        raise _out_of_order("lecturer_count", "所需讲师数", 0, 0)
    if details.skill_code is not None and not details.lecturer_count:
        raise _out_of_order("lecturer_count", "所需讲师数", 1, None)
    taken = sum(step.minutes for step in details.steps)
    if taken > details.duration_minutes:
        raise StepsTooLong(
            f"The steps take {taken} minutes, the item {details.duration_minutes}.",
            zh=f"各环节共 {taken} 分钟，超过项目时长 {details.duration_minutes} 分钟。",
            field="steps",
            minutes=taken,
            most=details.duration_minutes,
        )


def _out_of_order(field: str, called: str, least: int, most: int | None) -> ItemOutOfOrder:
    right = f"应不少于 {least}" if most is None else f"应在 {least} 至 {most} 之间"
    return ItemOutOfOrder(
        f"`{field}` must be at least {least}" + (f", at most {most}." if most is not None else "."),
        zh=f"{called}{right}。",
        field=field,
        least=least,
        **({} if most is None else {"most": most}),
    )


def _check_on_menu(item: Item) -> None:
    if item.retired_on is not None:
        raise ItemRetired(
            f"It left the menu on {item.retired_on}.",
            zh=f"“{item.details.name}”已于 {item.retired_on} 下架。",
        )


# What a booking asks


def suits(item: Item, venue: Place, minutes: int, headcount: int) -> None:
    """Whether the item can be had in the venue, in that time, by so many.

    Raises `ItemRetired`, `ItemNotOffered`, `ItemNeedsVenue`, `ItemNeedsTime` or `ItemGroupSize`.
    """
    _check_on_menu(item)
    details = item.details
    if not item.offered_at(venue.base_id, venue.area):
        raise ItemNotOffered(
            f"{item.code} is offered by another base or area.",
            zh=f"“{details.name}”不在该基地的菜单上。",
            field="menu_item_id",
        )
    if details.venue_kinds and venue.kind not in details.venue_kinds:
        raise ItemNeedsVenue(
            f"The venue is of kind {venue.kind}; suitable: {', '.join(details.venue_kinds)}.",
            zh=f"“{details.name}”须在以下类型的场馆进行：{_called(details.venue_kinds)}。",
            field="venue_id",
            suitable=list(details.venue_kinds),
        )
    if not details.least_minutes <= minutes <= details.most_minutes:
        raise ItemNeedsTime(
            f"{minutes} minutes; from {details.least_minutes} to {details.most_minutes} are right.",
            zh=f"“{details.name}”须 {details.least_minutes} 至 {details.most_minutes} 分钟，"
            f"所约为 {minutes} 分钟。",
            field="ends_at",
            least=details.least_minutes,
            most=details.most_minutes,
        )
    if not details.least_headcount <= headcount <= details.most_headcount:
        raise ItemGroupSize(
            f"{headcount} people; from {details.least_headcount} to {details.most_headcount}"
            " are right.",
            zh=f"“{details.name}”限 {details.least_headcount} 至 {details.most_headcount} 人，"
            f"所报为 {headcount} 人。",
            field="headcount",
            least=details.least_headcount,
            most=details.most_headcount,
        )


def _called(kinds: Iterable[str]) -> str:
    """In Chinese those that the project seeded; what a district added, by its code."""
    known = {kind.value: kind.label for kind in VenueKind}
    return "、".join(known.get(kind, kind) for kind in kinds)


# Decisions about packages


def publish_package(package: Package, items: Iterable[Item]) -> PackagePublished:
    """`items` are those of its parts. Raises `ItemRetired` or `ItemNotOffered`."""
    _check_parts(package, items)
    return PackagePublished(**package.facts())


def change_package(was: Package, now: Package, items: Iterable[Item]) -> PackageChanged | None:
    """`None` when nothing changes."""
    _check_package(was)
    if now == was:
        return None
    _check_parts(now, items)
    return PackageChanged(**now.facts())


def retire_package(package: Package) -> PackageRetired:
    _check_package(package)
    return PackageRetired(**package.facts())


def _check_package(package: Package) -> None:
    if package.retired_on is not None:
        raise PackageWithdrawn(
            f"It left the menu on {package.retired_on}.",
            zh=f"“{package.name}”已于 {package.retired_on} 下架。",
        )


def _check_parts(package: Package, items: Iterable[Item]) -> None:
    """Whoever offers the package offers each of its items."""
    for item in items:
        _check_on_menu(item)
        own = package.base_id is not None and item.base_id == package.base_id
        if not own and not (item.base_id is None and package.area.startswith(item.area)):
            raise ItemNotOffered(
                f"{item.code} is not offered wherever the package is.",
                zh=f"项目 {item.code} 的提供范围小于或不同于套餐。",
                field="parts",
                value=item.code,
            )


def laid_out(
    parts: Sequence[tuple[Part, Details]], starts_at: datetime
) -> list[tuple[datetime, datetime]]:
    """When each item of a package begins and ends if the first begins at `starts_at`."""
    found = []
    at = starts_at
    for part, details in parts:
        begins = at + timedelta(minutes=part.pause_minutes)
        at = begins + timedelta(minutes=details.duration_minutes)
        found.append((begins, at))
    return found
