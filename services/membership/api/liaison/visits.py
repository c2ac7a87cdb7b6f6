"""Visits and calls at liaison points over HTTP: counts for all, words for whoever may read them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.kinds.books import Bound
from contracts.kinds.liaison import CountUnit, LiaisonChannel
from services.chassis import kinds
from services.chassis.clock import occurred
from services.chassis.errors import Invalid
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
    sealed,
    set_etag,
)
from services.chassis.http.export import Rows, exported
from services.chassis.http.fields import Code, Day, Kind, Name, Sought, instant_of
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.membership.api.liaison.common import Form, everything, given
from services.membership.api.liaison.points import Within
from services.membership.domain.liaison.visits import Visit
from services.membership.handlers.liaison import visits as handlers
from services.membership.tables.liaison import store
from services.membership.tables.liaison.rows import PointRow, VisitRow
from services.membership.tables.liaison.store import Wanted

commands = command_router(tags=["联络点来访"])
queries = APIRouter(prefix="/v1", tags=["联络点来访"], responses=dict(RESPONSES))

Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00-\x08\x7f]*$")]


class VisitRequest(Timed):
    point_id: UUID = Field(title="联络点")
    number: Code | None = Field(default=None, title="登记编号", description="Of the paper logbook.")
    channel: LiaisonChannel = Field(title="来访方式")
    topic_kind: Kind = Field(title="事由类别")
    headcount: int = Field(default=1, ge=1, le=1_000_000, title="人数")
    counted_as: CountUnit = Field(default=CountUnit.PERSON_TIMES, title="计数单位")
    bound: Bound = Field(default=Bound.EXACT, title="数量含义")
    asks_for_work: bool = Field(default=False, title="是否请求办理")
    category_code: Code | None = Field(default=None, title="请求办理的事件类别")
    caller_name: Name | None = Field(default=None, title="来访人", description="Sealed.")
    phone: Name | None = Field(default=None, title="联系电话", description="Sealed.")
    words: Words | None = Field(default=None, title="反映内容", description="Sealed.")


class VisitView(BaseModel):
    visit_id: UUID
    number: str | None = Field(title="登记编号")
    point_id: UUID = Field(title="联络点")
    organisation_id: UUID = Field(title="负责党组织")
    area: str = Field(title="区划")
    channel: LiaisonChannel = Field(title="来访方式")
    topic_kind: str = Field(title="事由类别")
    headcount: int = Field(title="人数")
    counted_as: CountUnit = Field(title="计数单位")
    bound: Bound = Field(title="数量含义")
    asks_for_work: bool = Field(title="是否请求办理")
    category_code: str | None = Field(title="请求办理的事件类别")
    sealed: bool = Field(title="存有来访人信息")
    withdrawn: bool = Field(title="已撤销")
    occurred_at: datetime = Field(title="来访时刻")
    version: int


class SaidView(BaseModel):
    """What is sealed of a visit."""

    caller_name: str | None = Field(default=None, title="来访人")
    phone: str | None = Field(default=None, title="联系电话")
    words: str | None = Field(default=None, title="反映内容")


@commands.post("/liaison-visits", status_code=201, summary="登记来访来电")
async def log(
    request: VisitRequest, caller: Caller, context: Context, uow: Work, response: Response
) -> VisitView:
    """One who came, or a count stated for a whole period (`bound: at-least` for 余)."""
    point = await store.load(uow.session, PointRow, request.point_id)
    caller.require(Action.MANAGE_SERVICE, point.area)
    sealed = {"caller_name": "name", "phone": "phone", "words": "words"}
    said = request.model_dump(include=set(sealed), exclude_none=True)
    visit = Visit(
        visit_id=new_id(),
        organisation_id=point.organisation_id,
        area=point.area,
        **request.model_dump(exclude={"occurred_at", *sealed}),
    )
    words = {sealed[name]: text for name, text in said.items()}
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.log(visit, words, context.vault, uow, at), response)


@commands.post("/liaison-visits/{visit_id}/withdraw", summary="撤销误登")
async def withdraw(
    visit_id: UUID, caller: Caller, version: IfMatch, uow: Work, response: Response
) -> VisitView:
    """It was entered wrongly: figures take it back, what was sealed is erased."""
    await _require(caller, uow, visit_id)
    return _shown(await handlers.withdraw(visit_id, version, uow), response)


@commands.post("/liaison-visits/{visit_id}/forget", summary="清除来访人信息")
async def forget(visit_id: UUID, caller: Caller, uow: Work) -> VisitView:
    """Who came and what they said is erased for good; the counts stay."""
    await _require(caller, uow, visit_id)
    row = await store.load(uow.session, VisitRow, visit_id, lock=True)
    await handlers.forget(row, uow)
    return _visit(row)


@queries.get("/liaison-visits", summary="来访登记列表")
async def list_visits(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    point_id: UUID | None = None,
    number: Sought | None = None,
    channel: LiaisonChannel | None = None,
    topic_kind: Sought | None = None,
    asks_for_work: bool | None = None,
    first: Annotated[Day | None, Query(alias="from")] = None,
    last: Annotated[Day | None, Query(alias="to")] = None,
    limit: Limit = 50,
) -> Page[VisitView]:
    """The newest first, without what was withdrawn."""
    wanted = Wanted(
        within=areas_to_list(caller, within),
        equal=given(
            point_id=point_id,
            number=number,
            channel=channel,
            topic_kind=topic_kind,
            asks_for_work=asks_for_work,
        ),
        first=first,
        last=last,
        after=_after(cursor),
        limit=limit + 1,
    )
    async with context.database.sessions() as session:
        rows = await store.visits(session, wanted)
    return page_of(rows, limit, _visit, lambda row: (row.occurred_at.isoformat(), row.visit_id))


HEADINGS = ("登记编号", "时间", "来访方式", "事由", "人数", "单位", "数量含义", "请求办理", "类别")


@queries.get("/liaison-visits/export", summary="导出来访登记")
async def export_visits(
    context: Context,
    caller: Caller,
    within: Within = None,
    point_id: UUID | None = None,
    channel: LiaisonChannel | None = None,
    topic_kind: Sought | None = None,
    first: Annotated[Day | None, Query(alias="from")] = None,
    last: Annotated[Day | None, Query(alias="to")] = None,
    form: Form = "xlsx",
) -> Response:
    """The counts only: what is sealed is in no file."""
    wanted = Wanted(
        within=areas_to_list(caller, within),
        equal=given(point_id=point_id, channel=channel, topic_kind=topic_kind),
        first=first,
        last=last,
        limit=0,
    )

    async def rows() -> Rows:
        async with context.database.sessions() as session:
            topics = await kinds.labels(session, "liaison-topic")
            async for row in everything(
                lambda page: store.visits(session, page),
                wanted,
                lambda row: (row.occurred_at.isoformat(), str(row.visit_id)),
            ):
                yield (
                    row.number,
                    row.occurred_at,
                    LiaisonChannel(row.channel).label,
                    topics.get(row.topic_kind, row.topic_kind),
                    row.headcount,
                    CountUnit(row.counted_as).label,
                    Bound(row.bound).label,
                    "是" if row.asks_for_work else "否",
                    row.category_code,
                )

    return await exported("来访登记", HEADINGS, rows(), form)


@queries.get("/liaison-visits/{visit_id}", summary="单条来访登记")
async def get_visit(
    visit_id: UUID, context: Context, caller: Caller, response: Response
) -> VisitView:
    async with context.database.sessions() as session:
        row = await store.load(session, VisitRow, visit_id)
    caller.require(Action.READ, row.area)
    return _shown(row, response)


@queries.get("/liaison-visits/{visit_id}/personal", summary="来访人与反映内容（留痕）")
async def read_sealed(
    visit_id: UUID,
    context: Context,
    caller: Caller,
    purpose: Annotated[str, Query(min_length=2, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")],
) -> SaidView:
    """In full, for whoever may read it; who read it and why is recorded."""
    async with context.database.sessions() as session:
        row = await store.load(session, VisitRow, visit_id)
    caller.require(Action.READ_PERSONAL, row.area)
    said = await sealed.in_full(context, caller, visit_id, row.area, purpose)
    return SaidView(caller_name=said.get("name"), phone=said.get("phone"), words=said.get("words"))


def _after(cursor: list[str] | None) -> list[str] | None:
    """When the last visit of the page before came, and its id."""
    if cursor is None:
        return None
    try:
        at, key = cursor
        return [instant_of(at).isoformat(), str(UUID(key))]
    except ValueError as error:
        raise Invalid(
            "`cursor` is not one that a page gave.",
            zh="cursor 不是系统返回的翻页标记。",
            field="cursor",
        ) from error


async def _require(caller: Caller, uow: Work, visit_id: UUID) -> None:
    row = await store.load(uow.session, VisitRow, visit_id)
    caller.require(Action.MANAGE_SERVICE, row.area)


def _visit(row: VisitRow) -> VisitView:
    return VisitView.model_validate(row.model_dump())


def _shown(row: VisitRow, response: Response) -> VisitView:
    set_etag(response, row.version)
    return _visit(row)
