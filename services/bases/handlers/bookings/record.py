"""What every step of a booking ends with: its event, who took it, and what follows from it."""

from datetime import datetime

from contracts.bases.bookings import BookingEvent
from contracts.kinds import BookingStatus
from services.bases.domain import policies
from services.bases.domain.bookings.model import HOLDING
from services.bases.handlers import notices
from services.bases.handlers.bookings import claims
from services.bases.handlers.waitlist import offers
from services.bases.tables import bookings as table
from services.bases.tables import quotas, slots
from services.bases.tables.rows import BookingRow, BookingStepRow
from services.bases.tables.visits import codes
from services.chassis.unit_of_work import UnitOfWork

UNCOUNTED = frozenset({BookingStatus.CANCELLED, BookingStatus.DECLINED, BookingStatus.LAPSED})
"""Statuses in which it is no use of the organisation's quota, but for late cancellations."""


async def step(
    uow: UnitOfWork,
    row: BookingRow,
    to: BookingStatus,
    event: BookingEvent,
    at: datetime,
    *,
    actor: str,
) -> None:
    """Take `row` to status `to`; its slot is free again where that status holds none."""
    if to not in HOLDING:
        await slots.give_back(uow, row)
        await claims.freed(uow, row.booking_id, at)
    if to is BookingStatus.COMPLETED:
        await claims.completed(uow, row.booking_id, row.actual_headcount or row.headcount, at)
    row.status, row.version = to, row.version + 1
    if to in UNCOUNTED and not row.late:
        await quotas.uncount(uow, row.base_id, row.organisation_id, row.starts_at)
    await recorded(uow, row, event, at, actor=actor)
    if to is BookingStatus.CONFIRMED and row.check_in_code is None:
        row.check_in_code = await codes.give(uow, row.booking_id)


async def recorded(
    uow: UnitOfWork, row: BookingRow, event: BookingEvent, at: datetime, *, actor: str
) -> None:
    """`row` has its new version already."""
    uow.session.add(
        BookingStepRow(
            booking_id=row.booking_id,
            version=row.version,
            step=event.names()[2],
            actor=actor,
            at=uow.now,
        )
    )
    uow.announce(event, version=row.version, occurred_at=at)
    await uow.session.flush()
    await _followed(uow, row, event)


async def _followed(uow: UnitOfWork, row: BookingRow, event: BookingEvent) -> None:
    """As `policies` say. What became free is offered last, by whoever holds the venue's slots."""
    await notices.tell(uow, event, row.recorded_at)
    if policies.may_lead_to_waiting(event):
        await notices.tell_of_waiting(uow, event)
    freed = policies.freed(event)
    if freed is not None:
        await offers.promote(uow, freed.venue_id, freed.since, freed.until)


async def shown(uow: UnitOfWork, row: BookingRow) -> table.Named:
    return await table.named(uow.session, row)
