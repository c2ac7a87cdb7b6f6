"""Commands about dues."""

from uuid import UUID

from fastapi import Response

from contracts.access import Action
from services.chassis import personal
from services.chassis.auth import Principal
from services.chassis.clock import occurred
from services.chassis.http import Caller, Context, Work, command_router, set_etag
from services.chassis.http.context import ServiceContext
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork
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
from services.membership.domain.dues.decisions import ProposeRelief, RecordPayment, SetStandard
from services.membership.handlers import dues as handlers
from services.membership.tables import dues as tables
from services.membership.tables import members, organisations
from services.membership.tables.dues import PaymentRow, ReliefRow, ReturnRow

commands = command_router(tags=["党费"])


@commands.post("/members/{member_id}/dues-standards", status_code=201, summary="核定党费标准")
async def set_standard(
    member_id: UUID, request: StandardRequest, caller: Caller, uow: Work
) -> StandardView:
    """Replaces, from its month on, what was set before; months charged get the difference."""
    await _require_for(caller, uow, member_id)
    said = request.model_dump(exclude={"occurred_at"})
    row = await handlers.set_standard(SetStandard(member_id=member_id, **said), uow)
    return StandardView(**row.model_dump())


@commands.post("/dues/payments", status_code=201, summary="登记党费交纳")
async def record_payment(
    request: PaymentRequest, caller: Caller, uow: Work, context: Context, response: Response
) -> PaymentView:
    """The receipt's number is one of its own in the organisation: twice is refused."""
    await _require_for(caller, uow, request.member_id)
    said = request.model_dump(exclude={"occurred_at", "months"})
    months = tuple(dict.fromkeys(request.months))
    command = RecordPayment(payment_id=new_id(), months=months, **said)
    return await _payment(await handlers.record_payment(command, uow), context, uow, response)


@commands.post("/dues/payments/{payment_id}/reverse", summary="冲销党费交纳")
async def reverse_payment(
    payment_id: UUID,
    request: ReversalRequest,
    caller: Caller,
    uow: Work,
    context: Context,
    response: Response,
) -> PaymentView:
    """The only correction: entries that cancel, never an edit."""
    known = await tables.payment(uow.session, payment_id)
    await _require_in(caller, uow, known.organisation_id)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.reverse_payment(payment_id, request.reason, uow, at)
    return await _payment(row, context, uow, response)


@commands.post("/dues/reliefs", status_code=201, summary="提出党费减免")
async def propose_relief(
    request: ReliefRequest, caller: Caller, uow: Work, context: Context, response: Response
) -> ReliefView:
    """By the branch that studied it; an organisation above decides."""
    await _require_for(caller, uow, request.member_id)
    said = request.model_dump(exclude={"occurred_at"})
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.propose(ProposeRelief(relief_id=new_id(), **said), uow, at)
    return await _relief(row, context, uow, response)


@commands.post("/dues/reliefs/{relief_id}/approve", summary="批准党费减免")
async def approve_relief(
    relief_id: UUID,
    request: DecisionRequest,
    caller: Caller,
    uow: Work,
    context: Context,
    response: Response,
) -> ReliefView:
    """The right in the area of the organisation that approves."""
    await _require_in(caller, uow, request.approver_id)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.approve(relief_id, request.approver_id, uow, at)
    return await _relief(row, context, uow, response)


@commands.post("/dues/reliefs/{relief_id}/refuse", summary="不批准党费减免")
async def refuse_relief(
    relief_id: UUID,
    request: DecisionRequest,
    caller: Caller,
    uow: Work,
    context: Context,
    response: Response,
) -> ReliefView:
    await _require_in(caller, uow, request.approver_id)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.refuse(relief_id, request.approver_id, uow, at)
    return await _relief(row, context, uow, response)


@commands.post("/dues/reliefs/{relief_id}/end", summary="终止党费减免")
async def end_relief(
    relief_id: UUID,
    request: EndRequest,
    caller: Caller,
    uow: Work,
    context: Context,
    response: Response,
) -> ReliefView:
    known = await tables.relief(uow.session, relief_id)
    await _require_in(caller, uow, known.organisation_id)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.end(relief_id, request.last_month, uow, at)
    return await _relief(row, context, uow, response)


@commands.post("/dues/returns", status_code=201, summary="登记党费返还")
async def record_return(
    request: ReturnRequest, caller: Caller, uow: Work, response: Response
) -> ReturnView:
    """Computed from what the organisation paid in the year and the rule in force at its end."""
    await _require_in(caller, uow, request.organisation_id)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.record_return(new_id(), request.organisation_id, request.year, uow, at)
    return _return(row, response)


@commands.post("/dues/returns/{return_id}/reverse", summary="冲销党费返还")
async def reverse_return(
    return_id: UUID, request: ReversalRequest, caller: Caller, uow: Work, response: Response
) -> ReturnView:
    known = await tables.return_(uow.session, return_id)
    await _require_in(caller, uow, known.organisation_id)
    at = occurred(request.occurred_at, uow.now)
    return _return(await handlers.reverse_return(return_id, request.reason, uow, at), response)


async def _require_for(caller: Principal, uow: UnitOfWork, member_id: UUID) -> None:
    """The right where the member's branch lies."""
    member = await members.member(uow.session, member_id)
    await _require_in(caller, uow, member.organisation_id)


async def _require_in(caller: Principal, uow: UnitOfWork, organisation_id: UUID) -> None:
    organisation = await organisations.organisation(uow.session, organisation_id)
    caller.require(Action.MANAGE_MEMBERS, organisation.area)


async def _payment(
    row: PaymentRow, context: ServiceContext, uow: UnitOfWork, response: Response
) -> PaymentView:
    set_etag(response, row.version)
    shown = await personal.shown(await uow.driver(), context.vault, [row.member_id])
    name = shown.get(row.member_id, {}).get("name")
    return PaymentView(**row.model_dump(exclude={"area"}), name=name)


async def _relief(
    row: ReliefRow, context: ServiceContext, uow: UnitOfWork, response: Response
) -> ReliefView:
    set_etag(response, row.version)
    shown = await personal.shown(await uow.driver(), context.vault, [row.member_id])
    name = shown.get(row.member_id, {}).get("name")
    return ReliefView(**row.model_dump(exclude={"area"}), name=name)


def _return(row: ReturnRow, response: Response) -> ReturnView:
    set_etag(response, row.version)
    return ReturnView(**row.model_dump())
