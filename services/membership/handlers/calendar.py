"""Commands on the working calendar, and the reminder that a year is missing."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from contracts.kinds.alerts import AlertKind
from services.chassis import kinds, rulebook
from services.chassis.clock import business_date
from services.chassis.errors import PreconditionRequired
from services.chassis.http import versions
from services.chassis.http.scopes import widest_areas
from services.chassis.sweeps import Sweep
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.working_days import CalendarMissing
from services.membership.domain import calendar as domain
from services.membership.domain.calendar import CalendarDue, ExceptionalDay
from services.membership.handlers import alerts
from services.membership.handlers.alerts import Wanted
from services.membership.tables import calendar as tables
from services.membership.tables.calendar import CalendarYearRow


async def enter_year(
    year: int,
    exceptions: Sequence[ExceptionalDay],
    source: str,
    expected: int | None,
    uow: UnitOfWork,
    at: datetime,
) -> tuple[CalendarYearRow, bool]:
    """The year as it is now, and whether it is new.

    Raises `PreconditionRequired` where another content is known and no version was named.
    """
    await _check_holidays(uow, {each.holiday_kind for each in exceptions}, at)
    row = await tables.lock_year(uow.session, year)
    area = (await widest_areas(uow.session))[0]
    event = domain.enter_year(year, exceptions, await _known(uow, row) if row else None, area=area)
    if row is None:
        made = CalendarYearRow(year=year, source=source, version=0)
        uow.session.add(made)
    elif event is None:
        return row, False
    else:
        _check_version(expected, row)
        made = row
    if event is not None:
        uow.step(made, event, at, source=source, recorded_at=uow.now)
        said = domain.exceptional(exceptions)
        await tables.replace_days(uow.session, date(year, 1, 1), date(year, 12, 31), said, source)
    await alerts.clear(uow, AlertKind.CALENDAR_MISSING, domain.year_id(year), at=at)
    return made, row is None


async def change_day(
    change: ExceptionalDay, source: str, expected: int, uow: UnitOfWork, at: datetime
) -> CalendarYearRow:
    """Raises `CalendarMissing` for a year that was never entered."""
    day = change.day
    await _check_holidays(uow, {change.holiday_kind}, at)
    row = await tables.lock_year(uow.session, day.year)
    if row is None:
        raise missing(day.year)
    versions.check(expected, row.version)
    area = (await widest_areas(uow.session))[0]
    event = domain.change_day(
        change, {each.day: each for each in await _known(uow, row)}, area=area
    )
    if event is not None:
        said = domain.exceptional([change])
        await tables.replace_days(uow.session, day, day, said, source)
        uow.step(row, event, at, recorded_at=uow.now)
    return row


async def _known(uow: UnitOfWork, row: CalendarYearRow) -> list[ExceptionalDay]:
    days = await tables.days_of(uow.session, row.year)
    return [each.as_state(ExceptionalDay) for each in days]


def missing(year: int) -> CalendarMissing:
    return CalendarMissing(
        f"The public holidays of {year} have not been entered.",
        zh=f"{year} 年的节假日和调休安排尚未录入。",
        year=year,
    )


def _check_version(expected: int | None, row: CalendarYearRow) -> None:
    if expected is None:
        raise PreconditionRequired(
            f"{row.year} is entered already: send the ETag you read as `If-Match`.",
            zh=f"{row.year} 年已经录入，更改时请在 If-Match 中提供读取时的版本号。",
            current=row.version,
        )
    versions.check(expected, row.version)


async def _check_holidays(uow: UnitOfWork, codes: Iterable[str], at: datetime) -> None:
    for code in sorted(codes):
        await kinds.check(uow.session, "holiday", code, business_date(at), "holiday_kind")


async def remind(uow: UnitOfWork) -> int:
    """Raise an alert for every year that is due and missing."""
    today = business_date(uow.now)
    book = await rulebook.at(uow.session, today, CalendarDue)
    rule = book[CalendarDue]
    areas = await widest_areas(uow.session)
    done = 0
    for year in domain.due_years(today, rule) if areas else ():
        if await tables.lock_year(uow.session, year):
            continue
        wanted = Wanted(
            kind=AlertKind.CALENDAR_MISSING,
            subject_id=domain.year_id(year),
            area=areas[0],
            rule=book.statement(CalendarDue),
            due_on=date(year - 1, rule.month, rule.day),
            facts={"year": year},
        )
        done += await alerts.keep(uow, wanted)
    return done


CALENDAR_SWEEP = Sweep("calendar", remind)
