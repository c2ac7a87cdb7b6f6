"""Commands on sessions of courses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.kinds.courses import Unmarked
from contracts.kinds.lecturers import EngagedFor
from services.bases.domain.courses import catalogue, life, sessions
from services.bases.domain.courses.model import Planned, Room, Session
from services.bases.domain.lecturers.assignments import Task
from services.bases.handlers.lecturers import claims
from services.bases.tables import courses as tables
from services.bases.tables.courses import CourseRow, HallRow, Lesson, SessionRow
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


async def announce(
    course: CourseRow, plan: dict[str, Any], uow: UnitOfWork, permits: Permits, at: datetime
) -> SessionRow:
    """`plan` are fields of the session. Raises `CodeTaken`, `HallClosed`, `CourseEnded`,
    `BookingUnknown`, `VenueNotHeld`, `OverCapacity`, `ImpossibleTime` or what engaging the lecturer
    does.
    """
    lesson = await _planned(course, plan, uow)
    room = await _room(uow, plan["booking_id"], permits.booking)
    lesson.row.change(**_site(room))
    session = lesson.state()
    sessions.check_room(session, room, lesson.hall.venue_id)
    event = sessions.announce(session, at=at)
    if session.lecturer_id is not None:
        await claims.engage(uow, _task(session), session.lecturer_id, None, permits.lecturer, at)
    return uow.begin(lesson.row, event, at)


async def record(
    course: CourseRow, plan: dict[str, Any], attended: int, uow: UnitOfWork
) -> SessionRow:
    """A session out of the paper ledger: announced when it began, held when it ended.

    Its lecturer is named, not engaged: nobody else can take them in the past.
    """
    lesson = await _planned(course, plan, uow)
    session = lesson.state()
    if session.lecturer_id is not None:
        await claims.locked(await uow.driver(), [session.lecturer_id])
    announced, completed = sessions.record(session, attended)
    row = uow.begin(lesson.row, announced, session.starts_at)
    counted = {"attended": attended, "walk_ins": attended, "absent": 0}
    return uow.step(row, completed, session.ends_at, status=life.HOLD.to, **counted)


async def _planned(course: CourseRow, plan: dict[str, Any], uow: UnitOfWork) -> Lesson:
    """The course is locked, so that it does not end, and its hall is kept from closing."""
    hall = await tables.one(uow.session, HallRow, course.hall_id, lock=True)
    catalogue.check_given(course)
    catalogue.check_open(hall)
    if plan["code"] is not None:
        await check_code(uow.session, SessionRow, plan["code"])
    planned = Planned(
        **plan | {"booking_id": None},
        session_id=new_id(),
        course_id=course.course_id,
        hall_id=hall.hall_id,
        area=hall.area,
        base_id=hall.base_id,
        venue_id=None,
        status=life.ANNOUNCE.to,
        taken=0,
        attended=None,
        walk_ins=None,
        absent=None,
    )
    return Lesson(SessionRow.of(planned, recorded_at=uow.now), course, hall)


async def _room(uow: UnitOfWork, booking_id: UUID | None, permit: Permit) -> Room | None:
    """The booking is locked before any session: the core of bookings locks in that order.

    Raises `BookingUnknown`.
    """
    if booking_id is None:
        return None
    room = await tables.room(uow, booking_id)
    if room is None:
        raise BookingUnknown(
            f"No booking {booking_id}.", zh="没有该编号的预约。", field="booking_id"
        )
    permit(room.area)
    return room


def _site(room: Room | None) -> dict[str, UUID]:
    """The session is where its booking is."""
    if room is None:
        return {}
    return {name: getattr(room, name) for name in ("booking_id", "base_id", "venue_id")}


def _task(session: Session) -> Task:
    return Task(
        engaged_for=EngagedFor.SESSION,
        subject_id=session.session_id,
        base_id=session.base_id,
        place_id=session.base_id or session.hall_id,
        area=session.area,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
    )


async def change(
    row: SessionRow,
    changes: dict[str, Any],
    expected: int,
    uow: UnitOfWork,
    permits: Permits,
    at: datetime,
) -> SessionRow:
    """`changes` are fields of the session. Raises `SessionOver`, `SeatsBelowSignUps` and what
    `announce` does.
    """
    room = await _room(uow, changes.get("booking_id", row.booking_id), permits.booking)
    await tables.one(uow.session, SessionRow, row.session_id, lock=True)
    lesson = await tables.lesson(uow.session, row)
    was = lesson.state()
    versions.check(expected, row.version)
    life.CHANGE(was.status)
    changes = sessions.with_closing(was, changes) | _site(room)
    now = lesson.state(**changes)
    sessions.check_room(now, room, lesson.hall.venue_id)
    event = sessions.change(was, now, at=at)
    if event is None:
        return row
    await _lecturer_follows(uow, was, now, permits.lecturer, at)
    return uow.step(row, event, at, **changes)


async def _lecturer_follows(
    uow: UnitOfWork, was: Session, now: Session, permit: Permit, at: datetime
) -> None:
    key, task = now.session_id, _task(now)
    if now.lecturer_id != was.lecturer_id:
        if was.lecturer_id is not None:
            await claims.disengage(uow, EngagedFor.SESSION, key, was.lecturer_id, at)
        if now.lecturer_id is not None:
            await claims.engage(uow, task, now.lecturer_id, None, permit, at)
        return
    to = {name: getattr(task, name) for name in ("base_id", "place_id", "starts_at", "ends_at")}
    await claims.move(uow, EngagedFor.SESSION, key, to, at)


async def cancel(row: SessionRow, uow: UnitOfWork, at: datetime) -> SessionRow:
    """Its sign-ups are withdrawn with it."""
    session = (await tables.lesson(uow.session, row)).state()
    event = sessions.cancel(session)
    for sign_up in await tables.standing(uow.session, row.session_id):
        gone = sessions.withdrawn_with(session, sign_up)
        uow.step(sign_up, gone, at, status=life.WITHDRAW.to)
    await claims.release(uow, EngagedFor.SESSION, row.session_id, at)
    await tables.give_back(uow, row.session_id, session.taken)
    return uow.step(row, event, at, status=life.CANCEL.to)


async def hold(
    row: SessionRow,
    came: Mapping[UUID, int],
    walk_ins: int,
    unmarked: Unmarked | None,
    uow: UnitOfWork,
    at: datetime,
) -> SessionRow:
    """It was held: who came is counted, who did not as well."""
    session = (await tables.lesson(uow.session, row)).state()
    sign_ups = await tables.standing(uow.session, row.session_id)
    event, noted = sessions.hold(session, sign_ups, came, walk_ins, unmarked, at=at)
    for sign_up, fact in noted:
        uow.step(sign_up, fact, at, attended=fact.attended_headcount)
    attended, absent = event.attended_headcount, event.absent_headcount
    await claims.complete(uow, EngagedFor.SESSION, row.session_id, attended, at)
    counted = {"walk_ins": walk_ins, "attended": attended, "absent": absent}
    return uow.step(row, event, at, status=life.HOLD.to, **counted)
