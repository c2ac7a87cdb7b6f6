"""HTTP in, commands out. A route parses, calls one handler, and answers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode, AreaLevel, level_of, parent_of
from services.chassis.clock import occurred
from services.chassis.errors import NotFound
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
from services.chassis.http.fields import Code, Kind, Name, Sought
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.membership.domain.organisations import (
    Area,
    ChangeOrganisation,
    RegisterArea,
    RegisterOrganisation,
)
from services.membership.handlers import organisations as handlers
from services.membership.tables import organisations as tables
from services.membership.tables.organisations import AreaRow, OrganisationRow

commands = command_router(tags=["区划与党组织"])
queries = APIRouter(prefix="/v1", tags=["区划与党组织"], responses=dict(RESPONSES))


class AreaRequest(Timed):
    name: Name


class AreaView(BaseModel):
    code: str = Field(title="区划代码")
    name: str = Field(title="名称")
    level: AreaLevel = Field(title="层级")
    parent: str | None = Field(title="上级区划")
    version: int


class OrganisationRequest(Timed):
    code: Code
    name: Name
    kind: Kind
    area: AreaCode
    parent_id: UUID | None = Field(default=None, title="上级党组织")


class OrganisationChange(Timed):
    """Fields left out stay as they are; `parent_id: null` takes the parent away."""

    name: Name | None = None
    kind: Kind | None = None
    area: AreaCode | None = None
    parent_id: UUID | None = None


class OrganisationView(BaseModel):
    organisation_id: UUID
    code: str = Field(title="组织代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类别")
    area: str = Field(title="区划")
    parent_id: UUID | None = Field(title="上级党组织")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


@commands.put("/areas/{code}", summary="登记或更名区划", responses={201: {"model": AreaView}})
async def put_area(
    code: AreaCode, request: AreaRequest, caller: Caller, uow: Work, response: Response
) -> AreaView:
    """Repeating it changes nothing; another name renames. 201 for a new area, else 200."""
    caller.require(Action.MANAGE_AREAS, code)
    at = occurred(request.occurred_at, uow.now)
    area, new = await handlers.register_area(RegisterArea(code=code, name=request.name), uow, at)
    response.status_code = 201 if new else 200
    set_etag(response, area.version)
    return _area(area)


@queries.get("/areas", summary="区划列表")
async def list_areas(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    level: Annotated[AreaLevel | None, Query()] = None,
    limit: Limit = 50,
) -> Page[AreaView]:
    """Names of divisions are public: any caller may read them all."""
    caller.areas(Action.READ)
    after = cursor[0] if cursor else None
    async with context.database.sessions() as session:
        rows = await tables.areas(session, within, level, after, limit + 1)
    return page_of(rows, limit, _area, lambda row: (row.code,))


@queries.get("/areas/{code}", summary="单个区划")
async def get_area(
    code: AreaCode, context: Context, caller: Caller, response: Response
) -> AreaView:
    caller.areas(Action.READ)
    async with context.database.sessions() as session:
        row = await tables.area(session, code)
    if row is None:
        raise NotFound(f"Area {code} is not registered.", zh=f"区划 {code} 尚未登记。")
    set_etag(response, row.version)
    return _area(row)


@commands.post("/organisations", status_code=201, summary="登记党组织")
async def register_organisation(
    request: OrganisationRequest, caller: Caller, uow: Work, response: Response
) -> OrganisationView:
    caller.require(Action.MANAGE_ORGANISATIONS, request.area)
    at = occurred(request.occurred_at, uow.now)
    command = RegisterOrganisation(
        organisation_id=new_id(), **request.model_dump(exclude={"occurred_at"})
    )
    return _shown(await handlers.register_organisation(command, uow, at), response)


@commands.patch("/organisations/{organisation_id}", summary="变更党组织")
async def change_organisation(
    organisation_id: UUID,
    request: OrganisationChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> OrganisationView:
    """A change of area needs the right in both."""
    current = await tables.organisation(uow.session, organisation_id)
    for area in {current.area, request.area or current.area}:
        caller.require(Action.MANAGE_ORGANISATIONS, area)
    given = request.model_fields_set
    command = ChangeOrganisation(
        **request.model_dump(exclude={"occurred_at"}),
        to_root="parent_id" in given and request.parent_id is None,
    )
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.change_organisation(organisation_id, command, version, uow, at)
    return _shown(row, response)


@queries.get("/organisations", summary="党组织列表")
async def list_organisations(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query(description="Only in this area.")] = None,
    kind: Sought | None = None,
    code: Sought | None = None,
    parent_id: UUID | None = None,
    q: Annotated[Sought | None, Query(description="Part of the name.")] = None,
    limit: Limit = 50,
) -> Page[OrganisationView]:
    async with context.database.sessions() as session:
        rows = await tables.organisations(
            session,
            within=areas_to_list(caller, within),
            kind=kind,
            code=code,
            parent_id=parent_id,
            named=q,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, _organisation, lambda row: (row.code,))


@queries.get("/organisations/{organisation_id}", summary="单个党组织")
async def get_organisation(
    organisation_id: UUID, context: Context, caller: Caller, response: Response
) -> OrganisationView:
    async with context.database.sessions() as session:
        row = await tables.organisation(session, organisation_id)
    caller.require(Action.READ, row.area)
    return _shown(row, response)


def _area(row: AreaRow | Area) -> AreaView:
    return AreaView(
        code=row.code,
        name=row.name,
        level=level_of(row.code),
        parent=parent_of(row.code),
        version=row.version,
    )


def _organisation(row: OrganisationRow) -> OrganisationView:
    return OrganisationView.model_validate(row.model_dump())


def _shown(row: OrganisationRow, response: Response) -> OrganisationView:
    set_etag(response, row.version)
    return _organisation(row)


routers = (commands, queries)
