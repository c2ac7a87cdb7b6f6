"""What is kept: standards, payments, reliefs, returns. Money in 分, a month is its first day.

Where a thing lies only its row says, so `facts` of a row have the area that events need.
"""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.kinds.dues import (
    DuesChannel,
    DuesDestination,
    DuesPurpose,
    DuesReversal,
    DuesRhythm,
    Payer,
    ReliefKind,
    ReliefState,
)
from contracts.membership.dues import DuesPaymentEvent, DuesReliefEvent, DuesReturnEvent
from services.chassis.state import State


class Standard(State):
    """What somebody pays from a month on, and by which rule."""

    standard_id: UUID
    member_id: UUID = Field(title="党员编号")
    from_month: date = Field(title="起交月份")
    payer: Payer = Field(title="交纳依据")
    bracket: str = Field(title="档次", description="Number of the bracket, or `fixed`.")
    monthly: int = Field(title="每月应交（分）")
    rhythm: DuesRhythm = Field(title="收缴周期")
    rule: str = Field(title="依据规则")
    rule_version: str = Field(title="规则版本")


class Payment(State):
    """`receipt` is the receipt's number, one of its own in the organisation."""

    payment_id: UUID
    member_id: UUID = Field(title="党员编号")
    organisation_id: UUID = Field(title="党组织")
    receipt: str = Field(title="收据号")
    purpose: DuesPurpose = Field(title="性质")
    channel: DuesChannel = Field(title="交纳方式")
    destination: DuesDestination = Field(title="去向")
    paid_on: date = Field(title="交纳日期")
    amount: int = Field(title="金额（分）")
    months: list[date] = Field(title="所交月份")
    reversed_on: date | None = Field(title="冲销日期")
    reversal: DuesReversal | None = Field(title="冲销原因")

    def facts(self) -> dict[str, Any]:
        """What every event about the payment repeats."""
        shared = self.model_dump(include=set(DuesPaymentEvent.model_fields))
        return shared | {"month_count": len(self.months)}


class Relief(State):
    """`monthly` is what remains to be paid: 0 when exempt. Months are both included."""

    relief_id: UUID
    member_id: UUID = Field(title="党员编号")
    organisation_id: UUID = Field(title="党支部")
    kind: ReliefKind = Field(title="减免方式")
    monthly: int = Field(title="减免后每月应交（分）")
    from_month: date = Field(title="起始月份")
    to_month: date = Field(title="截止月份")
    studied_on: date = Field(title="支部研究日期")
    state: ReliefState = Field(title="状态")
    approver_id: UUID | None = Field(title="决定的上级党组织")
    decided_on: date | None = Field(title="决定日期")

    def facts(self) -> dict[str, Any]:
        """What every event about the relief repeats."""
        return self.model_dump(include=set(DuesReliefEvent.model_fields))


class Return(State):
    return_id: UUID
    organisation_id: UUID = Field(title="党组织")
    organisation_kind: str = Field(title="党组织类别")
    year: int = Field(title="年度")
    base_amount: int = Field(title="当年所交党费（分）")
    percent: int = Field(title="返还比例（%）")
    amount: int = Field(title="返还金额（分）")
    rule_version: str = Field(title="规则版本")
    returned_on: date = Field(title="返还日期")
    reversed_on: date | None = Field(title="冲销日期")
    reversal: DuesReversal | None = Field(title="冲销原因")

    def facts(self) -> dict[str, Any]:
        """What every event about the return repeats."""
        return self.model_dump(include=set(DuesReturnEvent.model_fields))
