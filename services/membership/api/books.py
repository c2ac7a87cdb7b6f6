"""The organisations' books over HTTP: registers, funds and tasks."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import and_, true
from sqlmodel import col

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.books import Book, Bound, Duration, Rank, TaskState, WithdrawReason
from services.chassis.errors import Invalid
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
    query_router,
)
from services.chassis.http.fields import Code, Day, Kind, Name, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import (
    By,
    Filters,
    FirstDay,
    LastDay,
    PageQuery,
    Paging,
    since,
    until,
)
from services.chassis.http.lists import as_file
from services.chassis.http.pages import key_of
from services.chassis.http.views import before, whole, without
from services.chassis.http.words import Fen, OfDay
from services.chassis.ids import new_id
from services.membership.api import profiles
from services.membership.domain.books import Entry
from services.membership.handlers import books as handlers
from services.membership.tables import books as tables
from services.membership.tables.books import EntryRow

commands = command_router(tags=["台账"])
queries = query_router(tags=["台账"])

Held = Annotated[EntryRow, held(EntryRow, "台账条目", Action.MANAGE_BOOKS)]
HeldAtVersion = Annotated[EntryRow, held(EntryRow, "台账条目", Action.MANAGE_BOOKS, edit=True)]
Seen = Annotated[EntryRow, seen(EntryRow, "台账条目")]

ABOUT = By(lambda columns, member_id: columns["subject_ids"].contains([member_id]))
STILL_OPEN = By(lambda _, wanted: and_(*tables.still_open()) if wanted else true())

MOST = 10**12
Amount = Annotated[int, Field(ge=0, le=MOST)]
Text = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class EntryFields(Timed):
    """What may be said of an entry; which of it makes sense, its book decides."""

    organisation_id: UUID | None = Field(default=None, title="党组织")
    label: Name
    remark: Text = Field(default="", title="备注")
    reference: Text = Field(default="", title="依据或附件")
    rank: Rank = Field(default=Rank.NONE, title="级别")
    quantity: Amount = Field(default=1, title="数量")
    bound: Bound = Field(default=Bound.EXACT, title="数量性质")
    amount_fen: Amount = Field(default=0, title="金额（分）")
    amount_bound: Bound = Field(default=Bound.EXACT, title="金额性质")
    due_on: Day | None = Field(default=None, title="期限")
    subject_ids: Annotated[list[UUID], Field(max_length=500)] = Field(
        default_factory=list, title="有关党员"
    )


class EntryRequest(EntryFields):
    """`occurred_at` is the day the entry belongs to: of the award, the payment, the assignment."""

    book: Book = Field(title="台账")
    kind: Kind
    area: AreaCode
    code: Code | None = None
    parent_id: UUID | None = Field(default=None, title="所属任务")


class EntryChange(BaseModel):
    """A correction: what the entry should always have said. Fields left out stay as they are."""

    model_config = Timed.model_config

    label: Name | None = None
    remark: Text | None = None
    reference: Text | None = None
    kind: Kind | None = None
    area: AreaCode | None = None
    rank: Rank | None = None
    quantity: Amount | None = None
    bound: Bound | None = None
    amount_fen: Amount | None = None
    amount_bound: Bound | None = None
    due_on: Day | None = None


class WithdrawRequest(Timed):
    reason: WithdrawReason = Field(title="撤销原因")


class MoveRequest(Timed):
    state: TaskState = Field(title="状态")


@whole
@without("occurred_at")
@before(day="ended_at")
class EntryView(Entry):
    amount_fen: Fen = Field(title="金额（分）")
    day: date = Field(title="日期")
    ended_at: OfDay | None = Field(title="终止时刻")
    recorded_at: datetime = Field(title="登记时刻")
    version: int


class GivenView(BaseModel):
    area: str = Field(title="社区")
    name: str = Field(title="名称")
    amount_fen: int = Field(title="已拨付（分）")


class EntryFilters(Filters):
    book: Book | None = None
    kind: Sought | None = None
    organisation_id: UUID | None = None
    subject_id: Annotated[UUID | None, ABOUT] = Field(
        default=None, description="Entries about this member."
    )
    parent_id: UUID | None = None
    code: Sought | None = None
    state: TaskState | None = None
    first: Annotated[FirstDay, since("day")] = None
    last: Annotated[LastDay, until("day")] = None
    due_by: Annotated[Day | None, until("due_on")] = Field(
        default=None, description="Due on or before."
    )
    open_only: Annotated[bool, STILL_OPEN] = Field(
        default=False, description="Without ended and finished ones."
    )


@commands.post("/book-entries", status_code=201, summary="登记台账条目")
async def enter(request: EntryRequest, caller: Caller, uow: Work) -> EntryView:
    caller.require(Action.MANAGE_BOOKS, request.area)
    entry = Entry(
        **request.fields(),
        entry_id=new_id(),
        occurred_at=request.at(uow),
        duration=await _duration(request, uow),
        state=TaskState.OPEN if request.book is Book.TASK else None,
    )
    return (await handlers.enter(entry, frozenset(request.model_fields_set), uow)).shown(EntryView)


async def _duration(request: EntryRequest, uow: Work) -> Duration:
    if request.book is not Book.REGISTER:
        return Duration.ONCE
    return await handlers.standing(uow, request.kind)


@commands.patch("/book-entries/{entry_id}", summary="更正台账条目")
async def correct(
    entry: HeldAtVersion, request: EntryChange, caller: Caller, uow: Work
) -> EntryView:
    """A change of area needs the right in both."""
    caller.require(Action.MANAGE_BOOKS, request.area or entry.area)
    changes: dict[str, Any] = request.model_dump(exclude_unset=True)
    empty = [name for name, value in changes.items() if value is None and name != "due_on"]
    if empty:
        raise Invalid(
            f"`{empty[0]}` cannot be taken away.", zh=f"{empty[0]} 不能为空。", field=empty[0]
        )
    return (await handlers.correct(entry, changes, uow)).shown(EntryView)


@commands.post("/book-entries/{entry_id}/withdraw", summary="撤销台账条目")
async def withdraw(entry: Held, request: WithdrawRequest, uow: Work) -> EntryView:
    return (await handlers.withdraw(entry, request.reason, uow, request.at(uow))).shown(EntryView)


@commands.post("/book-entries/{entry_id}/end", summary="终止在册条目")
async def end(entry: Held, request: Timed, uow: Work) -> EntryView:
    return (await handlers.end(entry, uow, request.at(uow))).shown(EntryView)


@commands.post("/book-entries/{entry_id}/move", summary="变更任务状态")
async def move(entry: Held, request: MoveRequest, uow: Work) -> EntryView:
    return (await handlers.move(entry, request.state, uow, request.at(uow))).shown(EntryView)


@as_file(
    queries,
    "台账",
    columns={
        "book": "台账",
        "kind": "类别",
        "code": "编号",
        "area": "区划",
        "label": "名称",
        "rank": "级别",
        "quantity": "数量",
        "bound": "数量性质",
        "amount_fen": "金额（元）",
        "amount_bound": "金额性质",
        "state": "状态",
        "due_on": "期限",
        "day": "日期",
        "ended_at": "终止日期",
        "reference": "依据或附件",
        "remark": "备注",
    },
    form="xlsx",
    called="export",
    description="All rows that the list with the same filters shows.",
)
@queries.get("/book-entries", summary="台账条目列表")
async def list_entries(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    limit: Limit = 50,
    filters: Annotated[EntryFilters, Query()],
) -> Page[EntryView]:
    standing = col(EntryRow.withdrawn_at).is_(None)
    paging = PageQuery(context, caller, cursor, limit)
    return (await paging.rows(EntryRow, filters, where=[standing])).shown(EntryView)


@queries.get("/book-entries/{entry_id}", summary="单个台账条目")
async def get_entry(entry: Seen) -> EntryView:
    return entry.shown(EntryView)


@as_file(queries, "各社区年度经费与下限")
@queries.get("/fund-minimum", summary="各社区年度经费与下限")
async def fund_minimum(
    year: Annotated[int, Query(ge=1949, le=2199)],
    within: Annotated[AreaCode, Query(description="The district, street or community.")],
    paging: Paging,
) -> Page[GivenView]:
    """Every community with what it was given of the kinds that the minimum of that year counts."""
    paging.caller.require(Action.READ, within)
    (after,) = key_of(paging.cursor, str) or ("",)
    async with paging.context.database.sessions() as session:
        rows = await handlers.minimum(session, year, within, after, paging.limit + 1)
    return page_of(rows, paging.limit, lambda row: GivenView(**vars(row)), lambda row: (row.area,))


routers = (commands, queries, profiles.commands, profiles.queries)
