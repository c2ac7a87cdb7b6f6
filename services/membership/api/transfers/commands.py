"""Commands about transfers."""

from typing import Annotated
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from services.chassis.clock import occurred
from services.chassis.http import Caller, Context, IfMatch, Timed, Work, command_router
from services.chassis.http.held import held
from services.chassis.ids import new_id
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
from services.membership.handlers.transfers import letters, steps
from services.membership.tables import members, organisations
from services.membership.tables.organisations import OrganisationRow
from services.membership.tables.transfers import TransferRow

commands = command_router(tags=["组织关系转接"])


async def _lies(session: AsyncSession, organisation_id: UUID | None, area: str) -> str:
    """Where the organisation lies now; `area` for one outside the platform."""
    if organisation_id is None:
        return area
    return (await organisations.organisation(session, organisation_id)).area


async def _receiver(session: AsyncSession, row: TransferRow) -> str:
    return await _lies(session, row.to_id or row.from_id, row.area)


async def _sender(session: AsyncSession, row: TransferRow) -> str:
    return await _lies(session, row.from_id or row.to_id, row.area)


MANAGE = Action.MANAGE_MEMBERS
Received = Annotated[TransferRow, held(TransferRow, "组织关系转接", MANAGE, area=_receiver)]
Sent = Annotated[TransferRow, held(TransferRow, "组织关系转接", MANAGE, area=_sender)]
Setting = Annotated[OrganisationRow, held(OrganisationRow, "党组织", MANAGE)]


@commands.post("/transfers", status_code=201, summary="开具介绍信")
async def send(request: SendRequest, caller: Caller, uow: Work, context: Context) -> TransferView:
    """With `received_at` both halves at once, which needs the right on both sides."""
    member = await members.member(uow.session, request.member_id)
    caller.require(MANAGE, await _lies(uow.session, member.organisation_id, member.area))
    fields = request.fields("received_at") | {"transfer_id": new_id()}
    row = await letters.send(fields, uow, request.at(uow))
    if request.received_at is not None:
        caller.require(MANAGE, await _lies(uow.session, row.to_id, row.area))
        received = occurred(request.received_at, uow.now, field="received_at")
        row = await steps.receive(row, uow, context.vault, received)
    return view(row, None)


@commands.post("/transfers/arrivals", status_code=201, summary="登记平台外转入的介绍信")
async def announce_arrival(
    request: ArrivalAnnouncement, caller: Caller, uow: Work, context: Context
) -> TransferView:
    caller.require(MANAGE, await _lies(uow.session, request.to_id, ""))
    fields = {"transfer_id": new_id(), "member_id": new_id(), **request.fields("person")}
    person = request.person.model_dump(exclude_none=True)
    at = request.at(uow)
    return view(await letters.announce_arrival(fields, person, uow, context.vault, at), None)


@commands.post("/transfers/{transfer_id}/receive", summary="接收组织关系")
async def receive(
    transfer: Received, request: ReceiveRequest, uow: Work, context: Context
) -> TransferView:
    """The receiver's right; for a transfer to the outside the sender records the receipt (回执)."""
    arrival = request.arrival.model_dump() if request.arrival else None
    at = request.at(uow)
    return view(await steps.receive(transfer, uow, context.vault, at, arrival), None)


@commands.post("/transfers/{transfer_id}/return", summary="退回介绍信")
async def send_back(transfer: Received, request: ReturnRequest, uow: Work) -> TransferView:
    """A reason is asked for: nobody is refused without cause."""
    return view(await steps.send_back(transfer, request.reason, uow, request.at(uow)), None)


@commands.post("/transfers/{transfer_id}/cancel", summary="撤销转接")
async def cancel(transfer: Sent, request: Timed, uow: Work) -> TransferView:
    """The sender's right; the receiver's, for a letter from outside that was entered wrongly."""
    return view(await steps.cancel(transfer, uow, request.at(uow)), None)


@commands.post("/transfers/{transfer_id}/remind", summary="催办")
async def remind(transfer: Sent, request: Timed, uow: Work) -> TransferView:
    return view(await steps.remind(transfer, uow, request.at(uow)), None)


@commands.put("/organisations/{organisation_id}/transfer-setting", summary="设定介绍信有效期")
async def set_validity(
    organisation: Setting, request: SettingRequest, version: IfMatch, uow: Work
) -> SettingView:
    """For its own letters and those of all below it that set none. `If-Match: "0"` at first."""
    key, days = organisation.organisation_id, request.validity_days
    row = await letters.set_validity(key, days, version, uow, request.at(uow))
    return SettingView(**row.model_dump())
