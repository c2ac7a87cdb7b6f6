"""The menu of services, and numbers of services that are stated."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.books import Bound
from contracts.kinds.volunteering import ServiceMeasure, StarTier
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
from services.chassis.http.export import Cell
from services.chassis.http.fields import Code, Kind, Name, Sought
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.membership.api.volunteering.common import (
    AsFile,
    HolderShown,
    MayHold,
    Within,
    file_of,
    holder_shown,
    label,
    of_holder,
    page_rows,
)
from services.membership.api.written import OrganisationId
from services.membership.domain.volunteering.menu import ChangeItem, OfferItem, Statement
from services.membership.handlers.volunteering import menu as handlers
from services.membership.handlers.volunteering import references
from services.membership.tables.volunteering.rows import ItemRow, StatementRow, one

commands = command_router(tags=["志愿服务"])
queries = APIRouter(prefix="/v1", tags=["志愿服务"], responses=dict(RESPONSES))

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


class ItemChange(Timed):
    """Fields left out stay as they are."""

    name: Name | None = None
    service_kind: Kind | None = None
    star: StarTier | None = Field(default=None, title="服务星级")
    duration_minutes: Minutes | None = None


class ItemView(HolderShown):
    item_id: UUID
    code: str = Field(title="项目代码")
    name: str = Field(title="项目名称")
    service_kind: str = Field(title="服务类别")
    star: StarTier = Field(title="服务星级")
    duration_minutes: int = Field(title="服务时长（分钟）")
    area: str = Field(title="区划")
    team_id: UUID | None = Field(title="提供队伍")
    offered_on: date = Field(title="上菜单日期")
    withdrawn_on: date | None = Field(title="下菜单日期")
    version: int


@commands.post("/service-items", status_code=201, summary="服务项目上菜单")
async def offer_item(
    request: ItemRequest, caller: Caller, uow: Work, response: Response
) -> ItemView:
    at = occurred(request.occurred_at, uow.now)
    command = OfferItem(
        **request.model_dump(exclude={"occurred_at", "member_id", "registrant_id"}),
        holder=request.holder() if request.team_id is None else None,
    )
    row = await handlers.offer(command, uow, at)
    caller.require(Action.MANAGE_SERVICE, row.area)
    return _item_shown(row, response)


@commands.patch("/service-items/{item_id}", summary="变更服务项目")
async def change_item(
    item_id: UUID,
    request: ItemChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> ItemView:
    await _require(caller, uow, item_id)
    command = ChangeItem(**request.model_dump(exclude={"occurred_at"}))
    at = occurred(request.occurred_at, uow.now)
    return _item_shown(await handlers.change(item_id, command, version, uow, at), response)


@commands.post("/service-items/{item_id}/withdrawal", summary="服务项目下菜单")
async def withdraw_item(
    item_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> ItemView:
    await _require(caller, uow, item_id)
    at = occurred(request.occurred_at, uow.now)
    return _item_shown(await handlers.withdraw_item(item_id, uow, at), response)


async def _require(caller: Caller, uow: Work, item_id: UUID) -> None:
    row = await one(uow.session, ItemRow, item_id, handlers.NO_ITEM)
    caller.require(Action.MANAGE_SERVICE, row.area)


@queries.get("/service-items", summary="服务菜单")
async def list_items(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    service_kind: Sought | None = None,
    star: StarTier | None = None,
    code: Sought | None = None,
    team_id: UUID | None = None,
    member_id: UUID | None = None,
    registrant_id: UUID | None = None,
    offered: Annotated[bool, Query(description="Only what is on the menu now.")] = False,
    limit: Limit = 50,
) -> Page[ItemView]:
    equal = {
        "service_kind": service_kind,
        "star": star,
        "code": code,
        "team_id": team_id,
        **of_holder(member_id, registrant_id),
    }
    unset = "withdrawn_on" if offered else None
    rows = await page_rows(
        context, caller, ItemRow, "code", within, equal, cursor, limit, unset=unset
    )
    return page_of(rows, limit, _item, lambda row: (row.code,))


@queries.get("/service-items/export", summary="导出服务菜单", response_class=Response)
async def export_items(
    context: Context,
    caller: Caller,
    within: Within = None,
    service_kind: Sought | None = None,
    star: StarTier | None = None,
    form: AsFile = "xlsx",
) -> Response:
    async def lines(rows: Sequence[ItemRow]) -> list[Sequence[Cell]]:
        return [
            (r.code, r.name, r.service_kind, label(StarTier, r.star), r.duration_minutes, r.area,
             r.offered_on, r.withdrawn_on)
            for r in rows
        ]  # fmt: skip

    headings = (
        *("项目代码", "项目名称", "服务类别", "服务星级", "时长（分钟）", "区划"),
        *("上菜单日期", "下菜单日期"),
    )
    areas = areas_to_list(caller, within)
    equal = {"service_kind": service_kind, "star": star}
    return await file_of(context, "服务菜单", headings, form, ItemRow, "code", areas, equal, lines)


@queries.get("/service-items/{item_id}", summary="单个服务项目")
async def get_item(item_id: UUID, context: Context, caller: Caller, response: Response) -> ItemView:
    async with context.database.sessions() as session:
        row = await one(session, ItemRow, item_id, handlers.NO_ITEM)
    caller.require(Action.READ, row.area)
    return _item_shown(row, response)


def _item(row: ItemRow) -> ItemView:
    return ItemView(
        **row.model_dump(exclude={"holder_id", "holder_kind", "recorded_at"}), **holder_shown(row)
    )


def _item_shown(row: ItemRow, response: Response) -> ItemView:
    set_etag(response, row.version)
    return _item(row)


# Numbers that are stated


class StatementRequest(Timed):
    """A number without single services behind it: exact, a lower bound (余), or a target."""

    organisation_id: UUID = Field(title="申报党组织")
    area: AreaCode | None = Field(default=None, description="Else that of the organisation.")
    measure: ServiceMeasure = Field(title="申报项目")
    year: int = Field(title="年度", ge=1949, le=2099)
    quantity: int = Field(title="数量", ge=0, le=1_000_000)
    bound: Bound = Field(default=Bound.EXACT, title="数量性质")


class StatementView(BaseModel):
    statement_id: UUID
    organisation_id: OrganisationId = Field(title="申报党组织")
    area: str = Field(title="区划")
    measure: ServiceMeasure = Field(title="申报项目")
    year: int = Field(title="年度")
    quantity: int = Field(title="数量")
    bound: Bound = Field(title="数量性质")
    withdrawn: bool = Field(title="是否撤回")


@commands.post("/service-statements", status_code=201, summary="申报服务数量")
async def state_quantity(request: StatementRequest, caller: Caller, uow: Work) -> StatementView:
    organisation = await references.organisation(uow, request.organisation_id)
    area = request.area or organisation.area
    caller.require(Action.MANAGE_SERVICE, area)
    statement = Statement(
        statement_id=new_id(),
        **request.model_dump(exclude={"occurred_at", "area"}),
        area=area,
    )
    at = occurred(request.occurred_at, uow.now)
    return _statement(await handlers.state(statement, uow, at))


@commands.post("/service-statements/{statement_id}/withdrawal", summary="撤回服务数量申报")
async def withdraw_statement(
    statement_id: UUID, request: Timed, caller: Caller, uow: Work
) -> StatementView:
    row = await one(uow.session, StatementRow, statement_id, handlers.NO_STATEMENT)
    caller.require(Action.MANAGE_SERVICE, row.area)
    at = occurred(request.occurred_at, uow.now)
    return _statement(await handlers.withdraw_statement(statement_id, uow, at))


@as_file(queries, "服务数量申报")
@queries.get("/service-statements", summary="服务数量申报列表")
async def list_statements(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    measure: ServiceMeasure | None = None,
    year: int | None = None,
    bound: Bound | None = None,
    organisation_id: UUID | None = None,
    limit: Limit = 50,
) -> Page[StatementView]:
    """Those that stand."""
    equal = {
        "measure": measure,
        "year": year,
        "bound": bound,
        "organisation_id": organisation_id,
    }
    rows = await page_rows(
        context, caller, StatementRow, "statement_id", within, equal, cursor, limit,
        unset="withdrawn_at",
    )  # fmt: skip
    return page_of(rows, limit, _statement, lambda row: (row.statement_id,))


def _statement(row: StatementRow) -> StatementView:
    given = row.model_dump(exclude={"withdrawn_at", "version", "recorded_at"})
    return StatementView(**given, withdrawn=row.withdrawn_at is not None)


routers = (commands, queries)
