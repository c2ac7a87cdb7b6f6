"""Who came: the list of an activity, a member's year, and who is short of training."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.areas import AreaCode
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.http import (
    Context,
    Page,
    Work,
    command_router,
    page_of,
    query_router,
)
from services.chassis.http.fields import FIRST_YEAR, LAST_YEAR
from services.chassis.http.held import seen
from services.chassis.http.listing import Paging
from services.chassis.http.lists import as_file
from services.chassis.http.pages import id_of, key_of
from services.chassis.http.scopes import areas_to_list
from services.chassis.http.views import whole
from services.chassis.http.words import as_cell
from services.membership.api.activities.views import (
    ActivityView,
    Edited,
    Held,
    PresenceRequest,
    Seen,
    view,
)
from services.membership.domain.activities import Attendance, TrainingHours
from services.membership.handlers import activities as handlers
from services.membership.tables.activities import attendance
from services.membership.tables.members.rows import MemberRow

commands = command_router(tags=["活动出席"])
queries = query_router(tags=["活动出席"])

MINUTES = 60
"""Minutes of one hour of study (学时)."""

Member = Annotated[MemberRow, seen(MemberRow, "党员")]
Year = Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR, title="年度")]


@whole
class AttendanceView(Attendance):
    exempt: Annotated[bool, as_cell(lambda exempt: "是" if exempt else None)] = Field(
        title="不作硬性要求"
    )
    minutes: int = Field(title="学习分钟")


class MemberYear(BaseModel):
    """`expected` leaves out where attendance was no demand on the member."""

    member_id: UUID
    year: int = Field(title="年度")
    expected: int = Field(title="应到")
    attended: int = Field(title="应到中实到")
    excused: int = Field(title="请假")
    missed: int = Field(title="缺席")
    present: int = Field(title="出席")
    training_minutes: int = Field(title="学习分钟")
    training_needed: int = Field(title="应达学习分钟")
    last_on: date | None = Field(title="最近出席日期")


class TrainingView(BaseModel):
    member_id: UUID
    organisation_id: UUID = Field(title="党支部")
    area: str = Field(title="区划")
    minutes: int = Field(title="学习分钟")
    needed: int = Field(title="应达学习分钟")

    @property
    def hours(self) -> float:
        return round(self.minutes / MINUTES, 1)

    @property
    def needed_hours(self) -> int:
        return self.needed // MINUTES

    @property
    def missing_hours(self) -> float:
        return round(self.needed_hours - self.hours, 1)


@commands.put("/activities/{activity_id}/attendance/{member_id}", summary="登记一人的出席情况")
async def put_attendance(
    activity: Held, member_id: UUID, request: PresenceRequest, uow: Work
) -> ActivityView:
    """Repeating it changes nothing. For a whole list, correct the activity instead."""
    listed = await attendance.listed(uow.session, activity.activity_id)
    entry = Attendance(member_id=member_id, **request.model_dump())
    known = next((each for each in listed if each.member_id == member_id), None)
    if known is None or (known.presence, known.reason) != (entry.presence, entry.reason):
        rest = [each for each in listed if each.member_id != member_id]
        await handlers.correct(activity, {}, [*rest, entry], uow, uow.now)
    return view(activity)


@commands.delete("/activities/{activity_id}/attendance/{member_id}", summary="从名单中移除")
async def remove_attendance(activity: Edited, member_id: UUID, uow: Work) -> ActivityView:
    listed = await attendance.listed(uow.session, activity.activity_id)
    rest = [each for each in listed if each.member_id != member_id]
    return view(await handlers.correct(activity, {}, rest, uow, uow.now))


@as_file(
    queries,
    "活动名单",
    columns={
        "member_id": "党员编号",
        "presence": "出席情况",
        "reason": "请假原因",
        "exempt": "不作硬性要求",
        "minutes": "学习分钟",
    },
    follows=True,
    documented=JSONResponse,
    description="By the members' ids: names are read one by one, with a purpose.",
)
@queries.get("/activities/{activity_id}/attendance", summary="活动名单")
async def list_attendance(activity: Seen, paging: Paging) -> Page[AttendanceView]:
    after, more = id_of(paging.cursor), paging.limit + 1
    async with paging.context.database.sessions() as session:
        rows = await attendance.roll(session, activity.activity_id, after=after, limit=more)
    page = page_of(rows, paging.limit, lambda row: row, lambda row: (row.member_id,))
    return page.of([row.shown(AttendanceView) for row in page.items])


@queries.get("/members/{member_id}/attendance", summary="党员年度出席情况")
async def member_year(member: Member, context: Context, year: Year | None = None) -> MemberYear:
    year = year or business_date(context.clock()).year
    async with context.database.sessions() as session:
        book = await rulebook.at(session, date(year, 12, 31), TrainingHours)
        attended = await attendance.attendance_of(session, member.member_id, year)
    needed = book[TrainingHours].least * MINUTES
    return MemberYear(
        member_id=member.member_id, year=year, training_needed=needed, **vars(attended)
    )


async def _of_year(*, year: int, **_: Any) -> str:
    return f"{year}年学时不足的党员"


@as_file(
    queries,
    "学时不足的党员",
    columns={
        "member_id": "党员编号",
        "organisation_id": "党支部编号",
        "area": "区划",
        "hours": "学时",
        "needed_hours": "应达学时",
        "missing_hours": "尚缺学时",
    },
    named=_of_year,
    follows=True,
    documented=JSONResponse,
    description="",
)
@queries.get("/training/short", summary="学时不足的党员")
async def short_of_training(
    *,
    year: Year,
    within: Annotated[AreaCode | None, Query()] = None,
    organisation_id: UUID | None = None,
    paging: Paging,
) -> Page[TrainingView]:
    """Members on whom attendance is a demand, with fewer hours than the rule asks."""
    areas = areas_to_list(paging.caller, within)
    async with paging.context.database.sessions() as session:
        book = await rulebook.at(session, date(year, 12, 31), TrainingHours)
        needed = book[TrainingHours].least * MINUTES
        rows = await attendance.short_of_training(
            session,
            within=areas,
            organisation_id=organisation_id,
            year=year,
            needed=needed,
            after=key_of(paging.cursor, str, UUID),
            limit=paging.limit + 1,
        )
    page = page_of(rows, paging.limit, lambda row: row, lambda row: (row["area"], row["member_id"]))
    return page.of([TrainingView(**row, needed=needed) for row in page.items])
