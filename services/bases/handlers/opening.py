"""Commands on opening hours and closures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from contracts.bases.opening import OpeningHoursStated
from contracts.kinds.bases import DayKind
from services.bases.domain import closing
from services.bases.domain.closing import Booked, Clocks, Closure, OpeningHours
from services.bases.domain.opening import Timetable
from services.bases.handlers import bookings
from services.bases.handlers.places import check_in_use, venue_of
from services.bases.tables import opening, slots
from services.bases.tables import places as place_table
from services.bases.tables.opening import ClosureRow, HoursRow
from services.bases.tables.rows import BaseRow
from services.chassis import kinds
from services.chassis.clock import business_date, midnight
from services.chassis.http import versions
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
    base: BaseRow,
    wanted: OpeningHours,
    clocks: Mapping[DayKind, Clocks],
    expected: int | None,
    uow: UnitOfWork,
    at: datetime,
) -> Stated:
    """Bookings made before stay as they are; the base is held. Raises `PreconditionRequired` for
    hours of a day from which others are stated, or the refusals of `closing.state_hours`.
    """
    venue_ids = await _venues(uow, base, wanted.venue_id)
    known = await opening.hours(uow.session, base.base_id, wanted.venue_id)
    same = next((row for row in known if row.effective_from == wanted.effective_from), None)
    spans = closing.spans_of(clocks)
    if same is not None:
        if dict(same.stated().spans) == spans:
            return Stated(same, ())
        _check_seen(expected, same)
        wanted = same.as_state(OpeningHours)
    days = [row.effective_from for row in known]
    event = closing.state_hours(wanted, spans, base.area, days, today=business_date(uow.now))
    await slots.lock_slots(uow, *venue_ids)
    kept = {"hours": event.model_dump(mode="json")["spans"], "recorded_at": uow.now}
    row = (
        uow.step(same, event, at, **kept) if same
        else uow.begin(HoursRow.of(wanted, **kept), event, at)
    )  # fmt: skip
    await uow.session.flush()
    return Stated(row, await _outside(uow, event, venue_ids), new=same is None)


async def announce_closure(
    closure: Closure, uow: UnitOfWork, at: datetime, *, cancel: bool, actor: str
) -> ClosureRow:
    """Every booking in the way is cancelled with it, or it is refused; none slips in meanwhile."""
    closing.check_order(closure.starts_at, closure.ends_at)
    base = await place_table.base(uow.session, closure.base_id)
    venue_ids = await _venues(uow, base, closure.venue_id)
    day = business_date(closure.starts_at)
    await kinds.check(uow.session, "closure-reason", closure.reason_kind, day, "reason_kind")
    during = closure.starts_at, closure.ends_at
    connection = await uow.driver()
    if cancel:
        # Rows before slots, as everybody who cancels does. What comes in between is locked late.
        await opening.lock_bookings(connection, venue_ids, *during)
    await slots.lock_slots(uow, *venue_ids)
    booked = await _booked(connection, venue_ids, *during)
    event = closing.announce_closure(closure, base, booked, cancel=cancel)
    row = ClosureRow.of(closure, cancelled=len(booked), recorded_at=uow.now)
    uow.begin(row, event, at)
    for each in booked:
        await bookings.cancel_for_closure(uow, each.booking_id, row.closure_id, at, actor=actor)
    return row


async def withdraw_closure(closure: ClosureRow, uow: UnitOfWork, at: datetime) -> ClosureRow:
    """Bookings that were cancelled for it stay cancelled. Raises `ClosureOver`."""
    base = await place_table.base(uow.session, closure.base_id)
    event = closing.withdraw_closure(closure, base, at=at)
    return uow.step(closure, event, at, reopens_at=event.reopens_at)


async def _venues(uow: UnitOfWork, base: BaseRow, venue_id: UUID | None) -> Sequence[UUID]:
    """The venues concerned, in the order in which they are locked."""
    check_in_use(base)
    if venue_id is None:
        return await place_table.venues_of(uow.session, base.base_id)
    check_in_use(await venue_of(uow, base.base_id, venue_id))
    return (venue_id,)


def _check_seen(expected: int | None, row: HoursRow) -> None:
    if expected is None:
        raise versions.needed()
    versions.check(expected, row.version)


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
    return [Booked(**row) for row in rows]
