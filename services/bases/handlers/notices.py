"""Notices that follow from events and from the clock, and what becomes of them."""

from datetime import datetime

from contracts.bases.bookings import BookingEvent
from contracts.bases.notices import NoticeDelivered
from contracts.kinds.notices import DeliveryChannel, NoticeKind
from services.bases.domain import notices as domain
from services.bases.domain import policies
from services.bases.domain.bookings.standing import waits_until
from services.bases.domain.bookings.terms import Breaches
from services.bases.domain.notices import BookingReminder, Matter
from services.bases.tables import bookings, notices
from services.bases.tables.notices import NoticeRow
from services.bases.tables.rows import BookingRow
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.sweeps import Part, Sweep, one_by_one
from services.chassis.unit_of_work import Transaction, UnitOfWork

BATCH = 100


async def issue(
    work: Transaction, kind: NoticeKind, matter: Matter, *, until: datetime | None = None
) -> None:
    """Due at once."""
    event = domain.issue(kind, matter, new_id(), due_at=work.now, until=until)
    await notices.issue(work, event, matter.headcount)
    work.announce(event, version=1)


async def tell(work: Transaction, event: BookingEvent, entered_at: datetime) -> None:
    """Those who booked, of a step; `entered_at` is when the booking was."""
    kind = policies.notice_of(event, entered_at)
    if kind is not None:
        await issue(work, kind, domain.of_booking(event))


async def tell_of_waiting(uow: UnitOfWork, event: BookingEvent) -> None:
    """When this breach is the one that has filled the number."""
    book = await rulebook.at(uow.session, business_date(uow.now), Breaches)
    rule = book[Breaches]
    breaches = await bookings.breaches(
        uow.session, event.organisation_id, late=rule.late_cancellations
    )
    before = [at for booking_id, at in breaches if booking_id != event.booking_id]
    until = waits_until([at for _, at in breaches], rule)
    if until is not None and until > uow.now and until != waits_until(before, rule):
        await issue(uow, NoticeKind.WAITING_TIME, domain.of_booking(event), until=until)


async def deliver(
    row: NoticeRow, channel: DeliveryChannel, uow: UnitOfWork, at: datetime
) -> NoticeRow:
    """Said twice, it is delivered once: the first to say so is right."""
    if row.delivered_at is None:
        event = NoticeDelivered(**row.facts(), channel=channel)
        uow.step(row, event, at, delivered_at=at, channel=channel)
    return row


async def remind(uow: UnitOfWork) -> Part:
    """Of confirmed bookings that begin soon: once for each start, so anew when they moved."""
    book = await rulebook.at(uow.session, business_date(uow.now), BookingReminder)
    until = book[BookingReminder].until(uow.now)
    if until is None:
        return Part(0)
    rows = await notices.to_remind(uow.session, uow.now, until, BATCH)

    async def one(row: BookingRow) -> None:
        await issue(uow, NoticeKind.REMINDER, domain.of_booking(row.state()))

    return await one_by_one(uow, rows, one)


SWEEPS = (Sweep("notices.remind", remind),)
