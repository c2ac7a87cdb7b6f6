"""Opening a transfer: the letter, its number, its validity."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.kinds.alerts import AlertKind
from contracts.kinds.members import COUNTED, MemberState
from services.chassis import kinds, personal, rulebook
from services.chassis.clock import business_date
from services.chassis.http import versions
from services.chassis.personal import Vault
from services.chassis.rules import Book
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import transfers as domain
from services.membership.domain.members.states import Branch
from services.membership.domain.sizes import SizedAs, Traits
from services.membership.domain.transfers import (
    Letter,
    LetterReminder,
    LetterValidity,
    NotTransferable,
    Transfer,
    TransferOpen,
)
from services.membership.handlers import alerts
from services.membership.handlers.members.changing import branch
from services.membership.handlers.members.roll import identity_digest, identity_known
from services.membership.tables import members, organisations
from services.membership.tables import transfers as tables
from services.membership.tables.dues import ledger as dues
from services.membership.tables.members import MemberRow
from services.membership.tables.transfers import TransferRow, TransferSettingRow


async def send(fields: Mapping[str, Any], uow: UnitOfWork, at: datetime) -> TransferRow:
    """Issue the letter. Nothing about the member changes until it is received.

    Raises `NotFound`, `NotTransferable`, `TransferOpen`, and what the rules refuse.
    """
    day, member_id, to_id = business_date(at), fields["member_id"], fields["to_id"]
    organisation_id = (await members.member(uow.session, member_id)).organisation_id
    sender = await branch(uow, organisation_id, "member_id")
    member = await members.member(uow.session, member_id, lock=True)
    _check_transferable(member, sender)
    receiver = await branch(uow, to_id, "to_id") if to_id else None
    if receiver is not None:
        domain.check_receiver(receiver, sender.organisation_id)
    await kinds.check(uow.session, "transfer-cause", fields["cause"], day, "cause")
    if await tables.open_transfer_of(uow.session, member_id):
        raise already_open()
    book = await rulebook.at(uow.session, day, LetterValidity, LetterReminder)
    letter, days = await _letter(sender.organisation_id, fields["validity_days"], day, book, uow)
    paid = {"paid_through": await dues.paid_through(uow.session, member_id)}
    transfer = domain.send({**fields, **paid}, sender, receiver, day, days)
    kept = {**vars(letter), "to_area": receiver.area if receiver else None}
    row = await _open(transfer, letter, book, uow, at, **kept)
    await alerts.clear(uow, AlertKind.TRANSFER_EXPIRED, member_id, at=at)
    return row


async def announce_arrival(
    fields: Mapping[str, Any],
    person: Mapping[str, str],
    uow: UnitOfWork,
    vault: Vault,
    at: datetime,
) -> TransferRow:
    """A letter from outside is here. Who it is about is sealed under the transfer until it ends.

    Raises `TransferOpen` for a second letter of the same identity number, `IdentityKnown` for
    somebody who is on a roll of this platform: they are transferred inside.
    """
    day = business_date(at)
    receiver = await branch(uow, fields["to_id"], "to_id")
    domain.check_receiver(receiver, None)
    await kinds.check(uow.session, "transfer-cause", fields["cause"], day, "cause")
    book = await rulebook.at(uow.session, day, LetterValidity, LetterReminder)
    transfer = domain.arrive(fields, receiver, book[LetterValidity], day)
    digest = identity_digest(vault, person)
    if (known := await _known(uow, digest)) is not None:
        transfer = transfer.model_copy(update={"member_id": known})
    kept = {"outside_letter": fields["outside_letter"], "identity_digest": digest}
    row = await _open(transfer, None, book, uow, at, to_area=receiver.area, **kept)
    await personal.keep(await uow.driver(), vault, {row.transfer_id: person})
    return row


async def set_validity(
    organisation_id: UUID, days: int, expected: int | None, uow: UnitOfWork, at: datetime
) -> TransferSettingRow:
    """How long this organisation's letters are valid; those already issued keep their day.

    `expected` is None for the first setting. Raises `ValidityOutOfRange`, `PreconditionFailed`.
    """
    await organisations.organisation(uow.session, organisation_id, lock=True)
    book = await rulebook.at(uow.session, business_date(at), LetterValidity)
    domain.check_validity(days, book[LetterValidity])
    row = await tables.setting(uow.session, organisation_id, lock=True)
    if row is None:
        row = TransferSettingRow(organisation_id=organisation_id, validity_days=days)
        uow.session.add(row)
        return row
    versions.check(expected or 0, row.version)
    row.validity_days, row.version = days, row.version + 1
    return row


async def _known(uow: UnitOfWork, digest: bytes | None) -> UUID | None:
    """Who with this identity number was here before. Raises `IdentityKnown` for who still is."""
    member = await tables.member_of_identity(uow.session, digest) if digest else None
    if member is None:
        return None
    if member.state != MemberState.LEFT:
        raise identity_known()
    return member.member_id


def already_open() -> TransferOpen:
    return TransferOpen(
        "Wait for it to be received or returned, or cancel it.",
        zh="该党员已有一封介绍信在转接途中，请待其办结或撤销后再办理。",
        field="member_id",
    )


async def _letter(
    sender_id: UUID, asked: int | None, day: date, book: Book, uow: UnitOfWork
) -> tuple[Letter, int]:
    """Issued by the committee above, in whose book the number is; and for how many days."""
    line = await tables.line_of(uow.session, sender_id)
    issuer = sender_id
    for organisation_id, kind in line:
        traits = Traits.of((await kinds.of(uow.session, "organisation", kind)).traits)
        if traits.size is SizedAs.COMMITTEE:
            issuer = organisation_id
            break
    settings = await tables.settings(uow.session, [each for each, _ in line])
    nearest = next((settings[each] for each, _ in line if each in settings), None)
    days = domain.validity(asked, nearest, book[LetterValidity])
    number = await tables.next_number(uow.session, issuer, day.year)
    return Letter(issuer_id=issuer, letter_year=day.year, letter_number=number), days


def _check_transferable(member: MemberRow, sender: Branch) -> None:
    if member.state not in COUNTED:
        raise NotTransferable(
            f"The member is {member.state}.",
            zh=f"该人员为“{member.state.label}”，只有正式党员和预备党员能转接组织关系。",
            field="member_id",
            state=member.state,
        )
    if member.organisation_id != sender.organisation_id:
        raise domain.MovedMeanwhile(
            "The member was moved in this moment; look again.",
            zh="该党员刚刚调整了党支部，请刷新后重试。",
            field="member_id",
        )


async def _open(
    transfer: Transfer,
    letter: Letter | None,
    book: Book,
    uow: UnitOfWork,
    at: datetime,
    **kept: Any,
) -> TransferRow:
    """The index decides between two at once: whoever comes second is told so.

    The row is the session's, so that it can be received at once.
    """
    reminds_on = domain.reminds_on(transfer.valid_until, book[LetterReminder])
    new = TransferRow.of(transfer, **kept, reminds_on=reminds_on, recorded_at=uow.now)
    if not await tables.add(uow.session, new):
        raise already_open()
    uow.announce(domain.sent(transfer, letter), version=1, occurred_at=at)
    return await tables.transfer(uow.session, new.transfer_id, lock=True)
