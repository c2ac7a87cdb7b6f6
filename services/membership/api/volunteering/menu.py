"""The menu of services, and numbers of services that are stated."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from sqlmodel import col

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.books import Bound
from contracts.kinds.volunteering import ServiceMeasure, StarTier
from services.chassis.http import (
    Caller,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.edits import edits
from services.chassis.http.fields import Code, Kind, Name, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, Paging, equals, without_past
from services.chassis.http.lists import as_file
from services.membership.api.volunteering.common import HolderShown, MayHold
from services.membership.api.written import OrganisationId
from services.membership.domain.volunteering.menu import MenuItem, Statement
from services.membership.handlers.volunteering import menu as handlers
from services.membership.handlers.volunteering import references
from services.membership.tables.volunteering.rows import ItemRow, StatementRow

commands = command_router(tags=["志愿服务"])
queries = query_router(tags=["志愿服务"])

Held = Annotated[ItemRow, held(ItemRow, "服务项目", Action.MANAGE_SERVICE)]
Edited = Annotated[ItemRow, held(ItemRow, "服务项目", Action.MANAGE_SERVICE, edit=True)]
Seen = Annotated[ItemRow, seen(ItemRow, "服务项目")]

Minutes = Annotated[int, Field(ge=1, le=1440, title="分钟数")]


class ItemRequest(MayHold):
    """Offered by a team or by one volunteer; where, if not in all their area, `area` says."""

    code: Code
    name: Name
    service_kind: Kind
    star: StarTier = Field(default=StarTier.NONE, title="服务星级")
    duration_minutes: Minutes = 60
    area: AreaCode | None = None
    team_id: UUID | None = Field(default=None, title="提供队伍")


@edits(ItemRequest, "code", "area", "team_id", "member_id", "registrant_id")
class ItemChange(Timed):
    """Fields left out stay as they are."""


class ItemView(MenuItem, HolderShown):
    version: int


class ItemFilters(Filters):
    service_kind: Sought | None = None
    star: StarTier | None = None
    code: Sought | None = None
    team_id: UUID | None = None
    member_id: Annotated[UUID | None, equals("holder_id")] = None
    registrant_id: Annotated[UUID | None, equals("holder_id")] = None
    offered: Annotated[bool, without_past("withdrawn_on")] = Field(
        default=False, description="Only what is on the menu now."
    )


@commands.post("/service-items", status_code=201, summary="服务项目上菜单")
async def offer_item(request: ItemRequest, caller: Caller, uow: Work) -> ItemView:
    holder = request.holder() if request.team_id is None else None
    fields = request.fields("member_id", "registrant_id")
    item = await handlers.offer(fields, holder, uow, request.at(uow))
    caller.require(Action.MANAGE_SERVICE, item.area)
    return item.shown(ItemView)


@commands.patch("/service-items/{item_id}", summary="变更服务项目")
async def change_item(item: Edited, request: ItemChange, uow: Work) -> ItemView:
    return (await handlers.change(item, request.changes(), uow, request.at(uow))).shown(ItemView)


@commands.post("/service-items/{item_id}/withdrawal", summary="服务项目下菜单")
async def withdraw_item(item: Held, request: Timed, uow: Work) -> ItemView:
    return (await handlers.withdraw_item(item, uow, request.at(uow))).shown(ItemView)


@as_file(
    queries,
    "服务菜单",
    columns={
        "code": "项目代码",
        "name": "项目名称",
        "service_kind": "服务类别",
        "star": "服务星级",
        "duration_minutes": "时长（分钟）",
        "area": "区划",
        "offered_on": "上菜单日期",
        "withdrawn_on": "下菜单日期",
    },
    form="xlsx",
    without=("code", "team_id", "member_id", "registrant_id", "offered"),
)
@queries.get("/service-items", summary="服务菜单")
async def list_items(filters: Annotated[ItemFilters, Query()], paging: Paging) -> Page[ItemView]:
    return await paging.shown(ItemRow, ItemView, filters, order="code")


@queries.get("/service-items/{item_id}", summary="单个服务项目")
async def get_item(item: Seen) -> ItemView:
    return item.shown(ItemView)


# Numbers that are stated

HeldStatement = Annotated[StatementRow, held(StatementRow, "申报", Action.MANAGE_SERVICE)]


class StatementRequest(Timed):
    """A number without single services behind it: exact, a lower bound (余), or a target."""

    organisation_id: UUID = Field(title="申报党组织")
    area: AreaCode | None = Field(default=None, description="Else that of the organisation.")
    measure: ServiceMeasure = Field(title="申报项目")
    year: int = Field(title="年度", ge=1949, le=2099)
    quantity: int = Field(title="数量", ge=0, le=1_000_000)
    bound: Bound = Field(default=Bound.EXACT, title="数量性质")


class StatementView(Statement):
    organisation_id: OrganisationId = Field(title="申报党组织")
    withdrawn: bool = Field(title="是否撤回")


class StatementFilters(Filters):
    measure: ServiceMeasure | None = None
    year: int | None = None
    bound: Bound | None = None
    organisation_id: UUID | None = None


@commands.post("/service-statements", status_code=201, summary="申报服务数量")
async def state_quantity(request: StatementRequest, caller: Caller, uow: Work) -> StatementView:
    organisation = await references.organisation(uow, request.organisation_id)
    fields = request.fields() | {"area": request.area or organisation.area}
    caller.require(Action.MANAGE_SERVICE, fields["area"])
    return _statement(await handlers.state(fields, uow, request.at(uow)))


@commands.post("/service-statements/{statement_id}/withdrawal", summary="撤回服务数量申报")
async def withdraw_statement(statement: HeldStatement, request: Timed, uow: Work) -> StatementView:
    return _statement(await handlers.withdraw_statement(statement, uow, request.at(uow)))


@as_file(queries, "服务数量申报")
@queries.get("/service-statements", summary="服务数量申报列表")
async def list_statements(
    filters: Annotated[StatementFilters, Query()], paging: Paging
) -> Page[StatementView]:
    """Those that stand."""
    standing = col(StatementRow.withdrawn_at).is_(None)
    page = await paging.rows(StatementRow, filters, where=[standing])
    return page.of([_statement(row) for row in page.items])


def _statement(row: StatementRow) -> StatementView:
    return row.shown(StatementView, withdrawn=row.withdrawn_at is not None)


routers = (commands, queries)
