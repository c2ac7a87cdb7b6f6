"""Commands on bookings."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from contracts.bases.bookings import BookingEvent, BookingRequested
from contracts.kinds import BookingStatus, CancelReason
from services.bases.domain import bookings
from services.bases.domain.bookings import Booking, RequestBooking
from services.bases.domain.places import VenueUnknown
from services.bases.handlers.organisations import organisation_unknown
from services.bases.tables import bookings as booking_table
from services.bases.tables import places as place_table
from services.bases.tables import slots
from services.bases.tables.bookings import Named
from services.bases.tables.rows import BookingRow, VisitRow
from services.chassis.errors import Defect
from services.chassis.ids import new_id
from services.chassis.unit_of_work import Transaction, UnitOfWork


async def request_booking(
    command: RequestBooking,
    work: Transaction,
    at: datetime,
    horizon: timedelta,
    permit: Callable[[str], None],
) -> tuple[Booking, str, str]:
    """The booking with the names of its venue and organisation.

    `permit` raises for an area the caller may not book in, before anything of it is told.

    Raises `VenueUnknown`, `OrganisationUnknown`, a rule's refusal, `SlotTaken` or `VenueFull`.
    """
    event, asked = await _looked(command, work, at, horizon, permit)
    if not await slots.take(work, event, asked):
        event, asked = await _looked(command, work, at, horizon, permit)  # the lock is ours now
        if not await slots.take(work, event, asked):
            raise Defect(f"venue {command.venue_id} was edited without its lock")
    work.announce(event, version=1, occurred_at=at)
    return bookings.requested(event), asked.venue_name, str(asked.organisation_name)


async def _looked(
    command: RequestBooking,
    work: Transaction,
    at: datetime,
    horizon: timedelta,
    permit: Callable[[str], None],
) -> tuple[BookingRequested, slots.Asked]:
    """What will be announced, and what that relies on."""
    asked = await slots.lock_venue(work, command.venue_id, command.organisation_id)
    if asked is None:
        raise VenueUnknown(
            f"No venue {command.venue_id}.",
            zh="没有该编号的场馆。",
            field="venue_id",
            value=str(command.venue_id),
        )
    permit(asked.venue.area)
    if asked.organisation_name is None:
        raise organisation_unknown(command.organisation_id)
    event = bookings.request(command, asked.venue, occurred_at=at, horizon=horizon)
    return event, asked


async def confirm(booking_id: UUID, uow: UnitOfWork, at: datetime) -> Named:
    row, booking = await _loaded(uow, booking_id)
    return await _move(uow, row, BookingStatus.CONFIRMED, bookings.confirm(booking), at)


async def cancel(booking_id: UUID, reason: CancelReason, uow: UnitOfWork, at: datetime) -> Named:
    row, booking = await _loaded(uow, booking_id)
    event = bookings.cancel(booking, reason)
    await slots.give_back(uow, row)
    return await _move(uow, row, BookingStatus.CANCELLED, event, at)


async def check_in(booking_id: UUID, headcount: int, uow: UnitOfWork, at: datetime) -> Named:
    row, booking = await _loaded(uow, booking_id)
    venue, _ = await place_table.venue(uow.session, row.venue_id)
    event = bookings.check_in(booking, headcount, venue.capacity, occurred_at=at)
    row.actual_headcount = headcount
    return await _move(uow, row, BookingStatus.CHECKED_IN, event, at)


async def complete(booking_id: UUID, headcount: int | None, uow: UnitOfWork, at: datetime) -> Named:
    """The booking is done, and the visit it became is announced beside it."""
    row, booking = await _loaded(uow, booking_id)
    if headcount is not None:
        venue, _ = await place_table.venue(uow.session, row.venue_id)
        bookings.check_capacity(headcount, venue.capacity)
    done, visit = bookings.complete(booking, headcount, new_id(), occurred_at=at)
    row.actual_headcount = done.actual_headcount
    uow.session.add(VisitRow(**visit.model_dump(exclude={"base_kind"}), recorded_at=uow.now))
    shown = await _move(uow, row, BookingStatus.COMPLETED, done, at)
    uow.announce(visit, version=1, occurred_at=at)
    return shown


async def miss(booking_id: UUID, uow: UnitOfWork, at: datetime) -> Named:
    row, booking = await _loaded(uow, booking_id)
    event = bookings.miss(booking, occurred_at=at)
    await slots.give_back(uow, row)
    return await _move(uow, row, BookingStatus.NO_SHOW, event, at)


async def _loaded(uow: UnitOfWork, booking_id: UUID) -> tuple[BookingRow, Booking]:
    row = await booking_table.booking(uow.session, booking_id, lock=True)
    return row, row.state()


async def _move(
    uow: UnitOfWork, row: BookingRow, to: BookingStatus, event: BookingEvent, at: datetime
) -> Named:
    row.status, row.version = to, row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)
    return await booking_table.named(uow.session, row)
