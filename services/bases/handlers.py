"""One function a command: load, decide, record, announce. No rules and no protocol here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.bases import BookingEvent, BookingRequested
from contracts.kinds import BookingStatus, CancelReason
from services.bases.domain import bookings, places
from services.bases.domain.bookings import Booking, RequestBooking
from services.bases.domain.places import (
    AreaUnknown,
    CapacityBelowBookings,
    CodeTaken,
    OrganisationUnknown,
    RecordVisit,
    RegisterBase,
    RegisterVenue,
    SharingInUse,
    VenueUnknown,
)
from services.bases.tables import bookings as booking_table
from services.bases.tables import places as place_table
from services.bases.tables import slots
from services.bases.tables.bookings import Named
from services.bases.tables.rows import BaseRow, BookingRow, VenueRow, VisitRow
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.errors import Defect
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.unit_of_work import Transaction, UnitOfWork

# Places


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
    if await place_table.base_code_taken(uow.session, command.code):
        raise code_taken(command.code)
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
    base = await place_table.base(uow.session, command.base_id)
    await kinds.check(uow.session, "venue", command.kind, business_date(at), "kind")
    if await place_table.venue_code_taken(uow.session, command.code):
        raise code_taken(command.code)
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


async def record_visit(command: RecordVisit, uow: UnitOfWork) -> VisitRow:
    """A visit out of the paper ledger: its business time is when it began."""
    base = await place_table.base(uow.session, command.base_id)
    if command.venue_id is not None:
        _, of = await place_table.venue(uow.session, command.venue_id)
        if of.base_id != base.base_id:
            raise VenueUnknown(
                "The venue belongs to another base.", zh="该场馆不属于此基地。", field="venue_id"
            )
    if command.organisation_id is not None:
        await _known(uow, command.organisation_id)
    event = places.record_visit(command, base.state())
    row = VisitRow(**event.model_dump(exclude={"base_kind"}), recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=command.started_at)
    return row


# Bookings


async def request_booking(
    command: RequestBooking,
    work: Transaction,
    at: datetime,
    horizon: timedelta,
    permit: Callable[[str], None],
) -> tuple[Booking, str, str]:
    """The booking with the names of its venue and organisation.

    `permit` raises for an area the caller may not book in, before anything of it is told.

    Raises `VenueUnknown`, `OrganisationUnknown`, a rule's refusal, `SlotTaken` or `VenueFull`.
    """
    event, asked = await _looked(command, work, at, horizon, permit)
    if not await slots.take(work, event, asked):
        event, asked = await _looked(command, work, at, horizon, permit)  # the lock is ours now
        if not await slots.take(work, event, asked):
            raise Defect(f"venue {command.venue_id} was edited without its lock")
    work.announce(event, version=1, occurred_at=at)
    return bookings.requested(event), asked.venue_name, str(asked.organisation_name)


async def _looked(
    command: RequestBooking,
    work: Transaction,
    at: datetime,
    horizon: timedelta,
    permit: Callable[[str], None],
) -> tuple[BookingRequested, slots.Asked]:
    """What will be announced, and what that relies on."""
    asked = await slots.lock_venue(work, command.venue_id, command.organisation_id)
    if asked is None:
        raise VenueUnknown(
            f"No venue {command.venue_id}.",
            zh="没有该编号的场馆。",
            field="venue_id",
            value=str(command.venue_id),
        )
    permit(asked.venue.area)
    if asked.organisation_name is None:
        raise organisation_unknown(command.organisation_id)
    event = bookings.request(command, asked.venue, occurred_at=at, horizon=horizon)
    return event, asked


async def confirm(booking_id: UUID, uow: UnitOfWork, at: datetime) -> Named:
    row, booking = await _loaded(uow, booking_id)
    return await _move(uow, row, BookingStatus.CONFIRMED, bookings.confirm(booking), at)


async def cancel(booking_id: UUID, reason: CancelReason, uow: UnitOfWork, at: datetime) -> Named:
    row, booking = await _loaded(uow, booking_id)
    event = bookings.cancel(booking, reason)
    await slots.give_back(uow, row)
    return await _move(uow, row, BookingStatus.CANCELLED, event, at)


async def check_in(booking_id: UUID, headcount: int, uow: UnitOfWork, at: datetime) -> Named:
    row, booking = await _loaded(uow, booking_id)
    venue, _ = await place_table.venue(uow.session, row.venue_id)
    event = bookings.check_in(booking, headcount, venue.capacity, occurred_at=at)
    row.actual_headcount = headcount
    return await _move(uow, row, BookingStatus.CHECKED_IN, event, at)


async def complete(booking_id: UUID, headcount: int | None, uow: UnitOfWork, at: datetime) -> Named:
    """The booking is done, and the visit it became is announced beside it."""
    row, booking = await _loaded(uow, booking_id)
    if headcount is not None:
        venue, _ = await place_table.venue(uow.session, row.venue_id)
        bookings.check_capacity(headcount, venue.capacity)
    done, visit = bookings.complete(booking, headcount, new_id(), occurred_at=at)
    row.actual_headcount = done.actual_headcount
    uow.session.add(VisitRow(**visit.model_dump(exclude={"base_kind"}), recorded_at=uow.now))
    shown = await _move(uow, row, BookingStatus.COMPLETED, done, at)
    uow.announce(visit, version=1, occurred_at=at)
    return shown


async def miss(booking_id: UUID, uow: UnitOfWork, at: datetime) -> Named:
    row, booking = await _loaded(uow, booking_id)
    event = bookings.miss(booking, occurred_at=at)
    await slots.give_back(uow, row)
    return await _move(uow, row, BookingStatus.NO_SHOW, event, at)


async def _loaded(uow: UnitOfWork, booking_id: UUID) -> tuple[BookingRow, Booking]:
    row = await booking_table.booking(uow.session, booking_id, lock=True)
    return row, row.state()


async def _move(
    uow: UnitOfWork, row: BookingRow, to: BookingStatus, event: BookingEvent, at: datetime
) -> Named:
    row.status, row.version = to, row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)
    return await booking_table.named(uow.session, row)


async def _known(uow: UnitOfWork, organisation_id: UUID) -> None:
    if await place_table.organisation(uow.session, organisation_id) is None:
        raise organisation_unknown(organisation_id)


def organisation_unknown(organisation_id: UUID) -> OrganisationUnknown:
    return OrganisationUnknown(
        f"No organisation {organisation_id}.",
        zh="没有该编号的党组织。",
        field="organisation_id",
        value=str(organisation_id),
    )


def code_taken(code: str) -> CodeTaken:
    return CodeTaken(
        f"Code {code} is in use.", zh=f"代码 {code} 已被使用。", field="code", value=code
    )
