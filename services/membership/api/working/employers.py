"""来源单位: who sends working members. Names of organisations are no personal data."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.chassis.clock import occurred
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
    set_etag,
)
from services.chassis.http.fields import Code, Name, Sought
from services.chassis.http.lists import as_file
from services.chassis.ids import new_id
from services.chassis.rows import missing
from services.membership.api.working.common import commands_router, queries_router
from services.membership.domain.working.registrants import Employer
from services.membership.handlers.working import registrants as handlers
from services.membership.tables.working import registrants as tables
from services.membership.tables.working.rows import EmployerRow

commands, queries = commands_router(), queries_router()


class EmployerRequest(Timed):
    code: Code
    name: Name
    area: AreaCode


class EmployerChange(Timed):
    """Fields left out stay as they are."""

    name: Name | None = None
    area: AreaCode | None = None


class EmployerView(BaseModel):
    employer_id: UUID
    code: str = Field(title="单位代码")
    name: str = Field(title="单位名称")
    area: str = Field(title="区划")
    version: int


@commands.post("/employers", status_code=201, summary="登记来源单位")
async def register_employer(
    request: EmployerRequest, caller: Caller, uow: Work, response: Response
) -> EmployerView:
    caller.require(Action.MANAGE_SERVICE, request.area)
    employer = Employer(employer_id=new_id(), **request.model_dump(exclude={"occurred_at"}))
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.register_employer(employer, uow, at), response)


@commands.patch("/employers/{employer_id}", summary="变更来源单位")
async def change_employer(
    employer_id: UUID,
    request: EmployerChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> EmployerView:
    """A change of area needs the right in both."""
    row = _found(await tables.employer(uow.session, employer_id, lock=True), employer_id)
    for area in {row.area, request.area or row.area}:
        caller.require(Action.MANAGE_SERVICE, area)
    changes = request.model_dump(exclude={"occurred_at"}, exclude_none=True)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.change_employer(row, changes, version, uow, at), response)


@as_file(queries, "来源单位")
@queries.get("/employers", summary="来源单位列表")
async def list_employers(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    code: Sought | None = None,
    q: Annotated[Sought | None, Query(description="Part of the name.")] = None,
    limit: Limit = 50,
) -> Page[EmployerView]:
    """Employers are known by name to all who may read anything: members come from anywhere."""
    _reads(caller)
    async with context.database.sessions() as session:
        rows = await tables.employers(
            session,
            within=(within or "",),
            code=code,
            named=q,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, _view, lambda row: (row.code,))


@queries.get("/employers/{employer_id}", summary="单个来源单位")
async def get_employer(
    employer_id: UUID, context: Context, caller: Caller, response: Response
) -> EmployerView:
    _reads(caller)
    async with context.database.sessions() as session:
        row = await tables.employer(session, employer_id)
    return _shown(_found(row, employer_id), response)


def _reads(caller: Caller) -> None:
    if not caller.areas(Action.READ):
        caller.refuse(Action.READ)


def _found(row: EmployerRow | None, employer_id: UUID) -> EmployerRow:
    if row is None:
        raise missing("employer", employer_id, "来源单位")
    return row


def _view(row: EmployerRow) -> EmployerView:
    return EmployerView.model_validate(row.model_dump())


def _shown(row: EmployerRow, response: Response) -> EmployerView:
    set_etag(response, row.version)
    return _view(row)
