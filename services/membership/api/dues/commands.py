"""Commands about dues."""

from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import Field

from contracts.access import Action
from contracts.kinds.dues import (
    DuesChannel,
    DuesPurpose,
    DuesReversal,
    DuesRhythm,
    Payer,
    ReliefKind,
    ReliefState,
)
from services.chassis.http import Caller, Context, Timed, Work, command_router
from services.chassis.http.fields import Code, Day
from services.chassis.http.held import held
from services.chassis.lifecycle import Step
from services.chassis.rows import one
from services.membership.api.dues.views import (
    PaymentView,
    ReliefView,
    ReturnRequest,
    ReturnView,
    StandardView,
    named,
)
from services.membership.domain.dues.decisions import APPROVE, REFUSE
from services.membership.handlers.dues import payments, reliefs, returns, standards
from services.membership.tables import members, organisations
from services.membership.tables.dues.rows import PaymentRow, ReliefRow, ReturnRow
from services.membership.tables.members import MemberRow
from services.membership.tables.organisations import OrganisationRow, area_of

commands = command_router(tags=["党费"])

MANAGE = Action.MANAGE_MEMBERS
HeldMember = Annotated[MemberRow, held(MemberRow, "党员", MANAGE, lock=False, area=area_of)]
HeldPayment = Annotated[PaymentRow, held(PaymentRow, "党费交纳", MANAGE, area=area_of)]
HeldRelief = Annotated[ReliefRow, held(ReliefRow, "党费减免", MANAGE, area=area_of)]
HeldReturn = Annotated[ReturnRow, held(ReturnRow, "党费返还", MANAGE, area=area_of)]

V = TypeVar("V", PaymentView, ReliefView)

MOST_FEN = 2**31 - 1
MOST_INCOME = 10**12
MOST_MONTHS = 60
"""In one payment: five years."""


class StandardRequest(Timed):
    """`income` is used to find the due and kept nowhere; `amount` is what a farmer pays."""

    payer: Payer = Field(title="交纳依据")
    rhythm: DuesRhythm = Field(default=DuesRhythm.MONTHLY, title="收缴周期")
    from_month: Day = Field(title="起交月份", description="Its first day.")
    income: int | None = Field(
        default=None, title="每月收入（税后，分）", ge=0, le=MOST_INCOME, repr=False
    )
    amount: int | None = Field(default=None, title="每月交纳（分）", ge=0, le=MOST_FEN)


class PaymentRequest(Timed):
    member_id: UUID = Field(title="党员编号")
    receipt: Code = Field(title="收据号")
    purpose: DuesPurpose = Field(default=DuesPurpose.REGULAR, title="性质")
    channel: DuesChannel = Field(title="交纳方式")
    paid_on: Day = Field(title="交纳日期")
    amount: int = Field(title="金额（分）", ge=1, le=MOST_FEN)
    months: Annotated[list[Day], Field(max_length=MOST_MONTHS)] = Field(
        default_factory=list, title="所交月份", description="First days; none for extra dues."
    )


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


@commands.post("/members/{member_id}/dues-standards", status_code=201, summary="核定党费标准")
async def set_standard(member: HeldMember, request: StandardRequest, uow: Work) -> StandardView:
    """Replaces, from its month on, what was set before; months charged get the difference."""
    return (await standards.set_standard(member, request.fields(), uow)).shown(StandardView)


@commands.post("/dues/payments", status_code=201, summary="登记党费交纳")
async def record_payment(
    request: PaymentRequest, caller: Caller, uow: Work, context: Context
) -> PaymentView:
    """The receipt's number is one of its own in the organisation: twice is refused."""
    member = await _payer(request.member_id, caller, uow)
    fields = request.fields() | {"months": list(dict.fromkeys(request.months))}
    row = await payments.record_payment(member, fields, uow)
    return await _shown(PaymentView, row, context, uow)


@commands.post("/dues/payments/{payment_id}/reverse", summary="冲销党费交纳")
async def reverse_payment(
    payment: HeldPayment, request: ReversalRequest, uow: Work, context: Context
) -> PaymentView:
    """The only correction: entries that cancel, never an edit."""
    row = await payments.reverse_payment(payment, request.reason, uow, request.at(uow))
    return await _shown(PaymentView, row, context, uow)


@commands.post("/dues/reliefs", status_code=201, summary="提出党费减免")
async def propose_relief(
    request: ReliefRequest, caller: Caller, uow: Work, context: Context
) -> ReliefView:
    """By the branch that studied it; an organisation above decides."""
    member = await _payer(request.member_id, caller, uow)
    row = await reliefs.propose(member, request.fields(), uow, request.at(uow))
    return await _shown(ReliefView, row, context, uow)


@commands.post("/dues/reliefs/{relief_id}/approve", summary="批准党费减免")
async def approve_relief(
    relief_id: UUID, request: DecisionRequest, caller: Caller, uow: Work, context: Context
) -> ReliefView:
    """The right in the area of the organisation that approves."""
    row = await _decide(APPROVE, relief_id, request, caller, uow)
    return await _shown(ReliefView, row, context, uow)


@commands.post("/dues/reliefs/{relief_id}/refuse", summary="不批准党费减免")
async def refuse_relief(
    relief_id: UUID, request: DecisionRequest, caller: Caller, uow: Work, context: Context
) -> ReliefView:
    row = await _decide(REFUSE, relief_id, request, caller, uow)
    return await _shown(ReliefView, row, context, uow)


@commands.post("/dues/reliefs/{relief_id}/end", summary="终止党费减免")
async def end_relief(
    relief: HeldRelief, request: EndRequest, uow: Work, context: Context
) -> ReliefView:
    row = await reliefs.end(relief, request.last_month, uow, request.at(uow))
    return await _shown(ReliefView, row, context, uow)


@commands.post("/dues/returns", status_code=201, summary="登记党费返还")
async def record_return(request: ReturnRequest, caller: Caller, uow: Work) -> ReturnView:
    """Computed from what the organisation paid in the year and the rule in force at its end."""
    organisation = await _organisation(request.organisation_id, caller, uow)
    row = await returns.record_return(organisation, request.year, uow, request.at(uow))
    return row.shown(ReturnView)


@commands.post("/dues/returns/{return_id}/reverse", summary="冲销党费返还")
async def reverse_return(kept: HeldReturn, request: ReversalRequest, uow: Work) -> ReturnView:
    row = await returns.reverse_return(kept, request.reason, uow, request.at(uow))
    return row.shown(ReturnView)


async def _organisation(key: UUID, caller: Caller, uow: Work) -> OrganisationRow:
    """That the body names, once the caller may act where it lies."""
    organisation = await organisations.organisation(uow.session, key)
    caller.require(MANAGE, organisation.area)
    return organisation


async def _payer(key: UUID, caller: Caller, uow: Work) -> MemberRow:
    """That the body names, once the caller may act where their branch lies."""
    member = await members.member(uow.session, key)
    caller.require(MANAGE, await area_of(uow.session, member))
    return member


async def _decide(
    how: Step[ReliefState], key: UUID, request: DecisionRequest, caller: Caller, uow: Work
) -> ReliefRow:
    await _organisation(request.approver_id, caller, uow)
    relief = await one(uow.session, ReliefRow, key, "dues relief", "党费减免", lock=True)
    return await reliefs.decide(relief, how, request.approver_id, uow, request.at(uow))


async def _shown(view: type[V], row: PaymentRow | ReliefRow, context: Context, uow: Work) -> V:
    (shown,) = await named(view, [row.model_dump()], context, await uow.driver())
    return shown
