"""Lists of dues, and their files."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.kinds.dues import DuesPurpose, ReliefState
from services.chassis import rulebook
from services.chassis.auth import Principal
from services.chassis.clock import business_date
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    Limit,
    Page,
    page_of,
    query_router,
    sealed,
)
from services.chassis.http.context import ServiceContext
from services.chassis.http.fields import Day, Sought
from services.chassis.http.held import seen
from services.chassis.http.listing import Filters, after_cursor, listed, since, until
from services.chassis.http.lists import as_file
from services.chassis.http.pages import id_of, key_of
from services.chassis.http.scopes import areas_to_list
from services.membership.api.dues.views import (
    AccountView,
    ArrearsView,
    BalanceView,
    EntryView,
    MonthView,
    PaymentView,
    ReliefView,
    ReturnableView,
    ReturnView,
    StandardView,
    Year,
)
from services.membership.domain.dues.decisions import DuesReturnShare
from services.membership.tables import dues as tables
from services.membership.tables.dues import PaymentRow, ReliefRow, ReturnRow, lists
from services.membership.tables.members import MemberRow
from services.membership.tables.organisations import area_of

queries = query_router(tags=["党费"])

MANAGE = Action.MANAGE_MEMBERS
Payer = Annotated[MemberRow, seen(MemberRow, "党员", MANAGE, area=area_of)]
V = TypeVar("V", ArrearsView, PaymentView, ReliefView)


class ArrearsFilters(Filters):
    organisation_id: UUID | None = Field(default=None, description="That charged it.")
    as_of: Day | None = Field(default=None, description="As the entries stood; else now.")
    least: int = Field(default=1, ge=1, le=1200, description="Months overdue.")


class PaymentFilters(Filters):
    organisation_id: UUID | None = None
    member_id: UUID | None = None
    purpose: DuesPurpose | None = None
    receipt: Sought | None = None
    paid_from: Annotated[Day | None, since("paid_on")] = None
    paid_to: Annotated[Day | None, until("paid_on")] = None


class Months(BaseModel):
    first: Day = Field(description="First month, by its first day.")
    last: Day = Field(description="Last month, included.")


class MonthFilters(Filters, Months):
    organisation_id: UUID | None = None


class ReliefFilters(Filters):
    organisation_id: UUID | None = None
    member_id: UUID | None = None
    state: ReliefState | None = None


class ReturnFilters(Filters):
    organisation_id: UUID | None = None
    year: Year | None = None


@queries.get("/members/{member_id}/dues", summary="党员党费情况")
async def get_account(member: Payer, context: Context) -> AccountView:
    """What a member pays tells what they earn: only who manages members may look."""
    key, pool = member.member_id, context.database.pool
    async with context.database.sessions() as session:
        standards = await tables.standards(session, [key])
    months = (await tables.balances(pool, [key], date.max))[key]
    return AccountView(
        member_id=key,
        standards=[StandardView(**row.model_dump()) for row in standards],
        months=[BalanceView(**vars(balance)) for balance in months],
        entries=[EntryView(**row) for row in await tables.entries(pool, key)],
    )


@as_file(
    queries,
    "欠交党费名单",
    columns={
        "code": "党员代码",
        "name": "姓名",
        "organisation": "党支部",
        "months": "欠交月数",
        "since": "最早欠交",
        "until": "最近欠交",
        "owed": "欠交金额（元）",
    },
    follows=True,
    description="",
    documented=JSONResponse,
)
@queries.get("/dues/arrears", summary="欠交党费名单")
async def list_arrears(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    limit: Limit = 50,
    filters: Annotated[ArrearsFilters, after_cursor(ArrearsFilters)],
) -> Page[ArrearsView]:
    """By member; what is overdue on `as_of`, today at the latest."""
    today = business_date(context.clock())
    day = min(filters.as_of or today, today)
    values = filters.model_dump() | {"as_of": day, "after": id_of(cursor)}
    rows = await _read(context, caller, lists.arrears(past=day < today), values, limit, MANAGE)
    page = page_of(rows, limit, lambda row: row, lambda row: (row["member_id"],))
    return page.of(await _named(context, ArrearsView, page.items))


@as_file(
    queries,
    "党费交纳",
    columns={
        "receipt": "收据号",
        "name": "姓名",
        "purpose": "性质",
        "channel": "方式",
        "paid_on": "交纳日期",
        "amount": "金额（元）",
        "months": "所交月份",
        "reversed_on": "冲销日期",
    },
    description="",
    documented=JSONResponse,
)
@queries.get("/dues/payments", summary="党费交纳列表")
async def list_payments(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    limit: Limit = 50,
    filters: Annotated[PaymentFilters, after_cursor(PaymentFilters)],
) -> Page[PaymentView]:
    """Newest first; reversed ones stay in the list."""
    page = await listed(
        context, caller, PaymentRow, filters, cursor, limit, action=MANAGE, newest_first=True
    )
    return page.of(await _named(context, PaymentView, [row.model_dump() for row in page.items]))


@as_file(
    queries,
    "党费收缴情况",
    columns={
        "code": "组织代码",
        "organisation": "党组织",
        "month": "月份",
        "headcount": "应交人数",
        "due": "应交（元）",
        "paid": "已交（元）",
        "unpaid": "未交清人数",
    },
    follows=True,
    summary="导出各党组织逐月党费",
    description="",
    documented=JSONResponse,
)
@queries.get("/dues/months", summary="各党组织逐月党费")
async def list_months(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    limit: Limit = 50,
    filters: Annotated[MonthFilters, after_cursor(MonthFilters)],
) -> Page[MonthView]:
    """Due and paid, and how many have not paid whole."""
    month, key = key_of(cursor, date.fromisoformat, UUID) or (None, None)
    values = filters.model_dump() | {"after_month": month, "after_id": key}
    rows = await _read(context, caller, lists.MONTHS, values, limit)
    return page_of(
        rows,
        limit,
        lambda row: MonthView(**row),
        lambda row: (row["month"], row["organisation_id"]),
    )


@as_file(queries, "党费减免")
@queries.get("/dues/reliefs", summary="党费减免列表")
async def list_reliefs(
    filters: Annotated[ReliefFilters, Query()],
    context: Context,
    caller: Caller,
    cursor: Cursor,
    limit: Limit = 50,
) -> Page[ReliefView]:
    page = await listed(
        context, caller, ReliefRow, filters, cursor, limit, action=MANAGE, newest_first=True
    )
    return page.of(await _named(context, ReliefView, [row.model_dump() for row in page.items]))


@as_file(queries, "党费返还")
@queries.get("/dues/returns", summary="党费返还列表")
async def list_returns(
    filters: Annotated[ReturnFilters, Query()],
    context: Context,
    caller: Caller,
    cursor: Cursor,
    limit: Limit = 50,
) -> Page[ReturnView]:
    page = await listed(context, caller, ReturnRow, filters, cursor, limit, newest_first=True)
    return page.of([ReturnView(**row.model_dump()) for row in page.items])


@as_file(queries, "应返还党费的党组织")
@queries.get("/dues/returns/due", summary="应返还党费的党组织")
async def list_returnable(
    year: Year,
    filters: Annotated[Filters, Query()],
    context: Context,
    caller: Caller,
    cursor: Cursor,
    limit: Limit = 50,
) -> Page[ReturnableView]:
    """Organisations of the kinds that the rule names, not yet returned to for the year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    async with context.database.sessions() as session:
        share = (await rulebook.at(session, last, DuesReturnShare))[DuesReturnShare]
    values = filters.model_dump() | {"year": year, "first": first, "last": last}
    values |= {"kinds": list(share.kinds), "after": id_of(cursor)}
    rows = await _read(context, caller, lists.RETURNABLE, values, limit)

    def show(row: Mapping[str, Any]) -> ReturnableView:
        amount = share.of(row["base_amount"])
        return ReturnableView(**row, percent=share.percent, amount=amount)

    return page_of(rows, limit, show, lambda row: (row["organisation_id"],))


async def _read(
    context: ServiceContext,
    caller: Principal,
    statement: str,
    values: dict[str, Any],
    limit: int,
    action: Action = Action.READ,
) -> Sequence[Mapping[str, Any]]:
    """A row more than a page has."""
    areas = areas_to_list(caller, values.pop("within"), action)
    async with context.database.sessions() as session:
        return await lists.read(session, statement, areas, limit + 1, **values)


async def _named(
    context: ServiceContext, view: type[V], rows: Sequence[Mapping[str, Any]]
) -> list[V]:
    names = await sealed.names(context, [row["member_id"] for row in rows])
    return [view(**row, name=names.get(row["member_id"])) for row in rows]
