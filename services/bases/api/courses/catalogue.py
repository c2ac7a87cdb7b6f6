"""Lecture halls and the courses given there."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.bases.api import written
from services.bases.handlers.courses import catalogue as handlers
from services.bases.tables import courses as tables
from services.bases.tables.courses import CourseRow, HallRow
from services.chassis.clock import LOCAL, occurred
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
from services.chassis.http.fields import Code, Day, Kind, Name, Sought
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.http.words import of_family

commands = command_router(tags=["讲习场所与课程"])
queries = APIRouter(prefix="/v1", tags=["讲习场所与课程"], responses=dict(RESPONSES))

HallKind = Annotated[str, of_family("lecture-hall")]
CourseKind = Annotated[str, of_family("course")]
AudienceKind = Annotated[str, of_family("course-audience")]


class HallRequest(Timed):
    """At a base, perhaps in one of its venues; or elsewhere in an area."""

    code: Code
    name: Name
    kind: Kind
    area: AreaCode | None = Field(
        default=None, title="区划", description="That of the base when left out."
    )
    base_id: UUID | None = Field(default=None, title="所在基地")
    venue_id: UUID | None = Field(default=None, title="所在场馆")
    opened_on: Day = Field(title="挂牌日期")


class HallChange(Timed):
    """Fields left out stay as they are."""

    name: Name | None = None
    kind: Kind | None = None
    venue_id: UUID | None = Field(default=None, title="所在场馆")


class HallClose(Timed):
    closed_on: Day = Field(title="撤销日期")


class HallView(BaseModel):
    hall_id: UUID
    code: str = Field(title="场所代码")
    name: str = Field(title="名称")
    kind: HallKind = Field(title="场所类别")
    area: str = Field(title="区划")
    base_id: written.BaseId | None = Field(title="所在基地")
    venue_id: written.VenueId | None = Field(title="所在场馆")
    opened_on: date = Field(title="挂牌日期")
    closed_on: date | None = Field(title="撤销日期")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class CourseRequest(Timed):
    hall_id: UUID = Field(title="讲习场所编号")
    code: Code
    name: Name
    kind: Kind
    audience_kind: Kind = Field(default="everybody", title="授课对象")


class CourseChange(Timed):
    """Fields left out stay as they are."""

    name: Name | None = None
    kind: Kind | None = None
    audience_kind: Kind | None = Field(default=None, title="授课对象")


class CourseView(BaseModel):
    course_id: UUID
    hall_id: written.HallId = Field(title="讲习场所")
    code: str = Field(title="课程代码")
    name: str = Field(title="名称")
    kind: CourseKind = Field(title="课程类别")
    audience_kind: AudienceKind = Field(title="授课对象")
    area: str = Field(title="区划")
    retired_on: date | None = Field(title="停开日期")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


@commands.post("/lecture-halls", status_code=201, summary="登记讲习场所")
async def open_hall(
    request: HallRequest, caller: Caller, uow: Work, response: Response
) -> HallView:
    site = await handlers.site(uow, request.area, request.base_id, request.venue_id)
    caller.require(Action.MANAGE_BASES, site.area)
    _past(request.opened_on, uow.now, "opened_on")
    row = await handlers.open_hall(
        request.code, request.name, request.kind, site, request.opened_on, uow
    )
    return _hall_shown(row, response)


@commands.patch("/lecture-halls/{hall_id}", summary="变更讲习场所")
async def change_hall(
    hall_id: UUID,
    request: HallChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> HallView:
    current = await tables.one(uow.session, HallRow, hall_id)
    caller.require(Action.MANAGE_BASES, current.area)
    changes = request.model_dump(exclude={"occurred_at"}, exclude_none=True)
    at = occurred(request.occurred_at, uow.now)
    return _hall_shown(await handlers.change_hall(hall_id, changes, version, uow, at), response)


@commands.post("/lecture-halls/{hall_id}/close", summary="撤销讲习场所")
async def close_hall(
    hall_id: UUID, request: HallClose, caller: Caller, uow: Work, response: Response
) -> HallView:
    current = await tables.one(uow.session, HallRow, hall_id)
    caller.require(Action.MANAGE_BASES, current.area)
    _past(request.closed_on, uow.now, "closed_on")
    return _hall_shown(await handlers.close_hall(hall_id, request.closed_on, uow), response)


@as_file(queries, "讲习场所")
@queries.get("/lecture-halls", summary="讲习场所列表")
async def list_halls(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    base_id: UUID | None = None,
    kind: Sought | None = None,
    code: Sought | None = None,
    limit: Limit = 50,
) -> Page[HallView]:
    async with context.database.sessions() as session:
        rows = await tables.halls(
            session,
            areas_to_list(caller, within),
            base_id=base_id,
            kind=kind,
            code=code,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, _hall, lambda row: (row.code,))


@queries.get("/lecture-halls/{hall_id}", summary="单个讲习场所")
async def get_hall(hall_id: UUID, context: Context, caller: Caller, response: Response) -> HallView:
    async with context.database.sessions() as session:
        row = await tables.one(session, HallRow, hall_id)
    caller.require(Action.READ, row.area)
    return _hall_shown(row, response)


@commands.post("/courses", status_code=201, summary="发布课程")
async def publish_course(
    request: CourseRequest, caller: Caller, uow: Work, response: Response
) -> CourseView:
    hall = await tables.one(uow.session, HallRow, request.hall_id)
    caller.require(Action.MANAGE_BASES, hall.area)
    at = occurred(request.occurred_at, uow.now)
    said = request.model_dump(exclude={"occurred_at"})
    return _course_shown(await handlers.publish_course(**said, uow=uow, at=at), response)


@commands.patch("/courses/{course_id}", summary="变更课程")
async def change_course(
    course_id: UUID,
    request: CourseChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> CourseView:
    current = await tables.one(uow.session, CourseRow, course_id)
    caller.require(Action.MANAGE_BASES, current.area)
    changes = request.model_dump(exclude={"occurred_at"}, exclude_none=True)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.change_course(course_id, changes, version, uow, at)
    return _course_shown(row, response)


@commands.post("/courses/{course_id}/retire", summary="停开课程")
async def retire_course(
    course_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> CourseView:
    current = await tables.one(uow.session, CourseRow, course_id)
    caller.require(Action.MANAGE_BASES, current.area)
    at = occurred(request.occurred_at, uow.now)
    return _course_shown(await handlers.retire_course(course_id, uow, at), response)


@as_file(queries, "课程")
@queries.get("/courses", summary="课程列表")
async def list_courses(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    hall_id: UUID | None = None,
    kind: Sought | None = None,
    code: Sought | None = None,
    limit: Limit = 50,
) -> Page[CourseView]:
    async with context.database.sessions() as session:
        rows = await tables.courses(
            session,
            areas_to_list(caller, within),
            hall_id=hall_id,
            kind=kind,
            code=code,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, _course, lambda row: (row.code,))


@queries.get("/courses/{course_id}", summary="单个课程")
async def get_course(
    course_id: UUID, context: Context, caller: Caller, response: Response
) -> CourseView:
    async with context.database.sessions() as session:
        row = await tables.one(session, CourseRow, course_id)
    caller.require(Action.READ, row.area)
    return _course_shown(row, response)


def _past(day: date, now: datetime, field: str) -> None:
    """Raises `TimeInFuture` for a day that has not begun."""
    occurred(datetime(day.year, day.month, day.day, tzinfo=LOCAL), now, field=field)


def _hall(row: HallRow) -> HallView:
    return HallView.model_validate(row.model_dump())


def _hall_shown(row: HallRow, response: Response) -> HallView:
    set_etag(response, row.version)
    return _hall(row)


def _course(row: CourseRow) -> CourseView:
    return CourseView.model_validate(row.model_dump())


def _course_shown(row: CourseRow, response: Response) -> CourseView:
    set_etag(response, row.version)
    return _course(row)
