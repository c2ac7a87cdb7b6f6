"""HTTP routes of new-economy and social organisations, and of their instructors."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.organisations import Coverage
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
    command_router,
    page_of,
    set_etag,
)
from services.chassis.http.export import Cell, Format, exported
from services.chassis.http.fields import Code, Kind, Name
from services.chassis.http.fields import Sought as Text
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.membership.domain.coverage import NewOrganisation
from services.membership.handlers import coverage as handlers
from services.membership.tables import coverage as tables
from services.membership.tables.coverage import NewOrganisationRow, Sought

commands = command_router(tags=["两新组织"])
queries = APIRouter(prefix="/v1", tags=["两新组织"], responses=dict(RESPONSES))

Count = Annotated[int, Field(ge=0, le=1_000_000)]


class NewOrganisationRequest(Timed):
    code: Code
    name: Name
    kind: Kind
    area: AreaCode
    employees: Count = Field(default=0, title="从业人数")
    members: Count = Field(
        default=0,
        title="党员人数",
        description="Full members who work there, wherever they belong.",
    )
    coverage: Coverage = Field(title="覆盖方式")
    organisation_id: UUID | None = Field(
        default=None, title="覆盖的党组织", description="Needed for what is covered."
    )


class NewOrganisationChange(Timed):
    """Fields left out stay as they are."""

    name: Name | None = None
    kind: Kind | None = None
    area: AreaCode | None = None
    employees: Count | None = Field(default=None, title="从业人数")
    members: Count | None = Field(default=None, title="党员人数")
    coverage: Coverage | None = Field(default=None, title="覆盖方式")
    organisation_id: UUID | None = Field(default=None, title="覆盖的党组织")


class NewOrganisationView(BaseModel):
    neworg_id: UUID
    code: str = Field(title="代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类别")
    area: str = Field(title="区划")
    employees: int = Field(title="从业人数")
    members: int = Field(title="党员人数")
    coverage: Coverage = Field(title="覆盖方式")
    organisation_id: UUID | None = Field(title="覆盖的党组织")
    closed_on: date | None = Field(title="注销日期")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


@commands.post("/new-organisations", status_code=201, summary="登记两新组织")
async def register(
    request: NewOrganisationRequest, caller: Caller, uow: Work, response: Response
) -> NewOrganisationView:
    caller.require(Action.MANAGE_ORGANISATIONS, request.area)
    organisation = NewOrganisation(
        neworg_id=new_id(), **request.model_dump(exclude={"occurred_at"})
    )
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.register(organisation, uow, at), response)


@commands.patch("/new-organisations/{neworg_id}", summary="变更两新组织")
async def change(
    neworg_id: UUID,
    request: NewOrganisationChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> NewOrganisationView:
    """A change of area needs the right in both; what is covered no more loses its organisation."""
    current = await tables.neworg(uow.session, neworg_id)
    for area in {current.area, request.area or current.area}:
        caller.require(Action.MANAGE_ORGANISATIONS, area)
    said = request.model_dump(include=request.model_fields_set - {"occurred_at"})
    given = {
        name: value
        for name, value in said.items()
        if value is not None or name == "organisation_id"
    }
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.change(neworg_id, given, version, uow, at), response)


@commands.post("/new-organisations/{neworg_id}/close", summary="注销两新组织")
async def close(
    neworg_id: UUID,
    request: Timed,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> NewOrganisationView:
    current = await tables.neworg(uow.session, neworg_id)
    caller.require(Action.MANAGE_ORGANISATIONS, current.area)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.close(neworg_id, version, uow, at), response)


async def _sought(
    caller: Caller,
    *,
    within: Annotated[AreaCode | None, Query(description="Only in this area.")] = None,
    kind: Text | None = None,
    coverage: Coverage | None = None,
    code: Text | None = None,
    organisation_id: UUID | None = None,
    q: Annotated[Text | None, Query(description="Part of the name.")] = None,
) -> Sought:
    return Sought(
        within=areas_to_list(caller, within),
        kind=kind,
        coverage=coverage.value if coverage else None,
        code=code,
        organisation_id=organisation_id,
        named=q,
    )


Sieve = Annotated[Sought, Depends(_sought)]


@queries.get("/new-organisations", summary="两新组织列表")
async def list_new_organisations(
    context: Context, sought: Sieve, cursor: Cursor, limit: Limit = 50
) -> Page[NewOrganisationView]:
    async with context.database.sessions() as session:
        rows = await tables.neworgs(
            session, sought, after=cursor[0] if cursor else None, limit=limit + 1
        )
    return page_of(rows, limit, _view, lambda row: (row.code,))


@queries.get("/new-organisations/export", summary="导出两新组织列表")
async def export_new_organisations(
    context: Context,
    sought: Sieve,
    format: Format = "xlsx",  # noqa: A002  the name of the query parameter
) -> Response:
    async def rows() -> AsyncIterator[Sequence[Cell]]:
        async with context.database.sessions() as session:
            async for row in tables.every(session, sought):
                counts = (row.employees, row.members, Coverage(row.coverage).label)
                yield (row.code, row.name, row.kind, row.area, *counts)

    headings = ("代码", "名称", "类别", "区划代码", "从业人数", "党员人数", "覆盖方式")
    return await exported("两新组织", headings, rows(), format)


@queries.get("/new-organisations/{neworg_id}", summary="单个两新组织")
async def get_new_organisation(
    neworg_id: UUID, context: Context, caller: Caller, response: Response
) -> NewOrganisationView:
    async with context.database.sessions() as session:
        row = await tables.neworg(session, neworg_id)
    caller.require(Action.READ, row.area)
    return _shown(row, response)


def _view(row: NewOrganisationRow) -> NewOrganisationView:
    return NewOrganisationView.model_validate(row.model_dump())


def _shown(row: NewOrganisationRow, response: Response) -> NewOrganisationView:
    set_etag(response, row.version)
    return _view(row)


routers = (commands, queries)
