"""HTTP routes of instructors (党建指导员), of what they have in charge, and of their visits."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.chassis.clock import business_date
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
    sealed,
    set_etag,
)
from services.chassis.http.context import ServiceContext
from services.chassis.http.fields import Code, Day, Name, Sought
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.membership.api.days import on_day
from services.membership.api.written import InstructorId, MemberId, NewOrganisationId
from services.membership.handlers import coverage as handlers
from services.membership.tables import coverage as tables
from services.membership.tables.coverage import InstructionRow, InstructorRow

commands = command_router(tags=["党建指导员"])
queries = APIRouter(prefix="/v1", tags=["党建指导员"], responses=dict(RESPONSES))


class InstructorRequest(Timed):
    code: Code
    name: Name = Field(title="姓名", description="Sealed; shown masked.")
    area: AreaCode
    member_id: UUID | None = Field(default=None, title="党员编号")
    since: Day = Field(title="选派日期")


class Ending(Timed):
    until: Day = Field(title="结束日期")


class InstructorView(BaseModel):
    instructor_id: UUID
    code: str = Field(title="代码")
    name: str | None = Field(title="姓名", description="Masked.")
    area: str = Field(title="区划")
    member_id: MemberId | None = Field(title="党员编号")
    since: date = Field(title="选派日期")
    until: date | None = Field(title="卸任日期")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class ChargeRequest(Timed):
    neworg_id: UUID = Field(title="两新组织")
    since: Day = Field(title="开始日期")


class ChargeView(BaseModel):
    instruction_id: UUID
    instructor_id: InstructorId = Field(title="党建指导员")
    neworg_id: NewOrganisationId = Field(title="两新组织")
    area: str = Field(title="区划")
    since: date = Field(title="开始日期")
    until: date | None = Field(title="结束日期")
    visited_on: date | None = Field(title="最近走访")
    due_on: date = Field(title="下次走访期限")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class VisitRequest(Timed):
    visited_on: Day = Field(title="走访日期")


@commands.post("/instructors", status_code=201, summary="选派党建指导员")
async def appoint(
    request: InstructorRequest, context: Context, caller: Caller, uow: Work, response: Response
) -> InstructorView:
    caller.require(Action.MANAGE_ORGANISATIONS, request.area)
    at = on_day(request.since, uow.now, "since", request.occurred_at)
    row = InstructorRow(
        instructor_id=new_id(),
        **request.model_dump(exclude={"occurred_at", "name"}),
        recorded_at=uow.now,
    )
    await handlers.appoint(row, request.name, context.vault, uow, at)
    set_etag(response, row.version)
    return _instructor(row, None)


@commands.post("/instructors/{instructor_id}/release", summary="党建指导员卸任")
async def release(
    *,
    instructor_id: UUID,
    request: Ending,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> InstructorView:
    """Refused while organisations are in the instructor's charge."""
    current = await tables.instructor(uow.session, instructor_id)
    caller.require(Action.MANAGE_ORGANISATIONS, current.area)
    at = on_day(request.until, uow.now, "until", request.occurred_at)
    row = await handlers.release(instructor_id, request.until, version, uow, at)
    set_etag(response, row.version)
    return _instructor(row, None)


@commands.post("/instructors/{instructor_id}/charges", status_code=201, summary="联系两新组织")
async def assign(
    instructor_id: UUID, request: ChargeRequest, caller: Caller, uow: Work, response: Response
) -> ChargeView:
    """An organisation has one instructor at a time."""
    organisation = await tables.neworg(uow.session, request.neworg_id)
    instructor = await tables.instructor(uow.session, instructor_id)
    for area in {organisation.area, instructor.area}:
        caller.require(Action.MANAGE_ORGANISATIONS, area)
    at = on_day(request.since, uow.now, "since", request.occurred_at)
    row = await handlers.assign(new_id(), instructor_id, request.neworg_id, request.since, uow, at)
    return _charged(row, response)


@commands.post("/instructor-charges/{instruction_id}/visits", summary="登记走访")
async def visit(
    instruction_id: UUID, request: VisitRequest, caller: Caller, uow: Work, response: Response
) -> ChargeView:
    """Recorded once a day, however often it is sent."""
    current = await tables.instruction(uow.session, instruction_id)
    caller.require(Action.MANAGE_ORGANISATIONS, current.area)
    at = on_day(request.visited_on, uow.now, "visited_on", request.occurred_at)
    return _charged(await handlers.visit(instruction_id, request.visited_on, uow, at), response)


@commands.post("/new-organisations/{neworg_id}/instructor-visits", summary="登记对两新组织的走访")
async def visit_organisation(
    neworg_id: UUID, request: VisitRequest, caller: Caller, uow: Work, response: Response
) -> ChargeView:
    """As a ledger says it: by whoever had the organisation in charge on that day."""
    charge = await tables.charge_on(uow.session, neworg_id, request.visited_on)
    caller.require(Action.MANAGE_ORGANISATIONS, charge.area)
    at = on_day(request.visited_on, uow.now, "visited_on", request.occurred_at)
    row = await handlers.visit(charge.instruction_id, request.visited_on, uow, at)
    return _charged(row, response)


@commands.post("/instructor-charges/{instruction_id}/end", summary="结束联系")
async def end_charge(
    instruction_id: UUID,
    request: Ending,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> ChargeView:
    current = await tables.instruction(uow.session, instruction_id)
    caller.require(Action.MANAGE_ORGANISATIONS, current.area)
    at = on_day(request.until, uow.now, "until", request.occurred_at)
    row = await handlers.end_charge(instruction_id, request.until, version, uow, at)
    return _charged(row, response)


@as_file(queries, "党建指导员")
@queries.get("/instructors", summary="党建指导员列表")
async def list_instructors(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query(description="Only in this area.")] = None,
    code: Sought | None = None,
    past: Annotated[bool, Query(description="Show those who were released, too.")] = False,
    limit: Limit = 50,
) -> Page[InstructorView]:
    async with context.database.sessions() as session:
        rows = await tables.instructors(
            session,
            areas_to_list(caller, within),
            code,
            present_only=not past,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    page = page_of(rows, limit, lambda row: row, lambda row: (row.code,))
    return Page(items=await _instructors(context, page.items), next=page.next)


@as_file(queries, "党建指导员联系关系")
@queries.get("/instructor-charges", summary="联系关系列表")
async def list_charges(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query(description="Only in this area.")] = None,
    instructor_id: UUID | None = None,
    neworg_id: UUID | None = None,
    overdue: Annotated[bool, Query(description="Only those whose visit is late.")] = False,
    limit: Limit = 50,
) -> Page[ChargeView]:
    async with context.database.sessions() as session:
        rows = await tables.instructions(
            session,
            areas_to_list(caller, within),
            instructor_id,
            neworg_id,
            business_date(context.clock()) if overdue else None,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, _charge, lambda row: (row.instruction_id,))


async def _instructors(context: ServiceContext, rows: list[InstructorRow]) -> list[InstructorView]:
    names = await sealed.names(context, [row.instructor_id for row in rows])
    return [_instructor(row, names.get(row.instructor_id)) for row in rows]


def _instructor(row: InstructorRow, name: str | None) -> InstructorView:
    """Commands answer without the name, even masked: their answers are kept for repetition."""
    return InstructorView(name=name, **row.model_dump())


def _charge(row: InstructionRow) -> ChargeView:
    return ChargeView.model_validate(row.model_dump())


def _charged(row: InstructionRow, response: Response) -> ChargeView:
    set_etag(response, row.version)
    return _charge(row)


routers = (commands, queries)
