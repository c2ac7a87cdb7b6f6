"""HTTP in, commands out. A route parses, calls one handler, and answers."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode, AreaLevel, level_of, parent_of
from services.chassis import kinds
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
from services.chassis.http.export import Cell, Format, exported
from services.chassis.http.fields import Code, Day, Kind, Name, Sought
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.membership.domain.organisations import (
    Area,
    ChangeOrganisation,
    RegisterArea,
    RegisterOrganisation,
)
from services.membership.handlers import mergers
from services.membership.handlers import organisations as handlers
from services.membership.tables import organisations as tables
from services.membership.tables import sizes
from services.membership.tables.organisations import AreaRow, Found, OrganisationRow, Seen

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

    name: Name | None = None
    kind: Kind | None = None
    area: AreaCode | None = None
    parent_id: UUID | None = None
    approval_number: Name | None = Field(
        default=None, title="批准文号", description="`null` takes the approval away."
    )


class MergerRequest(Timed):
    into_id: UUID = Field(title="并入的党组织")


class OrganisationView(BaseModel):
    """With `as_of`, all of it as it was on that day."""

    organisation_id: UUID
    code: str = Field(title="组织代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类别")
    category: str = Field(
        title="大类", description="The kind of which all kinds above its own are sorts."
    )
    area: str = Field(title="区划")
    parent_id: UUID | None = Field(title="上级党组织")
    since: date = Field(title="起始日期", description="From which it was as shown.")
    founded_on: date | None = Field(default=None, title="成立日期")
    dissolved_on: date | None = Field(default=None, title="撤销日期")
    merged_into_id: UUID | None = Field(default=None, title="并入的党组织")
    approval_number: str | None = Field(default=None, title="批准文号")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class PastView(OrganisationView):
    until: date | None = Field(title="截止日期", description="First day on which it was not.")


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
    at = occurred(request.occurred_at, uow.now)
    area, new = await handlers.register_area(RegisterArea(code=code, name=request.name), uow, at)
    response.status_code = 201 if new else 200
    set_etag(response, area.version)
    return _area(area)


@as_file(queries, "区划")
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
    stated = request.model_dump(exclude={"occurred_at", "approval_number"})
    command = ChangeOrganisation(
        **stated,
        to_root="parent_id" in given and request.parent_id is None,
        approval_number=(request.approval_number or "") if "approval_number" in given else None,
    )
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.change_organisation(organisation_id, command, version, uow, at)
    return _shown(row, response)


@commands.post("/organisations/{organisation_id}/dissolve", summary="撤销党组织")
async def dissolve_organisation(
    organisation_id: UUID,
    request: Timed,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> OrganisationView:
    """Refused while it has members or subordinates."""
    current = await tables.organisation(uow.session, organisation_id)
    caller.require(Action.MANAGE_ORGANISATIONS, current.area)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.dissolve_organisation(organisation_id, version, uow, at), response)


@commands.post("/organisations/{organisation_id}/merge", summary="合并党组织")
async def merge_organisation(
    organisation_id: UUID,
    request: MergerRequest,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> OrganisationView:
    """Its members and subordinates go over to another one; itself is dissolved."""
    for one in (organisation_id, request.into_id):
        found = await tables.organisation(uow.session, one)
        caller.require(Action.MANAGE_ORGANISATIONS, found.area)
    at = occurred(request.occurred_at, uow.now)
    row = await mergers.merge_organisation(organisation_id, request.into_id, version, uow, at)
    return _shown(row, response)


async def _found(
    caller: Caller,
    within: Annotated[AreaCode | None, Query(description="Only in this area.")] = None,
    kind: Sought | None = None,
    category: Annotated[
        Sought | None, Query(description="Kinds of this sort: `branch` finds every branch.")
    ] = None,
    code: Sought | None = None,
    parent_id: UUID | None = None,
    q: Annotated[Sought | None, Query(description="Part of the name.")] = None,
) -> Found:
    return Found(
        within=areas_to_list(caller, within),
        kind=kind,
        category=category,
        code=code,
        parent_id=parent_id,
        named=q,
    )


AsOf = Annotated[Day | None, Query(description="As it was at the end of this day; else now.")]
Sieve = Annotated[Found, Depends(_found)]


@queries.get("/organisations", summary="党组织列表")
async def list_organisations(
    *,
    context: Context,
    found: Sieve,
    cursor: Cursor,
    as_of: AsOf = None,
    dissolved: Annotated[bool, Query(description="Show those that were dissolved, too.")] = False,
    limit: Limit = 50,
) -> Page[OrganisationView]:
    after = cursor[0] if cursor else None
    async with context.database.sessions() as session:
        rows = await tables.listed(
            session, found, as_of, dissolved=dissolved, after=after, limit=limit + 1
        )
    return page_of(rows, limit, _organisation, lambda row: (row.code,))


@queries.get("/organisations/export", summary="导出党组织列表")
async def export_organisations(
    context: Context,
    found: Sieve,
    as_of: AsOf = None,
    format: Format = "xlsx",  # noqa: A002
) -> Response:
    async def rows() -> AsyncIterator[Sequence[Cell]]:
        async with context.database.sessions() as session:
            labels = await kinds.labels(session, "organisation")
            async for row in tables.every(session, found, as_of):
                yield (row.code, row.name, labels.get(row.kind, row.kind), row.area, row.since)

    headings = ("组织代码", "组织名称", "组织类别", "区划代码", "起始日期")
    return await exported("党组织", headings, rows(), format)


@queries.get("/organisations/{organisation_id}", summary="单个党组织")
async def get_organisation(
    organisation_id: UUID, context: Context, caller: Caller, response: Response
) -> OrganisationView:
    async with context.database.sessions() as session:
        row = await tables.organisation(session, organisation_id)
    caller.require(Action.READ, row.area)
    return _shown(row, response)


@queries.get("/organisations/{organisation_id}/history", summary="党组织沿革")
async def get_history(organisation_id: UUID, context: Context, caller: Caller) -> list[PastView]:
    """What it was from when to when, oldest first."""
    async with context.database.sessions() as session:
        row = await tables.organisation(session, organisation_id)
        caller.require(Action.READ, row.area)
        rows = await tables.history(session, organisation_id)
    return [PastView.model_validate(past.model_dump()) for past in rows]


@queries.get("/organisations/{organisation_id}/subtree", summary="党组织及其下级合计")
async def get_subtree(
    organisation_id: UUID, context: Context, caller: Caller, as_of: AsOf = None
) -> SubtreeView:
    async with context.database.sessions() as session:
        row = await tables.organisation(session, organisation_id)
    caller.require(Action.READ, row.area)
    async with context.database.pool.acquire() as connection:
        kinds = [KindCount(**one) for one in await sizes.subtree_kinds(connection, row, as_of)]
        all_of_it = await sizes.subtree_tally(connection, row.path) if as_of is None else None
        own = await tables.tally(connection, organisation_id) if as_of is None else None
    return SubtreeView(
        organisation_id=organisation_id,
        as_of=as_of,
        organisations=sum(one.organisations for one in kinds),
        by_kind=kinds,
        full_members=all_of_it.full_members if all_of_it else None,
        probationary=all_of_it.probationary if all_of_it else None,
        own_full_members=own.full_members if own else None,
        own_probationary=own.probationary if own else None,
    )


def _area(row: AreaRow | Area) -> AreaView:
    return AreaView(
        code=row.code,
        name=row.name,
        level=level_of(row.code),
        parent=parent_of(row.code),
        version=row.version,
    )


def _organisation(row: Seen) -> OrganisationView:
    return OrganisationView.model_validate(row.model_dump())


def _shown(row: OrganisationRow, response: Response) -> OrganisationView:
    set_etag(response, row.version)
    return _organisation(row)


routers = (commands, queries)
