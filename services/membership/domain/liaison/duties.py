"""The rules of single duties: who comes instead, and whether they came. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.kinds.liaison import DutyKind, DutyOutcome
from contracts.membership.liaison import (
    DutyAssigned,
    DutyCorrected,
    DutyReassigned,
    DutyRecorded,
    DutyReleased,
)
from services.chassis.errors import Conflict, Invalid
from services.membership.domain.liaison.points import EndsBeforeStart
from services.membership.domain.liaison.rotation import Holder


@dataclass(frozen=True, kw_only=True)
class Duty:
    duty_id: UUID
    kind: DutyKind
    area: str
    organisation_id: UUID
    point_id: UUID | None
    visited_id: UUID | None
    holder: Holder
    starts_at: datetime
    ends_at: datetime
    outcome: DutyOutcome | None = None
    released: bool = False


class DutyOver(Conflict):
    code = "duty-over"
    title, title_zh = "The duty has begun or is no longer on", "该班次已开始或已取消"


class DutyNotBegun(Invalid):
    code = "duty-not-begun"
    title, title_zh = "The duty has not begun yet", "该班次尚未开始"


class DutyOverlap(Conflict):
    code = "duty-overlap"
    title, title_zh = (
        "The same person would be on two duties at one time",
        "同一人同一时间不能值两个班",
    )


class SwapWithSelf(Invalid):
    code = "swap-with-self"
    title, title_zh = "There is nothing to swap", "换班双方相同"


def check_absence(first: date, last: date) -> None:
    """Raises `EndsBeforeStart`."""
    if last < first:
        raise EndsBeforeStart(f"It begins on {first}.", zh=f"首日为 {first}。", field="last_day")


def assign(duty: Duty) -> DutyAssigned:
    return DutyAssigned(**_said(duty))


def hand_over(duty: Duty, to: Holder, now: datetime) -> tuple[Duty, DutyReassigned]:
    """Raises `DutyOver`, `SwapWithSelf`."""
    _check_ahead(duty, now)
    if to.holder_id == duty.holder.holder_id:
        raise SwapWithSelf(
            "That one is on this duty already.", zh="该班次本来就由此人值。", field="holder_id"
        )
    changed = replace(duty, holder=to)
    return changed, DutyReassigned(
        **_said(changed),
        was_holder_id=duty.holder.holder_id,
        was_holder_kind=duty.holder.kind,
    )


def release(duty: Duty) -> DutyReleased:
    return DutyReleased(**_said(duty))


def record(duty: Duty, outcome: DutyOutcome, now: datetime) -> DutyRecorded | DutyCorrected | None:
    """`None` when that is what stands. Raises `DutyNotBegun`, `DutyOver` for a released duty."""
    if duty.released:
        raise _over(duty)
    if now < duty.starts_at:
        raise DutyNotBegun(
            f"It begins at {duty.starts_at.isoformat()}.",
            zh="班次开始后才能登记到岗情况。",
            field="outcome",
            starts_at=duty.starts_at.isoformat(),
        )
    if duty.outcome is None:
        return DutyRecorded(**_said(duty), outcome=outcome)
    if duty.outcome is outcome:
        return None
    return DutyCorrected(**_said(duty), outcome=outcome, was_outcome=duty.outcome)


def _check_ahead(duty: Duty, now: datetime) -> None:
    if duty.released or now >= duty.starts_at:
        raise _over(duty)


def _over(duty: Duty) -> DutyOver:
    return DutyOver(
        f"Duty {duty.duty_id} has begun or was released.", zh="该班次已开始或已取消，不能再变更。"
    )


def _said(duty: Duty) -> dict[str, Any]:
    return {
        "area": duty.area,
        "duty_id": duty.duty_id,
        "kind": duty.kind,
        "organisation_id": duty.organisation_id,
        "point_id": duty.point_id,
        "visited_id": duty.visited_id,
        "holder_id": duty.holder.holder_id,
        "holder_kind": duty.holder.kind,
        "starts_at": duty.starts_at,
        "ends_at": duty.ends_at,
    }
