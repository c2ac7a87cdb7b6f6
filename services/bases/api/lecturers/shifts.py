"""讲解员排班: the duty roster of guides."""

from datetime import datetime, time
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.kinds.bases import DayKind
from contracts.kinds.lecturers import ShiftStatus
from services.bases.api.fields import after_start
from services.bases.api.lecturers.common import (
    TAGS,
    LecturerId,
    Person,
    Within,
    masked,
    seen_by,
)
from services.bases.api.written import BaseId
from services.bases.domain.lecturers.shifts import PlanShifts, Shift
from services.bases.domain.lecturers.times import day as whole
from services.bases.domain.opening import WEEK
from services.bases.handlers.lecturers import shifts as handlers
from services.bases.tables import places
from services.bases.tables.lecturers import shifts as table
from services.bases.tables.lecturers.rows import ShiftRow
from services.chassis.clock import occurred
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
    query_router,
)
from services.chassis.http.fields import Day
from services.chassis.http.lists import as_file
from services.chassis.http.scopes import areas_to_list

commands, queries = command_router(tags=TAGS), query_router(tags=TAGS)


class ShiftRequest(Timed):
    """One shift, or with `until_day` one on each of `weekdays` up to it."""

    base_id: UUID = Field(title="基地")
    lecturer_id: UUID = Field(title="讲解员")
    day: Day = Field(title="日期", description="The first one.")
    begins: time = Field(title="开始时间", description="Asia/Shanghai.")
    ends: time = Field(title="结束时间", description="Exclusive.")
    until_day: Day | None = Field(default=None, title="至", description="Included.")
    weekdays: list[DayKind] | None = Field(
        default=None,
        max_length=7,
        title="星期",
        description="With `until_day`; else the day of the week of `day`.",
    )
    skip_clashes: bool = Field(
        default=False,
        title="跳过冲突",
        description="Plan the others where the guide cannot come; else all or nothing.",
    )

    def command(self) -> PlanShifts:
        return PlanShifts(
            lecturer_id=self.lecturer_id,
            base_id=self.base_id,
            weekdays=frozenset(self.weekdays or [WEEK[self.day.weekday()]]),
            first=self.day,
            last=self.until_day or self.day,
            begins=self.begins,
            ends=self.ends,
            skip_clashes=self.skip_clashes,
        )


class ReplaceRequest(Timed):
    lecturer_id: UUID = Field(title="接班讲解员")


class SwapRequest(Timed):
    with_shift_id: UUID = Field(title="对换的班次")


class OutcomeRequest(Timed):
    outcome: Literal[ShiftStatus.SERVED, ShiftStatus.MISSED] = Field(title="到岗情况")


class ShiftView(BaseModel):
    shift_id: UUID
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    base_id: BaseId = Field(title="基地")
    area: str = Field(title="区划")
    lecturer_id: LecturerId = Field(title="讲解员代码")
    person: Person = Field(title="讲解员（脱敏）")
    status: ShiftStatus = Field(title="状态")
    version: int


class SkippedView(BaseModel):
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")


class RosterView(BaseModel):
    planned: list[ShiftView] = Field(title="已排班次")
    skipped: list[SkippedView] = Field(title="冲突未排")


@commands.post("/guide-shifts", status_code=201, summary="讲解员排班")
async def plan(request: ShiftRequest, caller: Caller, uow: Work) -> RosterView:
    """A guide is nowhere twice: assignments and shifts keep clear of each other."""
    base = await places.base(uow.session, request.base_id)
    caller.require(Action.HANDLE_BOOKINGS, base.area)
    at = occurred(request.occurred_at, uow.now)
    planned, skipped = await handlers.plan(request.command(), base, uow, seen_by(caller), at)
    return RosterView(
        planned=[_planned(shift) for shift in planned],
        skipped=[SkippedView(starts_at=each.starts_at, ends_at=each.ends_at) for each in skipped],
    )


@commands.post("/guide-shifts/{shift_id}/replace", summary="换人")
async def replace(
    shift_id: UUID, request: ReplaceRequest, caller: Caller, version: IfMatch, uow: Work
) -> ShiftView:
    (row,), at = await _handled([shift_id], request, caller, uow)
    await handlers.replace(row, request.lecturer_id, version, uow, seen_by(caller), at)
    return _view(row, None)


@commands.post("/guide-shifts/{shift_id}/swap", summary="换班")
async def swap(
    shift_id: UUID, request: SwapRequest, caller: Caller, version: IfMatch, uow: Work
) -> list[ShiftView]:
    """The guides of two shifts take each other's."""
    both = [shift_id, request.with_shift_id]
    (row, other), at = await _handled(both, request, caller, uow)
    await handlers.swap(row, other, version, uow, seen_by(caller), at)
    return [_view(row, None), _view(other, None)]


@commands.post("/guide-shifts/{shift_id}/cancel", summary="取消班次")
async def cancel(
    shift_id: UUID, request: Timed, caller: Caller, version: IfMatch, uow: Work
) -> ShiftView:
    (row,), at = await _handled([shift_id], request, caller, uow)
    await handlers.cancel(row, version, uow, at)
    return _view(row, None)


@commands.post("/guide-shifts/{shift_id}/outcome", summary="登记到岗情况")
async def record(
    shift_id: UUID, request: OutcomeRequest, caller: Caller, version: IfMatch, uow: Work
) -> ShiftView:
    """Whether the guide came; recorded otherwise later, it is corrected."""
    (row,), at = await _handled([shift_id], request, caller, uow)
    await handlers.record(row, request.outcome, version, uow, at)
    return _view(row, None)


@as_file(queries, "讲解员值班")
@queries.get("/guide-shifts", summary="讲解员值班列表")
async def list_shifts(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    base_id: UUID | None = None,
    lecturer_id: UUID | None = None,
    status: ShiftStatus | None = None,
    day: Annotated[Day | None, Query(description="Who is on duty on it, Asia/Shanghai.")] = None,
    until_day: Annotated[Day | None, Query(description="With `day`: up to and on it.")] = None,
    limit: Limit = 50,
) -> Page[ShiftView]:
    """In order of start."""
    since, until = whole(day, until_day) if day else (None, None)
    async with context.database.sessions() as session:
        rows = await table.shifts(
            session,
            within=areas_to_list(caller, within),
            base_id=base_id,
            lecturer_id=lecturer_id,
            status=status,
            since=since,
            until=until,
            after=after_start(cursor),
            limit=limit + 1,
        )
    who = await masked(context, [row.lecturer_id for row in rows])
    return page_of(
        rows,
        limit,
        lambda row: _view(row, who[row.lecturer_id]),
        lambda row: (row.starts_at, row.shift_id),
    )


async def _handled(
    shift_ids: list[UUID], request: Timed, caller: Caller, uow: Work
) -> tuple[list[ShiftRow], datetime]:
    rows = await table.lock(uow.session, *shift_ids)
    for row in rows:
        caller.require(Action.HANDLE_BOOKINGS, row.area)
    return rows, occurred(request.occurred_at, uow.now)


def _view(row: ShiftRow, who: Person | None) -> ShiftView:
    return ShiftView(**row.model_dump(), person=who or Person())


def _planned(shift: Shift) -> ShiftView:
    return ShiftView(**vars(shift), person=Person())
