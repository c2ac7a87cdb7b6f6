"""HTTP routes of instructors (党建指导员), of what they have in charge, and of their visits."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.chassis.clock import business_date
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Work,
    command_router,
    query_router,
    sealed,
)
from services.chassis.http.fields import Code, Name, Sought
from services.chassis.http.held import held
from services.chassis.http.listing import BY_ROUTE, Filters, Paging, with_past
from services.chassis.http.lists import as_file
from services.chassis.http.views import before
from services.chassis.ids import new_id
from services.membership.api.days import HappenedOn, OnDay
from services.membership.api.written import InstructorId, MemberId, NewOrganisationId
from services.membership.domain.coverage import Instructor
from services.membership.handlers import coverage as handlers
from services.membership.tables import coverage as tables
from services.membership.tables.coverage import InstructionRow, InstructorRow

commands = command_router(tags=["党建指导员"])
queries = query_router(tags=["党建指导员"])

MANAGE = Action.MANAGE_ORGANISATIONS
Held = Annotated[InstructorRow, held(InstructorRow, "党建指导员", MANAGE)]
HeldAtVersion = Annotated[InstructorRow, held(InstructorRow, "党建指导员", MANAGE, edit=True)]
HeldCharge = Annotated[InstructionRow, held(InstructionRow, "联系关系", MANAGE)]
ChargeAtVersion = Annotated[InstructionRow, held(InstructionRow, "联系关系", MANAGE, edit=True)]


class InstructorRequest(OnDay):
    code: Code
    name: Name = Field(title="姓名", description="Sealed; shown masked.")
    area: AreaCode
    member_id: UUID | None = Field(default=None, title="党员编号")
    since: HappenedOn = Field(title="选派日期")


class Ending(OnDay):
    until: HappenedOn = Field(title="结束日期")


@before(name="area")
class InstructorView(Instructor):
    name: str | None = Field(title="姓名", description="Masked.")
    member_id: MemberId | None = Field(title="党员编号")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class ChargeRequest(OnDay):
    neworg_id: UUID = Field(title="两新组织")
    since: HappenedOn = Field(title="开始日期")


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


class VisitRequest(OnDay):
    visited_on: HappenedOn = Field(title="走访日期")


class InstructorFilters(Filters):
    code: Sought | None = None
    past: Annotated[bool, with_past("until")] = Field(
        default=False, description="Show those who were released, too."
    )


class ChargeFilters(Filters):
    instructor_id: UUID | None = None
    neworg_id: UUID | None = None
    overdue: Annotated[bool, BY_ROUTE] = Field(
        default=False, description="Only those whose visit is late."
    )


@commands.post("/instructors", status_code=201, summary="选派党建指导员")
async def appoint(
    request: InstructorRequest, context: Context, caller: Caller, uow: Work
) -> InstructorView:
    caller.require(MANAGE, request.area)
    instructor = Instructor(instructor_id=new_id(), until=None, **request.fields("name"))
    return _instructor(
        await handlers.appoint(instructor, request.name, context.vault, uow, request.at(uow))
    )


@commands.post("/instructors/{instructor_id}/release", summary="党建指导员卸任")
async def release(instructor: HeldAtVersion, request: Ending, uow: Work) -> InstructorView:
    """Refused while organisations are in the instructor's charge."""
    return _instructor(await handlers.release(instructor, request.until, uow, request.at(uow)))


@commands.post("/instructors/{instructor_id}/charges", status_code=201, summary="联系两新组织")
async def assign(instructor: Held, request: ChargeRequest, caller: Caller, uow: Work) -> ChargeView:
    """An organisation has one instructor at a time."""
    organisation = await tables.neworg(uow.session, request.neworg_id, lock=True)
    caller.require(MANAGE, organisation.area)
    return _charge(
        await handlers.assign(instructor, organisation, request.since, uow, request.at(uow))
    )


@commands.post("/instructor-charges/{instruction_id}/visits", summary="登记走访")
async def visit(charge: HeldCharge, request: VisitRequest, uow: Work) -> ChargeView:
    """Recorded once a day, however often it is sent."""
    return _charge(await handlers.visit(charge, request.visited_on, uow, request.at(uow)))


@commands.post("/new-organisations/{neworg_id}/instructor-visits", summary="登记对两新组织的走访")
async def visit_organisation(
    neworg_id: UUID, request: VisitRequest, caller: Caller, uow: Work
) -> ChargeView:
    """As a ledger says it: by whoever had the organisation in charge on that day."""
    charge = await tables.charge_on(uow.session, neworg_id, request.visited_on)
    caller.require(MANAGE, charge.area)
    return await visit(charge, request, uow)


@commands.post("/instructor-charges/{instruction_id}/end", summary="结束联系")
async def end_charge(charge: ChargeAtVersion, request: Ending, uow: Work) -> ChargeView:
    return _charge(await handlers.end_charge(charge, request.until, uow, request.at(uow)))


@as_file(queries, "党建指导员")
@queries.get("/instructors", summary="党建指导员列表")
async def list_instructors(
    filters: Annotated[InstructorFilters, Query()], paging: Paging
) -> Page[InstructorView]:
    page = await paging.rows(InstructorRow, filters, order="code")
    names = await sealed.names(paging.context, [row.instructor_id for row in page.items])
    return page.of([_instructor(row, names.get(row.instructor_id)) for row in page.items])


@as_file(queries, "党建指导员联系关系")
@queries.get("/instructor-charges", summary="联系关系列表")
async def list_charges(
    filters: Annotated[ChargeFilters, Query()], paging: Paging
) -> Page[ChargeView]:
    late = tables.late(business_date(paging.context.clock())) if filters.overdue else ()
    return await paging.shown(InstructionRow, ChargeView, filters, where=late)


def _instructor(row: InstructorRow, name: str | None = None) -> InstructorView:
    """Commands answer without the name, even masked: their answers are kept for repetition."""
    return row.shown(InstructorView, name=name)


def _charge(row: InstructionRow) -> ChargeView:
    return row.shown(ChargeView)


routers = (commands, queries)
