"""Lists of dues, and their exports."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.dues import DuesChannel, DuesPurpose, ReliefState
from services.chassis import rulebook
from services.chassis.auth import Principal
from services.chassis.clock import business_date
from services.chassis.http import Caller, Context, Cursor, Limit, Page, page_of, sealed
from services.chassis.http.context import ServiceContext
from services.chassis.http.export import Cell, Format, exported
from services.chassis.http.fields import FIRST_YEAR, LAST_YEAR, Day, Sought
from services.chassis.http.lists import as_file
from services.chassis.http.pages import day_of, uuid_of
from services.chassis.http.problems import RESPONSES
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
)
from services.membership.domain.dues.decisions import WHOLE, DuesReturnShare
from services.membership.domain.dues.rates import yuan
from services.membership.tables import dues as tables
from services.membership.tables import members, organisations

queries = APIRouter(prefix="/v1", tags=["党费"], responses=dict(RESPONSES))

AT_ONCE = 500
"""Rows of an export that are read at a time."""

Inside = Annotated[AreaCode | None, Query(description="Only in this area.")]
YearAsked = Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR)]
Names = dict[UUID, str | None]
Read = Callable[[AsyncSession, Any], Awaitable[Sequence[Any]]]
"""Reads the rows of an export that follow a key."""


class _Arrears:
    def __init__(
        self,
        within: Inside = None,
        organisation_id: Annotated[UUID | None, Query(description="That charged it.")] = None,
        as_of: Annotated[Day | None, Query(description="As the entries stood; else now.")] = None,
        least: Annotated[int, Query(ge=1, le=1200, description="Months overdue.")] = 1,
    ) -> None:
        self.within, self.organisation_id = within, organisation_id
        self.as_of, self.least = as_of, least

    async def rows(
        self, session: AsyncSession, caller: Principal, today: date, after: UUID | None, limit: int
    ) -> Sequence[Any]:
        day = min(self.as_of or today, today)
        return await tables.arrears(
            session,
            within=areas_to_list(caller, self.within, Action.MANAGE_MEMBERS),
            organisation_id=self.organisation_id,
            as_of=day,
            past=day < today,
            least=self.least,
            after=after,
            limit=limit,
        )


class _Payments:
    def __init__(
        self,
        within: Inside = None,
        organisation_id: UUID | None = None,
        member_id: UUID | None = None,
        purpose: DuesPurpose | None = None,
        receipt: Sought | None = None,
        paid_from: Day | None = None,
        paid_to: Day | None = None,
    ) -> None:
        self.within = within
        self.organisation_id, self.member_id = organisation_id, member_id
        self.purpose, self.receipt = purpose, receipt
        self.paid_from, self.paid_to = paid_from, paid_to

    async def rows(
        self, session: AsyncSession, caller: Principal, after: UUID | None, limit: int
    ) -> Sequence[tables.PaymentRow]:
        return await tables.payments(
            session,
            within=areas_to_list(caller, self.within, Action.MANAGE_MEMBERS),
            organisation_id=self.organisation_id,
            member_id=self.member_id,
            purpose=self.purpose,
            receipt=self.receipt,
            paid_from=self.paid_from,
            paid_to=self.paid_to,
            after=after,
            limit=limit,
        )


class _Months:
    def __init__(
        self,
        first: Annotated[Day, Query(description="First month, by its first day.")],
        last: Annotated[Day, Query(description="Last month, included.")],
        within: Inside = None,
        organisation_id: UUID | None = None,
    ) -> None:
        self.first, self.last = first, last
        self.within, self.organisation_id = within, organisation_id

    async def rows(
        self,
        session: AsyncSession,
        caller: Principal,
        after: tuple[date, UUID] | None,
        limit: int,
    ) -> Sequence[Any]:
        return await tables.months(
            session,
            within=areas_to_list(caller, self.within),
            organisation_id=self.organisation_id,
            first=self.first,
            last=self.last,
            after=after,
            limit=limit,
        )


ArrearsAsked = Annotated[_Arrears, Depends(_Arrears)]
PaymentsAsked = Annotated[_Payments, Depends(_Payments)]
MonthsAsked = Annotated[_Months, Depends(_Months)]


@queries.get("/members/{member_id}/dues", summary="党员党费情况")
async def get_account(member_id: UUID, context: Context, caller: Caller) -> AccountView:
    """What a member pays tells what they earn: only who manages members may look."""
    async with context.database.sessions() as session:
        member = await members.member(session, member_id)
        branch = await organisations.organisation(session, member.organisation_id)
        caller.require(Action.MANAGE_MEMBERS, branch.area)
        standards = await tables.standards(session, member_id)
    pool = context.database.pool
    months = (await tables.balances(pool, [member_id], date.max))[member_id]
    return AccountView(
        member_id=member_id,
        standards=[StandardView(**row.model_dump()) for row in standards],
        months=[BalanceView(**row) for row in sorted(months, key=lambda row: row["month"])],
        entries=[EntryView(**row) for row in await tables.entries(pool, member_id)],
    )


@queries.get("/dues/arrears", summary="欠交党费名单")
async def list_arrears(
    context: Context, caller: Caller, cursor: Cursor, asked: ArrearsAsked, limit: Limit = 50
) -> Page[ArrearsView]:
    """By member; what is overdue on `as_of`, today at the latest."""
    today = business_date(context.clock())
    async with context.database.sessions() as session:
        rows = await asked.rows(session, caller, today, _after(cursor), limit + 1)
    names = await sealed.names(context, [row.member_id for row in rows])
    return page_of(rows, limit, lambda row: _arrears(row, names), lambda row: (row.member_id,))


@queries.get("/dues/arrears/export", summary="导出欠交党费名单")
async def export_arrears(
    context: Context,
    caller: Caller,
    asked: ArrearsAsked,
    format: Format = "csv",  # noqa: A002
) -> Response:
    today = business_date(context.clock())

    async def read(session: AsyncSession, after: UUID | None) -> Sequence[Any]:
        return await asked.rows(session, caller, today, after, AT_ONCE)

    def cells(row: Any, names: Names) -> Sequence[Cell]:
        return (
            *(row.code, names.get(row.member_id), row.organisation, row.months),
            *(f"{row.since:%Y-%m}", f"{row.until:%Y-%m}", yuan(row.owed)),
        )

    headings = ("党员代码", "姓名", "党支部", "欠交月数", "最早欠交", "最近欠交", "欠交金额（元）")
    rows = _rows(context, read, cells, lambda row: row.member_id)
    return await exported("欠交党费名单", headings, rows, format)


@queries.get("/dues/payments", summary="党费交纳列表")
async def list_payments(
    context: Context, caller: Caller, cursor: Cursor, asked: PaymentsAsked, limit: Limit = 50
) -> Page[PaymentView]:
    """Newest first; reversed ones stay in the list."""
    async with context.database.sessions() as session:
        rows = await asked.rows(session, caller, _after(cursor), limit + 1)
    names = await sealed.names(context, [row.member_id for row in rows])
    return page_of(rows, limit, lambda row: _payment(row, names), lambda row: (row.payment_id,))


@queries.get("/dues/payments/export", summary="导出党费交纳")
async def export_payments(
    context: Context,
    caller: Caller,
    asked: PaymentsAsked,
    format: Format = "csv",  # noqa: A002
) -> Response:
    async def read(session: AsyncSession, after: UUID | None) -> Sequence[Any]:
        return await asked.rows(session, caller, after, AT_ONCE)

    def cells(row: Any, names: Names) -> Sequence[Cell]:
        return (
            *(row.receipt, names.get(row.member_id), DuesPurpose(row.purpose).label),
            *(DuesChannel(row.channel).label, row.paid_on, yuan(row.amount)),
            "、".join(f"{month:%Y-%m}" for month in row.months),
            row.reversed_on,
        )

    headings = ("收据号", "姓名", "性质", "方式", "交纳日期", "金额（元）", "所交月份", "冲销日期")
    rows = _rows(context, read, cells, lambda row: row.payment_id)
    return await exported("党费交纳", headings, rows, format)


@queries.get("/dues/months", summary="各党组织逐月党费")
async def list_months(
    context: Context, caller: Caller, cursor: Cursor, asked: MonthsAsked, limit: Limit = 50
) -> Page[MonthView]:
    """Due and paid, and how many have not paid whole."""
    async with context.database.sessions() as session:
        after = (day_of(cursor[0]), uuid_of(cursor[-1])) if cursor else None
        rows = await asked.rows(session, caller, after, limit + 1)
    return page_of(
        rows,
        limit,
        lambda row: MonthView(**row._asdict()),
        lambda row: (row.month, row.organisation_id),
    )


@queries.get("/dues/months/export", summary="导出各党组织逐月党费")
async def export_months(
    context: Context,
    caller: Caller,
    asked: MonthsAsked,
    format: Format = "csv",  # noqa: A002
) -> Response:
    async def read(session: AsyncSession, after: tuple[date, UUID] | None) -> Sequence[Any]:
        return await asked.rows(session, caller, after, AT_ONCE)

    def cells(row: Any, _: Names) -> Sequence[Cell]:
        return (
            *(row.code, row.organisation, f"{row.month:%Y-%m}", row.headcount),
            *(yuan(row.due), yuan(row.paid), row.unpaid),
        )

    headings = ("组织代码", "党组织", "月份", "应交人数", "应交（元）", "已交（元）", "未交清人数")
    rows = _rows(context, read, cells, lambda row: (row.month, row.organisation_id))
    return await exported("党费收缴情况", headings, rows, format)


@as_file(queries, "党费减免")
@queries.get("/dues/reliefs", summary="党费减免列表")
async def list_reliefs(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Inside = None,
    organisation_id: UUID | None = None,
    member_id: UUID | None = None,
    state: ReliefState | None = None,
    limit: Limit = 50,
) -> Page[ReliefView]:
    async with context.database.sessions() as session:
        rows = await tables.reliefs(
            session,
            within=areas_to_list(caller, within, Action.MANAGE_MEMBERS),
            organisation_id=organisation_id,
            member_id=member_id,
            state=state,
            after=_after(cursor),
            limit=limit + 1,
        )
    names = await sealed.names(context, [row.member_id for row in rows])

    def show(row: tables.ReliefRow) -> ReliefView:
        return ReliefView(**row.model_dump(exclude={"area"}), name=names.get(row.member_id))

    return page_of(rows, limit, show, lambda row: (row.relief_id,))


@as_file(queries, "党费返还")
@queries.get("/dues/returns", summary="党费返还列表")
async def list_returns(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Inside = None,
    organisation_id: UUID | None = None,
    year: YearAsked | None = None,
    limit: Limit = 50,
) -> Page[ReturnView]:
    async with context.database.sessions() as session:
        rows = await tables.returns(
            session,
            within=areas_to_list(caller, within),
            organisation_id=organisation_id,
            year=year,
            after=_after(cursor),
            limit=limit + 1,
        )
    return page_of(
        rows, limit, lambda row: ReturnView(**row.model_dump()), lambda row: (row.return_id,)
    )


@as_file(queries, "应返还党费的党组织")
@queries.get("/dues/returns/due", summary="应返还党费的党组织")
async def list_returnable(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    year: YearAsked,
    within: Inside = None,
    limit: Limit = 50,
) -> Page[ReturnableView]:
    """Organisations of the kinds that the rule names, not yet returned to for the year."""
    async with context.database.sessions() as session:
        book = await rulebook.at(session, date(year, 12, 31), DuesReturnShare)
        share = book[DuesReturnShare]
        rows = await tables.returnable(
            session,
            within=areas_to_list(caller, within),
            kinds=share.kinds,
            year=year,
            after=_after(cursor),
            limit=limit + 1,
        )

    def show(row: Any) -> ReturnableView:
        amount = row.base_amount * share.percent // WHOLE
        return ReturnableView(**row._asdict(), percent=share.percent, amount=amount)

    return page_of(rows, limit, show, lambda row: (row.organisation_id,))


def _after(cursor: Sequence[str] | None) -> UUID | None:
    return uuid_of(cursor[0]) if cursor else None


def _arrears(row: Any, names: Names) -> ArrearsView:
    return ArrearsView(**row._asdict(), name=names.get(row.member_id))


def _payment(row: tables.PaymentRow, names: Names) -> PaymentView:
    return PaymentView(**row.model_dump(exclude={"area"}), name=names.get(row.member_id))


async def _rows(
    context: ServiceContext,
    read: Read,
    cells: Callable[[Any, Names], Sequence[Cell]],
    key: Callable[[Any], Any],
) -> AsyncIterator[Sequence[Cell]]:
    after = None
    while True:
        async with context.database.sessions() as session:
            rows = await read(session, after)
        ids = [row.member_id for row in rows if hasattr(row, "member_id")]
        names = await sealed.names(context, ids)
        for row in rows:
            yield cells(row, names)
        if len(rows) < AT_ONCE:
            return
        after = key(rows[-1])
