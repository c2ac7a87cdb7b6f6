"""Guests are registered and changed."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.bases.domain import guests as domain
from services.bases.domain.guests import Guest
from services.bases.tables import guests as table
from services.bases.tables.rows import AreaRow, GuestRow
from services.chassis.http import versions
from services.chassis.rows import check_area, check_code
from services.chassis.unit_of_work import UnitOfWork


async def register(guest: Guest, uow: UnitOfWork, at: datetime) -> GuestRow:
    """Raises `AreaUnknown` or `CodeTaken`."""
    await check_area(uow.session, AreaRow, guest.area)
    await check_code(uow.session, GuestRow, guest.code)
    row = GuestRow(**vars(guest), version=1, recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(domain.register(guest), version=1, occurred_at=at)
    return row


async def change(
    guest_id: UUID, changes: dict[str, Any], expected: int, uow: UnitOfWork, at: datetime
) -> GuestRow:
    """`changes` are its name and its level. Bookings keep the level they were made at."""
    row = await table.guest(uow.session, guest_id, lock=True)
    versions.check(expected, row.version)
    was = table.state(row)
    event = domain.change(was, replace(was, **changes))
    if event is not None:
        row.sqlmodel_update(changes | {"version": row.version + 1})
        uow.announce(event, version=row.version, occurred_at=at)
    return row
