"""How a booking is taken on by those who handle it."""

from datetime import datetime
from uuid import UUID

from contracts.bases.bookings import BookingEndorsed
from contracts.kinds import BookingStatus, CancelReason
from contracts.kinds.lecturers import EngagedFor
from services.bases.domain.bookings import ask, life, steps
from services.bases.domain.bookings.model import Booking
from services.bases.handlers.bookings import record
from services.bases.handlers.visits import records as visits
from services.bases.handlers.visits.records import ALONE, Came
from services.bases.handlers.waitlist import offers
from services.bases.tables import bookings as table
from services.bases.tables import menu, places, slots, terms
from services.bases.tables.bookings import Named
from services.bases.tables.lecturers import claims as lecturers
from services.bases.tables.rows import BookingRow
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork


async def approve(booking_id: UUID, uow: UnitOfWork, at: datetime, *, actor: str) -> Named:
    """The next of one or two steps of approval."""
    row, booking = await _loaded(uow, booking_id)
    endorsed_by = await table.actor_of(uow.session, booking_id, BookingEndorsed.names()[2])
    event = steps.approve(booking, actor=actor, endorsed_by=endorsed_by)
    endorsed = isinstance(event, BookingEndorsed)
    to = life.ENDORSE.to if endorsed else life.CONFIRM.to
    if not endorsed and row.menu_item_id is not None:
        connection = await uow.driver()
        item = await menu.item(connection, row.menu_item_id)
        assigned = await lecturers.held(connection, EngagedFor.BOOKING, [booking_id])
        steps.check_lecturers(item, len(assigned))
    await record.step(uow, row, to, event, at, actor=actor)
    return await record.shown(uow, row)


async def decline(
    booking_id: UUID, reason: str, uow: UnitOfWork, at: datetime, *, actor: str
) -> Named:
    """Raises `UnknownKind` for a reason that is none."""
    row, booking = await _loaded(uow, booking_id)
    await kinds.check(uow.session, "decline-reason", reason, business_date(at), "reason")
    event = steps.decline(booking, reason)
    await record.step(uow, row, life.DECLINE.to, event, at, actor=actor)
    return await record.shown(uow, row)


async def cancel(
    booking_id: UUID, reason: CancelReason, uow: UnitOfWork, at: datetime, *, actor: str
) -> Named:
    row, _ = await _loaded(uow, booking_id)
    await _cancel(uow, row, reason, at, actor=actor)
    return await record.shown(uow, row)


async def cancel_for_closure(
    uow: UnitOfWork, booking_id: UUID, closure_id: UUID, at: datetime, *, actor: str
) -> None:
    """The base closes then; what was only offered to somebody is taken back."""
    row, _ = await _loaded(uow, booking_id)
    if row.status == BookingStatus.OFFERED:
        await offers.withdraw(uow, row, at)
        return
    await _cancel(uow, row, CancelReason.BY_BASE, at, actor=actor, closure_id=closure_id)


async def check_in(
    booking_id: UUID, headcount: int, uow: UnitOfWork, at: datetime, *, actor: str
) -> Named:
    row, booking = await _loaded(uow, booking_id)
    venue, _ = await places.venue(uow.session, row.venue_id)
    held_by = await terms.of_base(uow.session, row.base_id, business_date(at))
    event = steps.check_in(booking, headcount, venue.capacity, held_by, at=at)
    row.actual_headcount = headcount
    await record.step(uow, row, life.CHECK_IN.to, event, at, actor=actor)
    return await record.shown(uow, row)


async def complete(
    booking_id: UUID,
    headcount: int | None,
    uow: UnitOfWork,
    at: datetime,
    *,
    actor: str,
    came: Came = ALONE,
) -> Named:
    """The booking is done, and the visit it became is announced beside it."""
    row, booking = await _loaded(uow, booking_id)
    if headcount is not None:
        venue, _ = await places.venue(uow.session, row.venue_id)
        ask.check_capacity(headcount, venue.capacity)
    along = came.with_organisation_ids
    done, visit = steps.complete(booking, headcount, new_id(), at=at, with_organisation_ids=along)
    row.actual_headcount = done.actual_headcount
    await record.step(uow, row, life.COMPLETE.to, done, at, actor=actor)
    await visits.begin(uow, visit, came.said, at)
    return await record.shown(uow, row)


async def miss(booking_id: UUID, uow: UnitOfWork, at: datetime, *, actor: str) -> Named:
    row, booking = await _loaded(uow, booking_id)
    event = steps.miss(booking, at=at, retractions=await table.retractions(uow.session, booking_id))
    await record.step(uow, row, life.MISS.to, event, at, actor=actor)
    return await record.shown(uow, row)


async def retract_miss(booking_id: UUID, uow: UnitOfWork, *, actor: str) -> Named:
    """Confirmed again, in its slot. Raises `SlotTaken` or `VenueFull` when others are there now.

    Equipment and lecturers went when it was missed, and are assigned anew where they are needed.
    """
    row, booking = await _loaded(uow, booking_id)
    event = steps.retract_miss(booking)
    missed_at = await table.announced_for(uow, row)
    await slots.take_back(uow, row)
    await record.step(uow, row, life.RETRACT_MISS.to, event, missed_at, actor=actor)
    return await record.shown(uow, row)


async def _loaded(uow: UnitOfWork, booking_id: UUID) -> tuple[BookingRow, Booking]:
    row = await table.booking(uow.session, booking_id, lock=True)
    return row, row.state()


async def _cancel(
    uow: UnitOfWork,
    row: BookingRow,
    reason: CancelReason,
    at: datetime,
    *,
    actor: str,
    closure_id: UUID | None = None,
) -> None:
    held_by = await terms.of_base(uow.session, row.base_id, business_date(at))
    event = steps.cancel(row.state(), reason, held_by, at=at, closure_id=closure_id)
    row.late = event.late
    await record.step(uow, row, life.CANCEL.to, event, at, actor=actor)
