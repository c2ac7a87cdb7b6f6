"""Commands on opening hours and closures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from contracts.bases.opening import OpeningHoursStated
from contracts.kinds import BookingStatus
from services.bases.domain import closing
from services.bases.domain.closing import AnnounceClosure, Booked, StateHours
from services.bases.domain.opening import Timetable
from services.bases.domain.places import VenueUnknown
from services.bases.handlers import bookings
from services.bases.handlers.places import check_in_use
from services.bases.tables import opening, slots
from services.bases.tables import places as place_table
from services.bases.tables.opening import ClosureRow, HoursRow
from services.bases.tables.rows import BaseRow
from services.chassis import kinds
from services.chassis.clock import business_date, midnight
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.working_days import CalendarMissing

FAR = timedelta(days=3660)
"""Beyond any booking."""


@dataclass(frozen=True)
class Stated:
    """Hours as they are kept now, and the bookings that lie outside of what they leave open.

    A booking of a year whose calendar is not known is among them where holidays matter.
    """

    row: HoursRow
    outside: Sequence[Booked]
    new: bool = False


async def state_hours(
    command: StateHours, expected: int | None, uow: UnitOfWork, at: datetime
) -> Stated:
    """Bookings made before stay as they are. Raises `PreconditionRequired` for hours of a day
    from which others are stated, or the refusals of `closing.state_hours`.
    """
    base = await place_table.base(uow.session, command.base_id, lock=True)
    venue_ids = await _venues(uow, base, command.venue_id)
    known = await opening.hours(uow.session, base.base_id, command.venue_id)
    same = next((row for row in known if row.effective_from == command.effective_from), None)
    spans = closing.spans_of(command.hours)
    if same is not None and dict(same.stated().spans) == spans:
        return Stated(same, ())
    if same is not None:
        _check_seen(expected, same)
    event = closing.state_hours(
        command,
        base,
        same.opening_hours_id if same else new_id(),
        [row.effective_from for row in known],
        today=business_date(uow.now),
    )
    await slots.lock_slots(uow, *venue_ids)
    row = _kept(uow, event, same)
    uow.announce(event, version=row.version, occurred_at=at)
    await uow.session.flush()
    return Stated(row, await _outside(uow, event, venue_ids), new=same is None)


async def announce_closure(
    command: AnnounceClosure, uow: UnitOfWork, at: datetime, *, actor: str
) -> ClosureRow:
    """Every booking in the way is cancelled with it, or it is refused; none slips in meanwhile."""
    closing.check_order(command.starts_at, command.ends_at)
    base = await place_table.base(uow.session, command.base_id)
    venue_ids = await _venues(uow, base, command.venue_id)
    day = business_date(command.starts_at)
    await kinds.check(uow.session, "closure-reason", command.reason_kind, day, "reason_kind")
    during = command.starts_at, command.ends_at
    connection = await uow.driver()
    if command.cancel_bookings:
        # Rows before slots, as everybody who cancels does. What comes in between is locked late.
        await opening.lock_bookings(connection, venue_ids, *during)
    await slots.lock_slots(uow, *venue_ids)
    booked = await _booked(connection, venue_ids, *during)
    event = closing.announce_closure(command, base, booked)
    kept = event.model_dump(exclude={"base_kind", "bookings_cancelled"})
    row = ClosureRow(**kept, cancelled=event.bookings_cancelled, version=1, recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=at)
    for each in booked:
        await bookings.cancel_for_closure(uow, each.booking_id, row.closure_id, at, actor=actor)
    return row


async def withdraw_closure(closure_id: UUID, uow: UnitOfWork, at: datetime) -> ClosureRow:
    """Bookings that were cancelled for it stay cancelled. Raises `ClosureOver`."""
    row = await opening.closure(uow.session, closure_id, lock=True)
    base = await place_table.base(uow.session, row.base_id)
    event = closing.withdraw_closure(row.state(), base, at=at)
    row.reopens_at, row.version = event.reopens_at, row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def _venues(uow: UnitOfWork, base: BaseRow, venue_id: UUID | None) -> Sequence[UUID]:
    """The venues concerned, in the order in which they are locked."""
    check_in_use(base)
    if venue_id is None:
        return await place_table.venues_of(uow.session, base.base_id)
    venue, _ = await place_table.venue(uow.session, venue_id)
    if venue.base_id != base.base_id:
        raise VenueUnknown(
            "The venue belongs to another base.", zh="该场馆不属于此基地。", field="venue_id"
        )
    check_in_use(venue)
    return (venue_id,)


def _check_seen(expected: int | None, row: HoursRow) -> None:
    if expected is None:
        raise versions.needed()
    versions.check(expected, row.version)


def _kept(uow: UnitOfWork, event: OpeningHoursStated, same: HoursRow | None) -> HoursRow:
    fields = event.model_dump(mode="json", include={"spans"})
    if same is not None:
        same.sqlmodel_update({"hours": fields["spans"], "version": same.version + 1})
        same.recorded_at = uow.now
        return same
    about = event.model_dump(include={"opening_hours_id", "base_id", "venue_id", "effective_from"})
    row = HoursRow(**about, hours=fields["spans"], version=1, recorded_at=uow.now)
    uow.session.add(row)
    return row


async def _outside(
    uow: UnitOfWork, event: OpeningHoursStated, venue_ids: Sequence[UUID]
) -> Sequence[Booked]:
    since = max(uow.now, midnight(event.effective_from))
    connection = await uow.driver()
    booked = await _booked(connection, venue_ids, since, since + FAR)
    if not booked:
        return ()
    first = business_date(min(each.starts_at for each in booked))
    last = business_date(max(each.ends_at for each in booked))
    found = await opening.timetables(connection, venue_ids, first, last)
    return [each for each in booked if not _fits(each, found[each.venue_id])]


def _fits(each: Booked, timetable: Timetable) -> bool:
    try:
        return timetable.is_open(each.starts_at, each.ends_at)
    except CalendarMissing:
        return False


async def _booked(
    connection: asyncpg.Connection, venue_ids: Sequence[UUID], since: datetime, until: datetime
) -> list[Booked]:
    rows = await opening.in_the_way(connection, venue_ids, since, until)
    return [
        Booked(
            booking_id=row["booking_id"],
            venue_id=row["venue_id"],
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            status=BookingStatus(row["status"]),
        )
        for row in rows
    ]
