"""How a booking takes its slot, and another one instead."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from contracts.bases.bookings import BookingRescheduled
from services.bases.domain.bookings import ask
from services.bases.domain.bookings.ask import Reschedule
from services.bases.domain.bookings.model import Booking, RequestBooking
from services.bases.domain.bookings.refusals import OrganisationGone
from services.bases.domain.equipment import Wanted
from services.bases.domain.menu import ItemUnknown
from services.bases.domain.places import VenueUnknown
from services.bases.handlers import equipment
from services.bases.handlers.bookings import claims, record
from services.bases.handlers.organisations import organisation_unknown
from services.bases.tables import bookings as table
from services.bases.tables import menu, occasions, quotas, slots
from services.bases.tables.bookings import Named
from services.bases.tables.occasions import Asked
from services.bases.tables.rows import BookingRow
from services.bases.tables.slots import By
from services.bases.tables.visits import codes
from services.chassis.clock import business_date
from services.chassis.errors import Defect
from services.chassis.http import versions
from services.chassis.unit_of_work import Transaction, UnitOfWork

Permit = Callable[[str, str], None]
"""Raises for a base and an organisation, by their areas, that the caller may not book for."""


@dataclass(frozen=True)
class Wish:
    """Who asks for a booking, and what they may."""

    command: RequestBooking
    permit: Permit
    by: By
    at: datetime
    """When it was filed."""
    equipment: Sequence[Wanted] = ()


async def place(wish: Wish, work: Transaction) -> tuple[Booking, str, str]:
    """The booking with the names of its venue and organisation.

    Raises `VenueUnknown`, `OrganisationUnknown`, a rule's refusal, `SlotTaken` or `VenueFull`.
    """
    for _ in range(2):  # once the lock is ours, nobody edits the venue under us
        asked = await looked(wish, work)
        decided = ask.request(wish.command, asked.occasion, at=wish.at)
        booking = ask.requested(decided)
        if await slots.take(work, booking, asked, wish.by):
            await quotas.count(
                work, booking.base_id, booking.organisation_id, booking.starts_at,
                asked.occasion.terms,
            )  # fmt: skip
            during = ask.held(booking.starts_at, booking.ends_at, asked.venue)
            await equipment.claim(work, booking.booking_id, *during, wish.equipment)
            work.announce(decided.event, version=1, occurred_at=wish.at)
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
    found = ask.reschedule(was, command, asked.occasion, at=at)
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


async def looked(wish: Wish, work: Transaction) -> Asked:
    """What a decision relies on; the venue's slots are ours from now on."""
    command = wish.command
    asked = await occasions.lock_venue(
        work, command.venue_id, command.organisation_id, command.starts_at, command.ends_at, wish.at
    )
    if asked is None:
        raise VenueUnknown(
            f"No venue {command.venue_id}.",
            zh="没有该编号的场馆。",
            field="venue_id",
            value=str(command.venue_id),
        )
    asked = await _with_item(asked, command, work)
    wish.permit(asked.venue.area, asked.organisation_area or asked.venue.area)
    if asked.organisation_name is None:
        raise organisation_unknown(command.organisation_id)
    gone = asked.dissolved_on
    if gone is not None and gone <= business_date(wish.at):
        raise OrganisationGone(
            f"Dissolved on {gone}.", zh=f"该党组织已于 {gone} 撤销。", field="organisation_id"
        )
    return asked


async def _with_item(asked: Asked, command: RequestBooking, work: Transaction) -> Asked:
    if command.menu_item_id is None:
        return asked
    item = await menu.item(await work.driver(), command.menu_item_id)
    if item is None:
        raise ItemUnknown(
            f"No menu item {command.menu_item_id}.",
            zh="没有该编号的菜单项目。",
            field="menu_item_id",
            value=str(command.menu_item_id),
        )
    return replace(asked, occasion=replace(asked.occasion, item=item))
