"""The rules of the working calendar: how a year is entered and a day of it changed. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import ClassVar
from uuid import UUID, uuid5

from pydantic import Field

from contracts.kinds.alerts import Severity
from contracts.membership.calendar import CalendarYearChanged, CalendarYearEntered
from services.chassis.errors import Invalid
from services.chassis.rules import EVER, Rule, Stated
from services.chassis.state import State
from services.chassis.working_days import weekday_rule

YEAR_NAMESPACE = UUID("6a6963e6-796c-5261-8000-000000000000")


class CalendarDue(Rule):
    code: ClassVar[str] = "calendar.due"
    label: ClassVar[str] = "下一年度节假日安排应录入的日期"

    month: int = Field(ge=1, le=12, title="月")
    day: int = Field(ge=1, le=28, title="日")


CALENDAR_DUE = Stated(
    CalendarDue(month=12, day=15),
    "2013",
    EVER,
    Severity.WARN,
    "《全国年节及纪念日放假办法》；国务院办公厅每年公布下一年部分节假日安排的通知",
)


class ExceptionalDay(State):
    """A day on which weekday and work disagree: a weekday off, or a weekend day worked (调休)."""

    day: date = Field(title="日期")
    works: bool = Field(title="是否上班")
    holiday_kind: str = Field(title="所属节假日")


class DayOutsideYear(Invalid):
    code = "day-outside-year"
    title, title_zh = "The day lies in another year", "日期不在该年度内"


class DayTwice(Invalid):
    code = "day-twice"
    title, title_zh = "A day is said twice", "同一日期重复"


def year_id(year: int) -> UUID:
    """Years are named by number; their events need an id, always the same for a year."""
    return uuid5(YEAR_NAMESPACE, str(year))


def exceptional(days: Iterable[ExceptionalDay]) -> tuple[ExceptionalDay, ...]:
    """Those that say something: notices name the free weekends within a holiday, too."""
    return tuple(sorted((d for d in days if d.works != weekday_rule(d.day)), key=lambda d: d.day))


def enter_year(
    year: int,
    exceptions: Sequence[ExceptionalDay],
    current: Sequence[ExceptionalDay] | None,
    *,
    area: str,
) -> CalendarYearEntered | None:
    """`None` when that is what is known already. Raises `DayOutsideYear`, `DayTwice`."""
    days = [each.day for each in exceptions]
    for place, day in enumerate(days):
        if day.year != year:
            raise DayOutsideYear(
                f"{day} does not lie in {year}.",
                zh=f"{day} 不属于 {year} 年。",
                field=f"exceptions.{place}.day",
                value=day.isoformat(),
            )
        if day in days[:place]:
            raise DayTwice(
                f"{day} is said twice.",
                zh=f"{day} 出现了两次，请只保留一行。",
                field=f"exceptions.{place}.day",
                value=day.isoformat(),
            )
    said = exceptional(exceptions)
    if current is not None and said == exceptional(current):
        return None
    return CalendarYearEntered(
        area=area,
        calendar_year_id=year_id(year),
        year=year,
        days_off=tuple(each.day for each in said if not each.works),
        days_worked=tuple(each.day for each in said if each.works),
    )


def change_day(
    change: ExceptionalDay, exceptions: Mapping[date, ExceptionalDay], *, area: str
) -> CalendarYearChanged | None:
    """`exceptions` are those of its year; `None` when nothing changes."""
    known = exceptions.get(change.day)
    was = known.works if known else weekday_rule(change.day)
    same_holiday = known is None or known.holiday_kind == change.holiday_kind
    if was == change.works and same_holiday:
        return None
    year = change.day.year
    return CalendarYearChanged(
        **dict(change), area=area, calendar_year_id=year_id(year), year=year, was_works=was
    )


def due_years(today: date, rule: CalendarDue) -> tuple[int, ...]:
    """The years that should have been entered by now: from the rule's day on the next one, too."""
    due = (today.month, today.day) >= (rule.month, rule.day)
    return (today.year, today.year + 1) if due else (today.year,)
