"""The working calendar over HTTP: read by everyone, entered year by year."""

from typing import Annotated

from fastapi import Path, Query, Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.kinds.calendar import Holiday
from services.chassis import kinds
from services.chassis.auth import Principal
from services.chassis.clock import weekday
from services.chassis.errors import Conflict
from services.chassis.http import (
    Caller,
    Context,
    IfMatch,
    IfMatchUnlessNew,
    Timed,
    Work,
    command_router,
    query_router,
    set_etag,
)
from services.chassis.http.export import Format, Rows, exported
from services.chassis.http.fields import FIRST_YEAR, LAST_YEAR, Day, Kind, Name
from services.chassis.http.lists import as_file
from services.chassis.http.scopes import widest_areas
from services.membership.domain.calendar import ExceptionalDay
from services.membership.handlers import calendar as handlers
from services.membership.tables import calendar as tables
from services.membership.tables.calendar import CalendarYearRow

commands = command_router(tags=["工作日历"])
queries = query_router(tags=["工作日历"])

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


class DayView(ExceptionalDay):
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
    exceptions = [ExceptionalDay(**dict(each)) for each in request.exceptions]
    row, new = await handlers.enter_year(
        year, exceptions, request.source, version, uow, request.at(uow)
    )
    response.status_code = 201 if new else 200
    set_etag(response, row.version)
    return await _shown(uow.session, row)


@commands.put("/calendar/days/{day}", summary="调整单日安排")
async def change_day(
    day: Day, request: DayChange, caller: Caller, version: IfMatch, uow: Work
) -> YearView:
    """`If-Match` is the version of the day's year, whose new state is the answer."""
    await _require(caller, uow.session)
    change = ExceptionalDay(day=day, **request.fields("source"))
    row = await handlers.change_day(change, request.source, version, uow, request.at(uow))
    return await _shown(uow.session, row)


@as_file(queries, "节假日安排")
@queries.get("/calendar", summary="已录入的年度")
async def list_years(context: Context, _: Caller) -> list[YearSummary]:
    """Public holidays are public: any caller may read them all."""
    async with context.database.sessions() as session:
        return [YearSummary(**row.model_dump()) for row in await tables.years(session)]


@queries.get("/calendar/{year}", summary="年度节假日安排")
async def get_year(year: Year, context: Context, _: Caller) -> YearView:
    async with context.database.sessions() as session:
        row = await session.get(CalendarYearRow, year)
        if row is None:
            raise handlers.missing(year)
        return await _shown(session, row)


@queries.get("/calendar/{year}/export", summary="导出年度节假日安排")
async def export_year(
    year: Year,
    context: Context,
    caller: Caller,
    form: Annotated[Format, Query(alias="format")] = "xlsx",
) -> Response:
    days = (await get_year(year, context, caller)).exceptions

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


async def _shown(session: AsyncSession, row: CalendarYearRow) -> YearView:
    labels = await kinds.labels(session, "holiday")
    days = [
        DayView(**day.model_dump(), label=labels.get(day.holiday_kind, day.holiday_kind))
        for day in await tables.days_of(session, row.year)
    ]
    return YearView(**row.model_dump(), exceptions=days)


routers = (commands, queries)
