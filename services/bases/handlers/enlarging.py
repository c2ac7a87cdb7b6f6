"""A venue is changed or opens again, and what it has room for now goes to those who wait."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.bases.handlers import opening, places
from services.bases.handlers.waitlist import offers
from services.bases.tables import places as place_table
from services.bases.tables import slots
from services.bases.tables.opening import ClosureRow
from services.bases.tables.rows import BaseRow, VenueRow
from services.chassis.unit_of_work import UnitOfWork


async def change_venue(
    venue_id: UUID, changes: dict[str, Any], expected: int, uow: UnitOfWork, at: datetime
) -> tuple[VenueRow, BaseRow]:
    """Raises like `places.change_venue`."""
    changed = await places.change_venue(venue_id, changes, expected, uow, at)
    await uow.session.flush()
    await offers.promote(uow, venue_id)
    return changed


async def withdraw_closure(closure: ClosureRow, uow: UnitOfWork, at: datetime) -> ClosureRow:
    """Raises like `opening.withdraw_closure`."""
    row = await opening.withdraw_closure(closure, uow, at)
    await uow.session.flush()
    concerned = (
        await place_table.venues_of(uow.session, row.base_id) if row.venue_id is None
        else [row.venue_id]
    )  # fmt: skip
    await slots.lock_slots(uow, *concerned)
    for venue_id in concerned:
        await offers.promote(uow, venue_id, row.starts_at, row.ends_at)
    return row
