"""Lecturers for bookings: who could, who does, and what everybody has ahead."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import and_
from sqlmodel import col

from contracts.access import Action
from services.bases.api.lecturers.common import (
    TAGS,
    Person,
    Skill,
    SkillCode,
    masked,
    seen_by,
    shown,
)
from services.bases.api.written import BaseId, LecturerId
from services.bases.domain.lecturers.assignments import Assignment
from services.bases.handlers.lecturers import assignments as handlers
from services.bases.handlers.lecturers import claims
from services.bases.tables.lecturers import work
from services.bases.tables.lecturers.rows import AssignmentRow
from services.bases.tables.rows import BookingRow
from services.chassis.http import (
    Caller,
    Context,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.fields import Day, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, Paging, on
from services.chassis.http.lists import as_file
from services.chassis.http.views import before

commands, queries = command_router(tags=TAGS), query_router(tags=TAGS)

Held = Annotated[BookingRow, held(BookingRow, "预约", Action.HANDLE_BOOKINGS)]
Seen = Annotated[BookingRow, seen(BookingRow, "预约")]


class AssignRequest(Timed):
    skill: Skill | None = None


@before(person="booking_id")
class AssignmentView(Assignment):
    lecturer_id: LecturerId = Field(title="讲师代码")
    person: Person = Field(title="讲师（脱敏）")
    base_id: BaseId | None = Field(title="基地")
    skill: SkillCode | None = Field(title="所需专长")
    version: int


class AssignmentFilters(Filters):
    base_id: UUID | None = None
    lecturer_id: UUID | None = None
    day: Annotated[Day | None, on("starts_at")] = Field(
        default=None, description="Day of the start, Asia/Shanghai."
    )


class CandidateView(BaseModel):
    lecturer_id: UUID
    code: str = Field(title="讲师代码")
    person: Person = Field(title="讲师（脱敏）")
    hours: float = Field(title="当月已安排小时数")


@commands.put("/bookings/{booking_id}/lecturers/{lecturer_id}", summary="为预约安排讲师")
async def assign(
    booking: Held, lecturer_id: UUID, request: AssignRequest, caller: Caller, uow: Work
) -> AssignmentView:
    """409 when the lecturer is taken or cannot come, saying when else and who else.

    `skill` is what the booking needs the lecturer for, else what the booked menu item asks for;
    who lacks it is refused.
    """
    permit, at = seen_by(caller), request.at(uow)
    row = await handlers.assign(booking, lecturer_id, request.skill, uow, permit, at)
    return row.shown(AssignmentView, person=Person())


@commands.delete(
    "/bookings/{booking_id}/lecturers/{lecturer_id}", status_code=204, summary="解除讲师安排"
)
async def unassign(booking: Held, lecturer_id: UUID, uow: Work) -> None:
    """The lecturer is free again. Repeating it changes nothing."""
    await handlers.unassign(booking, lecturer_id, uow, uow.now)


@as_file(queries, "预约的讲师")
@queries.get("/bookings/{booking_id}/lecturers", summary="预约的讲师")
async def list_lecturers_of_booking(booking: Seen, context: Context) -> list[AssignmentView]:
    async with context.database.sessions() as session:
        rows = await work.assignments_of(session, booking.booking_id)
    return await shown(context, AssignmentView, rows)


@as_file(queries, "可安排的讲师")
@queries.get("/bookings/{booking_id}/lecturer-candidates", summary="可安排的讲师")
async def list_candidates(
    booking: Seen,
    context: Context,
    caller: Caller,
    skill: Sought | None = None,
    limit: Limit = 20,
) -> list[CandidateView]:
    """Who has the skill, is free and can come; the least busy of the month first.

    `skill` is else the one that the booked menu item asks for.
    """
    task, areas = handlers.task_of(booking), caller.areas(Action.READ)
    async with context.database.pool.acquire() as connection:
        travel = await claims.travel_of(connection, task)
        wanted = skill or await handlers.needed(connection, booking)
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
    filters: Annotated[AssignmentFilters, Query()], paging: Paging
) -> Page[AssignmentView]:
    """For bookings and sessions, in order of start; what was released is left out."""
    standing = and_(col(AssignmentRow.holds), col(AssignmentRow.shift_id).is_(None))
    order = ("starts_at", "assignment_id")
    page = await paging.rows(AssignmentRow, filters, order=order, where=[standing])
    return page.of(await shown(paging.context, AssignmentView, page.items))
