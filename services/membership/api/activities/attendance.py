"""Who came: the list of an activity, a member's year, and who is short of training."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.activities import LeaveReason, Presence
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    IfMatch,
    Limit,
    Page,
    Work,
    command_router,
    page_of,
    set_etag,
)
from services.chassis.http.export import Cell, Format, exported
from services.chassis.http.fields import FIRST_YEAR, LAST_YEAR
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.membership.api.activities.views import ActivityView, AttendanceRequest, view
from services.membership.domain.activities import TrainingHours
from services.membership.handlers import activities as handlers
from services.membership.tables.activities import attendance, records
from services.membership.tables.activities.attendance import ShortOfTraining
from services.membership.tables.activities.rows import AttendanceRow
from services.membership.tables.members import member

commands = command_router(tags=["活动出席"])
queries = APIRouter(prefix="/v1", tags=["活动出席"], responses=dict(RESPONSES))

MINUTES = 60
"""Minutes of one hour of study (学时)."""
EXPORTED = 500
LISTED = ("党员编号", "出席情况", "请假原因", "不作硬性要求", "学习分钟")
HEADINGS = ("党员编号", "党支部编号", "区划", "学时", "应达学时", "尚缺学时")

Year = Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR, title="年度")]


class AttendanceView(BaseModel):
    member_id: UUID
    presence: Presence = Field(title="出席情况")
    reason: LeaveReason | None = Field(title="请假原因")
    exempt: bool = Field(title="不作硬性要求")
    counted: bool = Field(title="是党员")
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


@commands.put("/activities/{activity_id}/attendance/{member_id}", summary="登记一人的出席情况")
async def put_attendance(
    activity_id: UUID,
    member_id: UUID,
    request: "PresenceRequest",
    caller: Caller,
    uow: Work,
    response: Response,
) -> ActivityView:
    """Repeating it changes nothing. For a whole list, correct the activity instead."""
    row = await records.activity(uow.session, activity_id, lock=True)
    caller.require(Action.MANAGE_ACTIVITIES, row.area)
    listed = await attendance.listed(uow.session, activity_id)
    said = AttendanceRequest(member_id=member_id, **request.model_dump()).entry()
    known = next((each for each in listed if each.member_id == member_id), None)
    if known is None or (known.presence, known.reason) != (said.presence, said.reason):
        rest = [each for each in listed if each.member_id != member_id]
        row = await handlers.correct(activity_id, {}, [*rest, said], row.edition, uow, uow.now)
    set_etag(response, row.edition)
    return view(row)


class PresenceRequest(BaseModel):
    model_config = AttendanceRequest.model_config

    presence: Presence = Field(default=Presence.PRESENT, title="出席情况")
    reason: LeaveReason | None = Field(default=None, title="请假原因")


@commands.delete("/activities/{activity_id}/attendance/{member_id}", summary="从名单中移除")
async def remove_attendance(
    activity_id: UUID, member_id: UUID, caller: Caller, version: IfMatch, uow: Work
) -> ActivityView:
    row = await records.activity(uow.session, activity_id)
    caller.require(Action.MANAGE_ACTIVITIES, row.area)
    listed = await attendance.listed(uow.session, activity_id)
    rest = [each for each in listed if each.member_id != member_id]
    return view(await handlers.correct(activity_id, {}, rest, version, uow, uow.now))


@queries.get("/activities/{activity_id}/attendance", summary="活动名单")
async def list_attendance(
    activity_id: UUID, context: Context, caller: Caller, cursor: Cursor, limit: Limit = 50
) -> Page[AttendanceView]:
    async with context.database.sessions() as session:
        row = await records.activity(session, activity_id)
        caller.require(Action.READ, row.area)
        after = cursor[0] if cursor else None
        rows = await attendance.roll(session, activity_id, after, limit + 1)
    return page_of(rows, limit, _listed, lambda each: (each.member_id,))


@queries.get("/activities/{activity_id}/attendance/export", summary="导出活动名单")
async def export_attendance(
    activity_id: UUID,
    context: Context,
    caller: Caller,
    form: Annotated[Format, Query(alias="format")] = "csv",
) -> Response:
    """By the members' ids: names are read one by one, with a purpose."""
    async with context.database.sessions() as session:
        row = await records.activity(session, activity_id)
    caller.require(Action.READ, row.area)

    async def rows() -> AsyncIterator[tuple[Cell, ...]]:
        after: str | None = None
        async with context.database.sessions() as session:
            while found := await attendance.roll(session, activity_id, after, EXPORTED):
                for each in found:
                    yield _listed_line(each)
                after = str(found[-1].member_id)

    return await exported("活动名单", LISTED, rows(), form)


@queries.get("/members/{member_id}/attendance", summary="党员年度出席情况")
async def member_year(
    member_id: UUID, context: Context, caller: Caller, year: Year | None = None
) -> MemberYear:
    async with context.database.sessions() as session:
        found = await member(session, member_id)
        caller.require(Action.READ, found.area)
        year = year or business_date(context.clock()).year
        book = await rulebook.at(session, date(year, 12, 31), TrainingHours)
        told = await attendance.attendance_of(session, member_id, year)
    needed = book[TrainingHours].least * MINUTES
    return MemberYear(member_id=member_id, year=year, training_needed=needed, **vars(told))


@queries.get("/training/short", summary="学时不足的党员")
async def short_of_training(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    year: Year,
    within: Annotated[AreaCode | None, Query()] = None,
    organisation_id: UUID | None = None,
    limit: Limit = 50,
) -> Page[TrainingView]:
    """Members on whom attendance is a demand, with fewer hours than the rule asks."""
    areas = areas_to_list(caller, within)
    async with context.database.sessions() as session:
        book = await rulebook.at(session, date(year, 12, 31), TrainingHours)
        needed = book[TrainingHours].least * MINUTES
        rows = await attendance.short_of_training(
            session,
            within=areas,
            organisation_id=organisation_id,
            year=year,
            needed=needed,
            after=cursor,
            limit=limit + 1,
        )
    return page_of(
        rows,
        limit,
        lambda row: TrainingView(**vars(row), needed=needed),
        lambda row: (row.area, row.member_id),
    )


@queries.get("/training/short/export", summary="导出学时不足的党员")
async def export_short_of_training(
    *,
    context: Context,
    caller: Caller,
    year: Year,
    within: Annotated[AreaCode | None, Query()] = None,
    organisation_id: UUID | None = None,
    form: Annotated[Format, Query(alias="format")] = "csv",
) -> Response:
    areas = areas_to_list(caller, within)

    async def rows() -> AsyncIterator[tuple[Cell, ...]]:
        after: tuple[str, ...] | None = None
        async with context.database.sessions() as session:
            book = await rulebook.at(session, date(year, 12, 31), TrainingHours)
            needed = book[TrainingHours].least
            while found := await attendance.short_of_training(
                session,
                within=areas,
                organisation_id=organisation_id,
                year=year,
                needed=needed * MINUTES,
                after=after,
                limit=EXPORTED,
            ):
                for each in found:
                    yield _short(each, needed)
                after = (found[-1].area, str(found[-1].member_id))

    return await exported(f"{year}年学时不足的党员", HEADINGS, rows(), form)


def _short(row: ShortOfTraining, needed: int) -> tuple[Cell, ...]:
    hours = round(row.minutes / MINUTES, 1)
    return (
        *(str(row.member_id), str(row.organisation_id), row.area),
        *(hours, needed, round(needed - hours, 1)),
    )


def _listed_line(row: AttendanceRow) -> tuple[Cell, ...]:
    reason = LeaveReason(row.reason).label if row.reason else None
    exempt = "是" if row.exempt else None
    return (str(row.member_id), Presence(row.presence).label, reason, exempt, row.minutes)


def _listed(row: AttendanceRow) -> AttendanceView:
    return AttendanceView(**row.model_dump())
