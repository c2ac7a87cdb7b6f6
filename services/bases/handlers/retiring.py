"""Commands that take venues and bases out of use, with everything that goes with them."""

from datetime import datetime
from uuid import UUID

from services.bases.domain import places as domain
from services.bases.handlers import equipment, menu, partners, places
from services.bases.handlers.courses import catalogue
from services.bases.tables import places as place_table
from services.bases.tables import slots
from services.bases.tables.rows import BaseRow, VenueRow
from services.chassis.http import versions
from services.chassis.unit_of_work import UnitOfWork


async def retire_venue(
    venue_id: UUID, expected: int, uow: UnitOfWork, at: datetime
) -> tuple[VenueRow, BaseRow]:
    """For good, as is the equipment that is fixed there. Raises `BookingsAhead`."""
    await slots.lock_slots(uow, venue_id)
    row, base = await place_table.venue(uow.session, venue_id, lock=True)
    versions.check(expected, row.version)
    places.check_in_use(row)
    await _retire(uow, row, base, at)
    return row, base


async def retire_base(base: BaseRow, uow: UnitOfWork, at: datetime) -> BaseRow:
    """With its venues and equipment, its menu and its lecture halls.

    Raises `BookingsAhead` where any venue has some, `SessionsAhead` where any hall has.
    """
    places.check_in_use(base)
    venue_ids = await place_table.venues_of(uow.session, base.base_id)
    await slots.lock_slots(uow, *venue_ids)
    for venue_id in venue_ids:
        venue, _ = await place_table.venue(uow.session, venue_id, lock=True)
        await _retire(uow, venue, base, at)
    await equipment.retire_all(uow, base.base_id, None, at)
    await menu.retire_all(uow, base.base_id, at)
    await catalogue.close_all(uow, base.base_id, at)
    return uow.step(base, domain.retire_base(base), at, retired_at=at)


async def _retire(uow: UnitOfWork, row: VenueRow, base: BaseRow, at: datetime) -> None:
    """The slots of the venue are ours."""
    ahead = await place_table.bookings_ahead(await uow.driver(), row.venue_id, uow.now)
    event = domain.retire_venue(row, base.area, ahead)
    await equipment.retire_all(uow, row.base_id, row.venue_id, at)
    await partners.given_back(uow, row.venue_id, at)
    uow.step(row, event, at, retired_at=at)
