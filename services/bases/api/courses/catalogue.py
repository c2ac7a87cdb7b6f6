"""Lecture halls and the courses given there."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.bases.api import written
from services.bases.api.filters import Filters
from services.bases.domain.courses.catalogue import Course, Hall
from services.bases.handlers.courses import catalogue as handlers
from services.bases.tables import courses as tables
from services.bases.tables.courses import CourseRow, HallRow
from services.chassis.clock import midnight, occurred
from services.chassis.http import (
    Caller,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.edits import edits
from services.chassis.http.fields import Code, Day, Kind, Name, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Paging
from services.chassis.http.lists import as_file
from services.chassis.http.words import of_family
from services.chassis.ids import new_id

commands = command_router(tags=["讲习场所与课程"])
queries = query_router(tags=["讲习场所与课程"])

HeldHall = Annotated[HallRow, held(HallRow, "讲习场所", Action.MANAGE_BASES)]
EditedHall = Annotated[HallRow, held(HallRow, "讲习场所", Action.MANAGE_BASES, edit=True)]
SeenHall = Annotated[HallRow, seen(HallRow, "讲习场所")]
HeldCourse = Annotated[CourseRow, held(CourseRow, "课程", Action.MANAGE_BASES)]
EditedCourse = Annotated[CourseRow, held(CourseRow, "课程", Action.MANAGE_BASES, edit=True)]
SeenCourse = Annotated[CourseRow, seen(CourseRow, "课程")]

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


@edits(HallRequest, "code", "area", "base_id", "opened_on")
class HallChange(Timed):
    """Fields left out stay as they are."""


class HallClose(Timed):
    closed_on: Day = Field(title="撤销日期")


class HallView(Hall):
    kind: HallKind = Field(title="场所类别")
    base_id: written.BaseId | None = Field(title="所在基地")
    venue_id: written.VenueId | None = Field(title="所在场馆")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class HallFilters(Filters):
    base_id: UUID | None = None
    kind: Sought | None = None
    code: Sought | None = None


class CourseRequest(Timed):
    hall_id: UUID = Field(title="讲习场所编号")
    code: Code
    name: Name
    kind: Kind
    audience_kind: Kind = Field(default="everybody", title="授课对象")


@edits(CourseRequest, "hall_id", "code")
class CourseChange(Timed):
    """Fields left out stay as they are."""


class CourseView(Course):
    hall_id: written.HallId = Field(title="讲习场所")
    kind: CourseKind = Field(title="课程类别")
    audience_kind: AudienceKind = Field(title="授课对象")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class CourseFilters(Filters):
    hall_id: UUID | None = None
    kind: Sought | None = None
    code: Sought | None = None


@commands.post("/lecture-halls", status_code=201, summary="登记讲习场所")
async def open_hall(request: HallRequest, caller: Caller, uow: Work) -> HallView:
    area = await handlers.area_of(uow, request.area, request.base_id, request.venue_id)
    caller.require(Action.MANAGE_BASES, area)
    _past(request.opened_on, uow.now, "opened_on")
    hall = Hall(hall_id=new_id(), closed_on=None, **request.fields() | {"area": area})
    return (await handlers.open_hall(hall, uow)).shown(HallView)


@commands.patch("/lecture-halls/{hall_id}", summary="变更讲习场所")
async def change_hall(hall: EditedHall, request: HallChange, uow: Work) -> HallView:
    row = await handlers.change_hall(hall, request.changes(), uow, request.at(uow))
    return row.shown(HallView)


@commands.post("/lecture-halls/{hall_id}/close", summary="撤销讲习场所")
async def close_hall(hall: HeldHall, request: HallClose, uow: Work) -> HallView:
    _past(request.closed_on, uow.now, "closed_on")
    return (await handlers.close_hall(hall, request.closed_on, uow)).shown(HallView)


@as_file(queries, "讲习场所")
@queries.get("/lecture-halls", summary="讲习场所列表")
async def list_halls(filters: Annotated[HallFilters, Query()], paging: Paging) -> Page[HallView]:
    return await paging.shown(HallRow, HallView, filters, order="code")


@queries.get("/lecture-halls/{hall_id}", summary="单个讲习场所")
async def get_hall(hall: SeenHall) -> HallView:
    return hall.shown(HallView)


@commands.post("/courses", status_code=201, summary="发布课程")
async def publish_course(request: CourseRequest, caller: Caller, uow: Work) -> CourseView:
    hall = await tables.one(uow.session, HallRow, request.hall_id, lock=True)
    caller.require(Action.MANAGE_BASES, hall.area)
    course = Course(course_id=new_id(), area=hall.area, retired_on=None, **request.fields())
    return (await handlers.publish_course(course, hall, uow, request.at(uow))).shown(CourseView)


@commands.patch("/courses/{course_id}", summary="变更课程")
async def change_course(course: EditedCourse, request: CourseChange, uow: Work) -> CourseView:
    row = await handlers.change_course(course, request.changes(), uow, request.at(uow))
    return row.shown(CourseView)


@commands.post("/courses/{course_id}/retire", summary="停开课程")
async def retire_course(course: HeldCourse, request: Timed, uow: Work) -> CourseView:
    return (await handlers.retire_course(course, uow, request.at(uow))).shown(CourseView)


@as_file(queries, "课程")
@queries.get("/courses", summary="课程列表")
async def list_courses(
    filters: Annotated[CourseFilters, Query()], paging: Paging
) -> Page[CourseView]:
    return await paging.shown(CourseRow, CourseView, filters, order="code")


@queries.get("/courses/{course_id}", summary="单个课程")
async def get_course(course: SeenCourse) -> CourseView:
    return course.shown(CourseView)


def _past(day: date, now: datetime, field: str) -> None:
    """Raises `TimeInFuture` for a day that has not begun."""
    occurred(midnight(day), now, field=field)
