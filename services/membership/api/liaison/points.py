"""Liaison points over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.chassis.clock import business_date
from services.chassis.http import Caller, Page, Timed, Work, command_router, query_router
from services.chassis.http.edits import edits
from services.chassis.http.fields import Code, Day, Kind, Name, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, Paging
from services.chassis.http.lists import as_file
from services.chassis.http.words import of_family
from services.chassis.ids import new_id
from services.membership.domain.liaison.points import Point
from services.membership.handlers.liaison import points as handlers
from services.membership.tables.liaison.rows import PointRow

commands = command_router(tags=["党群联络点"])
queries = query_router(tags=["党群联络点"])

Edited = Annotated[PointRow, held(PointRow, "联络点", Action.MANAGE_SERVICE, edit=True)]
Seen = Annotated[PointRow, seen(PointRow, "联络点")]

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


@edits(PointRequest, "code", "opened_on")
class PointChange(Timed):
    """Fields left out stay as they are."""


class Closing(Timed):
    on: Day | None = Field(default=None, title="日期", description="The last day; else today.")


class PointView(Point):
    artefacts: Annotated[list[str], of_family("liaison-artefact")] = Field(title="配备物件")
    version: int


class PointFilters(Filters):
    code: Sought | None = None
    organisation_id: UUID | None = None
    estate_code: Sought | None = None


@commands.post("/liaison-points", status_code=201, summary="设立党群联络点")
async def open_point(request: PointRequest, caller: Caller, uow: Work) -> PointView:
    caller.require(Action.MANAGE_SERVICE, request.area)
    at = request.at(uow)
    opened_on = request.opened_on or business_date(at)
    fields = request.fields() | {"opened_on": opened_on, "closed_on": None}
    point = Point(point_id=new_id(), **fields)
    return (await handlers.open_point(point, uow, at)).shown(PointView)


@commands.patch("/liaison-points/{point_id}", summary="变更党群联络点")
async def change_point(point: Edited, request: PointChange, caller: Caller, uow: Work) -> PointView:
    changes = request.changes()
    caller.require(Action.MANAGE_SERVICE, changes.get("area", point.area))
    return (await handlers.change_point(point, changes, uow, request.at(uow))).shown(PointView)


@commands.post("/liaison-points/{point_id}/close", summary="撤销党群联络点")
async def close_point(point: Edited, request: Closing, uow: Work) -> PointView:
    """Its rotas end with it, and duties that had not begun are released."""
    at = request.at(uow)
    row = await handlers.close_point(point, request.on or business_date(at), uow, at)
    return row.shown(PointView)


@as_file(
    queries,
    "党群联络点",
    columns={
        "code": "联络点代码",
        "label": "名称",
        "estate_named": "小区",
        "area": "区划代码",
        "artefacts": "配备物件",
        "opened_on": "设立日期",
        "closed_on": "撤销日期",
    },
    form="xlsx",
    without=("code",),
    documented=JSONResponse,
)
@queries.get("/liaison-points", summary="党群联络点列表")
async def list_points(filters: Annotated[PointFilters, Query()], paging: Paging) -> Page[PointView]:
    page = await paging.rows(PointRow, filters, order="code")
    return page.shown(PointView)


@queries.get("/liaison-points/{point_id}", summary="单个党群联络点")
async def get_point(point: Seen) -> PointView:
    return point.shown(PointView)
