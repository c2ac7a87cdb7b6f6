"""HTTP in, commands out. A route parses, calls one handler, and answers."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode, AreaLevel, parent_of
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
    query_router,
    set_etag,
)
from services.chassis.http.fields import Code, Day, Kind, Name, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, PageQuery, Paging, after_cursor, part_of
from services.chassis.http.lists import as_file
from services.membership.api.written import OrganisationKind
from services.membership.domain.organisations import Area, Organisation
from services.membership.handlers import mergers
from services.membership.handlers import organisations as handlers
from services.membership.tables import organisations as tables
from services.membership.tables import sizes
from services.membership.tables.organisations import AreaRow, OrganisationRow, PastOrganisationRow

commands = command_router(tags=["区划与党组织"])
queries = query_router(tags=["区划与党组织"])

Managed = Annotated[
    OrganisationRow, held(OrganisationRow, "党组织", Action.MANAGE_ORGANISATIONS, lock=False)
]
"""The handler locks the tree first."""
Seen = Annotated[OrganisationRow, seen(OrganisationRow, "党组织")]
AsOf = Annotated[Day | None, Query(description="As it was at the end of this day; else now.")]


class AreaRequest(Timed):
    name: Name


class AreaView(Area):
    level: AreaLevel = Field(title="层级")
    parent: str | None = Field(title="上级区划")
    version: int


class AreaFilters(Filters):
    within: AreaCode | None = None
    level: AreaLevel | None = None


class OrganisationRequest(Timed):
    """`occurred_at` is when it was founded. A day before today says that it is entered afterwards
    (补录): then nobody asks how many full members a branch started with.
    """

    code: Code
    name: Name
    kind: Kind
    area: AreaCode
    parent_id: UUID | None = Field(default=None, title="上级党组织")
    starting_full_members: int | None = Field(
        default=None,
        title="成立时正式党员数",
        ge=0,
        le=100_000,
        description="Needed to found a branch that takes members; rule `branch.minimum`.",
    )
    approval_number: Name | None = Field(
        default=None, title="批准文号", description="Of a size beyond the rules."
    )


class OrganisationChange(Timed):
    """Fields left out stay as they are; `parent_id: null` takes the parent away."""

    taken_away = frozenset({"parent_id", "approval_number"})

    name: Name | None = None
    kind: Kind | None = None
    area: AreaCode | None = None
    parent_id: UUID | None = None
    approval_number: Name | None = Field(
        default=None, title="批准文号", description="`null` takes the approval away."
    )


class MergerRequest(Timed):
    into_id: UUID = Field(title="并入的党组织")


class OrganisationView(Organisation):
    """With `as_of`, all of it as it was on that day."""

    kind: OrganisationKind = Field(title="类别")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class PastView(OrganisationView):
    until: date | None = Field(title="截止日期", description="First day on which it was not.")


class OrganisationFilters(Filters):
    kind: Sought | None = None
    category: Sought | None = Field(
        default=None, description="Kinds of this sort: `branch` finds every branch."
    )
    code: Sought | None = None
    parent_id: UUID | None = None
    q: Annotated[Sought | None, part_of("name")] = Field(
        default=None, description="Part of the name."
    )


class KindCount(BaseModel):
    kind: str = Field(title="类别")
    category: str = Field(title="大类")
    organisations: int = Field(title="组织数")


class SubtreeView(BaseModel):
    """An organisation and all below it. Members are those of today; on other days: the figures."""

    organisation_id: UUID
    as_of: date | None = Field(title="日期")
    organisations: int = Field(title="组织数")
    by_kind: list[KindCount]
    full_members: int | None = Field(title="正式党员数")
    probationary: int | None = Field(title="预备党员数")
    own_full_members: int | None = Field(title="本级正式党员数")
    own_probationary: int | None = Field(title="本级预备党员数")


@commands.put("/areas/{code}", summary="登记或更名区划", responses={201: {"model": AreaView}})
async def put_area(
    code: AreaCode, request: AreaRequest, caller: Caller, uow: Work, response: Response
) -> AreaView:
    """Repeating it changes nothing; another name renames. 201 for a new area, else 200."""
    caller.require(Action.MANAGE_AREAS, code)
    area, new = await handlers.register_area(
        Area(code=code, name=request.name), uow, request.at(uow)
    )
    response.status_code = 201 if new else 200
    set_etag(response, area.version)
    return _area(area)


@as_file(queries, "区划")
@queries.get("/areas", summary="区划列表")
async def list_areas(filters: Annotated[AreaFilters, Query()], paging: Paging) -> Page[AreaView]:
    """Names of divisions are public: any caller may read them all."""
    page = await paging.rows(AreaRow, filters, area=AreaRow.code, action=None)
    return page.of([_area(row) for row in page.items])


@queries.get("/areas/{code}", summary="单个区划")
async def get_area(code: AreaCode, context: Context, _: Caller) -> AreaView:
    async with context.database.sessions() as session:
        row = await session.get(AreaRow, code)
    if row is None:
        raise NotFound(f"Area {code} is not registered.", zh=f"区划 {code} 尚未登记。")
    return _area(row)


@commands.post("/organisations", status_code=201, summary="登记党组织")
async def register_organisation(
    request: OrganisationRequest, caller: Caller, uow: Work
) -> OrganisationView:
    caller.require(Action.MANAGE_ORGANISATIONS, request.area)
    fields, starting = request.fields("starting_full_members"), request.starting_full_members
    return _shown(await handlers.register_organisation(fields, starting, uow, request.at(uow)))


@commands.patch("/organisations/{organisation_id}", summary="变更党组织")
async def change_organisation(
    organisation: Managed, request: OrganisationChange, caller: Caller, version: IfMatch, uow: Work
) -> OrganisationView:
    """A change of area needs the right in both."""
    caller.require(Action.MANAGE_ORGANISATIONS, request.area or organisation.area)
    key, changes, at = organisation.organisation_id, request.changes(), request.at(uow)
    return _shown(await handlers.change_organisation(key, changes, version, uow, at))


@commands.post("/organisations/{organisation_id}/dissolve", summary="撤销党组织")
async def dissolve_organisation(
    organisation: Managed, request: Timed, version: IfMatch, uow: Work
) -> OrganisationView:
    """Refused while it has members or subordinates."""
    key, at = organisation.organisation_id, request.at(uow)
    return _shown(await handlers.dissolve_organisation(key, version, uow, at))


@commands.post("/organisations/{organisation_id}/merge", summary="合并党组织")
async def merge_organisation(
    organisation: Managed, request: MergerRequest, caller: Caller, version: IfMatch, uow: Work
) -> OrganisationView:
    """Its members and subordinates go over to another one; itself is dissolved."""
    into = await tables.organisation(uow.session, request.into_id)
    caller.require(Action.MANAGE_ORGANISATIONS, into.area)
    key, at = organisation.organisation_id, request.at(uow)
    return _shown(await mergers.merge_organisation(key, request.into_id, version, uow, at))


@as_file(
    queries,
    "党组织",
    columns={
        "code": "组织代码",
        "name": "组织名称",
        "kind": "组织类别",
        "area": "区划代码",
        "since": "起始日期",
    },
    form="xlsx",
    without=("dissolved",),
    follows=True,
    summary="导出党组织列表",
    documented=JSONResponse,
)
@queries.get("/organisations", summary="党组织列表")
async def list_organisations(
    *,
    context: Context,
    caller: Caller,
    filters: Annotated[OrganisationFilters, after_cursor(OrganisationFilters)],
    cursor: Cursor,
    as_of: AsOf = None,
    dissolved: Annotated[bool, Query(description="Show those that were dissolved, too.")] = False,
    limit: Limit = 50,
) -> Page[OrganisationView]:
    table: type[OrganisationRow | PastOrganisationRow] = OrganisationRow
    where = tables.STANDING
    if as_of is not None:
        table, where = PastOrganisationRow, tables.in_force(as_of)
    elif dissolved:
        where = []
    paging = PageQuery(context, caller, cursor, limit)
    page = await paging.rows(table, filters, order="code", where=where)
    return page.of([_shown(row) for row in page.items])


@queries.get("/organisations/{organisation_id}", summary="单个党组织")
async def get_organisation(organisation: Seen) -> OrganisationView:
    return _shown(organisation)


@queries.get("/organisations/{organisation_id}/history", summary="党组织沿革")
async def get_history(organisation: Seen, context: Context) -> list[PastView]:
    """What it was from when to when, oldest first."""
    async with context.database.sessions() as session:
        rows = await tables.history(session, organisation.organisation_id)
    return [PastView(**row.model_dump()) for row in rows]


@queries.get("/organisations/{organisation_id}/subtree", summary="党组织及其下级合计")
async def get_subtree(row: Seen, context: Context, as_of: AsOf = None) -> SubtreeView:
    async with context.database.pool.acquire() as connection:
        kinds = [KindCount(**one) for one in await sizes.subtree_kinds(connection, row, as_of)]
        all_of_it = await sizes.subtree_tally(connection, row.path) if as_of is None else None
        own = await tables.tally(connection, row.organisation_id) if as_of is None else None
    return SubtreeView(
        organisation_id=row.organisation_id,
        as_of=as_of,
        organisations=sum(one.organisations for one in kinds),
        by_kind=kinds,
        full_members=all_of_it.full_members if all_of_it else None,
        probationary=all_of_it.probationary if all_of_it else None,
        own_full_members=own.full_members if own else None,
        own_probationary=own.probationary if own else None,
    )


def _area(row: AreaRow) -> AreaView:
    return AreaView(**row.model_dump(), parent=parent_of(row.code))


def _shown(row: OrganisationRow | PastOrganisationRow) -> OrganisationView:
    return OrganisationView(**row.model_dump())


routers = (commands, queries)
