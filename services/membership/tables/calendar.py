"""The working calendar as rows: which years are known, and their exceptional days."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Boolean, Column
from sqlmodel import Field, col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.database import execute
from services.chassis.working_days import WorkingCalendar
from services.membership.domain.calendar import ExceptionalDay
from services.membership.tables.rows import Row


class CalendarYearRow(Row, table=True):
    __tablename__ = "calendar_year"

    year: int = Field(primary_key=True)
    source: str
    version: int
    recorded_at: datetime | None = None


class CalendarDayRow(ExceptionalDay, Row, table=True):
    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    works: bool = Field(sa_column=Column("working", Boolean, nullable=False))
    source: str


async def working_calendar(session: AsyncSession) -> WorkingCalendar:
    """All that is known: some thirty days a year."""
    years = await session.exec(select(CalendarYearRow.year))
    days = (await session.exec(select(CalendarDayRow))).all()
    return WorkingCalendar(frozenset(years), {row.day: row.works for row in days})


async def years(session: AsyncSession) -> Sequence[CalendarYearRow]:
    return (await session.exec(select(CalendarYearRow).order_by(col(CalendarYearRow.year)))).all()


async def lock_year(session: AsyncSession, year: int) -> CalendarYearRow | None:
    """The year, with others who would enter or change it kept out until the transaction ends."""
    await execute(session, "SELECT pg_advisory_xact_lock(41, :year)", {"year": year})
    return await session.get(CalendarYearRow, year, populate_existing=True)


async def days_of(session: AsyncSession, year: int) -> Sequence[CalendarDayRow]:
    within = col(CalendarDayRow.day).between(date(year, 1, 1), date(year, 12, 31))
    query = select(CalendarDayRow).where(within).order_by(col(CalendarDayRow.day))
    return (await session.exec(query)).all()


async def replace_days(
    session: AsyncSession, first: date, last: date, days: Iterable[ExceptionalDay], source: str
) -> None:
    """Put `days` in the place of all exceptions from `first` to `last`."""
    await session.exec(delete(CalendarDayRow).where(col(CalendarDayRow.day).between(first, last)))
    session.add_all(CalendarDayRow.of(each, source=source) for each in days)
    await session.flush()
