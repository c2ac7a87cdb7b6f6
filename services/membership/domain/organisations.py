"""The rules of areas and the organisation tree. Pure: no clock, no database, no broker."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID, uuid5

from contracts.areas import AreaLevel, level_of, parent_of, within
from contracts.membership.organisations import (
    AreaRegistered,
    AreaRenamed,
    OrganisationChanged,
    OrganisationRegistered,
)
from services.chassis.errors import Conflict, Invalid

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


@dataclass(frozen=True, kw_only=True)
class ChangeOrganisation:
    """`None` leaves a field as it is; `to_root` says that the parent is taken away."""

    name: str | None = None
    kind: str | None = None
    area: str | None = None
    parent_id: UUID | None = None
    to_root: bool = False


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


# Refusals


class AreaUnknown(Invalid):
    code = "area-unknown"
    title, title_zh = "The area is not registered", "区划尚未登记"


class OrganisationUnknown(Invalid):
    code = "organisation-unknown"
    title, title_zh = "There is no such organisation", "没有该党组织"


class CodeTaken(Conflict):
    code = "code-taken"
    title, title_zh = "The code is in use", "代码已被使用"


class OutsideParent(Invalid):
    code = "outside-parent"
    title, title_zh = (
        "An organisation lies in the area of its parent",
        "下级组织须在上级组织的区划内",
    )


class CycleInTree(Conflict):
    code = "cycle-in-tree"
    title, title_zh = "An organisation cannot stand below itself", "党组织不能成为自身的下级"


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
    command: RegisterOrganisation, parent: Organisation | None
) -> OrganisationRegistered:
    """Raises `OutsideParent`."""
    _check_place(command.area, parent)
    return OrganisationRegistered(
        area=command.area,
        organisation_id=command.organisation_id,
        code=command.code,
        name=command.name,
        kind=command.kind,
        parent_id=command.parent_id,
    )


def change_organisation(
    command: ChangeOrganisation,
    current: Organisation,
    parent: Organisation | None,
    ancestors: Collection[UUID],
    below: Collection[str] = (),
) -> OrganisationChanged | None:
    """`parent` is the one it will have, `ancestors` that parent's; `None` when nothing changes.

    `below` are the areas of its direct subordinates. Raises `CycleInTree` or `OutsideParent`.
    """
    changed = OrganisationChanged(
        area=command.area or current.area,
        organisation_id=current.organisation_id,
        code=current.code,
        name=command.name or current.name,
        kind=command.kind or current.kind,
        parent_id=parent.organisation_id if parent else None,
        was_kind=current.kind,
        was_area=current.area,
    )
    if parent and current.organisation_id in {parent.organisation_id, *ancestors}:
        raise CycleInTree(
            f"{parent.code} stands below {current.code} already.",
            zh=f"{parent.name}已是{current.name}的下级。",
            field="parent_id",
        )
    _check_place(changed.area, parent)
    _check_subordinates(changed.area, below)
    same = (current.name, current.kind, current.area, current.parent_id)
    return (
        None if same == (changed.name, changed.kind, changed.area, changed.parent_id) else changed
    )


def area_unknown(code: str, *, field: str) -> AreaUnknown:
    return AreaUnknown(
        f"Area {code} is not registered.", zh=f"区划 {code} 尚未登记。", field=field, value=code
    )


def _check_place(area: str, parent: Organisation | None) -> None:
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
