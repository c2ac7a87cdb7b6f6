"""Commands on sessions of courses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.kinds.courses import Unmarked
from contracts.kinds.lecturers import EngagedFor
from services.bases.domain.courses import catalogue, life, sessions
from services.bases.domain.courses.model import Room, Session
from services.bases.domain.lecturers.assignments import Task
from services.bases.handlers.lecturers import claims
from services.bases.tables import courses as tables
from services.bases.tables.courses import CourseRow, HallRow, Held, SessionRow
from services.chassis.errors import Invalid
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.rows import check_code
from services.chassis.unit_of_work import UnitOfWork


class BookingUnknown(Invalid):
    code = "booking-unknown"
    title, title_zh = "There is no such booking", "没有该预约"


Permit = Callable[[str], None]
"""Raises for an area in which the caller may not use what a session needs."""


@dataclass(frozen=True, kw_only=True)
class Permits:
    """Whose booking and which lecturer the caller may use."""

    booking: Permit
    lecturer: Permit


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is announced. A session with a booking is in that one's venue, else in the hall."""

    code: str | None
    course_id: UUID
    booking_id: UUID | None
    place: str | None
    lecturer_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    seats: int


async def announce(plan: Plan, uow: UnitOfWork, permits: Permits, at: datetime) -> Held:
    """Raises `CodeTaken`, `HallClosed`, `CourseEnded`, `BookingUnknown`, `VenueNotHeld`,
    `OverCapacity`, `ImpossibleTime` or what engaging the lecturer does.
    """
    held = await _planned(plan, uow)
    _into(held, await _room(uow, plan.booking_id, permits.booking))
    event = sessions.announce(held.state(), at=at)
    uow.session.add(held.row)
    await uow.session.flush()
    if plan.lecturer_id is not None:
        await claims.engage(uow, _task(held), plan.lecturer_id, None, permits.lecturer, at)
    uow.announce(event, version=1, occurred_at=at)
    return held


async def record(plan: Plan, attended: int, uow: UnitOfWork) -> Held:
    """A session out of the paper ledger: announced when it began, held when it ended.

    Its lecturer is named, not engaged: nobody else can take them in the past.
    """
    held = await _planned(plan, uow)
    if plan.lecturer_id is not None:
        await claims.locked(await uow.driver(), [plan.lecturer_id])
    announced, completed = sessions.record(held.state(), attended)
    row = held.row
    row.status, row.version = life.HOLD.to, 2
    row.attended, row.walk_ins, row.absent = attended, attended, 0
    uow.session.add(row)
    uow.announce(announced, version=1, occurred_at=plan.starts_at)
    uow.announce(completed, version=2, occurred_at=plan.ends_at)
    return held


async def _planned(plan: Plan, uow: UnitOfWork) -> Held:
    """The course is kept from ending, and its hall from closing, while the session is entered."""
    course = await tables.one(uow.session, CourseRow, plan.course_id, lock=True)
    hall = await tables.one(uow.session, HallRow, course.hall_id, lock=True)
    catalogue.check_given(course.state())
    catalogue.check_open(hall.state())
    if plan.code is not None:
        await check_code(uow.session, SessionRow, plan.code)
    row = SessionRow(
        **vars(plan) | {"booking_id": None},
        session_id=new_id(),
        hall_id=hall.hall_id,
        area=hall.area,
        base_id=hall.base_id,
        venue_id=None,
        status=life.ANNOUNCE.to,
        version=1,
        recorded_at=uow.now,
    )
    return Held(row, course, hall)


async def _room(uow: UnitOfWork, booking_id: UUID | None, permit: Permit) -> Room | None:
    """The booking is locked before any session: the core of bookings locks in that order.

    Raises `BookingUnknown`.
    """
    if booking_id is None:
        return None
    found = await tables.room(uow, booking_id)
    if found is None:
        raise BookingUnknown(
            f"No booking {booking_id}.", zh="没有该编号的预约。", field="booking_id"
        )
    area, room = found
    permit(area)
    return room


def _into(held: Held, room: Room | None) -> None:
    """The session is where its booking is. Raises what `check_room` does."""
    if room is not None:
        said = {name: getattr(room, name) for name in ("booking_id", "base_id", "venue_id")}
        held.row.sqlmodel_update(said)
    sessions.check_room(held.state(), room, held.hall.venue_id)


def _task(held: Held) -> Task:
    row = held.row
    return Task(
        engaged_for=EngagedFor.SESSION,
        subject_id=row.session_id,
        base_id=row.base_id,
        place_id=row.base_id or row.hall_id,
        area=row.area,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


async def change(
    session_id: UUID,
    changes: dict[str, Any],
    expected: int,
    uow: UnitOfWork,
    permits: Permits,
    at: datetime,
) -> Held:
    """`changes` are columns of the session. Raises `SessionOver`, `SeatsBelowSignUps` and what
    `announce` does.
    """
    known = await tables.one(uow.session, SessionRow, session_id)
    room = await _room(uow, changes.get("booking_id", known.booking_id), permits.booking)
    held = await tables.held(uow.session, session_id, lock=True)
    row, was = held.row, held.state()
    versions.check(expected, row.version)
    life.CHANGE(was.status)
    row.sqlmodel_update(sessions.with_closing(was, changes))
    _into(held, room)
    event = sessions.change(was, held.state(), at=at)
    if event is not None:
        await uow.session.flush()
        await _lecturer_follows(uow, held, was, permits.lecturer, at)
        uow.step(held.row, event, at)
    return held


async def _lecturer_follows(
    uow: UnitOfWork, held: Held, was: Session, permit: Permit, at: datetime
) -> None:
    row, task = held.row, _task(held)
    if row.lecturer_id != was.lecturer_id:
        if was.lecturer_id is not None:
            await claims.disengage(uow, EngagedFor.SESSION, row.session_id, was.lecturer_id, at)
        if row.lecturer_id is not None:
            await claims.engage(uow, task, row.lecturer_id, None, permit, at)
        return
    to = {name: getattr(task, name) for name in ("base_id", "place_id", "starts_at", "ends_at")}
    await claims.move(uow, EngagedFor.SESSION, row.session_id, to, at)


async def cancel(session_id: UUID, uow: UnitOfWork, at: datetime) -> Held:
    """Its sign-ups are withdrawn with it."""
    held = await tables.held(uow.session, session_id, lock=True)
    session = held.state()
    event = sessions.cancel(session)
    for row in await tables.standing(uow.session, session_id, lock=True):
        gone = sessions.withdrawn_with(session, row.state())
        uow.step(row, gone, at, status=life.WITHDRAW.to)
    await claims.release(uow, EngagedFor.SESSION, session_id, at)
    uow.step(held.row, event, at, status=life.CANCEL.to)
    await tables.give_back(uow, session_id, session.taken)
    return held


async def hold(
    session_id: UUID,
    came: Mapping[UUID, int],
    walk_ins: int,
    unmarked: Unmarked | None,
    uow: UnitOfWork,
    at: datetime,
) -> Held:
    """It was held: who came is counted, who did not as well."""
    held = await tables.held(uow.session, session_id, lock=True)
    rows = await tables.standing(uow.session, session_id, lock=True)
    done = sessions.hold(
        held.state(), [row.state() for row in rows], came, walk_ins, unmarked, at=at
    )
    by_id = {row.sign_up_id: row for row in rows}
    for sign_up, noted in done.noted:
        uow.step(by_id[sign_up.sign_up_id], noted, at, attended=noted.attended_headcount)
    attended, absent = done.event.attended_headcount, done.event.absent_headcount
    await claims.complete(uow, EngagedFor.SESSION, session_id, attended, at)
    counted = {"walk_ins": walk_ins, "attended": attended, "absent": absent}
    uow.step(held.row, done.event, at, status=life.HOLD.to, **counted)
    return held
