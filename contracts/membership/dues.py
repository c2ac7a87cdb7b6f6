"""Facts announced about dues (党费). Money is in 分.

No fact says what one member owes or paid: that would tell their income. Payments and reliefs are
announced by their own ids; who they concern is asked of membership, with the right to see it.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event
from contracts.kinds.dues import (
    DuesChannel,
    DuesDestination,
    DuesPurpose,
    DuesReversal,
    ReliefKind,
)


class DuesCharged(Event, title="党费应交额已更新"):
    """What an organisation's members owe for a month, whole, and what it was before."""

    type: ClassVar[str] = "jiceng.membership.dues-month.charged.v1"

    charge_id: UUID = Field(title="月度应交编号")
    organisation_id: UUID = Field(title="党组织编号")
    month: date = Field(title="月份", description="Its first day.")
    headcount: int = Field(title="应交人数", ge=0)
    amount: int = Field(title="应交党费（分）", description="After reliefs.")
    was_headcount: int = Field(title="原应交人数", ge=0)
    was_amount: int = Field(title="原应交党费（分）")

    @property
    def key(self) -> UUID:
        return self.charge_id


class DuesPaymentEvent(Event):
    """What facts about a payment repeat."""

    payment_id: UUID = Field(title="交纳编号")
    organisation_id: UUID = Field(title="党组织编号")
    purpose: DuesPurpose = Field(title="性质")
    channel: DuesChannel = Field(title="交纳方式")
    destination: DuesDestination = Field(title="去向")
    amount: int = Field(title="金额（分）", ge=1)
    month_count: int = Field(title="涉及月数", ge=0)

    @property
    def key(self) -> UUID:
        return self.payment_id


class DuesPaid(DuesPaymentEvent, title="党费已交纳"):
    type: ClassVar[str] = "jiceng.membership.dues-payment.recorded.v1"


class DuesPaymentReversed(DuesPaymentEvent, title="党费交纳已冲销"):
    """The payment counts no more; it stays on record, with the entries that take it back."""

    type: ClassVar[str] = "jiceng.membership.dues-payment.reversed.v1"

    reason: DuesReversal = Field(title="冲销原因")


class DuesReliefEvent(Event):
    """What facts about a relief repeat. Months are their first days, both included."""

    relief_id: UUID = Field(title="减免编号")
    organisation_id: UUID = Field(title="党组织编号")
    kind: ReliefKind = Field(title="减免方式")
    from_month: date = Field(title="起始月份")
    to_month: date = Field(title="截止月份")

    @property
    def key(self) -> UUID:
        return self.relief_id


class DuesReliefProposed(DuesReliefEvent, title="党费减免已研究"):
    """The branch studied it; the committee above decides."""

    type: ClassVar[str] = "jiceng.membership.dues-relief.proposed.v1"


class DuesReliefApproved(DuesReliefEvent, title="党费减免已批准"):
    type: ClassVar[str] = "jiceng.membership.dues-relief.approved.v1"

    approver_id: UUID = Field(title="批准的上级党组织")


class DuesReliefRefused(DuesReliefEvent, title="党费减免未获批准"):
    type: ClassVar[str] = "jiceng.membership.dues-relief.refused.v1"

    approver_id: UUID = Field(title="决定的上级党组织")


class DuesReliefEnded(DuesReliefEvent, title="党费减免已终止"):
    """Ends early: `to_month` is the last month that is still relieved."""

    type: ClassVar[str] = "jiceng.membership.dues-relief.ended.v1"


class DuesReturnEvent(Event):
    """What facts about returned dues repeat."""

    return_id: UUID = Field(title="返还编号")
    organisation_id: UUID = Field(title="党组织编号")
    organisation_kind: str = Field(title="党组织类别")
    year: int = Field(title="年度")
    base_amount: int = Field(title="当年所交党费（分）", ge=0)
    percent: int = Field(title="返还比例（%）", ge=0, le=100)
    amount: int = Field(title="返还金额（分）", ge=0)

    @property
    def key(self) -> UUID:
        return self.return_id


class DuesReturned(DuesReturnEvent, title="党费已返还"):
    type: ClassVar[str] = "jiceng.membership.dues-return.recorded.v1"


class DuesReturnReversed(DuesReturnEvent, title="党费返还已冲销"):
    type: ClassVar[str] = "jiceng.membership.dues-return.reversed.v1"

    reason: DuesReversal = Field(title="冲销原因")
