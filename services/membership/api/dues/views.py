"""What requests about dues say and what answers show. Money in 分."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

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
from contracts.kinds.members import MemberState
from services.chassis.http import Timed
from services.chassis.http.fields import FIRST_YEAR, LAST_YEAR, Code, Day
from services.chassis.http.words import Month, as_cell
from services.membership.api.written import MemberId, OrganisationId, OrganisationKind
from services.membership.domain.dues.rates import yuan
from services.membership.domain.dues.states import Return, Standard

MOST_FEN = 2**31 - 1
MOST_INCOME = 10**12
MOST_MONTHS = 60
"""In one payment: five years."""

Fen = Annotated[int, Field(ge=1, le=MOST_FEN)]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Yuan = Annotated[int, as_cell(yuan)]
"""An amount in 分 that a file says in yuan, to the last of them."""


class StandardRequest(Timed):
    """`income` is used to find the due and kept nowhere; `amount` is what a farmer pays."""

    payer: Payer = Field(title="交纳依据")
    rhythm: DuesRhythm = Field(default=DuesRhythm.MONTHLY, title="收缴周期")
    from_month: Day = Field(title="起交月份", description="Its first day.")
    income: int | None = Field(
        default=None, title="每月收入（税后，分）", ge=0, le=MOST_INCOME, repr=False
    )
    amount: int | None = Field(default=None, title="每月交纳（分）", ge=0, le=MOST_FEN)


class StandardView(Standard):
    recorded_at: datetime = Field(title="登记时刻")


class PaymentRequest(Timed):
    member_id: UUID = Field(title="党员编号")
    receipt: Code = Field(title="收据号")
    purpose: DuesPurpose = Field(default=DuesPurpose.REGULAR, title="性质")
    channel: DuesChannel = Field(title="交纳方式")
    paid_on: Day = Field(title="交纳日期")
    amount: Fen = Field(title="金额（分）")
    months: Annotated[list[Day], Field(max_length=MOST_MONTHS)] = Field(
        default_factory=list, title="所交月份", description="First days; none for extra dues."
    )


class PaymentView(BaseModel):
    payment_id: UUID
    member_id: UUID = Field(title="党员编号")
    name: str | None = Field(title="姓名", description="Masked.")
    organisation_id: UUID = Field(title="党组织")
    receipt: str = Field(title="收据号")
    purpose: DuesPurpose = Field(title="性质")
    channel: DuesChannel = Field(title="交纳方式")
    destination: DuesDestination = Field(title="去向")
    paid_on: date = Field(title="交纳日期")
    amount: Yuan = Field(title="金额（分）")
    months: list[Month] = Field(title="所交月份")
    reversed_on: date | None = Field(title="冲销日期")
    reversal: DuesReversal | None = Field(title="冲销原因")
    recorded_at: datetime = Field(title="登记时刻")
    version: int


class ReversalRequest(Timed):
    reason: DuesReversal = Field(title="冲销原因")


class ReliefRequest(Timed):
    member_id: UUID = Field(title="党员编号")
    kind: ReliefKind = Field(title="减免方式")
    from_month: Day = Field(title="起始月份")
    to_month: Day = Field(title="截止月份")
    monthly: int = Field(
        default=0, title="减免后每月应交（分）", ge=0, le=MOST_FEN, description="0 when exempt."
    )
    studied_on: Day = Field(title="支部研究日期")


class DecisionRequest(Timed):
    approver_id: UUID = Field(title="决定的上级党组织")


class EndRequest(Timed):
    last_month: Day = Field(title="最后减免月份")


class ReliefView(BaseModel):
    relief_id: UUID
    member_id: MemberId = Field(title="党员编号")
    name: str | None = Field(title="姓名", description="Masked.")
    organisation_id: OrganisationId = Field(title="党支部")
    kind: ReliefKind = Field(title="减免方式")
    monthly: int = Field(title="减免后每月应交（分）")
    from_month: date = Field(title="起始月份")
    to_month: date = Field(title="截止月份")
    studied_on: date = Field(title="支部研究日期")
    state: ReliefState = Field(title="状态")
    approver_id: OrganisationId | None = Field(title="决定的上级党组织")
    decided_on: date | None = Field(title="决定日期")
    recorded_at: datetime = Field(title="登记时刻")
    version: int


class ReturnRequest(Timed):
    organisation_id: UUID = Field(title="党组织")
    year: Year = Field(title="年度")


class ReturnView(Return):
    organisation_id: OrganisationId = Field(title="党组织")
    organisation_kind: OrganisationKind = Field(title="党组织类别")
    version: int


class ReturnableView(BaseModel):
    organisation_id: UUID
    code: str = Field(title="组织代码")
    organisation: str = Field(title="党组织")
    kind: OrganisationKind = Field(title="类别")
    area: str = Field(title="区划")
    base_amount: int = Field(title="当年所交党费（分）")
    percent: int = Field(title="返还比例（%）")
    amount: int = Field(title="应返还（分）")


class ArrearsView(BaseModel):
    member_id: UUID
    code: str = Field(title="党员代码")
    name: str | None = Field(title="姓名", description="Masked.")
    state: MemberState = Field(title="身份")
    organisation_id: UUID = Field(title="现所在党支部")
    organisation: str = Field(title="党支部名称")
    area: str = Field(title="区划")
    months: int = Field(title="欠交月数")
    since: Month = Field(title="最早欠交月份")
    until: Month = Field(title="最近欠交月份")
    owed: Yuan = Field(title="欠交金额（分）")


class MonthView(BaseModel):
    organisation_id: UUID
    code: str = Field(title="组织代码")
    organisation: str = Field(title="党组织")
    area: str = Field(title="区划")
    month: Month = Field(title="月份")
    headcount: int = Field(title="应交人数")
    due: Yuan = Field(title="应交（分）")
    paid: Yuan = Field(title="已交（分）")
    unpaid: int = Field(title="未交清人数")


class BalanceView(BaseModel):
    month: date = Field(title="月份")
    organisation_id: UUID = Field(title="收缴党组织")
    charged: int | None = Field(title="应交（分）", description="None: paid ahead.")
    waived: int = Field(title="减免（分）")
    paid: int = Field(title="已交（分）")
    due_on: date = Field(title="应交期限")


class EntryView(BaseModel):
    month: date = Field(title="月份")
    kind: str = Field(title="分录", description="charge, relief, payment or reversal.")
    amount: int = Field(title="金额（分）", description="Positive where more is owed.")
    source_id: UUID = Field(title="来源编号")
    entered_on: date = Field(title="记账日期")
    recorded_at: datetime = Field(title="登记时刻")


class AccountView(BaseModel):
    """Somebody's dues: the standards, the months, and every entry behind them."""

    member_id: UUID
    standards: list[StandardView] = Field(title="核定标准")
    months: list[BalanceView] = Field(title="逐月情况")
    entries: list[EntryView] = Field(title="明细")
