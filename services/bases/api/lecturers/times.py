"""When lecturers can come: weekly times, leave and extra time."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.kinds.bases import DayKind
from contracts.kinds.lecturers import AbsenceKind
from services.bases.api.lecturers.common import (
    TAGS,
    Handled,
    Seen,
    of_lecturer,
)
from services.bases.api.written import LecturerId
from services.bases.domain.closing import clocks_of
from services.bases.domain.lecturers.people import Ahead
from services.bases.domain.lecturers.times import Absence
from services.bases.domain.opening import Hours
from services.bases.handlers.lecturers import times as handlers
from services.bases.tables.lecturers import times as table
from services.bases.tables.lecturers.rows import AbsenceRow, LecturerRow
from services.chassis.clock import business_date
from services.chassis.http import (
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.fields import Day, Instant
from services.chassis.http.held import held
from services.chassis.http.listing import Condition, Paging
from services.chassis.http.lists import as_file
from services.chassis.ids import new_id

commands, queries = command_router(tags=TAGS), query_router(tags=TAGS)


async def _area_of(session: AsyncSession, absence: AbsenceRow) -> str:
    area = select(LecturerRow.area).where(LecturerRow.lecturer_id == absence.lecturer_id)
    return (await session.exec(area)).one()


HeldAbsence = Annotated[
    AbsenceRow,
    held(AbsenceRow, "请假或加时", Action.HANDLE_BOOKINGS, called="absence", area=_area_of),
]

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


class ToTakeOver(Ahead):
    """Something that was arranged for the time of a leave."""


class AbsenceView(Absence):
    lecturer_id: LecturerId = Field(title="讲师代码")


class AbsenceTold(AbsenceView):
    to_take_over: list[ToTakeOver] = Field(
        title="待改派", description="What was arranged for that time, for somebody else."
    )


@commands.put("/lecturers/{lecturer_id}/hours", summary="填报每周可安排时间")
async def state_hours(lecturer: Handled, request: HoursRequest, uow: Work) -> LecturerHoursView:
    """From a day on. Who has never stated any can always come."""
    key, at = lecturer.lecturer_id, request.at(uow)
    day = request.effective_from or business_date(at)
    await handlers.state_hours(lecturer, day, request.hours, uow)
    stated = (await table.stated(await uow.driver(), [key]))[key]
    return _hours(next(hours for hours in stated if hours.effective_from == day))


@as_file(queries, "讲师每周可安排时间")
@queries.get("/lecturers/{lecturer_id}/hours", summary="每周可安排时间")
async def list_hours(lecturer: Seen, context: Context) -> list[LecturerHoursView]:
    """All that was ever stated, the oldest first; the newest that began by a day holds on it."""
    stated = await table.stated(context.database.pool, [lecturer.lecturer_id])
    return [_hours(hours) for hours in stated.get(lecturer.lecturer_id, ())]


@commands.post("/lecturers/{lecturer_id}/absences", status_code=201, summary="登记请假或加时")
async def add_absence(lecturer: Handled, request: AbsenceRequest, uow: Work) -> AbsenceTold:
    """A leave is not refused for what is arranged; the answer says what others must take over."""
    request.at(uow)  # told later it may be, not sooner
    absence = Absence(
        **request.fields(),
        absence_id=new_id(),
        lecturer_id=lecturer.lecturer_id,
        withdrawn_at=None,
    )
    row, ahead = await handlers.add_absence(lecturer, absence, uow)
    return AbsenceTold(
        **row.model_dump(), to_take_over=[ToTakeOver(**vars(each)) for each in ahead]
    )


@commands.post("/lecturer-absences/{absence_id}/withdraw", summary="撤销请假或加时")
async def withdraw(absence: HeldAbsence, request: Timed, uow: Work) -> AbsenceView:
    request.at(uow)
    return (await handlers.withdraw(absence, uow)).shown(AbsenceView)


@as_file(queries, "讲师请假与加时")
@queries.get("/lecturers/{lecturer_id}/absences", summary="请假与加时")
async def list_absences(
    *,
    lecturer: Seen,
    past: Annotated[bool, Query(description="Show those that are over, too.")] = False,
    paging: Paging,
) -> Page[AbsenceView]:
    """In order of start; those that were withdrawn are left out."""
    where: list[Condition] = [col(AbsenceRow.withdrawn_at).is_(None)]
    if not past:
        where.append(col(AbsenceRow.ends_at) > paging.context.clock())
    order = ("starts_at", "absence_id")
    page = await of_lecturer(lecturer, AbsenceRow, paging, *where, order=order)
    return page.of([row.shown(AbsenceView) for row in page.items])


def _hours(hours: Hours) -> LecturerHoursView:
    spans = {kind: clocks_of(each) for kind, each in hours.spans.items()}
    return LecturerHoursView(effective_from=hours.effective_from, hours=spans)
