"""Liaison points over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.chassis import kinds
from services.chassis.clock import business_date, occurred
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
from services.chassis.http.export import Rows, exported
from services.chassis.http.fields import Code, Day, Kind, Name, Sought
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.membership.api.liaison.common import Form, everything, given
from services.membership.domain.liaison.points import ChangePoint, Point
from services.membership.handlers.liaison import points as handlers
from services.membership.tables.liaison import store
from services.membership.tables.liaison.rows import PointRow
from services.membership.tables.liaison.store import Wanted

commands = command_router(tags=["党群联络点"])
queries = APIRouter(prefix="/v1", tags=["党群联络点"], responses=dict(RESPONSES))

Artefacts = Annotated[list[Kind], Field(max_length=30, title="配备物件")]


class PointRequest(Timed):
    code: Code
    label: Name
    organisation_id: UUID = Field(title="负责党组织")
    area: AreaCode
    estate_code: Code | None = Field(default=None, title="小区代码")
    estate: Name | None = Field(default=None, title="小区名称")
    artefacts: Artefacts = Field(default_factory=list)
    opened_on: Day | None = Field(default=None, title="设立日期", description="Else today.")


class PointChange(Timed):
    """Fields left out stay as they are."""

    label: Name | None = None
    organisation_id: UUID | None = Field(default=None, title="负责党组织")
    area: AreaCode | None = None
    estate_code: Code | None = Field(default=None, title="小区代码")
    estate: Name | None = Field(default=None, title="小区名称")
    artefacts: Artefacts | None = None


class Closing(Timed):
    on: Day | None = Field(default=None, title="日期", description="The last day; else today.")


class PointView(BaseModel):
    point_id: UUID
    code: str = Field(title="联络点代码")
    label: str = Field(title="名称")
    organisation_id: UUID = Field(title="负责党组织")
    area: str = Field(title="区划")
    estate_code: str | None = Field(title="小区代码")
    estate: str | None = Field(title="小区名称")
    artefacts: list[str] = Field(title="配备物件")
    opened_on: date = Field(title="设立日期")
    closed_on: date | None = Field(title="撤销日期")
    version: int


@commands.post("/liaison-points", status_code=201, summary="设立党群联络点")
async def open_point(
    request: PointRequest, caller: Caller, uow: Work, response: Response
) -> PointView:
    caller.require(Action.MANAGE_SERVICE, request.area)
    at = occurred(request.occurred_at, uow.now)
    said = request.model_dump(exclude={"occurred_at"})
    said["opened_on"] = request.opened_on or business_date(at)
    point = Point(point_id=new_id(), **said)
    return _shown(await handlers.open_point(point, uow, at), response)


@commands.patch("/liaison-points/{point_id}", summary="变更党群联络点")
async def change_point(
    point_id: UUID,
    request: PointChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> PointView:
    current = await store.load(uow.session, PointRow, point_id)
    for area in {current.area, request.area or current.area}:
        caller.require(Action.MANAGE_SERVICE, area)
    said = request.model_dump(exclude={"occurred_at"}, exclude_none=True)
    if request.artefacts is not None:
        said["artefacts"] = tuple(request.artefacts)
    at = occurred(request.occurred_at, uow.now)
    command = ChangePoint(given=said)
    return _shown(await handlers.change_point(point_id, command, version, uow, at), response)


@commands.post("/liaison-points/{point_id}/close", summary="撤销党群联络点")
async def close_point(
    point_id: UUID,
    request: Closing,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> PointView:
    """Its rotas end with it, and duties that had not begun are released."""
    current = await store.load(uow.session, PointRow, point_id)
    caller.require(Action.MANAGE_SERVICE, current.area)
    at = occurred(request.occurred_at, uow.now)
    on = request.on or business_date(at)
    return _shown(await handlers.close_point(point_id, on, version, uow, at), response)


Within = Annotated[AreaCode | None, Query(description="Only in this area.")]


@queries.get("/liaison-points", summary="党群联络点列表")
async def list_points(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    code: Sought | None = None,
    organisation_id: UUID | None = None,
    estate_code: Sought | None = None,
    limit: Limit = 50,
) -> Page[PointView]:
    wanted = Wanted(
        within=areas_to_list(caller, within),
        equal=given(code=code, organisation_id=organisation_id, estate_code=estate_code),
        after=cursor,
        limit=limit + 1,
    )
    async with context.database.sessions() as session:
        rows = await store.points(session, wanted)
    return page_of(rows, limit, _point, lambda row: (row.code,))


HEADINGS = ("联络点代码", "名称", "小区", "区划代码", "配备物件", "设立日期", "撤销日期")


@queries.get("/liaison-points/export", summary="导出党群联络点")
async def export_points(
    context: Context,
    caller: Caller,
    within: Within = None,
    organisation_id: UUID | None = None,
    estate_code: Sought | None = None,
    form: Form = "xlsx",
) -> Response:
    wanted = Wanted(
        within=areas_to_list(caller, within),
        equal=given(organisation_id=organisation_id, estate_code=estate_code),
        limit=0,
    )

    async def rows() -> Rows:
        async with context.database.sessions() as session:
            labels = await kinds.labels(session, "liaison-artefact")
            async for row in everything(
                lambda page: store.points(session, page), wanted, lambda row: (row.code,)
            ):
                fitted = "、".join(labels.get(code, code) for code in row.artefacts)
                estate = row.estate or row.estate_code
                yield row.code, row.label, estate, row.area, fitted, row.opened_on, row.closed_on

    return await exported("党群联络点", HEADINGS, rows(), form)


@queries.get("/liaison-points/{point_id}", summary="单个党群联络点")
async def get_point(
    point_id: UUID, context: Context, caller: Caller, response: Response
) -> PointView:
    async with context.database.sessions() as session:
        row = await store.load(session, PointRow, point_id)
    caller.require(Action.READ, row.area)
    return _shown(row, response)


def _point(row: PointRow) -> PointView:
    return PointView.model_validate(row.model_dump())


def _shown(row: PointRow, response: Response) -> PointView:
    set_etag(response, row.version)
    return _point(row)
