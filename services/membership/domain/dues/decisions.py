"""Standards, payments, reliefs and returns: refusals and decisions."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar
from uuid import UUID, uuid5

from pydantic import Field

from contracts.kinds.dues import DuesDestination, DuesPurpose, ReliefKind, ReliefState
from services.chassis.errors import Conflict, Forbidden, Invalid
from services.chassis.lifecycle import Lifecycle
from services.chassis.rules import Rule
from services.membership.domain.dues.months import allocated, check_span
from services.membership.domain.dues.rates import RATES, yuan
from services.membership.domain.dues.states import Payment, Relief, Return

CHARGE_NAMESPACE = UUID("6a6963e6-6475-5e73-8000-000000000000")


def charge_id(organisation_id: UUID, month: date) -> UUID:
    """An organisation's month of dues: always the same for the two."""
    return uuid5(CHARGE_NAMESPACE, f"{organisation_id}/{month}")


class ExtraDues(Rule):
    """Article 11: who gives so much at once beyond the dues gives it to the centre."""

    code: ClassVar[str] = "dues.extra"
    label: ClassVar[str] = "大额党费"

    at_once: int = Field(title="一次多交达到多少（分）全额上缴中央", ge=1)


class DuesReturnShare(Rule):
    """What goes back to organisations of the new economy. 0: the district has not said."""

    code: ClassVar[str] = "dues.return"
    label: ClassVar[str] = "“两新”党组织党费返还比例"

    percent: int = Field(title="返还比例（%）；0 为尚未规定", ge=0, le=100)
    kinds: tuple[str, ...] = Field(title="返还的党组织类别")

    def of(self, base: int) -> int:
        """Rounded down: no more goes back than came."""
        return base * self.percent // 100


RULES = (*RATES, ExtraDues, DuesReturnShare)

# Refusals


class NotCharged(Conflict):
    code = "no-dues-standard"
    title, title_zh = "No standard of dues is set", "尚未核定党费标准"


class BeforeMembership(Invalid):
    code = "dues-before-membership"
    title, title_zh = "Dues begin with the meeting that accepts", "党费从支部大会接收之月起交"


class ReceiptTaken(Conflict):
    code = "receipt-taken"
    title, title_zh = "The receipt has been recorded", "该收据号已登记"


class PaymentMismatch(Invalid):
    code = "payment-mismatch"
    title, title_zh = "Months and amount do not fit", "月份与金额不符"


class ReversedAlready(Conflict):
    code = "reversed-already"
    title, title_zh = "It has been reversed", "已经冲销"


class ReliefClosed(Conflict):
    code = "relief-step-not-allowed"
    title, title_zh = "The relief is past that step", "该减免已不能办理此步"


class ReliefOverlaps(Conflict):
    code = "relief-overlaps"
    title, title_zh = "There is a relief for these months", "该期间已有减免"


class NotAbove(Forbidden):
    code = "approver-not-above"
    title, title_zh = "A committee above the branch decides", "须由上级党委批准"


class ReturnShareUnset(Conflict):
    code = "return-share-unset"
    title, title_zh = "The share to return has not been set", "尚未规定返还比例"


class KindNotReturned(Invalid):
    code = "kind-not-returned"
    title, title_zh = "Nothing is returned to this kind of organisation", "该类党组织不在返还范围"


class ReturnedAlready(Conflict):
    code = "returned-already"
    title, title_zh = "The year's dues were returned", "该年度党费已返还"


class YearNotOver(Invalid):
    code = "year-not-over"
    title, title_zh = "The year is not over", "该年度尚未结束"


class NotAMember(Conflict):
    code = "pays-no-dues"
    title, title_zh = "Only members pay dues", "只有党员交纳党费"


class PaidInFuture(Invalid):
    code = "paid-in-future"
    title, title_zh = "The payment lies in the future", "交纳日期不能晚于今天"


LIFE = Lifecycle("relief", "党费减免", ReliefState, ReliefClosed)
PROPOSE = LIFE.begin("propose", "提出", ReliefState.PROPOSED)
APPROVE = LIFE.step("approve", "批准", {ReliefState.PROPOSED}, ReliefState.APPROVED)
REFUSE = LIFE.step("refuse", "不予批准", {ReliefState.PROPOSED}, ReliefState.REFUSED)
END = LIFE.step("end", "终止", {ReliefState.APPROVED}, ReliefState.ENDED)

# Decisions


def check_day(paid_on: date, today: date) -> None:
    """Raises `PaidInFuture`."""
    if paid_on > today:
        raise PaidInFuture(
            f"`paid_on` is {paid_on}, today {today}.",
            zh="交纳日期不能晚于今天。",
            field="paid_on",
            value=paid_on.isoformat(),
        )


def check_start(from_month: date, accepted_on: date | None) -> None:
    """Article 8: from the meeting that accepts. Raises `BeforeMembership`."""
    if accepted_on is not None and from_month < accepted_on.replace(day=1):
        raise BeforeMembership(
            f"The member was accepted on {accepted_on}.",
            zh=f"该党员 {accepted_on} 经支部大会接收，党费从当月起交纳。",
            field="from_month",
            value=from_month.isoformat(),
            earliest=accepted_on.replace(day=1).isoformat(),
        )


def shares(payment: Payment, owed: Mapping[date, int]) -> dict[date, int]:
    """By month, what of the payment covers it. `owed` says what each of its months still lacks.

    Extra dues cover no month. Raises `PaymentMismatch`: regular dues name their months and are not
    more than these lack; what somebody gives beyond is recorded as extra.
    """
    if payment.purpose is DuesPurpose.EXTRA:
        if payment.months:
            raise _mismatch("Extra dues cover no months.", "自愿多交的党费不填月份。", "months")
        return {}
    if not payment.months:
        raise _mismatch("Name the months it covers.", "请填写所交月份。", "months")
    lacking = sum(max(open_, 0) for open_ in owed.values())
    if payment.amount > lacking:
        raise _mismatch(
            f"These months lack {lacking} fen.",
            f"所填月份共欠 {yuan(lacking)} 元；多交部分请另按“自愿多交”登记。",
            "amount",
            lacking=lacking,
        )
    return allocated(owed, payment.amount)


def destination(purpose: DuesPurpose, amount: int, rule: ExtraDues) -> DuesDestination:
    large = purpose is DuesPurpose.EXTRA and amount >= rule.at_once
    return DuesDestination.CENTRE if large else DuesDestination.LOCAL


def check_relief(relief: Relief) -> None:
    """Raises `PaymentMismatch`, `BadMonth` or `MonthsInDisorder`."""
    check_span(relief.from_month, relief.to_month)
    if (relief.monthly == 0) is not (relief.kind is ReliefKind.EXEMPT):
        raise _mismatch(
            "An exemption leaves nothing to pay, a reduction something.",
            "免交的每月应交为 0；少交的应大于 0。",
            "monthly",
        )


def check_above(approver_id: UUID, above: set[UUID]) -> None:
    """Article 7: the branch studies, a committee above it approves. Raises `NotAbove`."""
    if approver_id not in above:
        raise NotAbove(
            "Name an organisation that stands above the branch.",
            zh="请填写该党支部的上级党组织。",
            field="approver_id",
            value=str(approver_id),
        )


def check_over(year: int, today: date) -> None:
    """Raises `YearNotOver`."""
    if year >= today.year:
        raise YearNotOver(
            f"{year} is not over on {today}.",
            zh=f"{year} 年度尚未结束，年度终了后计算返还。",
            field="year",
            value=year,
        )


def give_back(kind: str, base: int, rule: DuesReturnShare) -> int:
    """What of `base` goes back. Raises `ReturnShareUnset`, `KindNotReturned`."""
    if not rule.percent:
        raise ReturnShareUnset(
            "State the percentage as a version of the rule dues.return first.",
            zh="请先由区县在规则 dues.return 中规定返还比例。",
            rule=rule.code,
        )
    if kind not in rule.kinds:
        raise KindNotReturned(
            f"Returned to {', '.join(rule.kinds)}; this is {kind}.",
            zh="返还对象为“两新”党组织。",
            field="organisation_id",
            value=kind,
            kinds=list(rule.kinds),
        )
    return rule.of(base)


def check_stands(kept: Payment | Return) -> None:
    """Raises `ReversedAlready`."""
    if kept.reversed_on is not None:
        day = kept.reversed_on
        raise ReversedAlready(f"It was reversed on {day}.", zh=f"已于 {day} 冲销。")


def _mismatch(detail: str, zh: str, field: str, **facts: object) -> PaymentMismatch:
    return PaymentMismatch(detail, zh=zh, field=field, **facts)
