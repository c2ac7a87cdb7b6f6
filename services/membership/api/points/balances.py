"""What the ledger adds up to: balances, ranks, yearly statements, and its check."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.kinds.points import SubjectType
from services.chassis.clock import business_date
from services.chassis.errors import Invalid
from services.chassis.http import Caller, Context, Page, page_of, query_router
from services.chassis.http.export import Cell, Format, exported
from services.chassis.http.fields import FIRST_YEAR, LAST_YEAR, Day
from services.chassis.http.held import seen
from services.chassis.http.listing import BY_ROUTE, Filters, Paging, after_cursor, conditions
from services.chassis.http.lists import as_file, columns_of, lines
from services.chassis.http.pages import key_of
from services.chassis.http.scopes import areas_to_list
from services.membership.api.points.entries import HEADINGS, PointsEntryListed, shown
from services.membership.tables.points import balances as tables
from services.membership.tables.points import ledger
from services.membership.tables.points.ledger import AccountRow

queries = query_router(tags=["积分"])

Account = Annotated[AccountRow, seen(AccountRow, "积分账户")]
Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR, title="年度")]


class PointsBalance(BaseModel):
    subject_id: UUID
    subject_type: SubjectType = Field(title="积分对象类型")
    organisation_id: UUID | None = Field(title="党组织")
    area: str = Field(title="区划")
    as_of: date = Field(title="截至日期")
    balance: int = Field(title="积分")


class PointsRank(BaseModel):
    rank: int = Field(title="名次", description="Equal points share one.")
    subject_id: UUID
    subject_type: SubjectType = Field(title="积分对象类型")
    organisation_id: UUID | None = Field(title="党组织")
    area: str = Field(title="区划")
    points: int = Field(title="积分")


class PointsByRule(BaseModel):
    rule_code: str = Field(title="积分规则")
    label: str = Field(title="规则名称")
    entries: int = Field(title="条数")
    earned: int = Field(title="加分")
    deducted: int = Field(title="扣分")
    points: int = Field(title="合计")


class PointsStatement(BaseModel):
    """`opening` + `earned` - `deducted` = `closing`; reversals count against what they reverse."""

    subject_id: UUID
    subject_type: SubjectType = Field(title="积分对象类型")
    year: int = Field(title="年度")
    opening: int = Field(title="上年结转")
    earned: int = Field(title="本年加分")
    deducted: int = Field(title="本年扣分")
    closing: int = Field(title="年末积分")
    by_rule: list[PointsByRule] = Field(title="按规则汇总")
    entries: list[PointsEntryListed] = Field(title="明细")


class UnsoundAccount(BaseModel):
    subject_id: UUID
    balance: int = Field(title="账面积分")
    summed: int = Field(title="明细合计")
    entries: int = Field(title="账面条数")
    counted: int = Field(title="明细条数")


class PointsCheck(BaseModel):
    sound: bool = Field(title="账实相符")
    accounts: int = Field(title="账户数")
    entries: int = Field(title="明细条数")
    points: int = Field(title="积分合计")
    unsound: list[UnsoundAccount] = Field(title="不符的账户", description="At most 100.")


@queries.get("/points/accounts/{subject_id}", summary="积分余额")
async def get_points_balance(
    account: Account,
    context: Context,
    as_of: Annotated[Day | None, Query(description="At the end of this day; else today.")] = None,
) -> PointsBalance:
    day = as_of or business_date(context.clock())
    async with context.database.sessions() as session:
        balance = await tables.balance(session, account.subject_id, day)
    return PointsBalance(**account.model_dump() | {"as_of": day, "balance": balance})


class RankFilters(Filters):
    organisation_id: UUID | None = None
    subject_type: SubjectType | None = None
    year: Annotated[int | None, BY_ROUTE] = Field(default=None, ge=FIRST_YEAR, le=LAST_YEAR)
    as_of: Annotated[Day | None, BY_ROUTE] = Field(default=None, description="Up to this day.")

    def days(self) -> tuple[date, date] | None:
        """Of the entries that count; without a year or a day the balance does. Raises `Invalid`."""
        year, last = self.year, self.as_of
        if year is None:
            return None if last is None else (date.min, last)
        if last is not None and last.year != year:
            raise Invalid(
                f"`as_of` is not in {year}.", zh=f"截止日期不在 {year} 年内。", field="as_of"
            )
        return date(year, 1, 1), last or date(year, 12, 31)


@as_file(
    queries,
    "积分排名",
    columns={
        "rank": "名次",
        "subject_type": "对象类型",
        "subject_id": "对象编号",
        "area": "区划",
        "points": "积分",
    },
    follows=True,
    called="export_points_ranking",
    description="",
    documented=JSONResponse,
)
@queries.get("/points/ranking", summary="积分排名")
async def rank_points(
    paging: Paging, filters: Annotated[RankFilters, after_cursor(RankFilters)]
) -> Page[PointsRank]:
    """Within an area or an organisation; of all time, of a year, or as of a day."""
    days, after = filters.days(), key_of(paging.cursor, int, UUID)
    areas = areas_to_list(paging.caller, filters.within)
    among = [*conditions(AccountRow, filters, areas)]
    async with paging.context.database.sessions() as session:
        rows = await tables.ranking(session, among, days, after, paging.limit + 1)
    page = page_of(
        rows, paging.limit, lambda row: row, lambda row: (row["points"], row["subject_id"])
    )
    return page.of([PointsRank(**row) for row in page.items])


@queries.get("/points/statements/{subject_id}/{year}", summary="年度积分对账单")
async def get_points_statement(account: Account, year: Year, context: Context) -> PointsStatement:
    async with context.database.sessions() as session:
        closing = await tables.balance(session, account.subject_id, date(year, 12, 31))
        by_rule = await tables.sums_by_rule(session, account.subject_id, year)
        rows = await ledger.of_year(session, account.subject_id, year)
    earned = sum(row["earned"] for row in by_rule)
    deducted = sum(row["deducted"] for row in by_rule)
    return PointsStatement(
        subject_id=account.subject_id,
        subject_type=account.subject_type,
        year=year,
        opening=closing - earned + deducted,
        earned=earned,
        deducted=deducted,
        closing=closing,
        by_rule=[PointsByRule(**row) for row in by_rule],
        entries=await shown(context, rows),
    )


@queries.get("/points/statements/{subject_id}/{year}/export", summary="导出年度积分对账单")
async def export_points_statement(
    account: Account,
    year: Year,
    context: Context,
    *,
    format: Format = "csv",  # noqa: A002  its name in the address
) -> Response:
    """Between the balance carried over and the balance carried on, one line an entry."""
    statement = await get_points_statement(account, year, context)
    columns = columns_of(PointsEntryListed, HEADINGS)
    between = await lines(context, columns, statement.entries)

    async def rows() -> AsyncIterator[list[Cell]]:
        yield _carried("上年结转", statement.opening)
        for line in between:
            yield line
        yield _carried("年末积分", statement.closing)

    return await exported(f"积分对账单{year}", [*HEADINGS.values()], rows(), format)


@queries.get("/points/check", summary="积分账实核对")
async def check_points(context: Context, caller: Caller) -> PointsCheck:
    """Whether every balance is the sum of its entries. Reads the whole ledger."""
    if not caller.areas(Action.MANAGE_POINTS):
        caller.refuse(Action.MANAGE_POINTS)
    async with context.database.sessions() as session:
        unsound = await tables.unsound(session)
        totals = await tables.totals(session)
    return PointsCheck(
        sound=not unsound,
        unsound=[UnsoundAccount(**row) for row in unsound],
        **totals,
    )


def _carried(what: str, points: int) -> list[Cell]:
    told: dict[str, Cell] = {"entry_id": what, "amount": points}
    return [told.get(field) for field in HEADINGS]
