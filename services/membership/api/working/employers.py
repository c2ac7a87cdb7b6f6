"""来源单位: who sends working members. Names of organisations are no personal data."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.chassis.http import Caller, Context, Page, Timed, Work, command_router, query_router
from services.chassis.http.edits import edits
from services.chassis.http.fields import Code, Name, Sought
from services.chassis.http.held import held
from services.chassis.http.listing import Filters, Paging, part_of
from services.chassis.http.lists import as_file
from services.chassis.ids import new_id
from services.chassis.rows import one
from services.membership.api.working.common import TAGS
from services.membership.domain.working.registrants import Employer
from services.membership.handlers.working import registrants as handlers
from services.membership.tables.working.rows import EmployerRow

commands, queries = command_router(tags=TAGS), query_router(tags=TAGS)

Edited = Annotated[EmployerRow, held(EmployerRow, "来源单位", Action.MANAGE_SERVICE, edit=True)]


class EmployerRequest(Timed):
    code: Code
    name: Name
    area: AreaCode


@edits(EmployerRequest, "code")
class EmployerChange(Timed):
    """Fields left out stay as they are."""


class EmployerView(Employer):
    version: int


class EmployerFilters(Filters):
    within: AreaCode | None = None
    code: Sought | None = None
    q: Annotated[Sought | None, part_of("name")] = Field(
        default=None, description="Part of the name."
    )


@commands.post("/employers", status_code=201, summary="登记来源单位")
async def register_employer(request: EmployerRequest, caller: Caller, uow: Work) -> EmployerView:
    caller.require(Action.MANAGE_SERVICE, request.area)
    employer = Employer(employer_id=new_id(), **request.fields())
    return (await handlers.register_employer(employer, uow, request.at(uow))).shown(EmployerView)


@commands.patch("/employers/{employer_id}", summary="变更来源单位")
async def change_employer(
    employer: Edited, request: EmployerChange, caller: Caller, uow: Work
) -> EmployerView:
    """A change of area needs the right in both."""
    changes = request.changes()
    caller.require(Action.MANAGE_SERVICE, changes.get("area", employer.area))
    row = await handlers.change_employer(employer, changes, uow, request.at(uow))
    return row.shown(EmployerView)


@as_file(queries, "来源单位")
@queries.get("/employers", summary="来源单位列表")
async def list_employers(
    filters: Annotated[EmployerFilters, Query()], paging: Paging
) -> Page[EmployerView]:
    """Employers are known by name to all who may read anything: members come from anywhere."""
    page = await paging.rows(EmployerRow, filters, order="code", everywhere=True)
    return page.shown(EmployerView)


@queries.get("/employers/{employer_id}", summary="单个来源单位")
async def get_employer(employer_id: UUID, context: Context, caller: Caller) -> EmployerView:
    if not caller.areas(Action.READ):
        caller.refuse(Action.READ)
    async with context.database.sessions() as session:
        employer = await one(session, EmployerRow, employer_id, "employer", "来源单位")
    return employer.shown(EmployerView)
