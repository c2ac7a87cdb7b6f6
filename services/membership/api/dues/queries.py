"""Lists of dues, and their files."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.kinds.dues import DuesPurpose, ReliefState
from contracts.kinds.members import MemberState
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.http import Context, Page, page_of, query_router
from services.chassis.http.fields import Day, Sought
from services.chassis.http.held import seen
from services.chassis.http.listing import Filters, PageQuery, Paging, after_cursor, since, until
from services.chassis.http.lists import as_file
from services.chassis.http.pages import id_of, key_of
from services.chassis.http.scopes import areas_to_list
from services.chassis.http.views import before
from services.chassis.http.words import Month
from services.membership.api.dues.views import (
    EntryView,
    MaskedName,
    PaymentView,
    ReliefView,
    ReturnView,
    StandardView,
    Year,
    Yuan,
    named,
)
from services.membership.api.written import OrganisationKind
from services.membership.domain.dues.decisions import DuesReturnShare
from services.membership.tables.dues import ledger, lists
from services.membership.tables.dues.rows import PaymentRow, ReliefRow, ReturnRow
from services.membership.tables.members import MemberRow
from services.membership.tables.organisations import area_of

queries = query_router(tags=["党费"])

MANAGE = Action.MANAGE_MEMBERS
SeenMember = Annotated[MemberRow, seen(MemberRow, "党员", MANAGE, area=area_of)]


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


@before(first="within", last="within")
class MonthFilters(Filters):
    first: Day = Field(description="First month, by its first day.")
    last: Day = Field(description="Last month, included.")
    organisation_id: UUID | None = None


class ReliefFilters(Filters):
    organisation_id: UUID | None = None
    member_id: UUID | None = None
    state: ReliefState | None = None


class ReturnFilters(Filters):
    organisation_id: UUID | None = None
    year: Year | None = None


class ReturnableView(BaseModel):
    organisation_id: UUID
    code: str = Field(title="组织代码")
    organisation: str = Field(title="党组织")
    kind: OrganisationKind = Field(title="类别")
    area: str = Field(title="区划")
    base_amount: int = Field(title="当年所交党费（分）")
    percent: int = Field(title="返还比例（%）")
    amount: int = Field(title="应返还（分）")


class ArrearsView(BaseModel):
    member_id: UUID
    code: str = Field(title="党员代码")
    name: MaskedName
    state: MemberState = Field(title="身份")
    organisation_id: UUID = Field(title="现所在党支部")
    organisation: str = Field(title="党支部名称")
    area: str = Field(title="区划")
    months: int = Field(title="欠交月数")
    since: Month = Field(title="最早欠交月份")
    until: Month = Field(title="最近欠交月份")
    owed: Yuan = Field(title="欠交金额（分）")


class MonthView(BaseModel):
    organisation_id: UUID
    code: str = Field(title="组织代码")
    organisation: str = Field(title="党组织")
    area: str = Field(title="区划")
    month: Month = Field(title="月份")
    headcount: int = Field(title="应交人数")
    due: Yuan = Field(title="应交（分）")
    paid: Yuan = Field(title="已交（分）")
    unpaid: int = Field(title="未交清人数")


class BalanceView(BaseModel):
    month: date = Field(title="月份")
    organisation_id: UUID = Field(title="收缴党组织")
    charged: int | None = Field(title="应交（分）", description="None: paid ahead.")
    waived: int = Field(title="减免（分）")
    paid: int = Field(title="已交（分）")
    due_on: date = Field(title="应交期限")


class AccountView(BaseModel):
    """Somebody's dues: the standards, the months, and every entry behind them."""

    member_id: UUID
    standards: list[StandardView] = Field(title="核定标准")
    months: list[BalanceView] = Field(title="逐月情况")
    entries: list[EntryView] = Field(title="明细")


@queries.get("/members/{member_id}/dues", summary="党员党费情况")
async def get_account(member: SeenMember, context: Context) -> AccountView:
    """What a member pays tells what they earn: only who manages members may look."""
    key, pool = member.member_id, context.database.pool
    async with context.database.sessions() as session:
        standards = await ledger.standards(session, [key])
    months = (await ledger.balances(pool, [key], date.min, date.max))[key]
    return AccountView(
        member_id=key,
        standards=[row.shown(StandardView) for row in standards],
        months=[BalanceView(**vars(balance)) for balance in months],
        entries=[EntryView(**row) for row in await ledger.entries(pool, key)],
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
    paging: Paging, filters: Annotated[ArrearsFilters, after_cursor(ArrearsFilters)]
) -> Page[ArrearsView]:
    """By member; what is overdue on `as_of`, today at the latest."""
    today = business_date(paging.context.clock())
    day = min(filters.as_of or today, today)
    statement, after = lists.arrears(past=day < today), id_of(paging.cursor)
    rows = await _read(paging, statement, filters, MANAGE, as_of=day, after=after)
    page = page_of(rows, paging.limit, lambda row: row, lambda row: (row["member_id"],))
    return page.of(await named(ArrearsView, page.items, paging.context))


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
    paging: Paging, filters: Annotated[PaymentFilters, after_cursor(PaymentFilters)]
) -> Page[PaymentView]:
    """Newest first; reversed ones stay in the list."""
    page = await paging.rows(PaymentRow, filters, action=MANAGE, newest_first=True)
    return page.of(
        await named(PaymentView, [row.model_dump() for row in page.items], paging.context)
    )


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
    paging: Paging, filters: Annotated[MonthFilters, after_cursor(MonthFilters)]
) -> Page[MonthView]:
    """Due and paid, and how many have not paid whole."""
    month, key = key_of(paging.cursor, date.fromisoformat, UUID) or (None, None)
    rows = await _read(paging, lists.MONTHS, filters, after_month=month, after_id=key)
    return page_of(
        rows,
        paging.limit,
        lambda row: MonthView(**row),
        lambda row: (row["month"], row["organisation_id"]),
    )


@as_file(queries, "党费减免")
@queries.get("/dues/reliefs", summary="党费减免列表")
async def list_reliefs(
    filters: Annotated[ReliefFilters, Query()], paging: Paging
) -> Page[ReliefView]:
    page = await paging.rows(ReliefRow, filters, action=MANAGE, newest_first=True)
    return page.of(
        await named(ReliefView, [row.model_dump() for row in page.items], paging.context)
    )


@as_file(queries, "党费返还")
@queries.get("/dues/returns", summary="党费返还列表")
async def list_returns(
    filters: Annotated[ReturnFilters, Query()], paging: Paging
) -> Page[ReturnView]:
    page = await paging.rows(ReturnRow, filters, newest_first=True)
    return page.shown(ReturnView)


@as_file(queries, "应返还党费的党组织")
@queries.get("/dues/returns/due", summary="应返还党费的党组织")
async def list_returnable(
    year: Year, filters: Annotated[Filters, Query()], paging: Paging
) -> Page[ReturnableView]:
    """Organisations of the kinds that the rule names, not yet returned to for the year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    async with paging.context.database.sessions() as session:
        share = (await rulebook.at(session, last, DuesReturnShare))[DuesReturnShare]
    values: dict[str, Any] = {"year": year, "first": first, "last": last, "kinds": share.kinds}
    rows = await _read(paging, lists.RETURNABLE, filters, after=id_of(paging.cursor), **values)

    def show(row: Mapping[str, Any]) -> ReturnableView:
        return ReturnableView(**row, percent=share.percent, amount=share.of(row["base_amount"]))

    return page_of(rows, paging.limit, show, lambda row: (row["organisation_id"],))


async def _read(
    paging: PageQuery, statement: str, filters: Filters, action: Action = Action.READ, **more: Any
) -> Sequence[Mapping[str, Any]]:
    """A row more than a page has."""
    areas, values = areas_to_list(paging.caller, filters.within, action), filters.model_dump()
    values |= more | {"within": lists.apart(areas), "limit": paging.limit + 1}
    async with paging.context.database.sessions() as session:
        return await lists.read(session, statement, values)
