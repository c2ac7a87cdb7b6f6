"""Payments: recorded once a receipt, taken back only by entries that cancel theirs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from contracts.kinds.dues import DuesPurpose, DuesReversal
from contracts.membership.dues import DuesPaid, DuesPaymentReversed
from services.chassis import rulebook
from services.chassis.clock import LOCAL, business_date
from services.chassis.ids import new_id
from services.chassis.rows import insert_once
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.dues import decisions
from services.membership.domain.dues.decisions import ExtraDues, NotCharged, ReceiptTaken
from services.membership.domain.dues.months import check_month
from services.membership.domain.dues.standing import Books, Place
from services.membership.domain.dues.states import Payment
from services.membership.handlers.dues.arrears import check
from services.membership.handlers.dues.charging import place_of
from services.membership.tables.dues import ledger, store
from services.membership.tables.dues.rows import PaymentRow
from services.membership.tables.members import MemberRow


async def record_payment(member: MemberRow, fields: dict[str, Any], uow: UnitOfWork) -> PaymentRow:
    """Regular dues fill the months named, the earliest first; extra ones no month.

    Somebody who left may still pay what is owed. Raises `ReceiptTaken`, `NotCharged`,
    `PaymentMismatch`, `PaidInFuture`.
    """
    day = fields["paid_on"]
    decisions.check_day(day, business_date(uow.now))
    place = await place_of(uow, member)
    rule = (await rulebook.at(uow.session, day, ExtraDues))[ExtraDues]
    destination = decisions.destination(fields["purpose"], fields["amount"], rule)
    payment = Payment(
        payment_id=new_id(),
        organisation_id=place.organisation_id,
        destination=destination,
        reversed_on=None,
        reversal=None,
        **fields,
    )
    books = await _books(uow, payment) if payment.purpose is DuesPurpose.REGULAR else Books()
    shares = decisions.shares(payment, {month: books.lacking(month) for month in payment.months})
    row = PaymentRow.of(payment, area=place.area, months=sorted(shares), recorded_at=uow.now)
    if not await insert_once(uow.session, row):
        raise ReceiptTaken(
            f"Receipt {row.receipt} has been recorded by this organisation.",
            zh=f"本党组织已登记过收据号 {row.receipt}，请核对是否重复。",
            field="receipt",
            value=row.receipt,
        )
    noon = datetime.combine(day, time(12), LOCAL)
    uow.announce(DuesPaid(**row.facts()), version=row.version, occurred_at=min(noon, uow.now))
    if shares:
        await _enter(uow, row, place, shares, books)
        await check(uow, [row.member_id])
    return row


async def reverse_payment(
    payment: PaymentRow, reason: DuesReversal, uow: UnitOfWork, at: datetime
) -> PaymentRow:
    """The payment stays, cancelled; its receipt may be recorded again, rightly this time."""
    decisions.check_stands(payment)
    await store.find_account(uow.session, payment.member_id)
    event = DuesPaymentReversed(**payment.facts(), reason=reason)
    day = business_date(at)
    uow.step(payment, event, at, reversed_on=day, reversal=reason)
    await uow.session.flush()
    await ledger.take_back(uow, payment.payment_id, day)
    if payment.months:
        await check(uow, [payment.member_id])
    return payment


async def _books(uow: UnitOfWork, payment: Payment) -> Books:
    """The member's account, locked, and what is known of the months to be paid."""
    for month in payment.months:
        check_month(month, "months")
    if await store.find_account(uow.session, payment.member_id) is None:
        raise NotCharged(
            "Set the member's standard of dues first.",
            zh="该党员尚未核定党费标准，请先核定。",
            field="member_id",
        )
    first, last = min(payment.months, default=date.max), max(payment.months, default=date.min)
    return (await ledger.books_of(uow, [payment.member_id], first, last))[payment.member_id]


async def _enter(
    uow: UnitOfWork, payment: PaymentRow, place: Place, shares: Mapping[date, int], books: Books
) -> None:
    """A month counts as paid where it was charged."""
    entries, balances = [], []
    for month, share in shares.items():
        known = books.balance(payment.member_id, place, month)
        entries.append(known.entry("payment", -share, payment.payment_id, payment.paid_on))
        balances.append(replace(known, paid=known.paid + share))
    await ledger.enter(uow, entries, balances)
