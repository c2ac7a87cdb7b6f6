"""Commands about transfers."""

from uuid import UUID

from fastapi import Response

from contracts.access import Action
from services.chassis.auth import Principal
from services.chassis.clock import occurred
from services.chassis.http import (
    Caller,
    Context,
    IfMatch,
    Timed,
    Work,
    command_router,
    set_etag,
)
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork
from services.membership.api.transfers.views import (
    ArrivalAnnouncement,
    ReceiveRequest,
    ReturnRequest,
    SendRequest,
    SettingRequest,
    SettingView,
    TransferView,
    view,
)
from services.membership.domain.transfers import AnnounceArrival, SendTransfer
from services.membership.handlers import transfers as handlers
from services.membership.handlers.transfers import Arrival
from services.membership.tables import members, organisations
from services.membership.tables import transfers as tables
from services.membership.tables.transfers import TransferRow

commands = command_router(tags=["组织关系转接"])


@commands.post("/transfers", status_code=201, summary="开具介绍信")
async def send(
    request: SendRequest, caller: Caller, uow: Work, context: Context, response: Response
) -> TransferView:
    """With `received_at` both halves at once, which needs the right on both sides."""
    member = await members.member(uow.session, request.member_id)
    sender = await organisations.organisation(uow.session, member.organisation_id)
    caller.require(Action.MANAGE_MEMBERS, sender.area)
    at = occurred(request.occurred_at, uow.now)
    said = request.model_dump(exclude={"occurred_at", "received_at"})
    row = await handlers.send(SendTransfer(transfer_id=new_id(), **said), uow, at)
    if request.received_at is not None:
        await _require(caller, uow, row.to_id, row.area)
        received = occurred(request.received_at, uow.now, field="received_at")
        row = await handlers.receive(row.transfer_id, uow, context.vault, received)
    return _shown(row, response)


@commands.post("/transfers/arrivals", status_code=201, summary="登记平台外转入的介绍信")
async def announce_arrival(
    request: ArrivalAnnouncement, caller: Caller, uow: Work, context: Context, response: Response
) -> TransferView:
    receiver = await organisations.organisation(uow.session, request.to_id)
    caller.require(Action.MANAGE_MEMBERS, receiver.area)
    at = occurred(request.occurred_at, uow.now)
    said = request.model_dump(exclude={"occurred_at", "person"})
    command = AnnounceArrival(transfer_id=new_id(), member_id=new_id(), **said)
    told = request.person.model_dump(exclude_none=True)
    row = await handlers.announce_arrival(command, told, uow, context.vault, at)
    return _shown(row, response)


@commands.post("/transfers/{transfer_id}/receive", summary="接收组织关系")
async def receive(
    transfer_id: UUID,
    request: ReceiveRequest,
    caller: Caller,
    uow: Work,
    context: Context,
    response: Response,
) -> TransferView:
    """The receiver's right; for a transfer to the outside the sender records the receipt (回执)."""
    known = await tables.transfer(uow.session, transfer_id)
    await _require(caller, uow, known.to_id or known.from_id, known.area)
    arrival = Arrival(**request.arrival.model_dump()) if request.arrival else None
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.receive(transfer_id, uow, context.vault, at, arrival)
    return _shown(row, response)


@commands.post("/transfers/{transfer_id}/return", summary="退回介绍信")
async def send_back(
    transfer_id: UUID,
    request: ReturnRequest,
    caller: Caller,
    uow: Work,
    response: Response,
) -> TransferView:
    """A reason is asked for: nobody is refused without cause."""
    known = await tables.transfer(uow.session, transfer_id)
    await _require(caller, uow, known.to_id or known.from_id, known.area)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.send_back(transfer_id, request.reason, uow, at)
    return _shown(row, response)


@commands.post("/transfers/{transfer_id}/cancel", summary="撤销转接")
async def cancel(
    transfer_id: UUID,
    request: Timed,
    caller: Caller,
    uow: Work,
    response: Response,
) -> TransferView:
    """The sender's right; the receiver's, for a letter from outside that was entered wrongly."""
    known = await tables.transfer(uow.session, transfer_id)
    await _require(caller, uow, known.from_id or known.to_id, known.area)
    row = await handlers.cancel(transfer_id, uow, occurred(request.occurred_at, uow.now))
    return _shown(row, response)


@commands.post("/transfers/{transfer_id}/remind", summary="催办")
async def remind(
    transfer_id: UUID,
    request: Timed,
    caller: Caller,
    uow: Work,
    response: Response,
) -> TransferView:
    known = await tables.transfer(uow.session, transfer_id)
    await _require(caller, uow, known.from_id or known.to_id, known.area)
    row = await handlers.remind(transfer_id, uow, occurred(request.occurred_at, uow.now))
    return _shown(row, response)


@commands.put("/organisations/{organisation_id}/transfer-setting", summary="设定介绍信有效期")
async def set_validity(
    organisation_id: UUID,
    request: SettingRequest,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> SettingView:
    """For its own letters and those of all below it that set none. `If-Match: "0"` at first."""
    organisation = await organisations.organisation(uow.session, organisation_id)
    caller.require(Action.MANAGE_MEMBERS, organisation.area)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.set_validity(organisation_id, request.validity_days, version, uow, at)
    set_etag(response, row.version)
    return SettingView(**row.model_dump())


async def _require(
    caller: Principal, uow: UnitOfWork, organisation_id: UUID | None, area: str
) -> None:
    """The right in the area where the organisation lies now."""
    if organisation_id is not None:
        area = (await organisations.organisation(uow.session, organisation_id)).area
    caller.require(Action.MANAGE_MEMBERS, area)


def _shown(row: TransferRow, response: Response) -> TransferView:
    """Without the name, even masked: answers of commands are kept for repetition."""
    set_etag(response, row.version)
    return view(row, None)
