"""Commands on sessions of courses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.bases.courses import SessionEvent
from contracts.kinds.courses import SessionStatus, SignUpStatus, Unmarked
from services.bases.domain.bookings.refusals import OverCapacity
from services.bases.domain.courses import catalogue, sessions
from services.bases.domain.courses.sessions import Session
from services.bases.handlers.courses.catalogue import check_venue
from services.bases.handlers.places import code_taken
from services.bases.tables import courses as tables
from services.bases.tables.courses import CourseRow, HallRow, Held, SessionRow
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is announced. Base and venue left out are those of the course's hall."""

    code: str | None
    course_id: UUID
    base_id: UUID | None
    venue_id: UUID | None
    place: str | None
    lecturer_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    seats: int


async def announce(plan: Plan, uow: UnitOfWork, at: datetime) -> Held:
    """Raises `CodeTaken`, `HallClosed`, `CourseEnded`, `VenueUnknown`, `OverCapacity` or
    `ImpossibleTime`.
    """
    session, held = await _planned(plan, uow)
    event = sessions.announce(session, at=at)
    uow.session.add(held.row)
    uow.announce(event, version=1, occurred_at=at)
    return held


async def record(plan: Plan, attended: int, uow: UnitOfWork) -> Held:
    """A session out of the paper ledger: announced when it began, held when it ended."""
    session, held = await _planned(plan, uow)
    announced, completed = sessions.record(session, attended)
    row = held.row
    row.status, row.version = SessionStatus.HELD.value, 2
    row.attended, row.walk_ins, row.absent = attended, attended, 0
    uow.session.add(row)
    uow.announce(announced, version=1, occurred_at=plan.starts_at)
    uow.announce(completed, version=2, occurred_at=plan.ends_at)
    return held


async def _planned(plan: Plan, uow: UnitOfWork) -> tuple[Session, Held]:
    """The course is kept from ending, and its hall from closing, while the session is entered."""
    course = await tables.one(uow.session, CourseRow, plan.course_id, lock=True)
    hall = await tables.one(uow.session, HallRow, course.hall_id, lock=True)
    catalogue.check_given(course.state())
    catalogue.check_open(hall.state())
    if plan.code is not None and await tables.code_taken(uow.session, SessionRow, plan.code):
        raise code_taken(plan.code)
    base_id, venue_id = plan.base_id or hall.base_id, plan.venue_id or hall.venue_id
    await _check_room(uow, base_id, venue_id, plan.seats)
    row = SessionRow(
        **vars(plan) | {"base_id": base_id, "venue_id": venue_id},
        session_id=new_id(),
        hall_id=hall.hall_id,
        area=hall.area,
        status=SessionStatus.ANNOUNCED.value,
        version=1,
        recorded_at=uow.now,
    )
    held = Held(row, course, hall)
    return held.state(), held


async def _check_room(
    uow: UnitOfWork, base_id: UUID | None, venue_id: UUID | None, seats: int
) -> None:
    capacity = await check_venue(uow, base_id, venue_id)
    if capacity is not None and seats > capacity:
        raise OverCapacity(
            f"{seats} seats; the venue holds {capacity}.",
            zh=f"座位 {seats} 个超过场馆容量 {capacity} 人。",
            field="seats",
            capacity=capacity,
        )


async def change(
    session_id: UUID, changes: dict[str, Any], expected: int, uow: UnitOfWork, at: datetime
) -> Held:
    """`changes` are columns of the session. Raises `SessionOver` or `SeatsBelowSignUps`."""
    held = await tables.held(uow.session, session_id, lock=True)
    row = held.row
    versions.check(expected, row.version)
    await _check_room(
        uow, row.base_id, changes.get("venue_id", row.venue_id), changes.get("seats", row.seats)
    )
    told = {name: value for name, value in changes.items() if name != "place"}
    event = sessions.change(held.state(), told)
    if event is not None or changes.get("place", row.place) != row.place:
        row.sqlmodel_update(changes)
    if event is not None:
        _tell(held, event, uow, at)
    return held


async def cancel(session_id: UUID, uow: UnitOfWork, at: datetime) -> Held:
    """Its sign-ups are withdrawn with it."""
    held = await tables.held(uow.session, session_id, lock=True)
    session = held.state()
    event = sessions.cancel(session)
    for row in await tables.standing(uow.session, session_id, lock=True):
        gone = sessions.withdrawn_with(session, row.state())
        row.status, row.version = SignUpStatus.WITHDRAWN.value, row.version + 1
        uow.announce(gone, version=row.version, occurred_at=at)
    held.row.status = SessionStatus.CANCELLED.value
    _tell(held, event, uow, at)
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
        noted_row = by_id[sign_up.sign_up_id]
        noted_row.attended = noted.attended_headcount
        noted_row.version += 1
        uow.announce(noted, version=noted_row.version, occurred_at=at)
    row = held.row
    row.status, row.walk_ins = SessionStatus.HELD.value, walk_ins
    row.attended, row.absent = done.event.attended_headcount, done.event.absent_headcount
    _tell(held, done.event, uow, at)
    return held


def _tell(held: Held, event: SessionEvent, uow: UnitOfWork, at: datetime) -> None:
    held.row.version += 1
    uow.announce(event, version=held.row.version, occurred_at=at)
