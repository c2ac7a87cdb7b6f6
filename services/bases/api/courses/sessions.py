"""Sessions of courses: announced, changed, cancelled, held, or entered from the paper ledger."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import true

from contracts.access import Action
from contracts.kinds.courses import SessionStatus, Unmarked
from services.bases.api import written
from services.bases.api.filters import Filters
from services.bases.api.lecturers.common import seen_by
from services.bases.domain.courses.model import Planned
from services.bases.handlers.courses import sessions as handlers
from services.bases.handlers.courses.sessions import Permits
from services.bases.tables import courses as tables
from services.bases.tables.courses import CourseRow, SessionRow
from services.chassis.auth import Principal
from services.chassis.clock import occurred
from services.chassis.http import (
    Caller,
    Context,
    IfMatch,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.edits import edits
from services.chassis.http.fields import Code, Instant, Name, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import By, FirstDay, LastDay, Paging, since, until
from services.chassis.http.lists import as_file
from services.chassis.http.views import before
from services.chassis.http.words import of_family
from services.chassis.rows import by_key
from services.chassis.unit_of_work import UnitOfWork

commands = command_router(tags=["讲习场次"])
queries = query_router(tags=["讲习场次"])

Locked = Annotated[SessionRow, held(SessionRow, "讲习场次", Action.HANDLE_BOOKINGS)]
Handled = Annotated[SessionRow, held(SessionRow, "讲习场次", Action.HANDLE_BOOKINGS, lock=False)]
"""The handler locks its booking first."""
Seen = Annotated[SessionRow, seen(SessionRow, "讲习场次")]

HAS_ROOM = By(lambda columns, only: columns["taken"] < columns["seats"] if only else true())
Seats = Annotated[int, Field(strict=True, ge=1, le=100_000, title="座位数")]
Came = Annotated[int, Field(strict=True, ge=0, le=100_000)]


class SessionRequest(Timed):
    course_id: UUID = Field(title="课程编号")
    code: Code | None = None
    booking_id: UUID | None = Field(
        default=None,
        title="场馆预约",
        description="Of a venue of a base, booked before; without one it is in the hall itself.",
    )
    place: Name | None = Field(default=None, title="地点")
    lecturer_id: UUID | None = Field(default=None, title="讲师编号")
    starts_at: Instant = Field(title="开始时刻")
    ends_at: Instant = Field(title="结束时刻", description="Exclusive.")
    closes_at: Instant | None = Field(
        default=None, title="报名截止时刻", description="The start when left out."
    )
    seats: Seats

    def plan(self) -> dict[str, Any]:
        return self.fields("course_id") | {"closes_at": self.closes_at or self.starts_at}


@edits(SessionRequest, "course_id", "code")
class SessionChange(Timed):
    """Fields left out stay as they are."""


class HeldSession(BaseModel):
    """One row of the paper ledger: its business times are its own."""

    model_config = ConfigDict(extra="forbid")

    course_id: UUID = Field(title="课程编号")
    code: Code | None = None
    place: Name | None = Field(default=None, title="地点")
    lecturer_id: UUID | None = Field(default=None, title="讲师编号")
    starts_at: Instant = Field(title="开始时刻")
    ends_at: Instant = Field(title="结束时刻")
    attended: Came = Field(title="参加人次")

    def plan(self) -> dict[str, Any]:
        more = {"closes_at": self.starts_at, "seats": max(self.attended, 1)}
        return self.model_dump(exclude={"course_id", "attended"}) | more


class CameBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sign_up_id: UUID = Field(title="报名编号")
    headcount: Came = Field(title="到场人数")


class HoldRequest(Timed):
    """`came` is of those not noted one by one before; `unmarked` of all that are left."""

    came: list[CameBody] = Field(default_factory=list, max_length=2000, title="到场")
    walk_ins: Came = Field(default=0, title="未报名到场人数")
    unmarked: Unmarked | None = Field(default=None, title="未登记者")


@before(course_kind="hall_id", free="attended")
class SessionView(Planned):
    course_id: written.CourseId = Field(title="课程")
    course_kind: Annotated[str, of_family("course")] = Field(title="课程类别")
    hall_id: written.HallId = Field(title="讲习场所")
    base_id: written.BaseId | None = Field(title="基地")
    venue_id: written.VenueId | None = Field(title="场馆")
    lecturer_id: written.LecturerId | None = Field(title="讲师")
    free: int = Field(title="剩余座位")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class SessionFilters(Filters):
    course_id: UUID | None = None
    hall_id: UUID | None = None
    base_id: UUID | None = None
    lecturer_id: UUID | None = None
    status: SessionStatus | None = None
    code: Sought | None = None
    first: Annotated[FirstDay, since("starts_at")] = None
    last: Annotated[LastDay, until("starts_at")] = None
    with_room: Annotated[bool, HAS_ROOM] = Field(
        default=False, description="Only those with seats left."
    )


@commands.post("/sessions", status_code=201, summary="发布讲习场次")
async def announce_session(request: SessionRequest, caller: Caller, uow: Work) -> SessionView:
    course = await _course(request.course_id, caller, uow)
    permits, at = _permits(caller), request.at(uow)
    return await _shown(uow, await handlers.announce(course, request.plan(), uow, permits, at))


@commands.post("/sessions/held", status_code=201, summary="补录讲习场次")
async def record_session(request: HeldSession, caller: Caller, uow: Work) -> SessionView:
    """A session that was held, with how many came."""
    course = await _course(request.course_id, caller, uow)
    occurred(request.ends_at, uow.now, field="ends_at")
    return await _shown(uow, await handlers.record(course, request.plan(), request.attended, uow))


@commands.patch("/sessions/{session_id}", summary="变更讲习场次")
async def change_session(
    session: Handled, request: SessionChange, caller: Caller, version: IfMatch, uow: Work
) -> SessionView:
    """Who has signed up stays signed up."""
    permits, at = _permits(caller), request.at(uow)
    row = await handlers.change(session, request.changes(), version, uow, permits, at)
    return await _shown(uow, row)


@commands.post("/sessions/{session_id}/cancel", summary="取消讲习场次")
async def cancel_session(session: Locked, request: Timed, uow: Work) -> SessionView:
    return await _shown(uow, await handlers.cancel(session, uow, request.at(uow)))


@commands.post("/sessions/{session_id}/hold", summary="讲习场次已举办")
async def hold_session(session: Locked, request: HoldRequest, uow: Work) -> SessionView:
    """Counts who came and who did not; afterwards nothing of it changes."""
    came = {each.sign_up_id: each.headcount for each in request.came}
    walk_ins, unmarked, at = request.walk_ins, request.unmarked, request.at(uow)
    return await _shown(uow, await handlers.hold(session, came, walk_ins, unmarked, uow, at))


@as_file(queries, "讲习场次")
@queries.get("/sessions", summary="讲习场次列表")
async def list_sessions(
    filters: Annotated[SessionFilters, Query()], paging: Paging
) -> Page[SessionView]:
    """In order of start; days are those of Asia/Shanghai."""
    order = ("starts_at", "session_id")
    page = await paging.rows(SessionRow, filters, order=order)
    async with paging.context.database.sessions() as session:
        courses = await by_key(session, CourseRow, [row.course_id for row in page.items])
    return page.of([_view(row, courses[row.course_id]) for row in page.items])


@queries.get("/sessions/{session_id}", summary="单个讲习场次")
async def get_session(session: Seen, context: Context) -> SessionView:
    async with context.database.sessions() as sessions:
        return _view(session, await tables.one(sessions, CourseRow, session.course_id))


def _permits(caller: Principal) -> Permits:
    """Bookings that the caller handles, lecturers that the caller sees."""
    return Permits(
        booking=partial(caller.require, Action.HANDLE_BOOKINGS), lecturer=seen_by(caller)
    )


async def _course(course_id: UUID, caller: Principal, uow: UnitOfWork) -> CourseRow:
    """Locked, once the caller may hold sessions of it."""
    course = await tables.one(uow.session, CourseRow, course_id, lock=True)
    caller.require(Action.HANDLE_BOOKINGS, course.area)
    return course


def _view(row: SessionRow, course: CourseRow) -> SessionView:
    return row.shown(SessionView, course_kind=course.kind, free=row.seats - row.taken)


async def _shown(uow: UnitOfWork, row: SessionRow) -> SessionView:
    """The counter of seats is SQL's own, so the row is read anew."""
    await uow.session.flush()
    await uow.session.refresh(row)
    return _view(row, await tables.one(uow.session, CourseRow, row.course_id))
