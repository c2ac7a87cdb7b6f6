"""Commands on bases and their venues."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.bases.domain import places as domain
from services.bases.domain.places import Base, Retired, Venue, VenueUnknown
from services.bases.tables import places as place_table
from services.bases.tables import slots
from services.bases.tables.rows import AreaRow, BaseRow, VenueRow
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.http import versions
from services.chassis.rows import check_area, check_code
from services.chassis.unit_of_work import UnitOfWork


async def register_base(base: Base, uow: UnitOfWork, at: datetime) -> BaseRow:
    """Raises `CodeTaken`, `AreaUnknown` or `UnknownKind`."""
    await check_area(uow.session, AreaRow, base.area)
    await kinds.check(uow.session, "base", base.kind, business_date(at), "kind")
    await check_code(uow.session, BaseRow, base.code)
    return uow.begin(BaseRow.of(base, recorded_at=uow.now), domain.register_base(base), at)


async def change_base(
    base: BaseRow, changes: dict[str, Any], uow: UnitOfWork, at: datetime
) -> BaseRow:
    check_in_use(base)
    if "kind" in changes:
        await kinds.check(uow.session, "base", changes["kind"], business_date(at), "kind")
    event = domain.change_base(base.as_state(Base), base.as_state(Base, **changes))
    return base if event is None else uow.step(base, event, at, **changes)


async def register_venue(
    venue: Venue, uow: UnitOfWork, at: datetime, **kept: Any
) -> tuple[VenueRow, BaseRow]:
    """`kept` is what only the row says."""
    base = await place_table.base(uow.session, venue.base_id, lock=True)
    check_in_use(base)
    await kinds.check(uow.session, "venue", venue.kind, business_date(at), "kind")
    await check_code(uow.session, VenueRow, venue.code)
    event = domain.register_venue(venue, base.area)
    return uow.begin(VenueRow.of(venue, recorded_at=uow.now, **kept), event, at), base


async def change_venue(
    venue_id: UUID, changes: dict[str, Any], expected: int, uow: UnitOfWork, at: datetime
) -> tuple[VenueRow, BaseRow]:
    """`changes` are fields of the venue. Raises `CapacityBelowBookings` or `SharingInUse`."""
    await slots.lock_slots(uow, venue_id)
    row, base = await place_table.venue(uow.session, venue_id, lock=True)
    versions.check(expected, row.version)
    check_in_use(row)
    was, now = row.as_state(Venue), row.as_state(Venue, **changes)
    if now.kind != was.kind:
        await kinds.check(uow.session, "venue", now.kind, business_date(at), "kind")
    event = domain.change_venue(was, now, base.area, await slots.busiest(uow, venue_id))
    if event is not None:
        await slots.set_capacity(uow, venue_id, now.capacity)
        uow.step(row, event, at, **changes)
    return row, base


async def venue_of(uow: UnitOfWork, base_id: UUID | None, venue_id: UUID) -> VenueRow:
    """Raises `VenueUnknown` for a venue of another base."""
    venue, base = await place_table.venue(uow.session, venue_id)
    if base.base_id != base_id:
        raise VenueUnknown(
            "The venue belongs to another base.", zh="该场馆不属于此基地。", field="venue_id"
        )
    return venue


def check_in_use(row: BaseRow | VenueRow, at: datetime | None = None) -> None:
    """Raises `Retired` for what is out of use, or was `at` that time."""
    if row.retired_at is not None and (at is None or row.retired_at <= at):
        raise Retired(
            f"{row.code} is out of use.", zh=f"{row.name}（{row.code}）已停用。", value=row.code
        )
