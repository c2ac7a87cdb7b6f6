"""Commands on equipment, and what bookings claim of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.bases.domain import equipment as domain
from services.bases.domain.equipment import Equipment, Wanted
from services.bases.domain.places import VenueUnknown
from services.bases.handlers.places import check_in_use, claim_code
from services.bases.tables import bookings as booking_table
from services.bases.tables import equipment as tables
from services.bases.tables import places
from services.bases.tables.equipment import EquipmentRow
from services.bases.tables.next_free import BUCKET
from services.bases.tables.rows import BookingRow
from services.bases.tables.slots import buckets
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.http import versions
from services.chassis.unit_of_work import Transaction, UnitOfWork

# The catalogue


async def register(equipment: Equipment, uow: UnitOfWork, at: datetime) -> EquipmentRow:
    """Raises `CodeTaken`, `UnknownKind`, `VenueUnknown` or `Retired`."""
    check_in_use(await places.base(uow.session, equipment.base_id, lock=True))
    await _check_venue(uow, equipment)
    await kinds.check(uow.session, "equipment", equipment.kind, business_date(at), "kind")
    await claim_code(uow, EquipmentRow, equipment.code)
    row = EquipmentRow(**vars(equipment), version=1, recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(domain.register(equipment), version=1, occurred_at=at)
    return row


async def change(
    equipment_id: UUID, changes: dict[str, Any], expected: int, uow: UnitOfWork, at: datetime
) -> EquipmentRow:
    """Raises `QuantityBelowBookings`, or `EquipmentInUse` for another place of what is booked."""
    row = await tables.equipment(uow.session, equipment_id, lock=True)
    versions.check(expected, row.version)
    _check_in_use(row)
    was = row.state()
    now = replace(was, **changes)
    connection, since = await uow.driver(), uow.now - BUCKET
    if now.kind != was.kind:
        await kinds.check(uow.session, "equipment", now.kind, business_date(at), "kind")
    if now.venue_id != was.venue_id:
        await _check_venue(uow, now)
        ahead = await tables.ahead(connection, equipment_id, uow.now)
        domain.check_may_move(ahead, "venue_id")
    event = domain.change(was, now, await tables.busiest(connection, equipment_id, since))
    if event is not None:
        await tables.set_quantity(connection, equipment_id, now.quantity, since)
        row.sqlmodel_update(changes | {"version": row.version + 1})
        uow.announce(event, version=row.version, occurred_at=at)
    return row


async def retire(equipment_id: UUID, expected: int, uow: UnitOfWork, at: datetime) -> EquipmentRow:
    """For good. Raises `EquipmentInUse` while bookings ahead rely on it."""
    row = await tables.equipment(uow.session, equipment_id, lock=True)
    versions.check(expected, row.version)
    _check_in_use(row)
    await _retire(uow, row, at)
    return row


async def retire_all(uow: UnitOfWork, base_id: UUID, venue_id: UUID | None, at: datetime) -> None:
    """With its base, or with the venue in which it is fixed."""
    for row in await tables.equipment_of(uow.session, base_id, venue_id):
        await _retire(uow, row, at)
    await uow.session.flush()


async def _retire(uow: UnitOfWork, row: EquipmentRow, at: datetime) -> None:
    ahead = await tables.ahead(await uow.driver(), row.equipment_id, uow.now)
    domain.check_may_move(ahead, "equipment_id")
    row.retired_at, row.version = at, row.version + 1
    uow.announce(domain.retire(row.state()), version=row.version, occurred_at=at)


async def _check_venue(uow: UnitOfWork, equipment: Equipment) -> None:
    if equipment.venue_id is None:
        return
    venue, _ = await places.venue(uow.session, equipment.venue_id)
    check_in_use(venue)
    if venue.base_id != equipment.base_id:
        raise VenueUnknown(
            "The venue belongs to another base.", zh="该场馆不属于此基地。", field="venue_id"
        )


def _check_in_use(row: EquipmentRow) -> None:
    if row.retired_at is not None:
        raise domain.retired(row.state())


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


async def equip(booking_id: UUID, wanted: Sequence[Wanted], uow: UnitOfWork) -> BookingRow:
    """What the booking takes from now on, in place of what it took. Raises as `claim`, or
    `NotEquipped` for one that is over, or will not take place.
    """
    row = await booking_table.booking(uow.session, booking_id, lock=True)
    domain.check_ahead(row.state())
    connection = await uow.driver()
    held = await tables.held(connection, booking_id)
    await tables.lock_equipment(connection, [each.equipment_id for each in (*held, *wanted)])
    await tables.give_back(connection, booking_id, forget=True)
    await claim(uow, booking_id, *await tables.during(connection, booking_id), wanted)
    return row


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
