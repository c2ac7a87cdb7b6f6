"""The working calendar, opening hours and closures, as rows."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Field, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.tables.rows import Row
from services.chassis.database import driver
from services.chassis.published_days import weekday_rule
from services.chassis.working_days import WorkingCalendar

FORGET_YEAR = "DELETE FROM calendar_day WHERE day >= $1 AND day <= $2"
KNOW_YEAR = "INSERT INTO calendar_year (year) VALUES ($1) ON CONFLICT DO NOTHING"
FORGET_DAY = "DELETE FROM calendar_day WHERE day = $1"
KEEP_DAYS = """
INSERT INTO calendar_day (day, working)
SELECT day, false FROM unnest($1::date[]) AS day UNION ALL
SELECT day, true FROM unnest($2::date[]) AS day
"""


class CalendarYearRow(Row, table=True):
    """A year whose holidays are known."""

    __tablename__ = "calendar_year"

    year: int = Field(primary_key=True)


class CalendarDayRow(Row, table=True):
    """A day on which weekday and work disagree."""

    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    working: bool


async def working_calendar(session: AsyncSession) -> WorkingCalendar:
    """All that is known: some thirty days a year."""
    years = await session.exec(select(CalendarYearRow.year))
    days = (await session.exec(select(CalendarDayRow))).all()
    return WorkingCalendar(frozenset(years), {row.day: row.working for row in days})


async def keep_year(
    session: AsyncSession, year: int, days_off: Iterable[date], days_worked: Iterable[date]
) -> None:
    connection = await driver(session)
    await connection.execute(KNOW_YEAR, year)
    await connection.execute(FORGET_YEAR, date(year, 1, 1), date(year, 12, 31))
    await connection.execute(KEEP_DAYS, list(days_off), list(days_worked))


async def keep_day(session: AsyncSession, day: date, *, works: bool) -> None:
    connection = await driver(session)
    await connection.execute(FORGET_DAY, day)
    if works != weekday_rule(day):
        await connection.execute(KEEP_DAYS, *(([], [day]) if works else ([day], [])))
