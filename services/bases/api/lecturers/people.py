"""讲师名录: register, change, retire, read, erase."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import col

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.lecturers import LecturerEngagement
from services.bases.api.lecturers.common import (
    TAGS,
    Person,
    RoleCode,
    Seen,
    SkillCode,
    masked,
)
from services.bases.api.written import BaseId
from services.bases.domain.lecturers.people import Lecturer
from services.bases.handlers.lecturers import people as handlers
from services.bases.tables.lecturers import claims, work
from services.bases.tables.lecturers.rows import LecturerRow
from services.bases.tables.lecturers.work import Rated
from services.chassis.clock import business_date, from_day
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
    sealed,
)
from services.chassis.http.context import ServiceContext
from services.chassis.http.edits import edits
from services.chassis.http.fields import Code, Day, Kind, PersonName, Phone, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import BY_ROUTE, By, Filters, Paging, after_cursor
from services.chassis.http.lists import as_file
from services.chassis.http.sealed import Purpose
from services.chassis.http.views import before
from services.chassis.ids import new_id

commands, queries = command_router(tags=TAGS), query_router(tags=TAGS)

Held = Annotated[LecturerRow, held(LecturerRow, "讲师", Action.MANAGE_BASES, first=claims.lock_one)]
Edited = Annotated[
    LecturerRow, held(LecturerRow, "讲师", Action.MANAGE_BASES, edit=True, first=claims.lock_one)
]
Personal = Annotated[LecturerRow, seen(LecturerRow, "讲师", Action.READ_PERSONAL)]

SEALED = {"name", "phone"}

Roles = Annotated[
    list[Kind], Field(min_length=1, max_length=8, title="角色", description="The main one first.")
]
Skills = Annotated[
    list[Kind], Field(min_length=1, max_length=12, title="专长", description="Best first.")
]


class Sealing(Timed):
    """Whose name and phone go into the vault, beside what is kept of the lecturer."""

    def person(self) -> sealed.Fields:
        return self.model_dump(include=SEALED, exclude_none=True)

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in super().changes().items() if name not in SEALED}


class LecturerRequest(Sealing):
    code: Code
    name: PersonName
    phone: Phone | None = None
    area: AreaCode = Field(description="Where the lecturer serves, all within included.")
    base_id: UUID | None = Field(default=None, title="所属基地")
    roles: Roles
    skills: Skills
    engagement: LecturerEngagement = Field(title="聘用方式")
    engaged_on: Day | None = Field(default=None, title="聘用日期", description="Else today.")


@edits(LecturerRequest, "code", "engaged_on", null=["base_id"])
class LecturerChange(Sealing):
    """Fields left out stay as they are; `base_id: null` takes the base away."""


class RetireRequest(Timed):
    retired_on: Day | None = Field(default=None, title="退出日期", description="Else today.")


@before(person="area")
class LecturerView(Lecturer):
    person: Person = Field(title="讲师（脱敏）")
    base_id: BaseId | None = Field(title="所属基地")
    roles: list[RoleCode] = Field(title="角色")
    skills: list[SkillCode] = Field(title="专长")
    rating: float | None = Field(title="平均评分", description="Of 5; null while nobody rated.")
    ratings: int = Field(title="评分次数")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class LecturerPersonView(BaseModel):
    """In full; empty for one whose data was erased."""

    lecturer_id: UUID
    name: str | None = Field(default=None, title="姓名")
    phone: str | None = Field(default=None, title="电话")


def _has(column: str) -> By:
    return By(lambda columns, code: columns[column].contains([code]))


GONE = By(lambda columns, gone: columns["retired_on"].is_not(None) == gone)


class LecturerFilters(Filters):
    code: Sought | None = None
    role: Annotated[Sought | None, _has("roles")] = None
    skill: Annotated[Sought | None, _has("skills")] = None
    engagement: LecturerEngagement | None = None
    base_id: UUID | None = None
    phone: Annotated[Sought | None, BY_ROUTE] = Field(default=None, description="The whole number.")
    name: Annotated[Sought | None, BY_ROUTE] = Field(default=None, description="The whole name.")
    retired: Annotated[bool | None, GONE] = Field(
        default=False, description="`false`: only those on the team."
    )


@commands.post("/lecturers", status_code=201, summary="登记讲师")
async def register(
    request: LecturerRequest, context: Context, caller: Caller, uow: Work
) -> LecturerView:
    """Name and phone are sealed under a key of the lecturer's own. Counts from `engaged_on`."""
    caller.require(Action.MANAGE_BASES, request.area)
    at = request.at(uow)
    if request.occurred_at is None and request.engaged_on is not None:
        at = from_day(request.engaged_on, uow.now)
    fields = request.fields(*SEALED)
    fields["engaged_on"] = request.engaged_on or business_date(at)
    lecturer = Lecturer(**fields, lecturer_id=new_id(), retired_on=None)
    return _view(await handlers.register(lecturer, request.person(), uow, context.vault, at))


@commands.patch("/lecturers/{lecturer_id}", summary="变更讲师")
async def change(
    lecturer: Edited, request: LecturerChange, context: Context, caller: Caller, uow: Work
) -> LecturerView:
    """What is arranged already stays, also where a skill it needs is taken away."""
    changes, person = request.changes(), request.person()
    caller.require(Action.MANAGE_BASES, changes.get("area", lecturer.area))
    at = request.at(uow)
    return _view(await handlers.change(lecturer, changes, person, uow, context.vault, at))


@commands.post("/lecturers/{lecturer_id}/retire", summary="讲师退出")
async def retire(lecturer: Edited, request: RetireRequest, uow: Work) -> LecturerView:
    """Refused while assignments lie ahead, which the refusal names."""
    at = request.at(uow)
    on = request.retired_on or business_date(at)
    return _view(await handlers.retire(lecturer, on, uow, at))


@commands.post("/lecturers/{lecturer_id}/erase", status_code=204, summary="清除讲师个人信息")
async def erase(lecturer: Held, request: Timed, caller: Caller, uow: Work) -> None:
    """Destroys name and phone of one who left, for ever; what they did stays counted."""
    request.at(uow)  # nothing is erased in the future
    caller.require(Action.READ_PERSONAL, lecturer.area)
    await handlers.erase(lecturer, uow)


@as_file(queries, "讲师")
@queries.get("/lecturers", summary="讲师列表")
async def list_lecturers(
    paging: Paging, filters: Annotated[LecturerFilters, after_cursor(LecturerFilters)]
) -> Page[LecturerView]:
    """In order of code; names and numbers are masked."""
    ids = await sealed.known_as(paging.context, phone=filters.phone, name=filters.name)
    where = [] if ids is None else [col(LecturerRow.lecturer_id).in_(ids)]
    page = await paging.rows(LecturerRow, filters, order="code", where=where)
    return page.of(await _views(paging.context, page.items))


@queries.get("/lecturers/{lecturer_id}", summary="单个讲师")
async def get_lecturer(lecturer: Seen, context: Context) -> LecturerView:
    return (await _views(context, [lecturer]))[0]


@queries.get("/lecturers/{lecturer_id}/personal", summary="查看讲师个人信息（留痕）")
async def read_person(
    lecturer: Personal, context: Context, caller: Caller, purpose: Purpose
) -> LecturerPersonView:
    """In full. That it was read, by whom and why, is recorded."""
    key = lecturer.lecturer_id
    read = await sealed.in_full(context, caller, key, lecturer.area, purpose)
    return LecturerPersonView(lecturer_id=key, **read)


async def _views(context: ServiceContext, rows: Sequence[LecturerRow]) -> list[LecturerView]:
    ids = [row.lecturer_id for row in rows]
    who = await masked(context, ids)
    rated = await work.rated(context.database.pool, ids)
    return [_view(row, who[row.lecturer_id], rated[row.lecturer_id]) for row in rows]


def _view(
    row: LecturerRow, person: Person | None = None, rated: Rated | None = None
) -> LecturerView:
    """Of commands without the person, even masked: their answers are kept for repetition."""
    return row.shown(LecturerView, person=person or Person(), **vars(rated or Rated()))
