"""The working calendar over HTTP: read by everyone, entered year by year."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.kinds.calendar import Holiday
from services.chassis import kinds
from services.chassis.auth import Principal
from services.chassis.clock import occurred, weekday
from services.chassis.errors import Conflict
from services.chassis.http import (
    Caller,
    Context,
    IfMatch,
    IfMatchUnlessNew,
    Timed,
    Work,
    command_router,
    set_etag,
)
from services.chassis.http.export import Format, Rows, exported
from services.chassis.http.fields import FIRST_YEAR, LAST_YEAR, Day, Kind, Name
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import widest_areas
from services.membership.domain.calendar import ChangeDay, EnterYear, ExceptionalDay
from services.membership.handlers import calendar as handlers
from services.membership.tables import calendar as tables
from services.membership.tables.calendar import CalendarDayRow, CalendarYearRow

commands = command_router(tags=["工作日历"])
queries = APIRouter(prefix="/v1", tags=["工作日历"], responses=dict(RESPONSES))

HEADINGS = ("日期", "星期", "安排", "节假日", "文号")
WORKS = {True: "上班", False: "放假"}

Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR, title="年度")]


class DayRequest(BaseModel):
    model_config = {"extra": "forbid"}

    day: Day = Field(title="日期")
    works: bool = Field(title="是否上班", description="False: off; true: worked instead (调休).")
    holiday_kind: Kind = Field(default=Holiday.OTHER, title="所属节假日")


class YearRequest(Timed):
    source: Name = Field(title="文号", description="Of the notice, such as 国办发明电〔2025〕7号.")
    exceptions: list[DayRequest] = Field(
        min_length=1,
        max_length=120,
        title="放假与调休日",
        description="Days that follow the weekday anyway may be among them; they are left out.",
    )


class DayChange(Timed):
    source: Name = Field(title="文号")
    works: bool = Field(title="是否上班")
    holiday_kind: Kind = Field(default=Holiday.OTHER, title="所属节假日")


class DayView(BaseModel):
    day: date = Field(title="日期")
    works: bool = Field(title="是否上班")
    holiday_kind: str = Field(title="所属节假日")
    label: str = Field(title="节假日名称")
    source: str = Field(title="文号")


class YearSummary(BaseModel):
    year: int = Field(title="年度")
    source: str = Field(title="文号")
    version: int


class YearView(YearSummary):
    exceptions: list[DayView] = Field(title="放假与调休日")


@commands.put(
    "/calendar/years/{year}", summary="录入年度节假日安排", responses={201: {"model": YearView}}
)
async def enter_year(
    year: Year,
    request: YearRequest,
    caller: Caller,
    version: IfMatchUnlessNew,
    uow: Work,
    response: Response,
) -> YearView:
    """The whole year from the notice. Repeating it changes nothing; 201 for a new year.

    A year that is known is replaced only with `If-Match`.
    """
    await _require(caller, uow.session)
    command = EnterYear(
        year=year, exceptions=[ExceptionalDay(**vars(each)) for each in request.exceptions]
    )
    at = occurred(request.occurred_at, uow.now)
    entered = await handlers.enter_year(command, request.source, version, uow, at)
    response.status_code = 201 if entered.new else 200
    return await _shown(uow.session, entered.row, response)


@commands.put("/calendar/days/{day}", summary="调整单日安排")
async def change_day(
    day: Day,
    request: DayChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> YearView:
    """`If-Match` is the version of the day's year, whose new state is the answer."""
    await _require(caller, uow.session)
    command = ChangeDay(day=day, works=request.works, holiday_kind=request.holiday_kind)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.change_day(command, request.source, version, uow, at)
    return await _shown(uow.session, row, response)


@as_file(queries, "节假日安排")
@queries.get("/calendar", summary="已录入的年度")
async def list_years(context: Context, caller: Caller) -> list[YearSummary]:
    """Public holidays are public: any caller may read them all."""
    caller.areas(Action.READ)
    async with context.database.sessions() as session:
        return [YearSummary(**row.model_dump()) for row in await tables.years(session)]


@queries.get("/calendar/{year}", summary="年度节假日安排")
async def get_year(year: Year, context: Context, caller: Caller, response: Response) -> YearView:
    caller.areas(Action.READ)
    async with context.database.sessions() as session:
        row = await tables.year_of(session, year)
        if row is None:
            raise handlers.missing(year)
        return await _shown(session, row, response)


@queries.get("/calendar/{year}/export", summary="导出年度节假日安排")
async def export_year(
    year: Year,
    context: Context,
    caller: Caller,
    form: Annotated[Format, Query(alias="format")] = "xlsx",
) -> Response:
    caller.areas(Action.READ)
    async with context.database.sessions() as session:
        if await tables.year_of(session, year) is None:
            raise handlers.missing(year)
        days = await _days(session, year)

    async def rows() -> Rows:
        for each in days:
            yield each.day, weekday(each.day), WORKS[each.works], each.label, each.source

    return await exported(f"{year}年节假日安排", HEADINGS, rows(), form)


async def _require(caller: Principal, session: AsyncSession) -> None:
    """One calendar for all: whoever enters it must stand above all areas."""
    areas = await widest_areas(session)
    if not areas:
        raise Conflict(
            "No area is registered yet: register the widest one first.",
            zh="尚未登记任何区划，请先登记最上级区划。",
        )
    for area in areas:
        caller.require(Action.MANAGE_STANDARDS, area)


async def _shown(session: AsyncSession, row: CalendarYearRow, response: Response) -> YearView:
    set_etag(response, row.version)
    summary = YearSummary(**row.model_dump())
    return YearView(**summary.model_dump(), exceptions=await _days(session, row.year))


async def _days(session: AsyncSession, year: int) -> list[DayView]:
    labels = await kinds.labels(session, "holiday")
    return [_day(row, labels) for row in await tables.days_of(session, year)]


def _day(row: CalendarDayRow, labels: Mapping[str, str]) -> DayView:
    return DayView(
        day=row.day,
        works=row.working,
        holiday_kind=row.holiday_kind,
        label=labels.get(row.holiday_kind, row.holiday_kind),
        source=row.source,
    )


routers = (commands, queries)
