"""Commands about dues."""

from typing import Annotated, TypeVar
from uuid import UUID

from contracts.access import Action
from services.chassis import personal
from services.chassis.http import Caller, Context, Work, command_router
from services.chassis.http.held import held
from services.chassis.rows import one
from services.membership.api.dues.views import (
    DecisionRequest,
    EndRequest,
    PaymentRequest,
    PaymentView,
    ReliefRequest,
    ReliefView,
    ReturnRequest,
    ReturnView,
    ReversalRequest,
    StandardRequest,
    StandardView,
)
from services.membership.domain.dues.decisions import SetStandard
from services.membership.handlers import dues as handlers
from services.membership.tables import members, organisations
from services.membership.tables.dues import PaymentRow, ReliefRow, ReturnRow
from services.membership.tables.members import MemberRow
from services.membership.tables.organisations import OrganisationRow, area_of

commands = command_router(tags=["党费"])

MANAGE = Action.MANAGE_MEMBERS
Payer = Annotated[MemberRow, held(MemberRow, "党员", MANAGE, lock=False, area=area_of)]
HeldPayment = Annotated[PaymentRow, held(PaymentRow, "党费交纳", MANAGE, area=area_of)]
HeldRelief = Annotated[ReliefRow, held(ReliefRow, "党费减免", MANAGE, area=area_of)]
HeldReturn = Annotated[ReturnRow, held(ReturnRow, "党费返还", MANAGE, area=area_of)]

V = TypeVar("V", PaymentView, ReliefView)


@commands.post("/members/{member_id}/dues-standards", status_code=201, summary="核定党费标准")
async def set_standard(member: Payer, request: StandardRequest, uow: Work) -> StandardView:
    """Replaces, from its month on, what was set before; months charged get the difference."""
    row = await handlers.set_standard(member, SetStandard(**request.fields()), uow)
    return StandardView(**row.model_dump())


@commands.post("/dues/payments", status_code=201, summary="登记党费交纳")
async def record_payment(
    request: PaymentRequest, caller: Caller, uow: Work, context: Context
) -> PaymentView:
    """The receipt's number is one of its own in the organisation: twice is refused."""
    member = await _payer(request.member_id, caller, uow)
    fields = request.fields() | {"months": list(dict.fromkeys(request.months))}
    return await _shown(
        PaymentView, await handlers.record_payment(member, fields, uow), context, uow
    )


@commands.post("/dues/payments/{payment_id}/reverse", summary="冲销党费交纳")
async def reverse_payment(
    payment: HeldPayment, request: ReversalRequest, uow: Work, context: Context
) -> PaymentView:
    """The only correction: entries that cancel, never an edit."""
    row = await handlers.reverse_payment(payment, request.reason, uow, request.at(uow))
    return await _shown(PaymentView, row, context, uow)


@commands.post("/dues/reliefs", status_code=201, summary="提出党费减免")
async def propose_relief(
    request: ReliefRequest, caller: Caller, uow: Work, context: Context
) -> ReliefView:
    """By the branch that studied it; an organisation above decides."""
    member = await _payer(request.member_id, caller, uow)
    row = await handlers.propose(member, request.fields(), uow, request.at(uow))
    return await _shown(ReliefView, row, context, uow)


@commands.post("/dues/reliefs/{relief_id}/approve", summary="批准党费减免")
async def approve_relief(
    relief_id: UUID, request: DecisionRequest, caller: Caller, uow: Work, context: Context
) -> ReliefView:
    """The right in the area of the organisation that approves."""
    approver = await _organisation(request.approver_id, caller, uow)
    relief = await _relief(relief_id, uow)
    row = await handlers.approve(relief, approver.organisation_id, uow, request.at(uow))
    return await _shown(ReliefView, row, context, uow)


@commands.post("/dues/reliefs/{relief_id}/refuse", summary="不批准党费减免")
async def refuse_relief(
    relief_id: UUID, request: DecisionRequest, caller: Caller, uow: Work, context: Context
) -> ReliefView:
    approver = await _organisation(request.approver_id, caller, uow)
    relief = await _relief(relief_id, uow)
    row = await handlers.refuse(relief, approver.organisation_id, uow, request.at(uow))
    return await _shown(ReliefView, row, context, uow)


@commands.post("/dues/reliefs/{relief_id}/end", summary="终止党费减免")
async def end_relief(
    relief: HeldRelief, request: EndRequest, uow: Work, context: Context
) -> ReliefView:
    row = await handlers.end(relief, request.last_month, uow, request.at(uow))
    return await _shown(ReliefView, row, context, uow)


@commands.post("/dues/returns", status_code=201, summary="登记党费返还")
async def record_return(request: ReturnRequest, caller: Caller, uow: Work) -> ReturnView:
    """Computed from what the organisation paid in the year and the rule in force at its end."""
    organisation = await _organisation(request.organisation_id, caller, uow)
    row = await handlers.record_return(organisation, request.year, uow, request.at(uow))
    return ReturnView(**row.model_dump())


@commands.post("/dues/returns/{return_id}/reverse", summary="冲销党费返还")
async def reverse_return(kept: HeldReturn, request: ReversalRequest, uow: Work) -> ReturnView:
    row = await handlers.reverse_return(kept, request.reason, uow, request.at(uow))
    return ReturnView(**row.model_dump())


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


async def _relief(key: UUID, uow: Work) -> ReliefRow:
    """Ours; the right was asked where the approver lies."""
    return await one(uow.session, ReliefRow, key, "dues relief", "党费减免", lock=True)


async def _shown(view: type[V], row: PaymentRow | ReliefRow, context: Context, uow: Work) -> V:
    shown = await personal.shown(await uow.driver(), context.vault, [row.member_id])
    return view(**row.model_dump(), name=shown.get(row.member_id, {}).get("name"))
