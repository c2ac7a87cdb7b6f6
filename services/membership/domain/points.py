"""The rules of the points ledger (党员正负积分). Pure: no clock, no database, no broker."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from pydantic import Field

from contracts.kinds.points import PointsReason, PointsUnit, SubjectType
from contracts.membership.points import PointsEntered, PointsReversed, PointsRuleStated
from services.chassis.errors import Conflict, Invalid
from services.chassis.state import State

RULE_NAMESPACE = UUID("6a6963e6-706f-5e69-8000-6e7473000000")
EVERYWHERE = ""
"""The area of the rules that every deployment begins with."""


# State


class PointsRule(State):
    """One version of a rule in one area, in force from `effective_from` until `effective_to`.

    With limits (`least`, `most`) an officer chooses the amount between them; without, an entry is
    worth `amount` a unit. An amount of 0 without limits gives nothing: the rule is off there.
    Caps bound what one subject gains, and separately what it loses, under the rule.
    """

    code: str = Field(title="规则代码")
    area: str = Field(default=EVERYWHERE, title="施行区划", description="Empty: everywhere.")
    version: int = Field(default=1, title="版本")
    label: str = Field(default="", title="规则名称")
    subject_type: SubjectType | None = Field(default=None, title="适用对象")
    unit: PointsUnit = Field(default=PointsUnit.TIME, title="计分单位")
    amount: int = Field(default=0, title="单位分值")
    least: int | None = Field(default=None, title="人工记分下限")
    most: int | None = Field(default=None, title="人工记分上限")
    daily_cap: int | None = Field(default=None, title="每日上限")
    yearly_cap: int | None = Field(default=None, title="每年上限")
    effective_from: date = Field(default=date(2010, 1, 1), title="施行日期")
    effective_to: date | None = Field(default=None, title="失效日期")
    source: str = Field(default="", title="依据")

    @property
    def by_choice(self) -> bool:
        return self.least is not None and self.most is not None

    def concerns(self, subject_type: SubjectType) -> bool:
        return self.subject_type in {None, subject_type}


@dataclass(frozen=True)
class Spent:
    """Points a subject has under a rule already, of the sign in question, as a positive number."""

    day: int = 0
    year: int = 0


@dataclass(frozen=True, kw_only=True)
class Earning:
    """What somebody did, for a rule to turn into points.

    `area` and `organisation_id` are those of the organisation whose ledger it is. `revision`
    counts up when a source that was withdrawn stands again: else it would not count twice.
    `evidence` is a reference to a document, never words about a person.
    """

    subject_id: UUID
    subject_type: SubjectType
    rule_code: str
    source_type: str
    source_id: UUID
    area: str
    organisation_id: UUID | None
    on: date
    times: int = 1
    evidence: str | None = None
    revision: int = 0
    entered_by: str | None = None
    """The caller who told of it; `None` when the service did it by itself."""


class Entry(State):
    """A line of the ledger."""

    entry_id: UUID
    subject_id: UUID
    subject_type: SubjectType = Field(title="积分对象类型")
    organisation_id: UUID | None = Field(title="党组织")
    area: str = Field(title="区划")
    rule_code: str = Field(title="积分规则")
    rule_version: int = Field(title="规则版本")
    source_type: str = Field(title="来源类型")
    source_id: UUID = Field(title="来源编号")
    times: int = Field(title="计分次数")
    amount: int = Field(title="分值")
    automatic: bool = Field(title="是否自动记分")
    booked_on: date = Field(title="计分日期")
    reason: PointsReason = Field(title="事由")
    reverses_id: UUID | None = Field(default=None, title="所冲正的条目")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats: gain and loss apart."""
        gain, loss = max(self.amount, 0), max(-self.amount, 0)
        kept = self.model_dump(include={*PointsEntered.model_fields})
        return kept | {"source_kind": self.source_type, "earned": gain, "deducted": loss}


# Refusals


class RuleNotInForce(Invalid):
    code = "points-rule-not-in-force"
    title, title_zh = "The points rule is not in force", "该积分规则当日未施行"


class WrongSubject(Invalid):
    code = "points-wrong-subject"
    title, title_zh = "The rule is for other subjects", "该积分规则不适用于此类对象"


class AmountOutOfLimits(Invalid):
    code = "points-out-of-limits"
    title, title_zh = "The amount lies outside the limits of the rule", "分值超出规则允许的范围"


class AmountIsFixed(Invalid):
    code = "points-amount-fixed"
    title, title_zh = "The rule fixes the amount", "该规则分值固定，不能另行填写"


class CapReached(Conflict):
    code = "points-cap-reached"
    title, title_zh = "The cap of the rule is reached", "已达该规则的积分上限"


class AlreadyReversed(Conflict):
    code = "points-already-reversed"
    title, title_zh = "The entry has been reversed already", "该条积分已冲正"


class ReversalNotReversible(Conflict):
    code = "points-reversal-final"
    title, title_zh = "A reversal cannot be reversed", "冲正条目不能再冲正，请重新登记"


class ReversedBeforeBooked(Invalid):
    code = "points-reversed-before-booked"
    title, title_zh = "A reversal cannot precede its entry", "冲正日期不能早于原条目日期"


class VersionInThePast(Invalid):
    code = "points-rule-in-the-past"
    title, title_zh = "A version cannot begin in the past", "新版本不能自过去的日期起施行"


# Decisions


def granted(rule: PointsRule, worth: int, spent: Spent) -> int:
    """As much of `worth` (signed) as the caps of the rule leave; 0 when they are reached."""
    left = abs(worth)
    if rule.daily_cap is not None:
        left = min(left, max(0, rule.daily_cap - spent.day))
    if rule.yearly_cap is not None:
        left = min(left, max(0, rule.yearly_cap - spent.year))
    return left if worth > 0 else -left


def worth_by_hand(
    rule: PointsRule | None, code: str, subject_type: SubjectType, amount: int | None, times: int
) -> tuple[int, PointsRule]:
    """What an officer's entry is worth, and the rule that it goes by, which is in force.

    Raises `RuleNotInForce`, `WrongSubject`, `AmountOutOfLimits`, `AmountIsFixed`.
    """
    if rule is None or (not rule.by_choice and rule.amount == 0):
        raise RuleNotInForce(
            f"Rule {code} is not in force there on that day.",
            zh=f"规则 {code} 当日在该区划未施行。",
            field="rule_code",
            value=code,
        )
    if not rule.concerns(subject_type):
        raise WrongSubject(
            f"Rule {code} is not for a {subject_type}.",
            zh=f"规则 {code} 不适用于“{subject_type.label}”。",
            field="subject_type",
            value=subject_type,
        )
    if rule.least is None or rule.most is None:
        if amount is not None:
            raise AmountIsFixed(
                f"Rule {code} gives {rule.amount} a {rule.unit}; send `times`, not `amount`.",
                zh=f"规则 {code} 每{rule.unit.label} {rule.amount} 分，请填写次数而不填分值。",
                field="amount",
                value=amount,
            )
        return rule.amount * times, rule
    if amount is None or amount == 0 or not rule.least <= amount <= rule.most:
        raise AmountOutOfLimits(
            f"Rule {code} takes {rule.least} to {rule.most} points, and not 0.",
            zh=f"规则 {code} 允许 {rule.least} 至 {rule.most} 分，且不能为 0。",
            field="amount",
            value=amount,
            least=rule.least,
            most=rule.most,
        )
    return amount, rule


def require_room(rule: PointsRule, worth: int, left: int) -> None:
    """Raises `CapReached` when the caps leave only `left` of `worth`."""
    if left != worth:
        raise CapReached(
            f"The caps of {rule.code} leave {left} of {worth}.",
            zh=f"规则 {rule.code} 的上限只余 {left} 分，不足 {worth} 分。",
            field="amount",
            value=worth,
            left=left,
            daily_cap=rule.daily_cap,
            yearly_cap=rule.yearly_cap,
        )


def entered(entry: Entry) -> PointsEntered:
    return PointsEntered(**entry.facts())


def reverse(
    entry: Entry, *, reversal_id: UUID, reason: PointsReason, on: date, taken_back: bool
) -> PointsReversed:
    """Take an entry back on `on`. `taken_back` says whether that was done before.

    Raises `AlreadyReversed`, `ReversalNotReversible`, `ReversedBeforeBooked`.
    """
    if entry.reverses_id is not None:
        raise ReversalNotReversible(
            f"Entry {entry.entry_id} is itself a reversal.",
            zh="该条目本身是冲正条目；需要恢复的，请重新登记一条。",
        )
    if taken_back:
        raise AlreadyReversed(
            f"Entry {entry.entry_id} was reversed before.", zh="该条积分此前已冲正，不能重复冲正。"
        )
    if on < entry.booked_on:
        raise ReversedBeforeBooked(
            f"The entry is of {entry.booked_on}; its reversal cannot be of {on}.",
            zh=f"原条目日期为 {entry.booked_on}，冲正日期不能早于该日。",
            field="occurred_at",
            earliest=entry.booked_on.isoformat(),
        )
    facts = entry.facts() | {"booked_on": on, "reason": reason}
    return PointsReversed(**facts, reversal_id=reversal_id)


def rule_id(code: str, area: str) -> UUID:
    return uuid5(RULE_NAMESPACE, f"{area}:{code}")


def stated(rule: PointsRule, newest: PointsRule | None, today: date) -> PointsRuleStated:
    """A version after `newest`: what was decided under earlier ones stays as it was decided.

    Raises `VersionInThePast`.
    """
    after = newest.effective_from if newest else None
    if rule.effective_from < today or (after is not None and rule.effective_from <= after):
        earliest = today.isoformat() if after is None or after < today else f"{after} 之后"
        raise VersionInThePast(
            f"`effective_from` is {rule.effective_from}; today is {today}, the newest version"
            f" begins on {after}.",
            zh=f"施行日期 {rule.effective_from} 过早；新版本最早可自 {earliest} 起施行。",
            field="effective_from",
            value=rule.effective_from.isoformat(),
        )
    return PointsRuleStated(
        **rule.model_dump(include={*PointsRuleStated.model_fields}),
        rule_id=rule_id(rule.code, rule.area),
        rule_code=rule.code,
        rule_version=rule.version,
    )
