"""The working calendar, opening hours and closures, as rows; and what they come to, a timetable."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.bases import DayKind
from services.bases.domain.closing import Closure, OpeningHours
from services.bases.domain.opening import Hours, Range, Spans, Timetable
from services.bases.tables.rows import Row
from services.chassis.clock import midnight
from services.chassis.database import driver
from services.chassis.working_days import ONE_DAY, WorkingCalendar, weekday_rule

FORGET_YEAR = "DELETE FROM calendar_day WHERE day >= $1 AND day <= $2"
KNOW_YEAR = "INSERT INTO calendar_year (year) VALUES ($1) ON CONFLICT DO NOTHING"
FORGET_DAY = "DELETE FROM calendar_day WHERE day = $1"
KEEP_DAYS = """
INSERT INTO calendar_day (day, working)
SELECT day, false FROM unnest($1::date[]) AS day UNION ALL
SELECT day, true FROM unnest($2::date[]) AS day
"""
KNOWN = """
SELECT ARRAY(SELECT year FROM calendar_year
              WHERE make_date(year, 1, 1) BETWEEN $1 AND $2) AS years,
       ARRAY(SELECT day FROM calendar_day WHERE day BETWEEN $1 AND $2 AND NOT working) AS off,
       ARRAY(SELECT day FROM calendar_day WHERE day BETWEEN $1 AND $2 AND working) AS worked
"""
STATED = """
SELECT v.venue_id, h.venue_id IS NOT NULL AS own, h.effective_from, h.hours::text AS hours
  FROM venue v JOIN opening_hours h
    ON h.base_id = v.base_id AND (h.venue_id IS NULL OR h.venue_id = v.venue_id)
 WHERE v.venue_id = ANY($1) AND h.effective_from <= $2
"""
CLOSED = """
SELECT v.venue_id, c.starts_at, least(c.ends_at, c.reopens_at) AS ends_at
  FROM venue v JOIN closure c
    ON c.base_id = v.base_id AND (c.venue_id IS NULL OR c.venue_id = v.venue_id)
 WHERE v.venue_id = ANY($1) AND c.ends_at > $2 AND c.starts_at < $3
   AND (c.reopens_at IS NULL OR c.reopens_at > c.starts_at)
"""
HAD = """
SELECT venue_id, retired_at, available_from, available_to FROM venue
 WHERE venue_id = ANY($1) AND num_nonnulls(retired_at, available_from, available_to) > 0
"""
IN_THE_WAY = """
SELECT booking_id, venue_id, starts_at, ends_at, status FROM booking
 WHERE venue_id = ANY($1) AND holds AND starts_at < $3 AND ends_at > $2
 ORDER BY starts_at, booking_id
"""
FROM_DAY = """
SELECT booking_id, organisation_id, starts_at, ends_at, headcount, status FROM booking
 WHERE venue_id = $1 AND holds AND ends_at > $2 AND status <> 'completed'
 ORDER BY starts_at, booking_id
"""
LOCK_BOOKINGS = """
SELECT booking_id FROM booking
 WHERE venue_id = ANY($1) AND holds AND starts_at < $3 AND ends_at > $2
 ORDER BY booking_id FOR UPDATE
"""
YEARS = """
SELECT year,
       (SELECT count(*) FROM calendar_day d WHERE extract(year FROM d.day) = y.year
                                              AND NOT d.working) AS days_off,
       (SELECT count(*) FROM calendar_day d WHERE extract(year FROM d.day) = y.year
                                              AND d.working) AS days_worked
  FROM calendar_year y ORDER BY year
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


class HoursRow(OpeningHours, Row, table=True):
    """`hours`: day kind to a list of `[opens, closes)` in minutes of the day, in order."""

    __tablename__ = "opening_hours"

    opening_hours_id: UUID = Field(primary_key=True)
    hours: dict[str, list[list[int]]] = Field(sa_type=JSONB)
    version: int = 1
    recorded_at: datetime

    def stated(self) -> Hours:
        return _hours(self.effective_from, self.hours)


class ClosureRow(Closure, Row, table=True):
    """One that was withdrawn closes up to `reopens_at`, which may lie before it began."""

    __tablename__ = "closure"

    closure_id: UUID = Field(primary_key=True)
    version: int = 1
    recorded_at: datetime


# The calendar


async def working_calendar(session: AsyncSession) -> WorkingCalendar:
    """All that is known: some thirty days a year."""
    years = await session.exec(select(CalendarYearRow.year))
    days = (await session.exec(select(CalendarDayRow))).all()
    return WorkingCalendar(frozenset(years), {row.day: row.working for row in days})


async def calendar_within(
    connection: asyncpg.Connection, first: date, last: date
) -> WorkingCalendar:
    """The years in which these days lie."""
    row = await connection.fetchrow(KNOWN, date(first.year, 1, 1), date(last.year, 12, 31))
    days = dict.fromkeys(row["off"], False) | dict.fromkeys(row["worked"], True)
    return WorkingCalendar(frozenset(row["years"]), days)


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


async def years(connection: asyncpg.Connection) -> Sequence[asyncpg.Record]:
    """`year`, `days_off`, `days_worked` of every year that is known, in order."""
    found: Sequence[asyncpg.Record] = await connection.fetch(YEARS)
    return found


# Hours


async def hours(session: AsyncSession, base_id: UUID, venue_id: UUID | None) -> Sequence[HoursRow]:
    """All that the base, or the venue itself, ever stated; the newest first."""
    query = (
        select(HoursRow)
        .where(HoursRow.base_id == base_id)
        .where(col(HoursRow.venue_id).is_not_distinct_from(venue_id))
        .order_by(col(HoursRow.effective_from).desc())
    )
    return (await session.exec(query)).all()


# Closures


async def in_the_way(
    connection: asyncpg.Connection, venue_ids: Sequence[UUID], since: datetime, until: datetime
) -> Sequence[asyncpg.Record]:
    """Bookings that hold one of the venues at some time within; their buffer is in nobody's way."""
    found: Sequence[asyncpg.Record] = await connection.fetch(IN_THE_WAY, venue_ids, since, until)
    return found


async def from_day(
    connection: asyncpg.Connection, venue_id: UUID, day: date
) -> Sequence[asyncpg.Record]:
    """Bookings that hold the venue on `day` or later."""
    found: Sequence[asyncpg.Record] = await connection.fetch(FROM_DAY, venue_id, midnight(day))
    return found


async def lock_bookings(
    connection: asyncpg.Connection, venue_ids: Sequence[UUID], since: datetime, until: datetime
) -> None:
    """The rows of `in_the_way`, in order of id."""
    await connection.execute(LOCK_BOOKINGS, venue_ids, since, until)


# What they come to


async def timetables(
    connection: asyncpg.Connection, venue_ids: Iterable[UUID], first: date, last: date
) -> dict[UUID, Timetable]:
    """When each venue is open, good for questions about `first` to `last`, both included.

    Four statements for however many venues. Under the venue's slot lock what it says holds until
    the transaction ends: closures and hours are written under that lock only.
    """
    wanted = list(venue_ids)
    since, until = midnight(first), midnight(last + ONE_DAY)
    calendar = await calendar_within(connection, first, last)
    of_base: dict[UUID, list[Hours]] = {}
    of_venue: dict[UUID, list[Hours]] = {}
    for row in await connection.fetch(STATED, wanted, last):
        place = of_venue if row["own"] else of_base
        stated = _hours(row["effective_from"], json.loads(row["hours"]))
        place.setdefault(row["venue_id"], []).append(stated)
    closed: dict[UUID, list[Range]] = {}
    for row in await connection.fetch(CLOSED, wanted, since, until):
        closed.setdefault(row["venue_id"], []).append((row["starts_at"], row["ends_at"]))
    for row in await connection.fetch(HAD, wanted):
        closed.setdefault(row["venue_id"], []).extend(_not_had(row, since, until))
    return {
        venue_id: Timetable(
            calendar=calendar,
            of_base=of_base.get(venue_id, ()),
            of_venue=of_venue.get(venue_id, ()),
            closures=closed.get(venue_id, ()),
        )
        for venue_id in wanted
    }


def _not_had(row: asyncpg.Record, since: datetime, until: datetime) -> Iterable[Range]:
    """When the venue is not there at all: retired, or outside the days a partner gives it for."""
    if row["retired_at"] is not None:
        yield row["retired_at"], max(until, row["retired_at"] + timedelta(days=1))
    if row["available_from"] is not None:
        begins = midnight(row["available_from"])
        yield min(since, begins - ONE_DAY), begins
    if row["available_to"] is not None:
        ends = midnight(row["available_to"] + ONE_DAY)
        yield ends, max(until, ends + ONE_DAY)


def _hours(effective_from: date, spans: dict[str, Any]) -> Hours:
    return Hours(effective_from, {DayKind(kind): _spans(each) for kind, each in spans.items()})


def _spans(each: Iterable[Sequence[int]]) -> Spans:
    return tuple((opens, closes) for opens, closes in each)
