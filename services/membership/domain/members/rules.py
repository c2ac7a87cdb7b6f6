"""The numbers of joining, of lost and mobile members, and of benefits, with their articles.

`FIRST` are the versions the project ships; a district adds versions, nobody edits one.
"""

from collections.abc import Callable, Iterable
from datetime import date

from pydantic import Field

from contracts.kinds.alerts import Severity
from services.chassis.rules import EVER, Book, Rule, Stated

Rules = Callable[[date], Book]
"""The book of a day."""


class JoiningAge(Rule):
    code = "joining.age"
    label = "申请入党年龄"

    least_years: int = Field(title="周岁下限", ge=0)


class JoiningTalk(Rule):
    code = "joining.talk"
    label = "收到申请后谈话"

    within_months: int = Field(title="期限（月）", ge=0)


class ActivistCheck(Rule):
    code = "joining.activist-check"
    label = "入党积极分子考察"

    every_months: int = Field(title="间隔（月）", ge=1)


class ActivistPeriod(Rule):
    code = "joining.activist-period"
    label = "培养教育期"

    least_months: int = Field(title="下限（月）", ge=0)


class TargetNotice(Rule):
    code = "joining.notice"
    label = "发展对象公示"

    least_working_days: int = Field(title="工作日下限，0 为不要求", ge=0)


class JoiningTraining(Rule):
    """Either is enough."""

    code = "joining.training"
    label = "发展对象培训"

    least_days: int = Field(title="天数下限", ge=0)
    least_hours: int = Field(title="学时下限", ge=0)


class MeetingAfterReview(Rule):
    code = "joining.branch-meeting"
    label = "预审后召开支部大会"

    within_months: int | None = Field(title="期限（月），空为不要求", ge=0)


class JoiningApproval(Rule):
    code = "joining.approval"
    label = "预备党员审批"

    within_months: int = Field(title="期限（月）", ge=0)
    at_most_months: int = Field(title="特殊情况至多（月）", ge=0)


class JoiningOath(Rule):
    code = "joining.oath"
    label = "入党宣誓"

    within_months: int = Field(title="期限（月）", ge=0)


class Probation(Rule):
    code = "joining.probation"
    label = "预备期"

    months: int = Field(title="预备期（月）", ge=0)
    extension_least_months: int = Field(title="延长下限（月）", ge=0)
    extension_most_months: int = Field(title="延长上限（月）", ge=0)


class FullApproval(Rule):
    code = "joining.full-approval"
    label = "转正审批"

    within_months: int = Field(title="期限（月）", ge=0)


class MobileMember(Rule):
    code = "member.mobile"
    label = "流动党员转接组织关系"

    months: int = Field(title="外出满（月）", ge=0)


class LostMember(Rule):
    code = "member.lost"
    label = "失联党员处置"

    stop_months: int = Field(title="失联满多少月停止党籍", ge=0)
    remove_months: int = Field(title="停止党籍满多少月除名", ge=0)


class SelfRemoval(Rule):
    code = "member.self-removal"
    label = "自行脱党"

    months: int = Field(title="连续月数", ge=1)
    warn_months: tuple[int, ...] = Field(title="提前预警的月数")


class OldMember(Rule):
    code = "benefit.seniority"
    label = "老党员关怀"

    least_years: int = Field(title="党龄下限（年）", ge=0)


class OldAge(Rule):
    code = "benefit.age"
    label = "高龄关怀"

    least_years: int = Field(title="年龄下限（周岁）", ge=0)


JOINING: tuple[type[Rule], ...] = (
    JoiningAge,
    JoiningTalk,
    ActivistCheck,
    ActivistPeriod,
    TargetNotice,
    JoiningTraining,
    MeetingAfterReview,
    JoiningApproval,
    JoiningOath,
    Probation,
    FullApproval,
)
WHEREABOUTS: tuple[type[Rule], ...] = (MobileMember, LostMember, SelfRemoval)
BENEFITS: tuple[type[Rule], ...] = (OldMember, OldAge)
RULES = (*JOINING, *WHEREABOUTS, *BENEFITS)

BLOCK, WARN, HINT = Severity.BLOCK, Severity.WARN, Severity.HINT
_OF_2014, _OF_2026 = ("2014", date(2014, 5, 28)), ("2026.05", date(2026, 5, 18))
_ARTICLES: tuple[tuple[Rule, Severity, int | None, int | None], ...] = (
    (JoiningAge(least_years=18), BLOCK, 5, 5),
    (JoiningTalk(within_months=1), WARN, 6, 7),
    (ActivistCheck(every_months=6), WARN, 11, 11),
    (ActivistPeriod(least_months=12), BLOCK, 13, 13),
    (TargetNotice(least_working_days=0), BLOCK, 13, None),
    (TargetNotice(least_working_days=5), BLOCK, None, 13),
    (JoiningTraining(least_days=3, least_hours=24), BLOCK, 17, 17),
    (MeetingAfterReview(within_months=None), WARN, 19, None),
    (MeetingAfterReview(within_months=1), WARN, None, 19),
    (JoiningApproval(within_months=3, at_most_months=6), WARN, 26, 25),
    (JoiningOath(within_months=1), WARN, 28, 29),
    (
        Probation(months=12, extension_least_months=6, extension_most_months=12),
        BLOCK,
        30,
        31,
    ),
    (FullApproval(within_months=3), WARN, 34, 33),
)
"""《中国共产党发展党员工作细则》: the article of 2014 and that of 2026, of those that say so."""


def _joining(version: tuple[str, date], articles: Iterable[int | None]) -> list[Stated]:
    name, since = version
    source = f"《中国共产党发展党员工作细则》（{name}）"
    return [
        Stated(rule, name, since, severity, f"{source}第{article}条")
        for (rule, severity, *_), article in zip(_ARTICLES, articles, strict=True)
        if article is not None
    ]


def _of_education(rule: Rule, article: str) -> Stated:
    return Stated(rule, "2019", EVER, WARN, f"《中国共产党党员教育管理工作条例》第{article}")


FIRST: tuple[Stated, ...] = (
    *_joining(_OF_2014, (of_2014 for *_, of_2014, _ in _ARTICLES)),
    *_joining(_OF_2026, (of_2026 for *_, of_2026 in _ARTICLES)),
    _of_education(MobileMember(months=6), "三十二条"),
    _of_education(LostMember(stop_months=6, remove_months=24), "二十四条"),
    _of_education(SelfRemoval(months=6, warn_months=(3, 5)), "三十一条第六项"),
    Stated(OldMember(least_years=50), "1", EVER, HINT, "本地区老党员关怀办法"),
    Stated(OldAge(least_years=80), "1", EVER, HINT, "本地区高龄老人关怀办法"),
)
