"""Residents' requests from the menu, followed to their end."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.volunteering import (
    RequestChannel,
    RequestStatus,
    StarTier,
    Timeliness,
)
from services.chassis.clock import occurred
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    page_of,
    sealed,
    set_etag,
)
from services.chassis.http.export import Cell
from services.chassis.http.fields import Day, Instant, Sought
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.membership.api.volunteering.common import (
    AsFile,
    Contact,
    HolderShown,
    MayHold,
    Purpose,
    Shown,
    Within,
    file_of,
    holder_shown,
    label,
    of_holder,
    page_rows,
)
from services.membership.api.volunteering.menu import Minutes
from services.membership.handlers.volunteering import menu as handlers
from services.membership.tables.volunteering.rows import ItemRow, RequestRow, one

commands = command_router(tags=["志愿服务"])
queries = APIRouter(prefix="/v1", tags=["志愿服务"], responses=dict(RESPONSES))

Rating = Annotated[int, Field(ge=1, le=5, title="评分（1 至 5 分）")]


class DoneAlready(BaseModel):
    """For a register of services rendered long ago: by whoever offers the item."""

    done_at: Instant = Field(title="完成时刻")
    minutes: Minutes | None = None
    rating: Rating | None = None


class RequestRequest(Timed):
    """What a resident chose. Contact data are sealed, and erased some time after the end."""

    item_id: UUID = Field(title="服务项目")
    channel: RequestChannel = Field(default=RequestChannel.FORM, title="点单方式")
    area: AreaCode | None = Field(default=None, description="Else that of the item.")
    wished_on: Day | None = Field(default=None, title="希望服务日期")
    contact: Contact = Field(default_factory=Contact, title="联系方式")
    done: DoneAlready | None = Field(default=None, title="办理结果（补录）")


class Assignment(MayHold):
    """Left empty, it goes to whoever offers the item."""

    team_id: UUID | None = Field(default=None, title="承接队伍")


class Fulfilment(Timed):
    minutes: Minutes | None = Field(default=None, description="Else as long as the menu says.")


class RatingRequest(Timed):
    rating: Rating


class RequestView(HolderShown):
    request_id: UUID
    item_id: UUID = Field(title="服务项目")
    service_kind: str = Field(title="服务类别")
    star: StarTier = Field(title="服务星级")
    channel: RequestChannel = Field(title="点单方式")
    area: str = Field(title="区划")
    wished_on: date | None = Field(title="希望服务日期")
    status: RequestStatus = Field(title="状态")
    requested_at: datetime = Field(title="点单时刻")
    assigned_at: datetime | None = Field(title="派单时刻")
    closed_at: datetime | None = Field(title="办结时刻")
    team_id: UUID | None = Field(title="承接队伍")
    waited_minutes: int | None = Field(title="响应用时（分钟）")
    timeliness: Timeliness | None = Field(title="响应时效")
    service_minutes: int | None = Field(title="服务时长（分钟）")
    rating: int | None = Field(title="评分")
    contact: Shown = Field(default_factory=Shown, title="联系方式（已脱敏）")
    version: int


@commands.post("/service-requests", status_code=201, summary="居民点单")
async def request_service(
    request: RequestRequest, context: Context, caller: Caller, uow: Work, response: Response
) -> RequestView:
    item = await one(uow.session, ItemRow, request.item_id, handlers.NO_ITEM)
    caller.require(Action.MANAGE_SERVICE, request.area or item.area)
    at = occurred(request.occurred_at, uow.now)
    done = request.done
    choice = handlers.Choice(
        item_id=request.item_id,
        area=request.area,
        channel=request.channel,
        wished_on=request.wished_on,
        contact=request.contact.fields(),
        done=handlers.Done(
            at=occurred(done.done_at, uow.now, field="done.done_at"),
            minutes=done.minutes,
            rating=done.rating,
        )
        if done
        else None,
    )
    return _shown(await handlers.request(choice, context.vault, uow, at), response)


@commands.post("/service-requests/{request_id}/assignment", summary="派单")
async def assign(
    request_id: UUID, request: Assignment, caller: Caller, uow: Work, response: Response
) -> RequestView:
    await _require(caller, uow, request_id)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.assign(request_id, request.team_id, request.holder(), uow, at)
    return _shown(row, response)


@commands.post("/service-requests/{request_id}/fulfilment", summary="服务完成")
async def fulfil(
    request_id: UUID, request: Fulfilment, caller: Caller, uow: Work, response: Response
) -> RequestView:
    await _require(caller, uow, request_id)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.render(request_id, request.minutes, uow, at), response)


@commands.post("/service-requests/{request_id}/refusal", summary="未能受理")
async def decline(
    request_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> RequestView:
    await _require(caller, uow, request_id)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.decline(request_id, uow, at), response)


@commands.post("/service-requests/{request_id}/withdrawal", summary="居民撤回点单")
async def withdraw(
    request_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> RequestView:
    await _require(caller, uow, request_id)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.withdraw(request_id, uow, at), response)


@commands.post("/service-requests/{request_id}/rating", summary="居民评价")
async def rate(
    request_id: UUID, request: RatingRequest, caller: Caller, uow: Work, response: Response
) -> RequestView:
    await _require(caller, uow, request_id)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.rate(request_id, request.rating, uow, at), response)


async def _require(caller: Caller, uow: Work, request_id: UUID) -> None:
    row = await one(uow.session, RequestRow, request_id, handlers.NO_REQUEST)
    caller.require(Action.MANAGE_SERVICE, row.area)


@queries.get("/service-requests", summary="菜单式服务登记列表")
async def list_requests(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    status: RequestStatus | None = None,
    service_kind: Sought | None = None,
    channel: RequestChannel | None = None,
    timeliness: Timeliness | None = None,
    item_id: UUID | None = None,
    team_id: UUID | None = None,
    member_id: UUID | None = None,
    registrant_id: UUID | None = None,
    late: Annotated[bool | None, Query(description="Unanswered beyond the target.")] = None,
    limit: Limit = 50,
) -> Page[RequestView]:
    equal = {
        "status": status,
        "service_kind": service_kind,
        "channel": channel,
        "timeliness": timeliness,
        "item_id": item_id,
        "team_id": team_id,
        "late": late,
        **of_holder(member_id, registrant_id),
    }
    rows = await page_rows(context, caller, RequestRow, "request_id", within, equal, cursor, limit)
    known = await sealed.masked(context, [row.request_id for row in rows])
    return page_of(
        rows,
        limit,
        lambda row: _request(row, known.get(row.request_id, {})),
        lambda row: (row.request_id,),
    )


HEADINGS = (
    *("点单时间", "服务类别", "服务星级", "点单方式", "区划", "状态", "联系人（脱敏）"),
    *("电话（脱敏）", "派单时间", "响应分钟", "响应时效", "办结时间", "服务分钟", "评分"),
)


@queries.get("/service-requests/export", summary="导出菜单式服务登记", response_class=Response)
async def export_requests(
    *,
    context: Context,
    caller: Caller,
    within: Within = None,
    status: RequestStatus | None = None,
    service_kind: Sought | None = None,
    channel: RequestChannel | None = None,
    timeliness: Timeliness | None = None,
    item_id: UUID | None = None,
    team_id: UUID | None = None,
    form: AsFile = "xlsx",
) -> Response:
    """Contact data masked."""

    async def lines(rows: Sequence[RequestRow]) -> list[Sequence[Cell]]:
        known = await sealed.masked(context, [row.request_id for row in rows])
        return [_line(row, known.get(row.request_id, {})) for row in rows]

    equal = {
        "status": status,
        "service_kind": service_kind,
        "channel": channel,
        "timeliness": timeliness,
        "item_id": item_id,
        "team_id": team_id,
    }
    areas = areas_to_list(caller, within)
    return await file_of(
        context, "菜单式服务登记", HEADINGS, form, RequestRow, "request_id", areas, equal, lines
    )


def _line(row: RequestRow, contact: dict[str, str]) -> Sequence[Cell]:
    return (
        row.requested_at,
        row.service_kind,
        label(StarTier, row.star),
        label(RequestChannel, row.channel),
        row.area,
        label(RequestStatus, row.status),
        contact.get("name", ""),
        contact.get("phone", ""),
        row.assigned_at,
        row.waited_minutes,
        label(Timeliness, row.timeliness),
        row.closed_at,
        row.service_minutes,
        row.rating,
    )


@queries.get("/service-requests/{request_id}", summary="单个点单")
async def get_request(
    request_id: UUID, context: Context, caller: Caller, response: Response
) -> RequestView:
    async with context.database.sessions() as session:
        row = await one(session, RequestRow, request_id, handlers.NO_REQUEST)
    caller.require(Action.READ, row.area)
    known = await sealed.masked(context, [request_id])
    set_etag(response, row.version)
    return _request(row, known.get(request_id, {}))


@queries.get("/service-requests/{request_id}/contact", summary="点单居民联系方式")
async def read_contact(
    request_id: UUID, purpose: Purpose, context: Context, caller: Caller
) -> Shown:
    async with context.database.sessions() as session:
        row = await one(session, RequestRow, request_id, handlers.NO_REQUEST)
    caller.require(Action.READ_PERSONAL, row.area)
    return Shown(**await sealed.contact_in_full(context, caller, request_id, row.area, purpose))


def _request(row: RequestRow, contact: dict[str, str]) -> RequestView:
    given = row.model_dump(
        exclude={"holder_id", "holder_kind", "respond_by", "late", "erase_on", "recorded_at"}
    )
    return RequestView(**given, contact=Shown(**contact), **holder_shown(row))


def _shown(row: RequestRow, response: Response) -> RequestView:
    set_etag(response, row.version)
    return _request(row, {})


routers = (commands, queries)
