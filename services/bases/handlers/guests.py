"""Guests are registered and changed."""

from datetime import datetime
from typing import Any

from services.bases.domain import guests as domain
from services.bases.domain.guests import Guest
from services.bases.tables.rows import AreaRow, GuestRow
from services.chassis.rows import check_area, check_code
from services.chassis.unit_of_work import UnitOfWork


async def register(guest: Guest, uow: UnitOfWork, at: datetime) -> GuestRow:
    """Raises `AreaUnknown` or `CodeTaken`."""
    await check_area(uow.session, AreaRow, guest.area)
    await check_code(uow.session, GuestRow, guest.code)
    return uow.begin(GuestRow.of(guest, recorded_at=uow.now), domain.register(guest), at)


async def change(
    guest: GuestRow, changes: dict[str, Any], uow: UnitOfWork, at: datetime
) -> GuestRow:
    """`changes` are its name and its level. Bookings keep the level they were made at."""
    event = domain.change(guest.as_state(Guest), guest.as_state(Guest, **changes))
    return guest if event is None else uow.step(guest, event, at, **changes)
