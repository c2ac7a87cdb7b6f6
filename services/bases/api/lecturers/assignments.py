"""Lecturers for bookings: who could, who does, and what everybody has ahead."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from contracts.access import Action
from services.bases.api.fields import after_start
from services.bases.api.lecturers.common import (
    TAGS,
    LecturerId,
    Person,
    Skill,
    SkillCode,
    Within,
    masked,
    seen_by,
)
from services.bases.api.written import BaseId
from services.bases.domain.lecturers.times import day as whole
from services.bases.handlers.lecturers import assignments as handlers
from services.bases.handlers.lecturers import claims
from services.bases.tables import bookings
from services.bases.tables.lecturers import work
from services.bases.tables.lecturers.rows import AssignmentRow
from services.bases.tables.rows import BookingRow
from services.chassis.clock import occurred
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    page_of,
    query_router,
)
from services.chassis.http.context import ServiceContext
from services.chassis.http.fields import Day, Sought
from services.chassis.http.lists import as_file
from services.chassis.http.scopes import areas_to_list

commands, queries = command_router(tags=TAGS), query_router(tags=TAGS)


class AssignRequest(Timed):
    skill: Skill | None = None


class AssignmentView(BaseModel):
    assignment_id: UUID
    lecturer_id: LecturerId = Field(title="讲师代码")
    person: Person = Field(title="讲师（脱敏）")
    booking_id: UUID | None
    session_id: UUID | None
    base_id: BaseId | None = Field(title="基地")
    area: str = Field(title="区划")
    skill: SkillCode | None = Field(title="所需专长")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    completed_at: datetime | None = Field(title="完成时刻")
    headcount: int | None = Field(title="听讲人次")
    version: int


class CandidateView(BaseModel):
    lecturer_id: UUID
    code: str = Field(title="讲师代码")
    person: Person = Field(title="讲师（脱敏）")
    hours: float = Field(title="当月已安排小时数")


@commands.put("/bookings/{booking_id}/lecturers/{lecturer_id}", summary="为预约安排讲师")
async def assign(
    booking_id: UUID, lecturer_id: UUID, request: AssignRequest, caller: Caller, uow: Work
) -> AssignmentView:
    """409 when the lecturer is taken or cannot come, saying when else and who else.

    `skill` is what the booking needs the lecturer for, else what the booked menu item asks for;
    who lacks it is refused.
    """
    row = await _handled(booking_id, caller, uow)
    at = occurred(request.occurred_at, uow.now)
    permit = seen_by(caller)
    made = await handlers.assign(row, lecturer_id, request.skill, uow, permit, at)
    return _view(await work.assignment_of(uow.session, booking_id, made.lecturer_id), None)


@commands.delete(
    "/bookings/{booking_id}/lecturers/{lecturer_id}", status_code=204, summary="解除讲师安排"
)
async def unassign(booking_id: UUID, lecturer_id: UUID, caller: Caller, uow: Work) -> None:
    """The lecturer is free again. Repeating it changes nothing."""
    row = await _handled(booking_id, caller, uow)
    await handlers.unassign(row, lecturer_id, uow, uow.now)


@as_file(queries, "预约的讲师")
@queries.get("/bookings/{booking_id}/lecturers", summary="预约的讲师")
async def list_lecturers_of_booking(
    booking_id: UUID, context: Context, caller: Caller
) -> list[AssignmentView]:
    await _read(booking_id, context, caller)
    async with context.database.sessions() as session:
        rows = await work.assignments_of(session, booking_id)
    return await _views(context, list(rows))


@as_file(queries, "可安排的讲师")
@queries.get("/bookings/{booking_id}/lecturer-candidates", summary="可安排的讲师")
async def list_candidates(
    *,
    booking_id: UUID,
    context: Context,
    caller: Caller,
    skill: Sought | None = None,
    limit: Limit = 20,
) -> list[CandidateView]:
    """Who has the skill, is free and can come; the least busy of the month first.

    `skill` is else the one that the booked menu item asks for.
    """
    row = await _read(booking_id, context, caller)
    areas = caller.areas(Action.READ)
    async with context.database.pool.acquire() as connection:
        task = handlers.task_of(row)
        travel = await claims.travel_of(connection, task)
        wanted = skill or await handlers.needed(connection, row)
        found = (await claims.candidates(connection, task, wanted, travel, areas))[:limit]
    who = await masked(context, [each.lecturer_id for each in found])
    return [
        CandidateView(
            lecturer_id=each.lecturer_id,
            code=each.code,
            person=who[each.lecturer_id],
            hours=round(each.minutes / 60, 2),
        )
        for each in found
    ]


@as_file(queries, "讲师安排")
@queries.get("/lecturer-assignments", summary="讲师安排列表")
async def list_assignments(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    base_id: UUID | None = None,
    lecturer_id: UUID | None = None,
    day: Annotated[Day | None, Query(description="Day of the start, Asia/Shanghai.")] = None,
    limit: Limit = 50,
) -> Page[AssignmentView]:
    """For bookings and sessions, in order of start; what was released is left out."""
    async with context.database.sessions() as session:
        rows = await work.assignments(
            session,
            within=areas_to_list(caller, within),
            base_id=base_id,
            lecturer_id=lecturer_id,
            span=whole(day) if day else None,
            after=after_start(cursor),
            limit=limit + 1,
        )
    page = page_of(rows, limit, lambda row: row, lambda row: (row.starts_at, row.assignment_id))
    return Page(items=await _views(context, page.items), next=page.next)


async def _handled(booking_id: UUID, caller: Caller, uow: Work) -> BookingRow:
    """The locked row, after the caller's right was checked."""
    row = await bookings.booking(uow.session, booking_id, lock=True)
    caller.require(Action.HANDLE_BOOKINGS, row.area)
    return row


async def _read(booking_id: UUID, context: ServiceContext, caller: Caller) -> BookingRow:
    async with context.database.sessions() as session:
        row = await bookings.booking(session, booking_id)
    caller.require(Action.READ, row.area)
    return row


async def _views(context: ServiceContext, rows: list[AssignmentRow]) -> list[AssignmentView]:
    who = await masked(context, [row.lecturer_id for row in rows])
    return [_view(row, who[row.lecturer_id]) for row in rows]


def _view(row: AssignmentRow, who: Person | None) -> AssignmentView:
    return AssignmentView(**row.model_dump(), person=who or Person())
