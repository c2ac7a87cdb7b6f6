"""The numbers of the yearly appraisal, with their sources. `FIRST` are those the project ships."""

from datetime import date, timedelta

from pydantic import Field

from contracts.kinds.alerts import Severity
from services.chassis.rules import EVER, Rule, Stated


class AppraisalYearly(Rule):
    code = "appraisal.yearly"
    label = "民主评议每年一次"

    month: int = Field(title="应完成月份", ge=1, le=12)
    day: int = Field(title="应完成日", ge=1, le=28)
    warn_days: int = Field(title="提前预警天数", ge=0, le=365)


class AppraisalTurnout(Rule):
    code = "appraisal.turnout"
    label = "民主测评到会比例"

    least_percent: int = Field(title="收回票数占有表决权人数的下限（%）", ge=0, le=100)


class AppraisalVotes(Rule):
    """Each share is of the ballots cast for the member, and must be exceeded."""

    code = "appraisal.votes"
    label = "评议等次所需票数"

    excellent_over_percent: int = Field(title="优秀：优秀票超过（%）", ge=0, le=100)
    qualified_over_percent: int = Field(title="合格：优秀与合格票超过（%）", ge=0, le=100)
    unqualified_over_percent: int = Field(title="不合格：不合格票超过（%）", ge=0, le=100)


class AppraisalExcellentShare(Rule):
    code = "appraisal.excellent-share"
    label = "优秀等次比例上限"

    one_in: int = Field(title="每几名参评党员至多一名优秀", ge=1)


class AppraisalExcellentDemands(Rule):
    code = "appraisal.excellent-demands"
    label = "优秀等次的积分与出勤要求"

    points_least: int = Field(title="本年积分下限")
    attendance_least_percent: int = Field(title="组织生活出勤率下限（%）", ge=0, le=100)


RULES: tuple[type[Rule], ...] = (
    AppraisalYearly,
    AppraisalTurnout,
    AppraisalVotes,
    AppraisalExcellentShare,
    AppraisalExcellentDemands,
)
_CUSTOM = "民主评议党员惯例（示范数值，由区县按上级规定修订）"
FIRST: tuple[Stated, ...] = (
    Stated(
        AppraisalYearly(month=12, day=28, warn_days=30),
        "2019.05",
        EVER,
        Severity.WARN,
        "《中国共产党党员教育管理工作条例》第十八条",
    ),
    Stated(
        AppraisalTurnout(least_percent=50),
        "2018.10",
        EVER,
        Severity.BLOCK,
        "《中国共产党支部工作条例（试行）》：表决须有半数以上有表决权的党员到会",
    ),
    Stated(
        AppraisalVotes(
            excellent_over_percent=50, qualified_over_percent=50, unqualified_over_percent=50
        ),
        "1",
        EVER,
        Severity.BLOCK,
        _CUSTOM,
    ),
    Stated(AppraisalExcellentShare(one_in=3), "1", EVER, Severity.BLOCK, _CUSTOM),
    Stated(
        AppraisalExcellentDemands(points_least=0, attendance_least_percent=80),
        "1",
        EVER,
        Severity.BLOCK,
        _CUSTOM,
    ),
)


def due_on(year: int, rule: AppraisalYearly) -> date:
    return date(year, rule.month, rule.day)


def due_years(today: date, rule: AppraisalYearly) -> tuple[int, ...]:
    """The years whose round is asked for on `today`: last year's, and this one's when it is near.

    Older rounds are asked for no longer: their alerts were raised while they were due.
    """
    near = today >= due_on(today.year, rule) - timedelta(days=rule.warn_days)
    return (today.year - 1, today.year) if near else (today.year - 1,)
