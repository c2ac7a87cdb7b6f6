"""Payments: recorded once a receipt, taken back only by entries that cancel theirs."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from contracts.kinds.dues import DuesPurpose, DuesReversal
from contracts.membership.dues import DuesPaid, DuesPaymentReversed
from services.chassis import rulebook
from services.chassis.clock import LOCAL, business_date
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.dues import decisions
from services.membership.domain.dues.decisions import (
    ExtraDues,
    NotCharged,
    ReceiptTaken,
    RecordPayment,
    ReversedAlready,
)
from services.membership.domain.dues.months import check_month
from services.membership.domain.dues.standing import standing
from services.membership.handlers.dues.arrears import check
from services.membership.handlers.dues.charging import Place
from services.membership.handlers.dues.standards import place_of
from services.membership.tables import dues as tables
from services.membership.tables import members
from services.membership.tables.dues import Books, Change, PaymentRow


async def record_payment(command: RecordPayment, uow: UnitOfWork) -> PaymentRow:
    """Regular dues fill the months named, the earliest first; extra ones no month.

    Somebody who left may still pay what is owed. Raises `ReceiptTaken`, `NotCharged`,
    `PaymentMismatch`, `PaidInFuture`.
    """
    decisions.check_day(command.paid_on, business_date(uow.now))
    member = await members.member(uow.session, command.member_id)
    place = await place_of(uow, member)
    book = await rulebook.at(uow.session, command.paid_on, ExtraDues)
    shares: dict[date, int] = {}
    books = Books()
    if command.purpose is DuesPurpose.REGULAR:
        books = await _books(uow, command)
        shares = decisions.shares(command, _owed(command, books))
    else:
        decisions.shares(command, {})
    event = decisions.pay(command, *place, book[ExtraDues], months=len(shares))
    row = _row(command, event, sorted(shares), uow)
    if not await tables.add_payment(uow.session, row):
        raise ReceiptTaken(
            f"Receipt {command.receipt} has been recorded by this organisation.",
            zh=f"本党组织已登记过收据号 {command.receipt}，请核对是否重复。",
            field="receipt",
            value=command.receipt,
        )
    uow.announce(event, version=1, occurred_at=noon_of(command.paid_on, uow.now))
    if shares:
        await _enter(uow, command, place, shares, books)
        await check(uow, [command.member_id])
    return row


async def reverse_payment(
    payment_id: UUID, reason: DuesReversal, uow: UnitOfWork, at: datetime
) -> PaymentRow:
    """The payment stays, cancelled; its receipt may be recorded again, rightly this time."""
    member_id = (await tables.payment(uow.session, payment_id)).member_id
    await tables.find_account(uow.session, member_id)
    row = await tables.payment(uow.session, payment_id, lock=True)
    if row.reversed_on is not None:
        raise reversed_already(row.reversed_on)
    day = business_date(at)
    row.reversed_on, row.reversal, row.version = day, reason.value, row.version + 1
    await uow.session.flush()
    await tables.take_back(await uow.driver(), payment_id, day, uow.now)
    shared = DuesPaymentReversed.model_fields.keys() - {"month_count", "reason"}
    event = DuesPaymentReversed.model_validate(
        row.model_dump(include=shared) | {"month_count": len(row.months), "reason": reason}
    )
    uow.announce(event, version=row.version, occurred_at=at)
    if row.months:
        await check(uow, [row.member_id])
    return row


def reversed_already(on: date) -> ReversedAlready:
    return ReversedAlready(f"It was reversed on {on}.", zh=f"已于 {on} 冲销。")


def noon_of(day: date, now: datetime) -> datetime:
    """An instant of a business day that is not later than now."""
    return min(datetime(day.year, day.month, day.day, 12, tzinfo=LOCAL), now)


async def _books(uow: UnitOfWork, command: RecordPayment) -> Books:
    """The member's account, locked, and what is known of the months to be paid."""
    for month in command.months:
        check_month(month, "months")
    if await tables.find_account(uow.session, command.member_id) is None:
        raise NotCharged(
            "Set the member's standard of dues first.",
            zh="该党员尚未核定党费标准，请先核定。",
            field="member_id",
        )
    span = (min(command.months, default=date.max), max(command.months, default=date.min))
    return (await tables.books_of(await uow.driver(), [command.member_id], *span))[
        command.member_id
    ]


def _owed(command: RecordPayment, books: Books) -> Mapping[date, int]:
    """What each month lacks; one that is not charged yet will cost what the standard says."""
    owed = {}
    for month in command.months:
        now = books.balances.get(month)
        will = standing(month, books.standards, books.reliefs)
        charged, waived, paid = (
            (now["charged"], now["waived"], now["paid"]) if now else (None, 0, 0)
        )
        if charged is None:
            charged, waived = (will.charged, will.waived) if will else (0, 0)
        owed[month] = charged - waived - paid
    return owed


async def _enter(
    uow: UnitOfWork,
    command: RecordPayment,
    place: Place,
    shares: Mapping[date, int],
    books: Books,
) -> None:
    """A month counts as paid where it was charged."""
    changes, rows = [], []
    for month, share in shares.items():
        now = books.balances.get(month)
        charged_at = Place(now["organisation_id"], now["area"]) if now else place
        will = standing(month, books.standards, books.reliefs)
        due_on = now["due_on"] if now else will.due_on if will else month
        changes.append(
            Change(
                command.member_id,
                *charged_at,
                month,
                "payment",
                -share,
                command.payment_id,
                command.paid_on,
            )
        )
        before = (now["charged"], now["waived"], now["paid"]) if now else (None, 0, 0)
        rows.append((command.member_id, *charged_at, month, due_on, *before[:2], before[2] + share))
    connection = await uow.driver()
    await tables.add_entries(connection, changes, uow.now)
    await tables.apply(connection, rows)


def _row(
    command: RecordPayment, event: DuesPaid, months: list[date], uow: UnitOfWork
) -> PaymentRow:
    return PaymentRow(
        payment_id=command.payment_id,
        member_id=command.member_id,
        organisation_id=event.organisation_id,
        area=event.area,
        receipt=command.receipt,
        purpose=command.purpose.value,
        channel=command.channel.value,
        destination=event.destination.value,
        paid_on=command.paid_on,
        amount=command.amount,
        months=months,
        recorded_at=uow.now,
    )
