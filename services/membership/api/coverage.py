"""HTTP routes of new-economy and social organisations."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlmodel import col

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.organisations import Coverage
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.edits import edits
from services.chassis.http.fields import Code, Kind, Name, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, PageQuery, part_of
from services.chassis.http.lists import as_file
from services.chassis.ids import new_id
from services.membership.domain.coverage import NewOrganisation
from services.membership.handlers import coverage as handlers
from services.membership.tables.coverage import NewOrganisationRow

commands = command_router(tags=["两新组织"])
queries = query_router(tags=["两新组织"])

Held = Annotated[
    NewOrganisationRow,
    held(NewOrganisationRow, "两新组织", Action.MANAGE_ORGANISATIONS, edit=True),
]
Seen = Annotated[NewOrganisationRow, seen(NewOrganisationRow, "两新组织")]

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


@edits(NewOrganisationRequest, "code", null=["organisation_id"])
class NewOrganisationChange(Timed):
    """Fields left out stay as they are."""


class NewOrganisationView(NewOrganisation):
    closed_on: date | None = Field(title="注销日期")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class NewOrganisationFilters(Filters):
    kind: Sought | None = None
    coverage: Coverage | None = None
    code: Sought | None = None
    organisation_id: UUID | None = None
    q: Annotated[Sought | None, part_of("name")] = Field(
        default=None, description="Part of the name."
    )


@commands.post("/new-organisations", status_code=201, summary="登记两新组织")
async def register(
    request: NewOrganisationRequest, caller: Caller, uow: Work
) -> NewOrganisationView:
    caller.require(Action.MANAGE_ORGANISATIONS, request.area)
    organisation = NewOrganisation(neworg_id=new_id(), **request.fields())
    return _view(await handlers.register(organisation, uow, request.at(uow)))


@commands.patch("/new-organisations/{neworg_id}", summary="变更两新组织")
async def change(
    neworg: Held, request: NewOrganisationChange, caller: Caller, uow: Work
) -> NewOrganisationView:
    """A change of area needs the right in both; what is covered no more loses its organisation."""
    changes = request.changes()
    caller.require(Action.MANAGE_ORGANISATIONS, changes.get("area", neworg.area))
    return _view(await handlers.change(neworg, changes, uow, request.at(uow)))


@commands.post("/new-organisations/{neworg_id}/close", summary="注销两新组织")
async def close(neworg: Held, request: Timed, uow: Work) -> NewOrganisationView:
    return _view(await handlers.close(neworg, uow, request.at(uow)))


@as_file(
    queries,
    "两新组织",
    summary="导出两新组织列表",
    columns={
        "code": "代码",
        "name": "名称",
        "kind": "类别",
        "area": "区划代码",
        "employees": "从业人数",
        "members": "党员人数",
        "coverage": "覆盖方式",
    },
    form="xlsx",
    documented=JSONResponse,
)
@queries.get("/new-organisations", summary="两新组织列表")
async def list_new_organisations(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    limit: Limit = 50,
    filters: Annotated[NewOrganisationFilters, Query()],
) -> Page[NewOrganisationView]:
    standing = col(NewOrganisationRow.closed_on).is_(None)
    page = PageQuery(context, caller, cursor, limit)
    return await page.shown(
        NewOrganisationRow, NewOrganisationView, filters, order="code", where=[standing]
    )


@queries.get("/new-organisations/{neworg_id}", summary="单个两新组织")
async def get_new_organisation(neworg: Seen) -> NewOrganisationView:
    return _view(neworg)


def _view(row: NewOrganisationRow) -> NewOrganisationView:
    return row.shown(NewOrganisationView)


routers = (commands, queries)
