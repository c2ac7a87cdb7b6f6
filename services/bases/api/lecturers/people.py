"""讲师名录: register, change, retire, read, erase."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.lecturers import LecturerEngagement
from services.bases.api.lecturers.common import (
    Person,
    PersonName,
    Phone,
    RoleCode,
    SkillCode,
    Within,
    commands_router,
    managed,
    masked,
    queries_router,
)
from services.bases.api.written import BaseId
from services.bases.domain.lecturers.people import Profile
from services.bases.handlers.lecturers import people as handlers
from services.bases.handlers.lecturers.people import Registering
from services.bases.tables.lecturers import people as table
from services.bases.tables.lecturers import work
from services.bases.tables.lecturers.rows import LecturerRow
from services.bases.tables.lecturers.work import Rated
from services.chassis.clock import business_date, from_day, occurred
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    IfMatch,
    Limit,
    Page,
    Timed,
    Work,
    page_of,
    sealed,
    set_etag,
)
from services.chassis.http.context import ServiceContext
from services.chassis.http.fields import Code, Day, Kind, Sought
from services.chassis.http.lists import as_file
from services.chassis.http.scopes import areas_to_list
from services.chassis.http.sealed import Purpose
from services.chassis.ids import new_id

commands, queries = commands_router(), queries_router()

Roles = Annotated[
    list[Kind], Field(min_length=1, max_length=8, title="角色", description="The main one first.")
]
Skills = Annotated[
    list[Kind], Field(min_length=1, max_length=12, title="专长", description="Best first.")
]


class LecturerRequest(Timed):
    code: Code
    name: PersonName
    phone: Phone | None = None
    area: AreaCode = Field(description="Where the lecturer serves, all within included.")
    base_id: UUID | None = Field(default=None, title="所属基地")
    roles: Roles
    skills: Skills
    engagement: LecturerEngagement = Field(title="聘用方式")
    engaged_on: Day | None = Field(default=None, title="聘用日期", description="Else today.")

    def said(self) -> dict[str, str]:
        given = {"name": self.name, "phone": self.phone}
        return {field: text for field, text in given.items() if text is not None}


class LecturerChange(Timed):
    """Fields left out stay as they are; `base_id: null` takes the base away."""

    name: PersonName | None = None
    phone: Phone | None = None
    area: AreaCode | None = None
    base_id: UUID | None = Field(default=None, title="所属基地")
    roles: Roles | None = None
    skills: Skills | None = None
    engagement: LecturerEngagement | None = Field(default=None, title="聘用方式")

    def said(self) -> dict[str, str]:
        given = {"name": self.name, "phone": self.phone}
        return {field: text for field, text in given.items() if text is not None}

    def changes(self) -> dict[str, Any]:
        given = self.model_dump(include={"area", "roles", "skills", "engagement"})
        found = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in given.items()
            if value is not None
        }
        return found | ({"base_id": self.base_id} if "base_id" in self.model_fields_set else {})


class RetireRequest(Timed):
    retired_on: Day | None = Field(default=None, title="退出日期", description="Else today.")


class LecturerView(BaseModel):
    lecturer_id: UUID
    code: str = Field(title="代码")
    person: Person = Field(title="讲师（脱敏）")
    area: str = Field(title="区划")
    base_id: BaseId | None = Field(title="所属基地")
    roles: list[RoleCode] = Field(title="角色")
    skills: list[SkillCode] = Field(title="专长")
    engagement: LecturerEngagement = Field(title="聘用方式")
    engaged_on: date = Field(title="聘用日期")
    retired_on: date | None = Field(title="退出日期")
    rating: float | None = Field(title="平均评分", description="Of 5; null while nobody rated.")
    ratings: int = Field(title="评分次数")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class LecturerPersonView(BaseModel):
    """In full; empty for one whose data was erased."""

    lecturer_id: UUID
    name: str | None = Field(default=None, title="姓名")
    phone: str | None = Field(default=None, title="电话")


@dataclass
class Asked:
    """What a list of lecturers, and its file, are searched by. A number is sought whole."""

    within: Within = None
    code: Sought | None = None
    role: Sought | None = None
    skill: Sought | None = None
    engagement: LecturerEngagement | None = None
    base_id: UUID | None = None
    phone: Annotated[Sought | None, Query(description="The whole number.")] = None
    name: Annotated[Sought | None, Query(description="The whole name.")] = None
    retired: Annotated[bool | None, Query(description="`false`: only those on the team.")] = False


Searched = Annotated[Asked, Depends()]


@commands.post("/lecturers", status_code=201, summary="登记讲师")
async def register(
    request: LecturerRequest, context: Context, caller: Caller, uow: Work, response: Response
) -> LecturerView:
    """Name and phone are sealed under a key of the lecturer's own. Counts from `engaged_on`."""
    caller.require(Action.MANAGE_BASES, request.area)
    at = occurred(request.occurred_at, uow.now)
    if request.occurred_at is None and request.engaged_on is not None:
        at = from_day(request.engaged_on, uow.now)
    command = Registering(
        lecturer_id=new_id(),
        code=request.code,
        profile=Profile(
            area=request.area,
            base_id=request.base_id,
            roles=tuple(request.roles),
            skills=tuple(request.skills),
            engagement=request.engagement,
        ),
        engaged_on=request.engaged_on or business_date(at),
        said=request.said(),
    )
    return _answer(await handlers.register(command, uow, context.vault, at), response)


@commands.patch("/lecturers/{lecturer_id}", summary="变更讲师")
async def change(
    lecturer_id: UUID,
    request: LecturerChange,
    context: Context,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> LecturerView:
    """What is arranged already stays, also where a skill it needs is taken away."""
    row, at = await managed(lecturer_id, request, caller, uow, Action.MANAGE_BASES)
    if request.area is not None:
        caller.require(Action.MANAGE_BASES, request.area)
    changes, said = request.changes(), request.said()
    await handlers.change(row, changes, said, version, uow, context.vault, at)
    return _answer(row, response)


@commands.post("/lecturers/{lecturer_id}/retire", summary="讲师退出")
async def retire(
    lecturer_id: UUID,
    request: RetireRequest,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> LecturerView:
    """Refused while assignments lie ahead, which the refusal names."""
    row, at = await managed(lecturer_id, request, caller, uow, Action.MANAGE_BASES)
    on = request.retired_on or business_date(at)
    return _answer(await handlers.retire(row, on, version, uow, at), response)


@commands.post("/lecturers/{lecturer_id}/erase", status_code=204, summary="清除讲师个人信息")
async def erase(lecturer_id: UUID, request: Timed, caller: Caller, uow: Work) -> None:
    """Destroys name and phone of one who left, for ever; what they did stays counted."""
    row, _ = await managed(lecturer_id, request, caller, uow, Action.MANAGE_BASES)
    caller.require(Action.READ_PERSONAL, row.area)
    await handlers.erase(row, uow)


@as_file(queries, "讲师")
@queries.get("/lecturers", summary="讲师列表")
async def list_lecturers(
    context: Context, caller: Caller, cursor: Cursor, asked: Searched, limit: Limit = 50
) -> Page[LecturerView]:
    """In order of code; names and numbers are masked."""
    sought = table.Asked(
        within=areas_to_list(caller, asked.within),
        code=asked.code,
        role=asked.role,
        skill=asked.skill,
        engagement=asked.engagement,
        base_id=asked.base_id,
        ids=await sealed.known_as(context, phone=asked.phone, name=asked.name),
        retired=asked.retired,
    )
    async with context.database.sessions() as session:
        after = cursor[0] if cursor else None
        rows = await table.lecturers(session, sought, after=after, limit=limit + 1)
    page = page_of(rows, limit, lambda row: row, lambda row: (row.code,))
    return Page(items=await _views(context, page.items), next=page.next)


@queries.get("/lecturers/{lecturer_id}", summary="单个讲师")
async def get_lecturer(
    lecturer_id: UUID, context: Context, caller: Caller, response: Response
) -> LecturerView:
    async with context.database.sessions() as session:
        row = await table.lecturer(session, lecturer_id)
    caller.require(Action.READ, row.area)
    set_etag(response, row.version)
    return (await _views(context, [row]))[0]


@queries.get("/lecturers/{lecturer_id}/personal", summary="查看讲师个人信息（留痕）")
async def read_person(
    lecturer_id: UUID, context: Context, caller: Caller, purpose: Purpose
) -> LecturerPersonView:
    """In full. That it was read, by whom and why, is recorded."""
    async with context.database.sessions() as session:
        row = await table.lecturer(session, lecturer_id)
    caller.require(Action.READ_PERSONAL, row.area)
    read = await sealed.in_full(context, caller, lecturer_id, row.area, purpose)
    return LecturerPersonView(lecturer_id=lecturer_id, **read)


async def _views(context: ServiceContext, rows: list[LecturerRow]) -> list[LecturerView]:
    ids = [row.lecturer_id for row in rows]
    who = await masked(context, ids)
    rated = await work.rated(context.database.pool, ids)
    return [_view(row, who.get(row.lecturer_id), rated.get(row.lecturer_id)) for row in rows]


def _view(row: LecturerRow, who: Person | None, rated: Rated | None) -> LecturerView:
    return LecturerView(
        **row.model_dump(),
        person=who or Person(),
        rating=rated.average if rated else None,
        ratings=rated.ratings if rated else 0,
    )


def _answer(row: LecturerRow, response: Response) -> LecturerView:
    """Without the person, even masked: answers of commands are kept for repetition."""
    set_etag(response, row.version)
    return _view(row, None, None)
