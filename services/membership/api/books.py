"""The organisations' books over HTTP: registers, funds and tasks."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.books import Book, Bound, Duration, Rank, TaskState, WithdrawReason
from services.chassis.clock import business_date, occurred
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
    set_etag,
)
from services.chassis.http.export import Cell, Format, exported
from services.chassis.http.fields import Code, Day, Kind, Name, Sought
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.membership.api import profiles
from services.membership.domain.books import Entry
from services.membership.handlers import books as handlers
from services.membership.tables import books as tables
from services.membership.tables.books import EntryRow

commands = command_router(tags=["台账"])
queries = APIRouter(prefix="/v1", tags=["台账"], responses=dict(RESPONSES))

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


class EntryView(BaseModel):
    entry_id: UUID
    book: Book = Field(title="台账")
    kind: str = Field(title="类别")
    code: str | None = Field(title="编号")
    area: str = Field(title="区划")
    organisation_id: UUID | None = Field(title="党组织")
    label: str = Field(title="名称")
    remark: str = Field(title="备注")
    reference: str = Field(title="依据或附件")
    duration: Duration = Field(title="存续")
    rank: Rank = Field(title="级别")
    quantity: int = Field(title="数量")
    bound: Bound = Field(title="数量性质")
    amount_fen: int = Field(title="金额（分）")
    amount_bound: Bound = Field(title="金额性质")
    state: TaskState | None = Field(title="状态")
    due_on: date | None = Field(title="期限")
    parent_id: UUID | None = Field(title="所属任务")
    subject_ids: list[UUID] = Field(title="有关党员")
    day: date = Field(title="日期")
    ended_at: datetime | None = Field(title="终止时刻")
    withdrawn_at: datetime | None = Field(title="撤销时刻")
    recorded_at: datetime = Field(title="登记时刻")
    version: int


class GivenView(BaseModel):
    area: str = Field(title="社区")
    name: str = Field(title="名称")
    amount_fen: int = Field(title="已拨付（分）")


@commands.post("/book-entries", status_code=201, summary="登记台账条目")
async def enter(request: EntryRequest, caller: Caller, uow: Work, response: Response) -> EntryView:
    caller.require(Action.MANAGE_BOOKS, request.area)
    at = occurred(request.occurred_at, uow.now)
    values = request.model_dump(exclude={"occurred_at"})
    entry = Entry(
        **values | {"subject_ids": tuple(request.subject_ids)},
        entry_id=new_id(),
        occurred_at=at,
        duration=await _duration(request, uow),
        state=TaskState.OPEN if request.book is Book.TASK else None,
    )
    given = frozenset(request.model_fields_set)
    return _shown(await handlers.enter(entry, given, uow), response)


async def _duration(request: EntryRequest, uow: Work) -> Duration:
    if request.book is not Book.REGISTER:
        return Duration.ONCE
    return await handlers.standing(uow, request.kind)


@commands.patch("/book-entries/{entry_id}", summary="更正台账条目")
async def correct(
    entry_id: UUID,
    request: EntryChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> EntryView:
    """A change of area needs the right in both."""
    current = await tables.entry(uow.session, entry_id)
    for area in {current.area, request.area or current.area}:
        caller.require(Action.MANAGE_BOOKS, area)
    changes: dict[str, Any] = request.model_dump(exclude_unset=True)
    empty = [name for name, value in changes.items() if value is None and name != "due_on"]
    if empty:
        raise Invalid(
            f"`{empty[0]}` cannot be taken away.", zh=f"{empty[0]} 不能为空。", field=empty[0]
        )
    return _shown(await handlers.correct(entry_id, changes, version, uow), response)


@commands.post("/book-entries/{entry_id}/withdraw", summary="撤销台账条目")
async def withdraw(
    entry_id: UUID, request: WithdrawRequest, caller: Caller, uow: Work, response: Response
) -> EntryView:
    await _may(caller, uow, entry_id)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.withdraw(entry_id, request.reason, uow, at), response)


@commands.post("/book-entries/{entry_id}/end", summary="终止在册条目")
async def end(
    entry_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> EntryView:
    await _may(caller, uow, entry_id)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.end(entry_id, uow, at), response)


@commands.post("/book-entries/{entry_id}/move", summary="变更任务状态")
async def move(
    entry_id: UUID, request: MoveRequest, caller: Caller, uow: Work, response: Response
) -> EntryView:
    await _may(caller, uow, entry_id)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.move(entry_id, request.state, uow, at), response)


async def _may(caller: Caller, uow: Work, entry_id: UUID) -> None:
    caller.require(Action.MANAGE_BOOKS, (await tables.entry(uow.session, entry_id)).area)


async def _sought(
    *,
    caller: Caller,
    within: Annotated[AreaCode | None, Query(description="Only in this area.")] = None,
    book: Book | None = None,
    kind: Sought | None = None,
    organisation_id: UUID | None = None,
    subject_id: Annotated[UUID | None, Query(description="Entries about this member.")] = None,
    parent_id: UUID | None = None,
    code: Sought | None = None,
    state: TaskState | None = None,
    first: Annotated[Day | None, Query(alias="from", description="First day.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="Last day, inclusive.")] = None,
    due_by: Annotated[Day | None, Query(description="Due on or before.")] = None,
    open_only: Annotated[bool, Query(description="Without ended and finished ones.")] = False,
) -> tables.Sought:
    return tables.Sought(
        within=areas_to_list(caller, within),
        book=book,
        kind=kind,
        organisation_id=organisation_id,
        subject_id=subject_id,
        parent_id=parent_id,
        code=code,
        state=state,
        first=first,
        last=last,
        due_by=due_by,
        open_only=open_only,
    )


AskedEntries = Annotated[tables.Sought, Depends(_sought)]


@queries.get("/book-entries", summary="台账条目列表")
async def list_entries(
    context: Context, sought: AskedEntries, cursor: Cursor, limit: Limit = 50
) -> Page[EntryView]:
    async with context.database.sessions() as session:
        after = cursor[0] if cursor else None
        rows = await tables.entries(session, sought, after, limit + 1)
    return page_of(rows, limit, _view, lambda row: (row.entry_id,))


HEADINGS = (
    *("台账", "类别", "编号", "区划", "名称", "级别", "数量", "数量性质", "金额（元）"),
    *("金额性质", "状态", "期限", "日期", "终止日期", "依据或附件", "备注"),
)
PART = 1000


@queries.get("/book-entries/export", summary="导出台账", response_class=Response)
async def export(
    context: Context,
    sought: AskedEntries,
    form: Annotated[Format, Query(alias="format")] = "xlsx",
) -> Response:
    """All rows that the list with the same filters shows."""

    async def rows() -> AsyncIterator[Sequence[Cell]]:
        after: str | None = None
        async with context.database.sessions() as session:
            while part := await tables.entries(session, sought, after, PART):
                for row in part:
                    yield _line(row)
                after = str(part[-1].entry_id)
                session.expunge_all()

    return await exported("台账", HEADINGS, rows(), form)


def _line(row: EntryRow) -> Sequence[Cell]:
    return (
        Book(row.book).label,
        row.kind,
        row.code,
        row.area,
        row.label,
        Rank(row.rank).label,
        row.quantity,
        Bound(row.bound).label,
        row.amount_fen / 100 if row.amount_fen else None,
        Bound(row.amount_bound).label,
        TaskState(row.state).label if row.state else None,
        row.due_on,
        row.day,
        business_date(row.ended_at) if row.ended_at else None,
        row.reference,
        row.remark,
    )


@queries.get("/book-entries/{entry_id}", summary="单个台账条目")
async def get_entry(
    entry_id: UUID, context: Context, caller: Caller, response: Response
) -> EntryView:
    async with context.database.sessions() as session:
        row = await tables.entry(session, entry_id)
    caller.require(Action.READ, row.area)
    return _shown(row, response)


@as_file(queries, "各社区年度经费与下限")
@queries.get("/fund-minimum", summary="各社区年度经费与下限")
async def fund_minimum(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    year: Annotated[int, Query(ge=1949, le=2199)],
    within: Annotated[AreaCode, Query(description="The district, street or community.")],
    limit: Limit = 50,
) -> Page[GivenView]:
    """Every community with what it was given of the kinds that the minimum of that year counts."""
    caller.require(Action.READ, within)
    async with context.database.sessions() as session:
        rows = await handlers.minimum(session, year, within, cursor[0] if cursor else "", limit + 1)
    return page_of(rows, limit, lambda row: GivenView(**vars(row)), lambda row: (row.area,))


def _view(row: EntryRow) -> EntryView:
    return EntryView.model_validate(row.model_dump(exclude={"occurred_at"}))


def _shown(row: EntryRow, response: Response) -> EntryView:
    set_etag(response, row.version)
    return _view(row)


routers = (commands, queries, profiles.commands, profiles.queries)
