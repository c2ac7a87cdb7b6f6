"""Facts announced about what organisations owe how often, and what they held of it."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event
from contracts.kinds.alerts import Severity
from contracts.kinds.cadence import Every


class CadenceEvent(Event):
    """Facts about a demand. It binds organisations of a kind in `area`, or a single one."""

    cadence_id: UUID = Field(title="频次要求编号")
    organisation_kind: str | None = Field(default=None, title="党组织类别")
    organisation_id: UUID | None = Field(default=None, title="党组织")
    activity_kind: str = Field(title="活动类别")
    every: Every = Field(title="周期")
    times: int = Field(title="次数", ge=0, description="0: nothing is owed any more.")
    effective_from: date = Field(title="生效日期")
    severity: Severity = Field(title="程度")

    @property
    def key(self) -> UUID:
        return self.cadence_id


class CadenceStated(CadenceEvent, title="活动频次已规定"):
    """A version of a demand, in force from a date on; earlier periods keep theirs."""

    type: ClassVar[str] = "jiceng.membership.cadence.stated.v1"


class CadenceEnded(CadenceEvent, title="活动频次要求已终止"):
    """It binds no longer from `ended_on` on: another version follows, or none."""

    type: ClassVar[str] = "jiceng.membership.cadence.ended.v1"

    ended_on: date = Field(title="终止日期")


class DutyEvent(Event):
    """One organisation, one demand, one period that is over: what was owed and what was held.

    Business time is the last day of the period. `met` is what was held of what was owed.
    """

    duty_id: UUID = Field(title="应开展事项编号")
    organisation_id: UUID = Field(title="党组织")
    organisation_kind: str = Field(title="党组织类别")
    cadence_id: UUID = Field(title="频次要求编号")
    kind: str = Field(title="活动类别")
    first_on: date = Field(title="周期首日")
    due_on: date = Field(title="期限")
    needed: int = Field(title="应开展次数", ge=0)
    held: int = Field(title="已开展次数", ge=0)
    met: int = Field(title="完成应开展次数", ge=0)
    missing: int = Field(title="欠开展次数", ge=0)

    @property
    def key(self) -> UUID:
        return self.duty_id


class DutyAssessed(DutyEvent, title="周期应开展情况已核定"):
    type: ClassVar[str] = "jiceng.membership.duty.assessed.v1"


class DutyReassessed(DutyEvent, title="周期应开展情况已更正"):
    """Something was entered, corrected or taken back after the period was over."""

    type: ClassVar[str] = "jiceng.membership.duty.reassessed.v1"

    was_needed: int = Field(title="原应开展次数", ge=0)
    was_held: int = Field(title="原已开展次数", ge=0)
    was_met: int = Field(title="原完成应开展次数", ge=0)
    was_missing: int = Field(title="原欠开展次数", ge=0)
