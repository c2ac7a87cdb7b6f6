"""What organisations owe how often. Pure: periods, versions, what is due and what is missing."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID, uuid5

from pydantic import Field

from contracts.kinds.alerts import Severity
from contracts.kinds.cadence import Every
from services.chassis.rules import Rule

NAMESPACE = UUID("6a6963e6-6361-5e64-8000-000000000000")
ONE_DAY = timedelta(days=1)
MONTHS = {
    Every.MONTH: 1,
    Every.TWO_MONTHS: 2,
    Every.QUARTER: 3,
    Every.HALF_YEAR: 6,
    Every.YEAR: 12,
}

BRANCH_RULES = date(2018, 11, 25)
"""《中国共产党支部工作条例（试行）》 came into force with its publication."""
EDUCATION_RULES = date(2019, 5, 6)
"""《中国共产党党员教育管理工作条例》, likewise."""


class PartOfPeriod(Rule):
    """An organisation that exists for a part of a period owes that share of it.

    Shares are rounded: from `least_percent` of one session on, it is owed.
    """

    code: ClassVar[str] = "cadence.part-period"
    label: ClassVar[str] = "不足一个周期时的折算"

    least_percent: int = Field(title="折算满一次的最低百分比", ge=1, le=100)


# Periods


@dataclass(frozen=True)
class Period:
    """Days of the office's calendar, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def period_of(every: Every, day: date) -> Period:
    """The period that `day` lies in."""
    if every is Every.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6))
    months = MONTHS[every]
    start = (day.month - 1) // months * months + 1
    end = start + months - 1
    return Period(date(day.year, start, 1), date(day.year, end, monthrange(day.year, end)[1]))


def periods(every: Every, first: date, last: date) -> Iterator[Period]:
    """All periods that have a day between `first` and `last`, both included."""
    while first <= last:
        period = period_of(every, first)
        yield period
        first = period.last + ONE_DAY


# State


@dataclass(frozen=True, kw_only=True)
class Cadence:
    """One version of a demand, in force from `effective_from` up to, not including, `..._to`.

    It binds organisations of `organisation_kind` and of kinds below it, in `area` where one is
    named; or the single `organisation_id`, whose own demand stands in place of its kind's for the
    same activity.
    """

    cadence_id: UUID
    code: str
    organisation_kind: str | None
    organisation_id: UUID | None = None
    area: str | None = None
    activity_kind: str
    every: Every
    times: int
    remind_days: int
    effective_from: date
    effective_to: date | None = None
    severity: Severity
    source: str
    version: int = 0


@dataclass(frozen=True)
class Seed:
    """A demand that stands in every new database."""

    code: str
    organisation_kind: str
    activity_kind: str
    every: Every
    times: int
    remind_days: int
    effective_from: date
    severity: Severity
    source: str
    cadence_id: UUID = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cadence_id", uuid5(NAMESPACE, self.code))


_WARN, _HINT = Severity.WARN, Severity.HINT
_BRANCH = "《中国共产党支部工作条例（试行）》“三会一课”"
_EDUCATION = "《中国共产党党员教育管理工作条例》"
SEEDS = (
    *(
        Seed(code, kind, code, every, 1, remind, BRANCH_RULES, _WARN, _BRANCH)
        for code, kind, every, remind in (
            ("members-meeting", "branch", Every.QUARTER, 15),
            ("committee-meeting", "branch", Every.MONTH, 7),
            ("group-meeting", "group", Every.MONTH, 7),
            ("lecture", "branch", Every.QUARTER, 15),
        )
    ),
    *(
        Seed(code, "branch", code, every, 1, remind, EDUCATION_RULES, _WARN, _EDUCATION + article)
        for code, every, remind, article in (
            ("theme-day", Every.MONTH, 7, "第十六条"),
            ("life-meeting", Every.YEAR, 60, "第十七条"),
            ("appraisal-meeting", Every.YEAR, 60, "第十八条"),
        )
    ),
    *(
        Seed(code, kind, code, every, times, remind, BRANCH_RULES, _HINT, source)
        for code, kind, every, times, remind, source in (
            ("seminar", "committee", Every.YEAR, 4, 60, "理论学习中心组学习制度"),
            ("bimonthly-forum", "working-committee", Every.TWO_MONTHS, 1, 15, "双月座谈会制度"),
            ("monthly-meeting", "working-committee", Every.MONTH, 1, 7, "党建例会制度"),
            ("report-hearing", "working-committee", Every.TWO_MONTHS, 1, 15, "党建汇报制度"),
            ("advance-meeting", "working-committee", Every.HALF_YEAR, 1, 30, "党建推进会制度"),
        )
    ),
)
