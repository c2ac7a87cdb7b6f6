"""The rules of areas and the organisation tree. Pure: no clock, no database, no broker."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

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

AREA_NAMESPACE = UUID("6a6963e6-6172-5e61-8000-000000000000")

ROOT_LEVELS = frozenset({AreaLevel.PROVINCE, AreaLevel.CITY, AreaLevel.DISTRICT})
"""A deployment may serve one district alone, so these may stand without their parent."""


def area_id(code: str) -> UUID:
    """Areas are named by code; their events need an id, always the same for a code."""
    return uuid5(AREA_NAMESPACE, code)


# Commands


@dataclass(frozen=True, kw_only=True)
class RegisterArea:
    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class RegisterOrganisation:
    organisation_id: UUID
    code: str
    name: str
    kind: str
    area: str
    parent_id: UUID | None
    starting_full_members: int | None = None
    approval_number: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeOrganisation:
    """`None` leaves a field as it is; `to_root` says that the parent is taken away.

    So does an empty `approval_number` of the approval of a size beyond the rules.
    """

    name: str | None = None
    kind: str | None = None
    area: str | None = None
    parent_id: UUID | None = None
    to_root: bool = False
    approval_number: str | None = None


# State


@dataclass(frozen=True, kw_only=True)
class Area:
    code: str
    name: str
    version: int


@dataclass(frozen=True, kw_only=True)
class Organisation:
    organisation_id: UUID
    code: str
    name: str
    kind: str
    area: str
    parent_id: UUID | None
    version: int
    category: str = ""
    since: date = date.min
    dissolved_on: date | None = None
    approval_number: str | None = None


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


def register_area(
    command: RegisterArea, current: Area | None, *, parent_known: bool
) -> AreaRegistered | AreaRenamed | None:
    """Register or rename; `None` when nothing changes. Raises `AreaUnknown` for its parent."""
    key = area_id(command.code)
    if current is not None:
        if current.name == command.name:
            return None
        return AreaRenamed(area=command.code, area_id=key, name=command.name, was_name=current.name)
    parent = parent_of(command.code)
    if not parent_known and level_of(command.code) not in ROOT_LEVELS:
        raise area_unknown(str(parent), field="code")
    return AreaRegistered(area=command.code, area_id=key, name=command.name)


def register_organisation(
    command: RegisterOrganisation, parent: Organisation | None, category: str | None = None
) -> OrganisationRegistered:
    """Raises `OutsideParent`, or `NotStanding` for the parent."""
    _check_place(command.area, parent)
    return OrganisationRegistered(
        area=command.area,
        organisation_id=command.organisation_id,
        code=command.code,
        name=command.name,
        kind=command.kind,
        parent_id=command.parent_id,
        category=category or command.kind,
        approved=bool(command.approval_number),
    )


def change_organisation(
    command: ChangeOrganisation,
    current: Organisation,
    parent: Organisation | None,
    ancestors: Collection[UUID],
    below: Collection[str] = (),
    category: str | None = None,
    on: date = date.max,
) -> OrganisationChanged | None:
    """`parent` is the one it will have, `ancestors` that parent's; `None` when nothing changes.

    `below` are the areas of its direct subordinates, `category` that of the kind it will have.
    Raises `CycleInTree`, `OutsideParent`, `NotStanding` or `BeforeLastChange`.
    """
    check_order(current, on)
    approval = approval_of(command, current)
    changed = OrganisationChanged(
        area=command.area or current.area,
        organisation_id=current.organisation_id,
        code=current.code,
        name=command.name or current.name,
        kind=command.kind or current.kind,
        parent_id=parent.organisation_id if parent else None,
        was_kind=current.kind,
        was_area=current.area,
        category=category or current.category or command.kind or current.kind,
        was_category=current.category or current.kind,
        approved=bool(approval),
    )
    if parent and current.organisation_id in {parent.organisation_id, *ancestors}:
        raise CycleInTree(
            f"{parent.code} stands below {current.code} already.",
            zh=f"{parent.name}已是{current.name}的下级。",
            field="parent_id",
        )
    _check_place(changed.area, parent)
    _check_subordinates(changed.area, below)
    was = (current.name, current.kind, current.area, current.parent_id, current.approval_number)
    now = (changed.name, changed.kind, changed.area, changed.parent_id, approval)
    return None if was == now else changed


def approval_of(command: ChangeOrganisation, current: Organisation) -> str | None:
    """The approval it will have of a size beyond the rules."""
    if command.approval_number is None:
        return current.approval_number
    return command.approval_number or None


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
    return _dissolved(current, on, None)


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
    moves = [hung(child, into, on) for child in children]
    return moves, _dissolved(current, on, into.organisation_id)


def hung(child: Organisation, below: Organisation, on: date) -> OrganisationChanged:
    """The child under another parent. Raises `OutsideParent` or `BeforeLastChange`."""
    check_order(child, on)
    _check_place(child.area, below)
    return OrganisationChanged(
        area=child.area,
        organisation_id=child.organisation_id,
        code=child.code,
        name=child.name,
        kind=child.kind,
        parent_id=below.organisation_id,
        was_kind=child.kind,
        was_area=child.area,
        category=child.category or child.kind,
        was_category=child.category or child.kind,
        approved=bool(child.approval_number),
    )


def _dissolved(current: Organisation, on: date, into: UUID | None) -> OrganisationDissolved:
    return OrganisationDissolved(
        area=current.area,
        organisation_id=current.organisation_id,
        code=current.code,
        kind=current.kind,
        category=current.category or current.kind,
        parent_id=current.parent_id,
        merged_into_id=into,
        dissolved_on=on,
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
