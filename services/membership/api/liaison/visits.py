"""Visits and calls at liaison points over HTTP: counts for all, words for whoever may read them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlmodel import col

from contracts.access import Action
from contracts.kinds.books import Bound
from contracts.kinds.liaison import CountUnit, LiaisonChannel
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
from services.chassis.http.fields import Code, Day, Kind, Name, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, Paging, since, until
from services.chassis.http.lists import as_file
from services.chassis.http.words import of_family
from services.chassis.ids import new_id
from services.membership.domain.liaison.visits import Visit
from services.membership.handlers.liaison import visits as handlers
from services.membership.tables.liaison import store
from services.membership.tables.liaison.rows import VisitRow

commands = command_router(tags=["联络点来访"])
queries = query_router(tags=["联络点来访"])

Held = Annotated[VisitRow, held(VisitRow, "来访登记", Action.MANAGE_SERVICE)]
Edited = Annotated[VisitRow, held(VisitRow, "来访登记", Action.MANAGE_SERVICE, edit=True)]
Seen = Annotated[VisitRow, seen(VisitRow, "来访登记")]
Personal = Annotated[VisitRow, seen(VisitRow, "来访登记", Action.READ_PERSONAL)]

SEALED = {"caller_name": "name", "phone": "phone", "words": "words"}
"""Fields of a request by their names in the vault."""

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


class VisitView(Visit):
    topic_kind: Annotated[str, of_family("liaison-topic")] = Field(title="事由类别")
    occurred_at: datetime = Field(title="来访时刻")
    version: int


class VisitFilters(Filters):
    point_id: UUID | None = None
    number: Sought | None = None
    channel: LiaisonChannel | None = None
    topic_kind: Sought | None = None
    asks_for_work: bool | None = None
    first: Annotated[Day | None, since("occurred_at")] = Field(default=None, alias="from")
    last: Annotated[Day | None, until("occurred_at")] = Field(default=None, alias="to")


class SaidView(BaseModel):
    """What is sealed of a visit."""

    caller_name: str | None = Field(default=None, title="来访人")
    phone: str | None = Field(default=None, title="联系电话")
    words: str | None = Field(default=None, title="反映内容")


@commands.post("/liaison-visits", status_code=201, summary="登记来访来电")
async def log(request: VisitRequest, caller: Caller, context: Context, uow: Work) -> VisitView:
    """One who came, or a count stated for a whole period (`bound: at-least` for 余)."""
    point = await store.hold(uow.session, request.point_id)
    caller.require(Action.MANAGE_SERVICE, point.area)
    stated = request.model_dump(include=set(SEALED), exclude_none=True)
    visit = Visit(
        visit_id=new_id(),
        organisation_id=point.organisation_id,
        area=point.area,
        sealed=bool(stated),
        withdrawn=False,
        **request.fields(*SEALED),
    )
    words = {SEALED[name]: text for name, text in stated.items()}
    row = await handlers.log(visit, point, words, context.vault, uow, request.at(uow))
    return row.shown(VisitView)


@commands.post("/liaison-visits/{visit_id}/withdraw", summary="撤销误登")
async def withdraw(visit: Edited, uow: Work) -> VisitView:
    """It was entered wrongly: figures take it back, what was sealed is erased."""
    return (await handlers.withdraw(visit, uow)).shown(VisitView)


@commands.post("/liaison-visits/{visit_id}/forget", summary="清除来访人信息")
async def forget(visit: Held, uow: Work) -> VisitView:
    """Who came and what they said is erased for good; the counts stay."""
    return (await handlers.forget(visit, uow)).shown(VisitView)


@as_file(
    queries,
    "来访登记",
    columns={
        "number": "登记编号",
        "occurred_at": "时间",
        "channel": "来访方式",
        "topic_kind": "事由",
        "headcount": "人数",
        "counted_as": "单位",
        "bound": "数量含义",
        "asks_for_work": "请求办理",
        "category_code": "类别",
    },
    form="xlsx",
    without=("number", "asks_for_work"),
    description="The counts only: what is sealed is in no file.",
    documented=JSONResponse,
)
@queries.get("/liaison-visits", summary="来访登记列表")
async def list_visits(filters: Annotated[VisitFilters, Query()], paging: Paging) -> Page[VisitView]:
    """The newest first, without what was withdrawn."""
    order, standing = ("occurred_at", "visit_id"), col(VisitRow.withdrawn).is_(False)
    page = await paging.rows(VisitRow, filters, order=order, newest_first=True, where=[standing])
    return page.shown(VisitView)


@queries.get("/liaison-visits/{visit_id}", summary="单条来访登记")
async def get_visit(visit: Seen) -> VisitView:
    return visit.shown(VisitView)


@queries.get("/liaison-visits/{visit_id}/personal", summary="来访人与反映内容（留痕）")
async def read_sealed(
    visit: Personal,
    context: Context,
    caller: Caller,
    purpose: Annotated[str, Query(min_length=2, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")],
) -> SaidView:
    """In full, for whoever may read it; who read it and why is recorded."""
    words = await sealed.in_full(context, caller, visit.visit_id, visit.area, purpose)
    return SaidView(**{name: words.get(kept) for name, kept in SEALED.items()})
