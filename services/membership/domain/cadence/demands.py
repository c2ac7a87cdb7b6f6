"""What is demanded how often: versions that never rewrite the past. Pure."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from pydantic import Field

from contracts.kinds.alerts import Severity
from contracts.kinds.cadence import Every
from contracts.membership.cadence import CadenceEnded, CadenceEvent, CadenceStated
from services.chassis.errors import Conflict, Invalid
from services.chassis.periods import ONE_DAY, period_of
from services.chassis.rules import Statement
from services.chassis.state import State

NAMESPACE = UUID("6a6963e6-6361-5e64-8000-000000000000")
BRANCH_RULES = date(2018, 11, 25)
"""《中国共产党支部工作条例（试行）》 came into force with its publication."""
EDUCATION_RULES = date(2019, 5, 6)
"""《中国共产党党员教育管理工作条例》, likewise."""


class Cadence(State):
    """One version of a demand, in force from `effective_from` up to, not including, `..._to`.

    It binds organisations of `organisation_kind` and of kinds below it, in `area` where one is
    named; or the single `organisation_id`, whose own demand stands in place of its kind's for the
    same activity.
    """

    cadence_id: UUID
    code: str = Field(title="代码")
    area: str | None = Field(default=None, title="适用区划", description="Null: everywhere.")
    organisation_kind: str | None = Field(default=None, title="党组织类别")
    organisation_id: UUID | None = Field(default=None, title="党组织")
    activity_kind: str = Field(title="活动类别")
    every: Every = Field(title="周期")
    times: int = Field(title="次数")
    remind_days: int = Field(title="提前提醒天数")
    effective_from: date = Field(title="生效日期")
    effective_to: date | None = Field(
        default=None, title="失效日期", description="First day it is no longer in force."
    )
    severity: Severity = Field(title="程度")
    source: str = Field(title="依据")

    @property
    def statement(self) -> Statement:
        """For alerts, which say what they rest on."""
        version = f"{self.code}@{self.effective_from.isoformat()}"
        return Statement(
            f"cadence.{self.code}", version, self.effective_from, self.severity, self.source
        )

    @property
    def scope(self) -> tuple[object, ...]:
        """What all versions under one code have in common."""
        return (self.organisation_kind, self.organisation_id, self.area, self.activity_kind)

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include={*CadenceEvent.model_fields})

    def in_force(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)


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

VISITS = Seed(
    code="base-visit",
    organisation_kind="branch",
    activity_kind="base-visit",
    every=Every.YEAR,
    times=1,
    remind_days=60,
    effective_from=date(2026, 1, 1),
    severity=_HINT,
    source="示范：每个支部每年至少到基地开展一次组织生活，由区县按工作安排发布",
)
"""Later than the others, and younger: no district is told that it owed what nobody asked."""


# Refusals


class CadenceMidPeriod(Invalid):
    code = "cadence-mid-period"
    title = "A new version begins with a period"
    title_zh = "新版本须从周期首日起生效"


class CadenceNotLater(Conflict):
    code = "cadence-not-later"
    title = "A version begins after the one before it"
    title_zh = "新版本的生效日期须晚于现行版本"


class CadenceScopeChanged(Conflict):
    code = "cadence-scope-changed"
    title = "The code stands for another demand"
    title_zh = "该代码已用于另一项要求"


# Decisions


def state(new: Cadence, last: Cadence | None) -> tuple[CadenceStated, CadenceEnded | None]:
    """State the first version of a demand, or one that follows `last`, which ends.

    A version takes over with the first day of a period, as the old and the new one count them, so
    that each period has one version. Raises `CadenceScopeChanged`, `CadenceNotLater` or
    `CadenceMidPeriod`.
    """
    stated = CadenceStated(**new.facts())
    if last is None:
        return stated, None
    if last.scope != new.scope:
        raise CadenceScopeChanged(
            f"{new.code} binds others, or asks for another kind of activity; use another code.",
            zh=f"代码 {new.code} 的适用对象或活动类别不同，请另用代码。",
            field="code",
            value=new.code,
        )
    if new.effective_from <= last.effective_from:
        raise CadenceNotLater(
            f"The version in force began on {last.effective_from}.",
            zh=f"现行版本自 {last.effective_from} 起生效，新版本须晚于该日。",
            field="effective_from",
            after=last.effective_from.isoformat(),
        )
    starts = [period_of(each.every, new.effective_from) for each in (last, new)]
    if any(period.first != new.effective_from for period in starts):
        fitting = max(period.last for period in starts) + ONE_DAY
        raise CadenceMidPeriod(
            f"{new.effective_from} is within a period; the next one begins on {fitting}.",
            zh=f"{new.effective_from} 在周期之中，可从 {fitting} 起生效。",
            field="effective_from",
            next=fitting.isoformat(),
        )
    return stated, CadenceEnded(**last.facts(), ended_on=new.effective_from)
