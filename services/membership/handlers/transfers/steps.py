"""What happens to an open transfer; whoever locks it first decides, the others are refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.kinds.alerts import AlertKind
from contracts.kinds.members import ChangeReason, LeavingReason
from contracts.kinds.transfers import TransferDirection, TransferState
from contracts.membership.transfers import TransferCancelled, TransferClosed
from services.chassis import kinds, personal
from services.chassis.clock import business_date
from services.chassis.errors import Invalid
from services.chassis.personal import Vault
from services.chassis.rows import by_key
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import transfers as domain
from services.membership.domain.transfers import MovedMeanwhile
from services.membership.handlers import alerts
from services.membership.handlers.members import roll
from services.membership.handlers.members.changing import branch
from services.membership.tables import members, organisations
from services.membership.tables import transfers as tables
from services.membership.tables.members import MemberRow
from services.membership.tables.transfers import TransferRow


class ArrivalMissing(Invalid):
    code = "arrival-missing"
    title, title_zh = "Say as what the member is registered", "请填写转入党员的登记信息"


async def receive(
    row: TransferRow,
    uow: UnitOfWork,
    vault: Vault,
    at: datetime,
    arrival: Mapping[str, Any] | None = None,
) -> TransferRow:
    """The member changes branch, and both branches' counts with them, or nothing happens at all.

    `arrival` says as what somebody from outside is registered, beside what was sealed before.
    Raises `LetterExpired`, `TransferClosedAlready`, `MovedMeanwhile`, `ArrivalMissing`.
    """
    area = row.area
    if row.to_id is not None:
        area = (await organisations.organisation(uow.session, row.to_id)).area
    event = domain.receive(row, area, business_date(at))
    match row.direction:
        case TransferDirection.INSIDE:
            member = await _with_sender(row, uow)
            await roll.move(member, _to(row), ChangeReason.TRANSFERRED, uow, at)
        case TransferDirection.OUT:
            member = await _with_sender(row, uow)
            await roll.leave(member, LeavingReason.TRANSFERRED_OUT, uow, at)
        case TransferDirection.IN:
            await _register(row, arrival, uow, vault, at)
    return await _close(row, domain.RECEIVE.to, event, uow, at)


async def send_back(row: TransferRow, reason: str, uow: UnitOfWork, at: datetime) -> TransferRow:
    """The receiver says why (a kind of reason): nobody is refused without cause."""
    await kinds.check(uow.session, "transfer-return", reason, business_date(at), "reason")
    event = domain.send_back(row, reason)
    return await _close(row, domain.SEND_BACK.to, event, uow, at, reason=reason)


async def cancel(row: TransferRow, uow: UnitOfWork, at: datetime) -> TransferRow:
    return await _close(row, domain.CANCEL.to, domain.cancel(row), uow, at)


async def expire(row: TransferRow, uow: UnitOfWork) -> None:
    """For the clock: `row` is locked. The sender is told to issue the letter anew."""
    event = domain.expire(row)
    at = min(domain.lapses_at(row.valid_until), uow.now)
    await _close(row, domain.EXPIRE.to, event, uow, at)
    if row.from_id is None:
        return
    wanted = alerts.Wanted(
        kind=AlertKind.TRANSFER_EXPIRED,
        subject_id=row.member_id,
        area=row.area,
        organisation_id=row.from_id,
        due_on=row.valid_until,
        facts={"transfer_id": str(row.transfer_id)},
    )
    await alerts.keep(uow, wanted, at)


async def remind(row: TransferRow, uow: UnitOfWork, at: datetime) -> TransferRow:
    """The alert stands with the side that has to act."""
    event = domain.remind(row)
    uow.step(row, event, at, reminded=event.times)
    wanted = alerts.Wanted(
        kind=AlertKind.TRANSFER_NEAR_EXPIRY,
        subject_id=row.transfer_id,
        area=row.to_area or row.area,
        organisation_id=row.to_id or row.from_id,
        due_on=row.valid_until,
        facts={"reminded": row.reminded},
    )
    await alerts.keep(uow, wanted, at)
    return row


async def redirect(
    organisation_id: UUID, successor_id: UUID, uow: UnitOfWork, at: datetime
) -> Sequence[TransferRow]:
    """For a merger: open transfers of the merged organisation become those of its successor.

    One between the two ends, for there is nothing left to transfer.
    """
    rows = await tables.open_transfers_of(uow.session, organisation_id, lock=True)
    if not rows:
        return rows
    successor = await branch(uow, successor_id, "successor_id")
    for row in rows:
        event = domain.redirect(row, organisation_id, successor)
        if isinstance(event, TransferCancelled):
            await _close(row, domain.CANCEL.to, event, uow, at)
            continue
        to_area = successor.area if row.to_id == organisation_id else row.to_area
        now = {"from_id": event.from_id, "to_id": event.to_id, "area": event.area}
        uow.step(row, event, at, to_area=to_area, **now)
    await uow.session.flush()
    return rows


async def _with_sender(row: TransferRow, uow: UnitOfWork) -> MemberRow:
    """The member, held. Raises `MovedMeanwhile`."""
    member = await members.member(uow.session, row.member_id, lock=True)
    if member.organisation_id != row.from_id or not member.counted:
        raise MovedMeanwhile(
            "The member left the sender by another way; the transfer can only be cancelled.",
            zh="该党员已经以其他方式离开转出党组织，此转接只能撤销。",
            organisation_id=str(member.organisation_id),
            state=member.state,
        )
    return member


async def _register(
    row: TransferRow, arrival: Mapping[str, Any] | None, uow: UnitOfWork, vault: Vault, at: datetime
) -> None:
    """What was sealed under the transfer goes to the member; whoever was here before comes back."""
    if arrival is None:
        raise ArrivalMissing(
            "A transfer from outside is received with `arrival`.",
            zh="接收平台外转入的党员时，请填写 arrival（党员代码、身份等）。",
            field="arrival",
        )
    reason = ChangeReason.TRANSFERRED_IN
    known = await by_key(uow.session, MemberRow, [row.member_id], lock=True)
    if known:
        member = known[row.member_id]
        await roll.come_back(member, arrival["state"], _to(row), reason, uow, at)
        return
    told = await personal.read(
        await uow.driver(),
        vault,
        [row.transfer_id],
        actor="membership",
        purpose="组织关系转入登记",
        area=row.area,
        at=uow.now,
    )
    fields = {**arrival, "member_id": row.member_id, "organisation_id": _to(row)}
    await roll.register(fields, told.get(row.transfer_id, {}), uow, vault, at, reason)


async def _close(
    row: TransferRow,
    state: TransferState,
    event: TransferClosed,
    uow: UnitOfWork,
    at: datetime,
    **more: str,
) -> TransferRow:
    closed_on = business_date(at)
    uow.step(row, event, at, state=state, closed_on=closed_on, identity_digest=None, **more)
    await uow.session.flush()
    await alerts.clear(uow, AlertKind.TRANSFER_NEAR_EXPIRY, row.transfer_id, at=at)
    if row.direction == TransferDirection.IN:
        await personal.erase(await uow.driver(), row.transfer_id, uow.now)
    return row


def _to(row: TransferRow) -> UUID:
    if row.to_id is None:
        raise AssertionError("a transfer to the outside is received there")
    return row.to_id
