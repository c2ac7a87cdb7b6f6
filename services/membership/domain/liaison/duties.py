"""The rules of single duties: who comes instead, and whether they came. Pure."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.kinds.liaison import DutyKind, DutyOutcome
from contracts.kinds.members import HolderKind
from contracts.membership.liaison import DutyCorrected, DutyReassigned, DutyRecorded
from services.chassis.errors import Conflict, Invalid
from services.chassis.state import State
from services.membership.domain.liaison.points import EndsBeforeStart
from services.membership.domain.volunteering.holders import Holder


class Duty(State):
    duty_id: UUID
    slot_id: UUID
    kind: DutyKind = Field(title="值勤类别")
    organisation_id: UUID = Field(title="负责党组织")
    area: str = Field(title="区划")
    point_id: UUID | None = Field(title="联络点")
    visited_id: UUID | None = Field(title="被督导党组织")
    holder_id: UUID = Field(title="值勤人员编号")
    holder_kind: HolderKind = Field(title="值勤人员类别")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    outcome: DutyOutcome | None = Field(title="到岗情况")
    version: int

    @property
    def holder(self) -> Holder:
        return Holder(self.holder_id, self.holder_kind)

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        own = {"slot_id", "outcome", "version"}
        return self.model_dump(include={*Duty.model_fields} - own)


class KeptDuty(Duty):
    """A duty as it stands; `revision` is how often its outcome was corrected."""

    revision: int = 0
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


def hand_over(duty: KeptDuty, to: Holder, now: datetime) -> tuple[KeptDuty, DutyReassigned]:
    """The duty as it will be. Raises `DutyOver`, `SwapWithSelf`."""
    if duty.released or now >= duty.starts_at:
        raise _over(duty)
    if to.holder_id == duty.holder_id:
        raise SwapWithSelf(
            "That one is on this duty already.", zh="该班次本来就由此人值。", field="holder_id"
        )
    changed = duty.model_copy(update=vars(to) | {"version": duty.version + 1})
    return changed, DutyReassigned(
        **changed.facts(), was_holder_id=duty.holder_id, was_holder_kind=duty.holder_kind
    )


def record(
    duty: KeptDuty, outcome: DutyOutcome, now: datetime
) -> DutyRecorded | DutyCorrected | None:
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
        return DutyRecorded(**duty.facts(), outcome=outcome)
    if duty.outcome is outcome:
        return None
    return DutyCorrected(**duty.facts(), outcome=outcome, was_outcome=duty.outcome)


def _over(duty: Duty) -> DutyOver:
    return DutyOver(
        f"Duty {duty.duty_id} has begun or was released.", zh="该班次已开始或已取消，不能再变更。"
    )
