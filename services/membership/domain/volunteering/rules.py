"""Every number that volunteering and helping go by, as data with its source."""

from datetime import date

from pydantic import Field

from contracts.kinds.alerts import Severity
from contracts.kinds.volunteering import HelpGrade, HelpMeasure, StarTier
from services.chassis.rules import Rule, Stated

SINCE = date(2012, 1, 1)
"""Before the first entry of any ledger: what is entered afterwards has rules, too."""


class StarTiers(Rule):
    code = "service.stars"
    label = "志愿者星级对应的累计服务小时数"

    hours: tuple[int, int, int, int, int] = Field(title="一至五星级所需小时数")

    def of(self, minutes: int) -> StarTier:
        """The tier that so many minutes of service have earned; a threshold reached counts."""
        return list(StarTier)[sum(minutes >= hours * 60 for hours in self.hours)]


class ResponseTarget(Rule):
    code = "service.response"
    label = "点单响应时限（十五分钟党员服务圈）"

    minutes: int = Field(title="分钟数，含", ge=1)


class ContactRetention(Rule):
    code = "volunteering.retention"
    label = "办结后联系方式保留天数"

    days: int = Field(title="天数", ge=0)


class HelperPlaces(Rule):
    code = "help.helpers"
    label = "一户家庭的帮扶党员人数上限（五帮一）"

    most: int = Field(title="人数上限", ge=1)


class HelperLoad(Rule):
    code = "help.load"
    label = "一名党员同时帮扶的家庭户数上限"

    most: int = Field(title="户数上限", ge=1)


class HelpFileTerm(Rule):
    code = "help.term"
    label = "民情档案有效期"

    days: int = Field(title="自同意之日起的天数", ge=1)
    remind_days: int = Field(title="到期前提醒的天数", ge=0)


class HelpCadence(Rule):
    code = "help.cadence"
    label = "各帮扶等级的走访间隔"

    days: dict[str, int] = Field(title="帮扶等级代码对应的最长间隔天数")


class HelpMeasures(Rule):
    code = "help.measures"
    label = "各帮扶等级的帮扶措施"

    measures: dict[str, tuple[str, ...]] = Field(title="帮扶等级代码对应的措施代码")


class WishTerm(Rule):
    code = "wish.term"
    label = "微心愿有效期"

    days: int = Field(title="自征集之日起的天数", ge=1)


RULES: tuple[type[Rule], ...] = (
    StarTiers,
    ResponseTarget,
    ContactRetention,
    HelperPlaces,
    HelperLoad,
    HelpFileTerm,
    HelpCadence,
    HelpMeasures,
    WishTerm,
)

_MEASURES = {
    HelpGrade.FIRST.value: tuple(measure.value for measure in HelpMeasure),
    HelpGrade.SECOND.value: tuple(
        measure.value for measure in HelpMeasure if measure is not HelpMeasure.HOUSEWORK
    ),
    HelpGrade.THIRD.value: (
        HelpMeasure.VISIT.value,
        HelpMeasure.CALL.value,
        HelpMeasure.ERRAND.value,
        HelpMeasure.POLICY.value,
        HelpMeasure.EMPLOYMENT.value,
        HelpMeasure.STUDY.value,
    ),
}

_PRACTICE = "街道志愿服务与帮扶工作制度（示范数值，由区县修订）"

FIRST_VERSIONS: tuple[Stated, ...] = tuple(
    Stated(rule, "1", SINCE, severity, source)
    for rule, severity, source in (
        (
            StarTiers(hours=(100, 300, 600, 1000, 1500)),
            Severity.BLOCK,
            "《志愿服务记录办法》（民函〔2012〕340号）关于星级评定的规定",
        ),
        (ResponseTarget(minutes=15), Severity.WARN, "“十五分钟党员服务圈”工作制度"),
        (ContactRetention(days=90), Severity.BLOCK, _PRACTICE),
        (HelperPlaces(most=5), Severity.BLOCK, "“五帮一”帮扶制度：五名党员帮扶一户困难家庭"),
        (HelperLoad(most=3), Severity.BLOCK, _PRACTICE),
        (HelpFileTerm(days=365, remind_days=30), Severity.BLOCK, _PRACTICE),
        (HelpCadence(days={"first": 15, "second": 30, "third": 90}), Severity.WARN, _PRACTICE),
        (HelpMeasures(measures=_MEASURES), Severity.BLOCK, "“民情档案”分级帮扶制度"),
        (WishTerm(days=90), Severity.WARN, _PRACTICE),
    )
)
