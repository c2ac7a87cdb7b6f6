"""讲解员排班: the duty roster of guides."""

from datetime import datetime, time
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlmodel import col

from contracts.access import Action
from contracts.kinds.bases import DayKind
from contracts.kinds.lecturers import ShiftStatus
from services.bases.api.lecturers.common import (
    TAGS,
    Person,
    seen_by,
    shown,
)
from services.bases.api.written import BaseId, LecturerId
from services.bases.domain.lecturers.shifts import Shift, days
from services.bases.domain.lecturers.times import day as whole
from services.bases.domain.opening import WEEK, Range
from services.bases.handlers.lecturers import shifts as handlers
from services.bases.tables import places
from services.bases.tables.lecturers.rows import ShiftRow
from services.chassis.http import (
    Caller,
    IfMatch,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
    versions,
)
from services.chassis.http.fields import Day
from services.chassis.http.held import held
from services.chassis.http.listing import BY_ROUTE, Condition, Filters, Paging
from services.chassis.http.lists import as_file
from services.chassis.http.views import before

commands, queries = command_router(tags=TAGS), query_router(tags=TAGS)

Edited = Annotated[
    ShiftRow, held(ShiftRow, "班次", Action.HANDLE_BOOKINGS, edit=True, called="shift")
]
Swapped = Annotated[
    ShiftRow, held(ShiftRow, "班次", Action.HANDLE_BOOKINGS, lock=False, called="shift")
]
"""Locked with the other one, in the order of their ids."""


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

    def spans(self) -> list[Range]:
        weekdays = self.weekdays or [WEEK[self.day.weekday()]]
        return days(weekdays, self.day, self.until_day or self.day, self.begins, self.ends)


class ReplaceRequest(Timed):
    lecturer_id: UUID = Field(title="接班讲解员")


class SwapRequest(Timed):
    with_shift_id: UUID = Field(title="对换的班次")


class OutcomeRequest(Timed):
    outcome: Literal[ShiftStatus.SERVED, ShiftStatus.MISSED] = Field(title="到岗情况")


@before(person="status")
class ShiftView(Shift):
    base_id: BaseId = Field(title="基地")
    lecturer_id: LecturerId = Field(title="讲解员代码")
    person: Person = Field(title="讲解员（脱敏）")
    version: int


class ShiftFilters(Filters):
    base_id: UUID | None = None
    lecturer_id: UUID | None = None
    status: ShiftStatus | None = None
    day: Annotated[Day | None, BY_ROUTE] = Field(
        default=None, description="Who is on duty on it, Asia/Shanghai."
    )
    until_day: Annotated[Day | None, BY_ROUTE] = Field(
        default=None, description="With `day`: up to and on it."
    )


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
    planned, skipped = await handlers.plan(
        request.lecturer_id, base, request.spans(), uow, seen_by(caller), request.at(uow),
        skip_clashes=request.skip_clashes,
    )  # fmt: skip
    return RosterView(
        planned=[_view(shift) for shift in planned],
        skipped=[SkippedView(**each.model_dump()) for each in skipped],
    )


@commands.post("/guide-shifts/{shift_id}/replace", summary="换人")
async def replace(shift: Edited, request: ReplaceRequest, caller: Caller, uow: Work) -> ShiftView:
    permit, at = seen_by(caller), request.at(uow)
    return _view(await handlers.replace(shift, request.lecturer_id, uow, permit, at))


@commands.post("/guide-shifts/{shift_id}/swap", summary="换班")
async def swap(
    shift: Swapped, request: SwapRequest, caller: Caller, version: IfMatch, uow: Work
) -> list[ShiftView]:
    """The guides of two shifts take each other's."""
    other = await handlers.lock_both(shift, request.with_shift_id, uow)
    caller.require(Action.HANDLE_BOOKINGS, other.area)
    versions.check(version, shift.version)
    await handlers.swap(shift, other, uow, seen_by(caller), request.at(uow))
    return [_view(shift), _view(other)]


@commands.post("/guide-shifts/{shift_id}/cancel", summary="取消班次")
async def cancel(shift: Edited, request: Timed, uow: Work) -> ShiftView:
    return _view(await handlers.cancel(shift, uow, request.at(uow)))


@commands.post("/guide-shifts/{shift_id}/outcome", summary="登记到岗情况")
async def record(shift: Edited, request: OutcomeRequest, uow: Work) -> ShiftView:
    """Whether the guide came; recorded otherwise later, it is corrected."""
    return _view(await handlers.record(shift, request.outcome, uow, request.at(uow)))


@as_file(queries, "讲解员值班")
@queries.get("/guide-shifts", summary="讲解员值班列表")
async def list_shifts(filters: Annotated[ShiftFilters, Query()], paging: Paging) -> Page[ShiftView]:
    """In order of start."""
    where: list[Condition] = []
    if filters.day:
        since, until = whole(filters.day, filters.until_day)
        where = [col(ShiftRow.ends_at) > since, col(ShiftRow.starts_at) < until]
    page = await paging.rows(ShiftRow, filters, order=("starts_at", "shift_id"), where=where)
    return page.of(await shown(paging.context, ShiftView, page.items))


def _view(row: ShiftRow) -> ShiftView:
    return row.shown(ShiftView, person=Person())
