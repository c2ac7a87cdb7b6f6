"""How a booking takes its slot, and another one instead."""

from datetime import date, datetime
from uuid import UUID

from contracts.bases.bookings import BookingRescheduled
from services.bases.domain.bookings import ask
from services.bases.domain.bookings.ask import Reschedule
from services.bases.domain.bookings.model import Booking
from services.bases.handlers import equipment, notices
from services.bases.handlers.bookings import claims, record
from services.bases.handlers.bookings.asking import Permit, Wish, looked
from services.bases.tables import bookings as table
from services.bases.tables import quotas, slots
from services.bases.tables.bookings import Named
from services.bases.tables.rows import BookingRow
from services.bases.tables.slots import By
from services.bases.tables.visits import codes
from services.chassis.clock import business_date
from services.chassis.errors import Defect
from services.chassis.http import versions
from services.chassis.unit_of_work import Transaction, UnitOfWork


async def place(wish: Wish, work: Transaction) -> tuple[Booking, str, str]:
    """The booking with the names of its venue and organisation.

    Raises `VenueUnknown`, `OrganisationUnknown`, a rule's refusal, `SlotTaken` or `VenueFull`.
    """
    for _ in range(2):  # once the lock is ours, nobody edits the venue under us
        asked = await looked(wish, work)
        decided = ask.request(wish.command, asked.occasion, at=wish.at)
        booking = ask.requested(decided)
        if await slots.take(work, booking, asked, wish.by):
            during = ask.held(booking.starts_at, booking.ends_at, asked.venue)
            await equipment.claim(work, booking.booking_id, *during, wish.equipment)
            terms = asked.occasion.terms
            if terms.limited or asked.counted:  # most bases limit nobody: a trip less
                await quotas.count(
                    work, booking.base_id, booking.organisation_id, booking.starts_at, terms
                )
            work.announce(decided.event, version=1, occurred_at=wish.at)
            await notices.tell(work, decided.event, work.now)
            return booking, asked.venue_name, str(asked.organisation_name)
    raise Defect(f"venue {wish.command.venue_id} was edited without its lock")


async def reschedule(
    booking_id: UUID,
    change: Reschedule,
    uow: UnitOfWork,
    *,
    expected: int,
    permit: Permit,
    by: By,
    at: datetime,
) -> Named:
    """The booking at another time, venue or size; refused, it keeps the slot it has."""
    row = await table.booking(uow.session, booking_id, lock=True)
    versions.check(expected, row.version)
    await move(row, change, uow, permit=permit, by=by, at=at)
    return await record.shown(uow, row)


async def move(
    row: BookingRow,
    change: Reschedule,
    uow: UnitOfWork,
    *,
    permit: Permit,
    by: By,
    at: datetime,
) -> None:
    """`reschedule` for whoever has locked the booking's row."""
    found = await shift(row, change, uow, permit=permit, by=by, at=at)
    if found is not None:
        await uow.session.refresh(row)
        await record.recorded(uow, row, found, at, actor=by.actor)


async def shift(
    row: BookingRow,
    change: Reschedule,
    work: Transaction,
    *,
    permit: Permit,
    by: By,
    at: datetime,
    released: bool = False,
) -> BookingRescheduled | None:
    """`move` in plain SQL: `row` is read, not written. What is to be recorded; `None` for nothing.

    `released` says that its slot is free already (`slots.release`).
    """
    was = row.state()
    command = ask.wanted(was, change)
    await slots.lock_slots(work, was.venue_id, command.venue_id)
    asked = await looked(Wish(command, permit, by, at), work)
    found = ask.reschedule(was, command, asked.occasion, at=at, by_staff=by.staff)
    if found is None:
        return None
    event, now = found
    coded = row.check_in_code is not None and _door(was) != _door(now)
    if coded:
        await codes.take_away(work, now.booking_id)
    if not await slots.move(work, row, now, asked, released=released):
        raise Defect(f"venue {now.venue_id} was edited without its lock")
    during = ask.held(now.starts_at, now.ends_at, asked.venue)
    await claims.moved(work, now.booking_id, *during)
    await quotas.uncount(work, was.base_id, was.organisation_id, was.starts_at)
    await quotas.count(work, now.base_id, now.organisation_id, now.starts_at, asked.occasion.terms)
    if coded:
        await codes.give(work, now.booking_id)
    return event


def _door(booking: Booking) -> tuple[UUID, date]:
    """Within which check-in codes are told apart."""
    return booking.base_id, business_date(booking.starts_at)
