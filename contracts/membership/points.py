"""Facts announced about the points ledger: entries, their reversal, and the rules behind them."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event
from contracts.kinds.points import PointsReason, PointsUnit, SubjectType


class PointsEntryEvent(Event):
    """What every fact about an entry repeats. Its aggregate is the entry, which is never edited."""

    entry_id: UUID = Field(title="积分条目编号")
    subject_id: UUID = Field(title="积分对象编号")
    subject_type: SubjectType = Field(title="积分对象类型")
    organisation_id: UUID | None = Field(default=None, title="党组织编号")
    rule_code: str = Field(title="积分规则")
    rule_version: int = Field(title="规则版本", ge=1)
    source_kind: str = Field(title="来源类型", description="A code: activity, visit, errand ...")
    source_id: UUID = Field(title="来源编号")
    times: int = Field(title="计分次数", ge=1)
    amount: int = Field(title="分值", description="Signed: below zero where points are deducted.")
    earned: int = Field(title="加分", ge=0, description="`amount` where it is above zero, else 0.")
    deducted: int = Field(title="扣分", ge=0, description="`-amount` where it is below zero.")
    automatic: bool = Field(title="是否自动记分")
    booked_on: date = Field(title="计分日期")
    reason: PointsReason = Field(title="事由")

    @property
    def key(self) -> UUID:
        return self.entry_id


class PointsEntered(PointsEntryEvent, title="积分已登记"):
    type: ClassVar[str] = "jiceng.membership.points-entry.entered.v1"


class PointsReversed(PointsEntryEvent, title="积分已冲正"):
    """Says whole what is taken back: amounts are those of the entry reversed, not of the reversal.

    `booked_on` is the day of the reversal, `reason` is why.
    """

    type: ClassVar[str] = "jiceng.membership.points-entry.reversed.v1"

    reversal_id: UUID = Field(title="冲正条目编号")


class PointsRuleStated(Event, title="积分规则已制定"):
    """A version of a points rule; `area` is where it is in force. Earlier versions stay."""

    type: ClassVar[str] = "jiceng.membership.points-rule.stated.v1"

    rule_id: UUID = Field(title="积分规则编号")
    rule_code: str = Field(title="积分规则")
    rule_version: int = Field(title="规则版本", ge=1)
    unit: PointsUnit = Field(title="计分单位")
    amount: int = Field(title="单位分值")
    least: int | None = Field(default=None, title="人工记分下限")
    most: int | None = Field(default=None, title="人工记分上限")
    daily_cap: int | None = Field(default=None, title="每日上限", ge=1)
    yearly_cap: int | None = Field(default=None, title="每年上限", ge=1)
    effective_from: date = Field(title="施行日期")
    effective_to: date | None = Field(default=None, title="失效日期")

    @property
    def key(self) -> UUID:
        return self.rule_id
