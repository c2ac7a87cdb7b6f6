"""What an employer is told about a year, and how a letter says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.kinds.working import FeedbackReason
from services.chassis.clock import in_chinese
from services.chassis.errors import Conflict
from services.chassis.state import State
from services.membership.domain.working.standards import FeedbackYearly

HOUR = 60


class Feedback(State):
    """A letter to an employer about a year."""

    feedback_id: UUID
    employer_id: UUID = Field(title="来源单位")
    area: str = Field(title="区划")
    year: int = Field(title="年度")
    edition: int = Field(title="第几次出具")
    reason: FeedbackReason | None = Field(title="重出原因")
    registrants: int = Field(title="在职党员人数")
    attended: int = Field(title="参加人次")
    service_minutes: int = Field(title="服务分钟数")
    issued_on: date = Field(title="出具日期")

    def facts(self) -> dict[str, Any]:
        """What is announced of it."""
        return self.model_dump(include={*Feedback.model_fields} - {"issued_on"})


class Account(BaseModel):
    """One registrant's year, out of the ledger. Kept with a letter, so that it can be made again.

    It has no names: whoever was erased is gone from old letters, too.
    """

    registrant_id: UUID
    kinds: list[str]
    """Kinds of the posts held at any time of the year."""
    posts: int
    attended: int
    minutes: int
    points: int | None = None
    """Balance of the points ledger; none where none is kept."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter, ready to be typeset."""

    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    lines: tuple[str, ...]
    closing: str
    sender: str
    dated: str


class FeedbackOut(Conflict):
    code = "feedback-out"
    title, title_zh = "The year's feedback is out already", "本年度反馈已出具"


class NobodyToReport(Conflict):
    code = "nobody-to-report"
    title, title_zh = "Nobody was registered here that year", "该年度没有在册的在职党员"


def due(rule: FeedbackYearly, known: int) -> bool:
    """Whether a year with `known` letters still asks for one."""
    return known < rule.times


def issue(
    feedback_id: UUID,
    employer_id: UUID,
    area: str,
    year: int,
    accounts: Sequence[Account],
    rule: FeedbackYearly,
    reason: FeedbackReason | None,
    day: date,
    *,
    known: int,
    edition: int,
) -> Feedback | None:
    """`None` when the year's letters are out and no reason says why there should be another.

    `known` letters of the year about this area or around it; `edition` counts those of this area.
    """
    owed = due(rule, known)
    if not owed and reason is None:
        return None
    return Feedback(
        feedback_id=feedback_id,
        employer_id=employer_id,
        area=area,
        year=year,
        edition=edition,
        reason=None if owed else reason,
        registrants=len(accounts),
        attended=sum(account.attended for account in accounts),
        service_minutes=sum(account.minutes for account in accounts),
        issued_on=day,
    )


def all_out(year: int, times: int) -> FeedbackOut:
    return FeedbackOut(
        f"All letters of {year} are out ({times} a year); give a `reason` to write them again.",
        zh=f"{year} 年度的反馈已全部出具（每年 {times} 次）；确需重出，请填写原因 reason。",
        field="reason",
    )


def nobody(area: str, year: int) -> NobodyToReport:
    return NobodyToReport(
        f"No working member was registered in {area} in {year}.",
        zh=f"{year} 年度区划 {area} 没有在册的在职党员，无可反馈。",
    )


# Words


def letter(
    feedback: Feedback,
    accounts: Sequence[Account],
    *,
    employer: str,
    sender: str,
    names: Mapping[UUID, str],
    labels: Mapping[str, str],
) -> Letter:
    """`names` of registrants, whole or masked; `labels` of kinds of posts."""
    return Letter(
        title=f"关于{feedback.year}年度在职党员进社区服务情况的反馈函",
        addressee=f"{employer}党组织：",
        paragraphs=(_opening(feedback, sender), _totals(feedback, accounts, labels)),
        lines=tuple(
            f"{place}．{_line(account, names, labels)}"
            for place, account in enumerate(accounts, start=1)
        ),
        closing="以上情况，供贵单位党组织民主评议党员、评先评优时参考。特此函告。",
        sender=sender,
        dated=in_chinese(feedback.issued_on),
    )


def _opening(feedback: Feedback, sender: str) -> str:
    again = ""
    if feedback.reason is not None:
        again = f"本函为第{feedback.edition}次出具（{feedback.reason.label}），前函作废。"
    return (
        f"{feedback.year}年度，贵单位共有{feedback.registrants}名在职党员在{sender}报到。"
        f"现将其在社区的服务情况反馈如下。{again}"
    )


def _totals(feedback: Feedback, accounts: Sequence[Account], labels: Mapping[str, str]) -> str:
    kinds = dict.fromkeys(kind for account in accounts for kind in account.kinds)
    posts = sum(account.posts for account in accounts)
    named = "、".join(labels.get(kind, kind) for kind in kinds)
    claimed = f"共认领服务岗位{posts}个，涉及{named}{len(kinds)}类" if posts else "未认领服务岗位"
    if not feedback.attended:
        return f"{claimed}；本年度没有参加服务的记录。"
    served = in_hours(feedback.service_minutes)
    return f"{claimed}；参加志愿服务{feedback.attended}人次，累计服务{served}。"


def _line(account: Account, names: Mapping[UUID, str], labels: Mapping[str, str]) -> str:
    kinds = "、".join(labels.get(kind, kind) for kind in account.kinds)
    parts = [
        f"认领岗位{account.posts}个（{kinds}）" if account.posts else "未认领岗位",
        f"参加服务{account.attended}次，服务{in_hours(account.minutes)}"
        if account.attended
        else "没有参加服务的记录",
    ]
    if account.points is not None:
        parts.append(f"现有积分{account.points}分")
    return f"{names.get(account.registrant_id) or '（信息已删除）'}：{'；'.join(parts)}。"


def in_hours(minutes: int) -> str:
    """`90` minutes are `1小时30分钟`."""
    hours, rest = divmod(minutes, HOUR)
    if not hours:
        return f"{rest}分钟"
    return f"{hours}小时{rest}分钟" if rest else f"{hours}小时"
