"""Commands on equipment, and what bookings claim of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.bases.domain import equipment as domain
from services.bases.domain.equipment import Equipment, Wanted
from services.bases.handlers.places import check_in_use, venue_of
from services.bases.tables import equipment as tables
from services.bases.tables import places
from services.bases.tables.equipment import EquipmentRow
from services.bases.tables.next_free import BUCKET
from services.bases.tables.rows import BookingRow
from services.bases.tables.slots import buckets
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.rows import check_code
from services.chassis.unit_of_work import Transaction, UnitOfWork

# The catalogue


async def register(equipment: Equipment, uow: UnitOfWork, at: datetime) -> EquipmentRow:
    """Raises `CodeTaken`, `UnknownKind`, `VenueUnknown` or `Retired`."""
    check_in_use(await places.base(uow.session, equipment.base_id, lock=True))
    await _check_venue(uow, equipment)
    await kinds.check(uow.session, "equipment", equipment.kind, business_date(at), "kind")
    await check_code(uow.session, EquipmentRow, equipment.code)
    row = EquipmentRow.of(equipment, recorded_at=uow.now)
    return uow.begin(row, domain.register(equipment), at)


async def change(
    row: EquipmentRow, changes: dict[str, Any], uow: UnitOfWork, at: datetime
) -> EquipmentRow:
    """Raises `QuantityBelowBookings`, or `EquipmentInUse` for another place of what is booked."""
    _check_in_use(row)
    was, now = row.as_state(Equipment), row.as_state(Equipment, **changes)
    connection, since = await uow.driver(), uow.now - BUCKET
    if now.kind != was.kind:
        await kinds.check(uow.session, "equipment", now.kind, business_date(at), "kind")
    if now.venue_id != was.venue_id:
        await _check_venue(uow, now)
        ahead = await tables.ahead(connection, row.equipment_id, uow.now)
        domain.check_may_move(ahead, "venue_id")
    busiest = await tables.busiest(connection, row.equipment_id, since)
    event = domain.change(was, now, busiest)
    if event is None:
        return row
    await tables.set_quantity(connection, row.equipment_id, now.quantity, since)
    return uow.step(row, event, at, **changes)


async def retire(row: EquipmentRow, uow: UnitOfWork, at: datetime) -> EquipmentRow:
    """For good. Raises `EquipmentInUse` while bookings ahead rely on it."""
    _check_in_use(row)
    return await _retire(uow, row, at)


async def retire_all(uow: UnitOfWork, base_id: UUID, venue_id: UUID | None, at: datetime) -> None:
    """With its base, or with the venue in which it is fixed."""
    for row in await tables.equipment_of(uow.session, base_id, venue_id):
        await _retire(uow, row, at)
    await uow.session.flush()


async def _retire(uow: UnitOfWork, row: EquipmentRow, at: datetime) -> EquipmentRow:
    ahead = await tables.ahead(await uow.driver(), row.equipment_id, uow.now)
    domain.check_may_move(ahead, "equipment_id")
    return uow.step(row, domain.retire(row), at, retired_at=at)


async def _check_venue(uow: UnitOfWork, equipment: Equipment) -> None:
    if equipment.venue_id is not None:
        check_in_use(await venue_of(uow, equipment.base_id, equipment.venue_id))


def _check_in_use(row: EquipmentRow) -> None:
    if row.retired_at is not None:
        raise domain.retired(row)


# What bookings claim. The booking's row and its venue's slots are locked before.


async def claim(
    work: Transaction,
    booking_id: UUID,
    since: datetime,
    until: datetime,
    wanted: Sequence[Wanted],
) -> None:
    """For a booking that is written already; `[since, until)` is its time, buffer included.

    Raises `EquipmentTwice`, `EquipmentUnknown`, or `EquipmentShort`, which names how many are left
    and when it is free next.
    """
    if not wanted:
        return
    domain.check_each_once(wanted)
    connection = await work.driver()
    known = await tables.lock_equipment(connection, [each.equipment_id for each in wanted])
    domain.check_there(wanted, known, *await tables.place_of(connection, booking_id))
    for each in sorted(wanted, key=lambda one: one.equipment_id):
        found, during = known[each.equipment_id], (since, until)
        if not await tables.take(connection, booking_id, found, each.quantity, during):
            ahead = buckets(since, until + tables.LOOK_AHEAD)
            span = ahead[0], ahead[-1] + BUCKET
            taken = await tables.taken(connection, found.equipment_id, *span)
            raise domain.short(found, each.quantity, taken, buckets(since, until), ahead)


async def equip(booking: BookingRow, wanted: Sequence[Wanted], uow: UnitOfWork) -> None:
    """What the booking takes from now on, in place of what it took. Raises as `claim`, or
    `NotEquipped` for one that is over, or will not take place.
    """
    domain.check_ahead(booking.state())
    connection, booking_id = await uow.driver(), booking.booking_id
    held = await tables.held(connection, booking_id)
    await tables.lock_equipment(connection, [each.equipment_id for each in (*held, *wanted)])
    await tables.give_back(connection, booking_id, forget=True)
    await claim(uow, booking_id, *await tables.during(connection, booking_id), wanted)


async def freed(work: Transaction, booking_id: UUID) -> None:
    """Give back what the booking holds; what it had is remembered."""
    connection = await work.driver()
    wanted = await tables.held(connection, booking_id)
    if wanted:
        await tables.lock_equipment(connection, [each.equipment_id for each in wanted])
        await tables.give_back(connection, booking_id, forget=False)


async def moved(work: Transaction, booking_id: UUID, since: datetime, until: datetime) -> None:
    """Take the same at another time, and perhaps in the booking's new venue. Raises as `claim`."""
    connection = await work.driver()
    wanted = await tables.held(connection, booking_id)
    if wanted:
        await tables.lock_equipment(connection, [each.equipment_id for each in wanted])
        await tables.give_back(connection, booking_id, forget=True)
        await claim(work, booking_id, since, until, wanted)
