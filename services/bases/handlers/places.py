"""Commands on bases and their venues."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.bases.domain import places
from services.bases.domain.places import (
    AreaUnknown,
    CapacityBelowBookings,
    CodeTaken,
    RegisterBase,
    RegisterVenue,
    Retired,
    SharingInUse,
)
from services.bases.tables import places as place_table
from services.bases.tables import slots
from services.bases.tables.rows import BaseRow, Row, VenueRow
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.http import versions
from services.chassis.rows import code_taken
from services.chassis.unit_of_work import UnitOfWork


async def register_base(command: RegisterBase, uow: UnitOfWork, at: datetime) -> BaseRow:
    """Raises `CodeTaken`, `AreaUnknown` or `UnknownKind`."""
    if not await place_table.area_known(uow.session, command.area):
        raise AreaUnknown(
            f"Area {command.area} is not registered.",
            zh=f"区划 {command.area} 尚未登记。",
            field="area",
            value=command.area,
        )
    await kinds.check(uow.session, "base", command.kind, business_date(at), "kind")
    await claim_code(uow, BaseRow, command.code)
    event = places.register_base(command)
    row = BaseRow(**event.model_dump(), version=1, recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=at)
    return row


async def change_base(
    base_id: UUID,
    name: str | None,
    kind: str | None,
    expected: int,
    uow: UnitOfWork,
    at: datetime,
) -> BaseRow:
    row = await place_table.base(uow.session, base_id, lock=True)
    versions.check(expected, row.version)
    check_in_use(row)
    if kind:
        await kinds.check(uow.session, "base", kind, business_date(at), "kind")
    event = places.change_base(row.state(), name, kind)
    if event is not None:
        row.sqlmodel_update({"name": event.name, "kind": event.kind, "version": row.version + 1})
        uow.announce(event, version=row.version, occurred_at=at)
    return row


async def register_venue(
    command: RegisterVenue, uow: UnitOfWork, at: datetime
) -> tuple[VenueRow, BaseRow]:
    base = await place_table.base(uow.session, command.base_id, lock=True)
    check_in_use(base)
    await kinds.check(uow.session, "venue", command.kind, business_date(at), "kind")
    await claim_code(uow, VenueRow, command.code)
    event = places.register_venue(command, base.state())
    row = VenueRow(**vars(command), version=1, recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=at)
    return row, base


async def change_venue(
    venue_id: UUID, changes: dict[str, Any], expected: int, uow: UnitOfWork, at: datetime
) -> tuple[VenueRow, BaseRow]:
    """`changes` are fields of the venue. Raises `CapacityBelowBookings` or `SharingInUse`."""
    await slots.lock_slots(uow, venue_id)
    row, base = await place_table.venue(uow.session, venue_id, lock=True)
    versions.check(expected, row.version)
    check_in_use(row)
    was = row.state(base.area)
    now = replace(was, **changes)
    if now.kind != was.kind:
        await kinds.check(uow.session, "venue", now.kind, business_date(at), "kind")
    busiest = await slots.busiest(uow, venue_id)
    if now.capacity < busiest:
        raise CapacityBelowBookings(
            f"Bookings ahead bring up to {busiest} people.",
            zh=f"已有预约最多 {busiest} 人，容量不能低于此数。",
            field="capacity",
            least=busiest,
        )
    if now.sharing is not was.sharing and busiest:
        raise SharingInUse("Bookings lie ahead.", zh="仍有未完成的预约。", field="sharing")
    event = places.change_venue(was, now)
    if event is not None:
        await slots.set_capacity(uow, venue_id, now.capacity)
        row.sqlmodel_update(changes | {"version": row.version + 1})
        uow.announce(event, version=row.version, occurred_at=at)
    return row, base


def check_in_use(row: BaseRow | VenueRow, at: datetime | None = None) -> None:
    """Raises `Retired` for what is out of use, or was `at` that time."""
    if row.retired_at is not None and (at is None or row.retired_at <= at):
        raise Retired(
            f"{row.code} is out of use.", zh=f"{row.name}（{row.code}）已停用。", value=row.code
        )


async def claim_code(uow: UnitOfWork, table: type[Row], code: str) -> None:
    """Of something of that `table`. Raises `CodeTaken`."""
    if await code_taken(uow.session, table, code):
        raise CodeTaken(
            f"Code {code} is in use.", zh=f"代码 {code} 已被使用。", field="code", value=code
        )
