"""Residents' requests from the menu, followed to their end."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.volunteering import RequestChannel, RequestStatus, Timeliness
from services.chassis.clock import occurred
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
    sealed,
)
from services.chassis.http.fields import Day, Instant, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, Paging, equals
from services.chassis.http.lists import as_file
from services.membership.api.volunteering.common import (
    Contact,
    HolderShown,
    MayHold,
    Purpose,
    Shown,
    contacts,
)
from services.membership.api.volunteering.menu import Minutes
from services.membership.domain.volunteering.menu import MenuRequest
from services.membership.handlers.volunteering import menu as handlers
from services.membership.tables.volunteering.rows import RequestRow

commands = command_router(tags=["志愿服务"])
queries = query_router(tags=["志愿服务"])

Held = Annotated[RequestRow, held(RequestRow, "点单", Action.MANAGE_SERVICE)]
Seen = Annotated[RequestRow, seen(RequestRow, "点单")]
Personal = Annotated[RequestRow, seen(RequestRow, "点单", Action.READ_PERSONAL)]

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


class RequestView(MenuRequest, HolderShown):
    contact: Shown = Field(default_factory=Shown, title="联系方式（已脱敏）")
    version: int


class RequestFilters(Filters):
    status: RequestStatus | None = None
    service_kind: Sought | None = None
    channel: RequestChannel | None = None
    timeliness: Timeliness | None = None
    item_id: UUID | None = None
    team_id: UUID | None = None
    member_id: Annotated[UUID | None, equals("holder_id")] = None
    registrant_id: Annotated[UUID | None, equals("holder_id")] = None
    late: bool | None = Field(default=None, description="Unanswered beyond the target.")


@commands.post("/service-requests", status_code=201, summary="居民点单")
async def request_service(
    request: RequestRequest, context: Context, caller: Caller, uow: Work
) -> RequestView:
    item = await handlers.offered(uow, request.item_id)
    caller.require(Action.MANAGE_SERVICE, request.area or item.area)
    fields, contact = request.fields("item_id", "contact", "done"), request.contact.fields()
    case = await handlers.request(item, fields, contact, context.vault, uow, request.at(uow))
    if done := request.done:
        at = occurred(done.done_at, uow.now, field="done.done_at")
        await handlers.enter_done(case, item, done.minutes, done.rating, uow, at)
    return case.shown(RequestView)


@commands.post("/service-requests/{request_id}/assignment", summary="派单")
async def assign(case: Held, request: Assignment, uow: Work) -> RequestView:
    at, holder = request.at(uow), request.holder()
    return (await handlers.assign(case, request.team_id, holder, uow, at)).shown(RequestView)


@commands.post("/service-requests/{request_id}/fulfilment", summary="服务完成")
async def fulfil(case: Held, request: Fulfilment, uow: Work) -> RequestView:
    return (await handlers.render(case, request.minutes, uow, request.at(uow))).shown(RequestView)


@commands.post("/service-requests/{request_id}/refusal", summary="未能受理")
async def decline(case: Held, request: Timed, uow: Work) -> RequestView:
    return (await handlers.decline(case, uow, request.at(uow))).shown(RequestView)


@commands.post("/service-requests/{request_id}/withdrawal", summary="居民撤回点单")
async def withdraw(case: Held, request: Timed, uow: Work) -> RequestView:
    return (await handlers.withdraw(case, uow, request.at(uow))).shown(RequestView)


@commands.post("/service-requests/{request_id}/rating", summary="居民评价")
async def rate(case: Held, request: RatingRequest, uow: Work) -> RequestView:
    return (await handlers.rate(case, request.rating, uow, request.at(uow))).shown(RequestView)


@as_file(
    queries,
    "菜单式服务登记",
    columns={
        "requested_at": "点单时间",
        "service_kind": "服务类别",
        "star": "服务星级",
        "channel": "点单方式",
        "area": "区划",
        "status": "状态",
        "contact.name": "联系人（脱敏）",
        "contact.phone": "电话（脱敏）",
        "assigned_at": "派单时间",
        "waited_minutes": "响应分钟",
        "timeliness": "响应时效",
        "closed_at": "办结时间",
        "service_minutes": "服务分钟",
        "rating": "评分",
    },
    form="xlsx",
    without=("member_id", "registrant_id", "late"),
    description="Contact data masked.",
)
@queries.get("/service-requests", summary="菜单式服务登记列表")
async def list_requests(
    filters: Annotated[RequestFilters, Query()], paging: Paging
) -> Page[RequestView]:
    page = await paging.rows(RequestRow, filters)
    return page.of(await _views(paging.context, page.items))


@queries.get("/service-requests/{request_id}", summary="单个点单")
async def get_request(case: Seen, context: Context) -> RequestView:
    return (await _views(context, [case]))[0]


@queries.get("/service-requests/{request_id}/contact", summary="点单居民联系方式")
async def read_contact(case: Personal, purpose: Purpose, context: Context, caller: Caller) -> Shown:
    found = await sealed.contact_in_full(context, caller, case.request_id, case.area, purpose)
    return Shown(**found)


async def _views(context: Context, rows: Sequence[RequestRow]) -> list[RequestView]:
    """With contact data, which commands leave out: their answers are kept for repetition."""
    known = await contacts(context, [row.request_id for row in rows])
    return [row.shown(RequestView, contact=known[row.request_id]) for row in rows]


routers = (commands, queries)
