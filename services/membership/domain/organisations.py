"""The rules of areas and the organisation tree. Pure: no clock, no database, no broker."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from pydantic import Field

from contracts.areas import AreaLevel, level_of, parent_of, within
from contracts.membership.organisations import (
    AreaRegistered,
    AreaRenamed,
    OrganisationChanged,
    OrganisationDissolved,
    OrganisationRegistered,
)
from services.chassis.errors import Conflict, Invalid
from services.chassis.known import area_unknown
from services.chassis.state import State

AREA_NAMESPACE = UUID("6a6963e6-6172-5e61-8000-000000000000")

ROOT_LEVELS = frozenset({AreaLevel.PROVINCE, AreaLevel.CITY, AreaLevel.DISTRICT})
"""A deployment may serve one district alone, so these may stand without their parent."""


def area_id(code: str) -> UUID:
    """Areas are named by code; their events need an id, always the same for a code."""
    return uuid5(AREA_NAMESPACE, code)


class Area(State):
    code: str = Field(title="区划代码")
    name: str = Field(title="名称")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return {"area": self.code, "area_id": area_id(self.code), "name": self.name}


class OrganisationThen(State):
    """What an organisation is on a day."""

    organisation_id: UUID
    code: str = Field(title="组织代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类别")
    category: str = Field(
        title="大类", description="The kind of which all kinds above its own are sorts."
    )
    area: str = Field(title="区划")
    parent_id: UUID | None = Field(title="上级党组织")
    since: date = Field(title="起始日期", description="From which it was as shown.")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        repeated = {"area", "organisation_id", "code", "kind", "category", "parent_id"}
        return self.model_dump(include=repeated)


class Organisation(OrganisationThen):
    founded_on: date | None = Field(default=None, title="成立日期")
    dissolved_on: date | None = Field(default=None, title="撤销日期")
    merged_into_id: UUID | None = Field(default=None, title="并入的党组织")
    approval_number: str | None = Field(default=None, title="批准文号")
    """Of a size beyond the rules."""

    def whole(self) -> dict[str, Any]:
        """The facts, and what an event says of one that stands."""
        return self.facts() | {"name": self.name, "approved": bool(self.approval_number)}


# Refusals


class OutsideParent(Invalid):
    code = "outside-parent"
    title, title_zh = (
        "An organisation lies in the area of its parent",
        "下级组织须在上级组织的区划内",
    )


class CycleInTree(Conflict):
    code = "cycle-in-tree"
    title, title_zh = "An organisation cannot stand below itself", "党组织不能成为自身的下级"


class NotStanding(Conflict):
    code = "organisation-dissolved"
    title, title_zh = "The organisation was dissolved", "该党组织已撤销"


class BeforeLastChange(Conflict):
    code = "before-last-change"
    title, title_zh = (
        "Changes of an organisation are entered in their order",
        "党组织的变更须按先后顺序登记",
    )


class NotEmpty(Conflict):
    code = "organisation-not-empty"
    title, title_zh = "The organisation has members or subordinates", "该党组织仍有党员或下级组织"


class InTransit(Conflict):
    code = "members-in-transit"
    title, title_zh = "Members are on their way in or out", "该党组织有正在转接的组织关系"


class TakesNoMembers(Conflict):
    code = "takes-no-members"
    title, title_zh = "This kind of organisation takes no members", "该类党组织不编入党员"


# Decisions


def register_area(area: Area, *, parent_known: bool) -> AreaRegistered:
    """Raises `AreaUnknown` for its parent."""
    if not parent_known and level_of(area.code) not in ROOT_LEVELS:
        raise area_unknown(str(parent_of(area.code)), field="code")
    return AreaRegistered(**area.facts())


def rename_area(was: Area, now: Area) -> AreaRenamed | None:
    """`None` when nothing changes."""
    return None if now.name == was.name else AreaRenamed(**now.facts(), was_name=was.name)


def register_organisation(
    organisation: Organisation, parent: Organisation | None
) -> OrganisationRegistered:
    """Raises `OutsideParent`, or `NotStanding` for the parent."""
    _check_place(organisation.area, parent)
    return OrganisationRegistered(**organisation.whole())


def change_organisation(
    was: Organisation,
    now: Organisation,
    parent: Organisation | None,
    ancestors: Collection[UUID],
    below: Collection[str] = (),
    on: date = date.max,
) -> OrganisationChanged | None:
    """`parent` is the one it will have, `ancestors` that parent's; `None` when nothing changes.

    `below` are the areas of its direct subordinates.
    Raises `CycleInTree`, `OutsideParent`, `NotStanding` or `BeforeLastChange`.
    """
    check_order(was, on)
    if parent and was.organisation_id in {parent.organisation_id, *ancestors}:
        raise CycleInTree(
            f"{parent.code} stands below {was.code} already.",
            zh=f"{parent.name}已是{was.name}的下级。",
            field="parent_id",
        )
    _check_place(now.area, parent)
    _check_subordinates(now.area, below)
    # What its kind is a sort of may have changed in the table of kinds: that is no change of it.
    same = now == was.model_copy(update={"category": now.category})
    return None if same else _changed(was, now)


def dissolve(
    current: Organisation, *, members: int, children: int, on: date
) -> OrganisationDissolved:
    """Raises `NotStanding`, `BeforeLastChange`, or `NotEmpty` with what still hangs on it."""
    check_order(current, on)
    if members or children:
        raise NotEmpty(
            f"{members} members and {children} subordinates are left.",
            zh=f"仍有党员 {members} 名、下级组织 {children} 个，请先转出或合并。",
            members=members,
            subordinates=children,
        )
    return OrganisationDissolved(**current.facts(), dissolved_on=on)


def merge(
    current: Organisation,
    into: Organisation,
    above: Collection[UUID],
    children: Collection[Organisation],
    on: date,
) -> tuple[list[OrganisationChanged], OrganisationDissolved]:
    """What becomes of the children, and of the organisation itself; `above` are those over `into`.

    Raises `CycleInTree`, `OutsideParent`, `NotStanding` or `BeforeLastChange`.
    """
    check_order(current, on)
    check_standing(into)
    if current.organisation_id in {into.organisation_id, *above}:
        raise CycleInTree(
            f"{into.code} stands below {current.code}.",
            zh=f"{into.name}是{current.name}的下级或其本身。",
            field="into_id",
        )
    moves = [_hung(child, into, on) for child in children]
    key = into.organisation_id
    return moves, OrganisationDissolved(**current.facts(), merged_into_id=key, dissolved_on=on)


def _hung(child: Organisation, below: Organisation, on: date) -> OrganisationChanged:
    """The child under another parent. Raises `OutsideParent` or `BeforeLastChange`."""
    check_order(child, on)
    _check_place(child.area, below)
    return _changed(child, child.model_copy(update={"parent_id": below.organisation_id}))


def _changed(was: Organisation, now: Organisation) -> OrganisationChanged:
    return OrganisationChanged(
        **now.whole(), was_kind=was.kind, was_area=was.area, was_category=was.category
    )


def check_standing(organisation: Organisation) -> None:
    """Raises `NotStanding`."""
    if organisation.dissolved_on is not None:
        raise NotStanding(
            f"{organisation.code} was dissolved on {organisation.dissolved_on}.",
            zh=f"{organisation.name}已于 {organisation.dissolved_on} 撤销。",
        )


def check_order(current: Organisation, on: date) -> None:
    """A change may not be dated before the last one. Raises `NotStanding` or `BeforeLastChange`."""
    check_standing(current)
    if on < current.since:
        raise BeforeLastChange(
            f"{current.code} has been as it is since {current.since}.",
            zh=f"{current.name}最近一次变更在 {current.since}，不能登记更早的变更。",
            field="occurred_at",
            earliest=str(current.since),
        )


def _check_place(area: str, parent: Organisation | None) -> None:
    if parent:
        check_standing(parent)
    if parent and not within(area, parent.area):
        raise OutsideParent(
            f"{area} does not lie in {parent.area}, the area of {parent.code}.",
            zh=f"区划 {area} 不在上级组织{parent.name}的区划 {parent.area} 内。",
            field="area",
            value=area,
        )


def _check_subordinates(area: str, below: Collection[str]) -> None:
    outside = sorted(code for code in below if not within(code, area))
    if outside:
        raise OutsideParent(
            f"Subordinates lie outside {area}: {', '.join(outside)}.",
            zh=f"下级组织所在区划 {'、'.join(outside)} 不在 {area} 内。",
            field="area",
            value=area,
            outside=outside,
        )
