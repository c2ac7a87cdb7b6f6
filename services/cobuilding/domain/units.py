"""Resident units: who they are, whom to call there, when they leave. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.cobuilding.units import (
    ContactPointClosed,
    ContactPointMoved,
    ContactPointOpened,
    UnitChanged,
    UnitLeft,
    UnitRegistered,
    UnitReturned,
)
from contracts.kinds.units import UnitStatus
from services.chassis.errors import Conflict, Invalid
from services.chassis.lifecycle import Lifecycle
from services.chassis.state import State

UNNAMED = "unnamed"
"""Trait of a kind whose units are often called after a person: no event names them."""


class Unit(State):
    """Whatever is called 单位 and is no node of the tree: employers, firms, merchants."""

    unit_id: UUID
    code: str = Field(title="单位代码")
    name: str = Field(title="单位名称")
    kind: str = Field(title="单位类别")
    traits: list[str] = Field(title="单位特征")
    area: str = Field(title="区划")
    credit_code: str | None = Field(title="统一社会信用代码")
    employer_id: UUID | None = Field(title="来源单位")
    status: UnitStatus = Field(title="状态")
    left_on: date | None = Field(default=None, title="退出日期")

    def facts(self, *, named: bool) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include={"unit_id", "code", "area", "employer_id"}) | {
            "name": self.name if named else None,
            "unit_kind": self.kind,
            "trait_kinds": tuple(self.traits),
        }


class ContactPoint(State):
    """Whom to call about what; who that is, is sealed under its id."""

    contact_point_id: UUID
    unit_id: UUID
    unit_kind: str = Field(title="单位类别")
    kind: str = Field(title="联络类别")
    area: str = Field(title="区划")
    opened_on: date = Field(title="设立日期")
    closed_on: date | None = Field(default=None, title="撤销日期")

    def facts(self) -> dict[str, Any]:
        kept = self.model_dump(include={"unit_id", "unit_kind", "area"})
        return kept | {"point_id": self.contact_point_id, "point_kind": self.kind}


class UnitNotInTouch(Conflict):
    code = "unit-not-in-touch"
    title, title_zh = "The unit does not stand where this is possible", "该单位当前状态不能如此办理"


class UnitBound(Conflict):
    code = "unit-bound"
    title, title_zh = "The unit is bound by an agreement", "该单位尚有已签订的协议"


class CreditCodeKnown(Conflict):
    code = "credit-code-known"
    title, title_zh = "Another unit has this credit code", "该统一社会信用代码已登记"


class EmployerLinked(Conflict):
    code = "employer-linked"
    title, title_zh = "The employer is another unit already", "该来源单位已对应其他单位"


class ContactPointIsClosed(Conflict):
    code = "contact-point-closed"
    title, title_zh = "The contact point is closed", "该联络点已撤销"


class TraitRepeated(Invalid):
    code = "trait-repeated"
    title, title_zh = "A trait is said once", "单位特征不应重复"


LIFE = Lifecycle("unit", "单位", UnitStatus, UnitNotInTouch, fact="status")
REGISTER = LIFE.begin("register", "登记", UnitStatus.IN_TOUCH)
CHANGE = LIFE.step("change", "变更", {UnitStatus.IN_TOUCH})
SIT = LIFE.step("take-seat", "登记席位", {UnitStatus.IN_TOUCH})
LEAVE = LIFE.step("leave", "登记退出", {UnitStatus.IN_TOUCH}, UnitStatus.LEFT)
RETURN = LIFE.step("return", "恢复联系", {UnitStatus.LEFT}, UnitStatus.IN_TOUCH)


def register(unit: Unit, *, named: bool) -> UnitRegistered:
    """`named` where its kind does not keep its name to itself."""
    check_traits(unit.traits)
    return UnitRegistered(**unit.facts(named=named))


def change(was: Unit, now: Unit, *, named: bool) -> UnitChanged | None:
    """Also its link to an employer. `None` when nothing changes."""
    CHANGE(was.status)
    check_traits(now.traits)
    if was == now:
        return None
    return UnitChanged(
        **now.facts(named=named),
        was_area=was.area,
        was_unit_kind=was.kind,
        was_trait_kinds=tuple(was.traits),
    )


def sit(unit: Unit) -> None:
    """That it may take a seat in a body. Raises `UnitNotInTouch`."""
    SIT(unit.status, field="unit_id")


def leave(unit: Unit, on: date, *, named: bool, bound: Sequence[str] = ()) -> UnitLeft:
    """`bound` are the numbers of agreements that both signed. Raises `UnitBound`."""
    LEAVE(unit.status)
    if bound:
        raise UnitBound(
            f"Bound by: {', '.join(bound)}. End them first.",
            zh=f"尚有已签订的协议：{'、'.join(bound)}，请先终止。",
            agreements=list(bound),
        )
    return UnitLeft(**unit.facts(named=named), left_on=on)


def come_back(unit: Unit, *, named: bool) -> UnitReturned:
    RETURN(unit.status)
    return UnitReturned(**unit.facts(named=named))


def check_traits(traits: Sequence[str]) -> None:
    if len(set(traits)) < len(traits):
        raise TraitRepeated(
            "Every trait is said once.", zh="每项特征只填一次。", field="traits", value=list(traits)
        )


def open_contact(point: ContactPoint, unit: Unit) -> ContactPointOpened:
    """Raises `UnitNotInTouch`."""
    CHANGE(unit.status)
    return ContactPointOpened(**point.facts())


def move_contact(was: ContactPoint, now: ContactPoint) -> ContactPointMoved | None:
    """`None` when its unit is where and what it was."""
    if was == now:
        return None
    return ContactPointMoved(**now.facts(), was_area=was.area, was_unit_kind=was.unit_kind)


def close_contact(point: ContactPoint) -> ContactPointClosed:
    """Raises `ContactPointIsClosed`."""
    check_open(point)
    return ContactPointClosed(**point.facts())


def check_open(point: ContactPoint) -> None:
    if point.closed_on is not None:
        raise ContactPointIsClosed(
            f"Closed on {point.closed_on}.", zh=f"该联络点已于 {point.closed_on} 撤销。"
        )
