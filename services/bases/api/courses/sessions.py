"""Sessions of courses: announced, changed, cancelled, held, or entered from the paper ledger."""

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.courses import SessionStatus, Unmarked
from services.bases.api import written
from services.bases.api.fields import after_start
from services.bases.api.lecturers.common import seen_by
from services.bases.handlers.courses import sessions as handlers
from services.bases.handlers.courses.sessions import Permits, Plan
from services.bases.tables import courses as tables
from services.bases.tables.courses import CourseRow, Held, SessionRow
from services.chassis.auth import Principal
from services.chassis.clock import days_between, occurred
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    IfMatch,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    page_of,
    set_etag,
)
from services.chassis.http.fields import Code, Day, Instant, Name, Sought
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.http.words import of_family
from services.chassis.unit_of_work import UnitOfWork

commands = command_router(tags=["讲习场次"])
queries = APIRouter(prefix="/v1", tags=["讲习场次"], responses=dict(RESPONSES))

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

    def plan(self) -> Plan:
        said = self.model_dump(exclude={"occurred_at"})
        return Plan(**said | {"closes_at": self.closes_at or self.starts_at})


class SessionChange(Timed):
    """Fields left out stay as they are."""

    booking_id: UUID | None = Field(default=None, title="场馆预约")
    place: Name | None = Field(default=None, title="地点")
    lecturer_id: UUID | None = Field(default=None, title="讲师编号")
    starts_at: Instant | None = Field(default=None, title="开始时刻")
    ends_at: Instant | None = Field(default=None, title="结束时刻")
    closes_at: Instant | None = Field(default=None, title="报名截止时刻")
    seats: Seats | None = None


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


class CameBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sign_up_id: UUID = Field(title="报名编号")
    headcount: Came = Field(title="到场人数")


class HoldRequest(Timed):
    """`came` is of those not noted one by one before; `unmarked` of all that are left."""

    came: list[CameBody] = Field(default_factory=list, max_length=2000, title="到场")
    walk_ins: Came = Field(default=0, title="未报名到场人数")
    unmarked: Unmarked | None = Field(default=None, title="未登记者")


class SessionView(BaseModel):
    session_id: UUID
    code: str | None = Field(title="场次代码")
    course_id: written.CourseId = Field(title="课程")
    course_kind: Annotated[str, of_family("course")] = Field(title="课程类别")
    hall_id: written.HallId = Field(title="讲习场所")
    area: str = Field(title="区划")
    base_id: written.BaseId | None = Field(title="基地")
    venue_id: written.VenueId | None = Field(title="场馆")
    booking_id: UUID | None
    place: str | None = Field(title="地点")
    lecturer_id: written.LecturerId | None = Field(title="讲师")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    closes_at: datetime = Field(title="报名截止时刻")
    status: SessionStatus = Field(title="状态")
    seats: int = Field(title="座位数")
    taken: int = Field(title="已报名人数")
    free: int = Field(title="剩余座位")
    attended: int | None = Field(title="参加人次")
    walk_ins: int | None = Field(title="其中未报名到场")
    absent: int | None = Field(title="报名未到")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


@commands.post("/sessions", status_code=201, summary="发布讲习场次")
async def announce_session(
    request: SessionRequest, caller: Caller, uow: Work, response: Response
) -> SessionView:
    course = await tables.one(uow.session, CourseRow, request.course_id)
    caller.require(Action.HANDLE_BOOKINGS, course.area)
    at = occurred(request.occurred_at, uow.now)
    held = await handlers.announce(request.plan(), uow, _permits(caller), at)
    return await _shown(uow, held, response)


@commands.post("/sessions/held", status_code=201, summary="补录讲习场次")
async def record_session(
    request: HeldSession, caller: Caller, uow: Work, response: Response
) -> SessionView:
    """A session that was held, with how many came."""
    course = await tables.one(uow.session, CourseRow, request.course_id)
    caller.require(Action.HANDLE_BOOKINGS, course.area)
    occurred(request.ends_at, uow.now, field="ends_at")
    said = request.model_dump(exclude={"attended"})
    plan = Plan(
        **said,
        booking_id=None,
        closes_at=request.starts_at,
        seats=max(request.attended, 1),
    )
    return await _shown(uow, await handlers.record(plan, request.attended, uow), response)


@commands.patch("/sessions/{session_id}", summary="变更讲习场次")
async def change_session(
    session_id: UUID,
    request: SessionChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> SessionView:
    """Who has signed up stays signed up."""
    at = await _permitted(session_id, request, caller, uow)
    changes = request.model_dump(exclude={"occurred_at"}, exclude_none=True)
    held = await handlers.change(session_id, changes, version, uow, _permits(caller), at)
    return await _shown(uow, held, response)


@commands.post("/sessions/{session_id}/cancel", summary="取消讲习场次")
async def cancel_session(
    session_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> SessionView:
    at = await _permitted(session_id, request, caller, uow)
    return await _shown(uow, await handlers.cancel(session_id, uow, at), response)


@commands.post("/sessions/{session_id}/hold", summary="讲习场次已举办")
async def hold_session(
    session_id: UUID, request: HoldRequest, caller: Caller, uow: Work, response: Response
) -> SessionView:
    """Counts who came and who did not; afterwards nothing of it changes."""
    at = await _permitted(session_id, request, caller, uow)
    came = {each.sign_up_id: each.headcount for each in request.came}
    held = await handlers.hold(session_id, came, request.walk_ins, request.unmarked, uow, at)
    return await _shown(uow, held, response)


@as_file(queries, "讲习场次")
@queries.get("/sessions", summary="讲习场次列表")
async def list_sessions(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    course_id: UUID | None = None,
    hall_id: UUID | None = None,
    base_id: UUID | None = None,
    lecturer_id: UUID | None = None,
    status: SessionStatus | None = None,
    code: Sought | None = None,
    first: Annotated[Day | None, Query(alias="from", description="First day.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="Last day, inclusive.")] = None,
    with_room: Annotated[bool, Query(description="Only those with seats left.")] = False,
    limit: Limit = 50,
) -> Page[SessionView]:
    """In order of start; days are those of Asia/Shanghai."""
    since, until = days_between(first, last)
    async with context.database.sessions() as session:
        rows = await tables.sessions(
            session,
            areas_to_list(caller, within),
            course_id=course_id,
            hall_id=hall_id,
            base_id=base_id,
            lecturer_id=lecturer_id,
            status=status,
            code=code,
            since=since,
            until=until,
            with_room=with_room,
            after=after_start(cursor),
            limit=limit + 1,
        )
    return page_of(rows, limit, _view, lambda each: (each.row.starts_at, each.row.session_id))


@queries.get("/sessions/{session_id}", summary="单个讲习场次")
async def get_session(
    session_id: UUID, context: Context, caller: Caller, response: Response
) -> SessionView:
    async with context.database.sessions() as session:
        held = await tables.held(session, session_id)
    caller.require(Action.READ, held.row.area)
    set_etag(response, held.row.version)
    return _view(held)


def _permits(caller: Principal) -> Permits:
    """Bookings that the caller handles, lecturers that the caller sees."""
    return Permits(
        booking=partial(caller.require, Action.HANDLE_BOOKINGS), lecturer=seen_by(caller)
    )


async def _permitted(
    session_id: UUID, request: Timed, caller: Principal, uow: UnitOfWork
) -> datetime:
    """The business time of a step, after the caller's right to take it was checked."""
    row = await tables.one(uow.session, SessionRow, session_id)
    caller.require(Action.HANDLE_BOOKINGS, row.area)
    return occurred(request.occurred_at, uow.now)


def _view(held: Held) -> SessionView:
    row = held.row
    more = {"course_kind": held.course.kind, "free": row.seats - row.taken}
    return SessionView.model_validate(row.model_dump() | more)


async def _shown(uow: UnitOfWork, held: Held, response: Response) -> SessionView:
    """The counter of seats is SQL's own, so the row is read anew."""
    await uow.session.flush()
    await uow.session.refresh(held.row)
    set_etag(response, held.row.version)
    return _view(held)
