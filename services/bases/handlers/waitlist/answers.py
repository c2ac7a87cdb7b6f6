"""What people say to an offer: yes, no, or that they wait no longer."""

from datetime import datetime
from uuid import UUID

from contracts.kinds import BookingStatus
from contracts.kinds.waitlist import EntryStatus
from services.bases.domain.bookings import ask
from services.bases.domain.bookings.model import RequestBooking
from services.bases.domain.waitlist import entries as domain
from services.bases.domain.waitlist.entries import Offer, OfferedMeanwhile
from services.bases.handlers.bookings import record
from services.bases.handlers.bookings.asking import Permit, Wish, looked
from services.bases.handlers.waitlist import offers
from services.bases.tables import bookings, quotas
from services.bases.tables.bookings import Named
from services.bases.tables.rows import BookingRow
from services.bases.tables.slots import By
from services.bases.tables.waitlist import entries
from services.bases.tables.waitlist.rows import EntryRow
from services.chassis.lifecycle import Step
from services.chassis.unit_of_work import UnitOfWork


async def accept(
    entry_id: UUID, uow: UnitOfWork, at: datetime, *, permit: Permit, by: By
) -> tuple[EntryRow, Named]:
    """The slot becomes a request, judged as if it were made now, with nobody else in its way.

    Raises `NoOffer`, `OfferExpired`, or whatever stands against the request; the offer then stays.
    """
    row = await _offered(uow, entry_id)
    booking = row.state()
    offer = Offer(booking, (await entries.offer(uow.session, row.booking_id)).expires_at)
    entry = await entries.entry(uow.session, entry_id)
    event = domain.accept(entry, offer, at=uow.now)
    names = RequestBooking.__dataclass_fields__
    command = RequestBooking(**{name: getattr(booking, name) for name in names})
    asked = await looked(Wish(command, permit, by, at), uow)
    decided = ask.request(command, asked.occasion, at=at)
    now = ask.requested(decided)
    row.sqlmodel_update(
        {"status": now.status, "version": now.version, "steps": now.steps, "off_day": now.off_day}
    )
    await uow.session.flush()
    await quotas.count(
        uow, now.base_id, now.organisation_id, now.starts_at, asked.occasion.terms
    )  # fmt: skip
    entry, _ = await offers.settled(uow, row)
    await offers.moved_on(uow, entry, domain.ACCEPT.to, event, at)
    await record.recorded(uow, row, decided.event, at, actor=by.actor)
    return entry, await record.shown(uow, row)


async def decline(entry_id: UUID, uow: UnitOfWork, at: datetime) -> EntryRow:
    """The slot goes to the next. Raises `NoOffer`."""
    row = await _offered(uow, entry_id)
    return await give_up(uow, row, domain.DECLINE, at)


async def leave(entry_id: UUID, uow: UnitOfWork, at: datetime) -> EntryRow:
    """Raises `EntryOver`, or `OfferedMeanwhile` for one whose turn came at this moment."""
    if (await entries.entry(uow.session, entry_id)).status == EntryStatus.OFFERED:
        row = await _offered(uow, entry_id)
        return await give_up(uow, row, domain.LEAVE, at)
    entry = await entries.entry(uow.session, entry_id, lock=True)
    if entry.status == EntryStatus.OFFERED:
        raise OfferedMeanwhile(
            "A slot is held for it now: accept or decline.",
            zh="刚刚为其保留了名额，请选择接受或放弃。",
        )
    await offers.moved_on(uow, entry, domain.LEAVE.to, domain.leave(entry), at)
    return entry


async def give_up(
    uow: UnitOfWork, row: BookingRow, how: Step[EntryStatus], at: datetime
) -> EntryRow:
    """End the offer and the entry, and go on to the next. `row` is locked and offered."""
    booking = row.state()
    entry, kept = await offers.release(uow, row)
    event = domain.give_up(entry, Offer(booking, kept.expires_at), how)
    await offers.moved_on(uow, entry, how.to, event, at)
    await offers.promote(uow, booking.venue_id, booking.starts_at, booking.ends_at)
    return entry


async def _offered(uow: UnitOfWork, entry_id: UUID) -> BookingRow:
    """The booking that holds the slot, locked: whoever has it answers. Raises `NoOffer`."""
    entry = await entries.entry(uow.session, entry_id)
    if entry.booking_id is not None and entry.status == EntryStatus.OFFERED:
        row = await bookings.booking(uow.session, entry.booking_id, lock=True)
        if row.status == BookingStatus.OFFERED:
            return row
        entry = await entries.entry(uow.session, entry_id)
    raise domain.ACCEPT.refused(entry.status)
