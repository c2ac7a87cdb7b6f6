"""When lecturers can come: weekly times, leave and extra time."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.kinds.bases import DayKind
from contracts.kinds.lecturers import AbsenceKind
from services.bases.api.fields import after_start
from services.bases.api.lecturers.common import (
    LecturerId,
    commands_router,
    managed,
    queries_router,
)
from services.bases.domain.closing import clocks_of
from services.bases.domain.lecturers.people import Ahead
from services.bases.domain.opening import Hours
from services.bases.handlers.lecturers import times as handlers
from services.bases.tables.lecturers import people
from services.bases.tables.lecturers import times as table
from services.bases.tables.lecturers.rows import AbsenceRow
from services.chassis.clock import business_date
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    Limit,
    Page,
    Timed,
    Work,
    page_of,
)
from services.chassis.http.fields import Day, Instant
from services.chassis.http.lists import as_file

commands, queries = commands_router(), queries_router()

Clock = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
Clocks = Annotated[list[tuple[Clock, Clock]], Field(max_length=12)]


class HoursRequest(Timed):
    """A day of the week that is left out is one on which the lecturer cannot come."""

    effective_from: Day | None = Field(default=None, title="生效日期", description="Else today.")
    hours: dict[DayKind, Clocks] = Field(
        title="每周可安排时间", description='`{"monday": [["09:00", "12:00"]]}`'
    )


class LecturerHoursView(BaseModel):
    effective_from: date = Field(title="生效日期")
    hours: dict[DayKind, list[tuple[str, str]]] = Field(title="每周可安排时间")


class AbsenceRequest(Timed):
    kind: AbsenceKind = Field(title="类别")
    starts_at: Instant = Field(title="开始时刻")
    ends_at: Instant = Field(title="结束时刻", description="Exclusive.")


class ToTakeOver(BaseModel):
    """Something that was arranged for the time of a leave."""

    assignment_id: UUID
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")


class AbsenceView(BaseModel):
    absence_id: UUID
    lecturer_id: LecturerId = Field(title="讲师代码")
    kind: AbsenceKind = Field(title="类别")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    withdrawn_at: datetime | None = Field(title="撤销时刻")


class AbsenceTold(AbsenceView):
    to_take_over: list[ToTakeOver] = Field(
        title="待改派", description="What was arranged for that time, for somebody else."
    )


@commands.put("/lecturers/{lecturer_id}/hours", summary="填报每周可安排时间")
async def state_hours(
    lecturer_id: UUID, request: HoursRequest, caller: Caller, uow: Work
) -> LecturerHoursView:
    """From a day on. Who has never stated any can always come."""
    row, at = await managed(lecturer_id, request, caller, uow, Action.HANDLE_BOOKINGS)
    day = request.effective_from or business_date(at)
    await handlers.state_hours(row, day, request.hours, uow)
    stated = (await table.stated(await uow.driver(), [lecturer_id]))[lecturer_id]
    return _hours(next(hours for hours in stated if hours.effective_from == day))


@as_file(queries, "讲师每周可安排时间")
@queries.get("/lecturers/{lecturer_id}/hours", summary="每周可安排时间")
async def list_hours(
    lecturer_id: UUID, context: Context, caller: Caller
) -> list[LecturerHoursView]:
    """All that was ever stated, the oldest first; the newest that began by a day holds on it."""
    await _readable(lecturer_id, context, caller)
    stated = await table.stated(context.database.pool, [lecturer_id])
    return [_hours(hours) for hours in stated.get(lecturer_id, ())]


@commands.post("/lecturers/{lecturer_id}/absences", status_code=201, summary="登记请假或加时")
async def add_absence(
    lecturer_id: UUID, request: AbsenceRequest, caller: Caller, uow: Work
) -> AbsenceTold:
    """A leave is not refused for what is arranged; the answer says what others must take over."""
    row, _ = await managed(lecturer_id, request, caller, uow, Action.HANDLE_BOOKINGS)
    absence, ahead = await handlers.add_absence(
        row, request.kind, request.starts_at, request.ends_at, uow
    )
    return AbsenceTold(**absence.model_dump(), to_take_over=[_ahead(each) for each in ahead])


@commands.post("/lecturer-absences/{absence_id}/withdraw", summary="撤销请假或加时")
async def withdraw(absence_id: UUID, request: Timed, caller: Caller, uow: Work) -> AbsenceView:
    absence = await table.absence(uow.session, absence_id)
    await managed(absence.lecturer_id, request, caller, uow, Action.HANDLE_BOOKINGS)
    return _view(await handlers.withdraw(absence_id, uow))


@as_file(queries, "讲师请假与加时")
@queries.get("/lecturers/{lecturer_id}/absences", summary="请假与加时")
async def list_absences(
    *,
    lecturer_id: UUID,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    past: Annotated[bool, Query(description="Show those that are over, too.")] = False,
    limit: Limit = 50,
) -> Page[AbsenceView]:
    """In order of start; those that were withdrawn are left out."""
    await _readable(lecturer_id, context, caller)
    async with context.database.sessions() as session:
        rows = await table.absences(
            session,
            lecturer_id,
            since=None if past else context.clock(),
            after=after_start(cursor),
            limit=limit + 1,
        )
    return page_of(rows, limit, _view, lambda row: (row.starts_at, row.absence_id))


async def _readable(lecturer_id: UUID, context: Context, caller: Caller) -> None:
    async with context.database.sessions() as session:
        row = await people.lecturer(session, lecturer_id)
    caller.require(Action.READ, row.area)


def _hours(hours: Hours) -> LecturerHoursView:
    spans = {kind: clocks_of(each) for kind, each in hours.spans.items()}
    return LecturerHoursView(effective_from=hours.effective_from, hours=spans)


def _view(row: AbsenceRow) -> AbsenceView:
    return AbsenceView(**row.model_dump())


def _ahead(each: Ahead) -> ToTakeOver:
    return ToTakeOver(**vars(each))
