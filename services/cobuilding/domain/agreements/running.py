"""An agreement that both sides signed: it begins, renews itself, ends. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from contracts.cobuilding.agreements import (
    AgreementBegan,
    AgreementEnded,
    AgreementExtended,
    AgreementObjected,
    TerminationAnnounced,
)
from contracts.kinds.agreements import AgreementStatus, Side
from services.chassis.errors import Invalid
from services.chassis.lifecycle import Step
from services.chassis.periods import ONE_DAY
from services.cobuilding.domain.agreements import life
from services.cobuilding.domain.agreements.model import Agreement
from services.cobuilding.domain.agreements.signing import lapses_on
from services.cobuilding.domain.agreements.terms import Term

AGAIN = timedelta(days=7)


class NothingToRenew(Invalid):
    code = "predecessor"
    title, title_zh = "This agreement does not renew that one", "拟续签的原协议不符"


class EndInPast(Invalid):
    code = "ends-before-it-began"
    title, title_zh = "It cannot end before it began", "终止日早于生效日"


def check_renews(agreement: Agreement, before: Agreement) -> None:
    """With the same unit, of an agreement that was concluded. Raises `NothingToRenew`."""
    if before.unit_id != agreement.unit_id or before.status not in life.ENDED | life.HOLDING:
        raise NothingToRenew(
            f"{before.number} is with another unit, or was never concluded.",
            zh=f"原协议 {before.number} 不是与该单位签订的协议，或未曾签订。",
            field="predecessor_id",
        )


def renewal_in_words(term: Term) -> str | None:
    """As the paper prints it; nothing for one that ends by itself."""
    if term.renewal_months is None:
        return None
    most = f"，最多续期 {term.renewal_most} 次" if term.renewal_most else ""
    return (
        f"任何一方未在期满 {term.notice_days} 日前书面通知不续期的，"
        f"自动续期 {term.renewal_months} 个月{most}。"
    )


def begin(
    agreement: Agreement, others_in_force: int, predecessor: Agreement | None
) -> AgreementBegan:
    """`others_in_force` are agreements with the same unit."""
    life.BEGIN(agreement.status)
    late = predecessor is not None and _late(agreement, predecessor)
    return AgreementBegan(
        **agreement.facts(),
        last_day=agreement.last_day,
        first_of_unit=others_in_force == 0,
        is_renewal=predecessor is not None,
        renewed_late=late,
    )


def _late(agreement: Agreement, predecessor: Agreement) -> bool:
    """Whether there was a day on which neither was in force."""
    ended = predecessor.ended_on or predecessor.last_day
    return agreement.effective_from is not None and agreement.effective_from > ended + ONE_DAY


def object_to_renewal(agreement: Agreement, side: Side, on: date) -> AgreementObjected:
    """Raises `NotRenewing` or `ObjectionTooLate`."""
    life.AMEND(agreement.status)
    agreement.objected(on)
    return AgreementObjected(**agreement.facts(), side=side, last_day=agreement.last_day)


def extend(was: Agreement, now: Agreement) -> AgreementExtended:
    life.EXTEND(was.status)
    return AgreementExtended(
        **now.facts(),
        last_day=now.last_day,
        was_last_day=was.last_day,
        extensions=now.extensions,
    )


def announce_end(agreement: Agreement, on: date, reason_kind: str) -> TerminationAnnounced:
    """For a day ahead: until then everything goes on."""
    life.TERMINATE(agreement.status)
    return TerminationAnnounced(**agreement.facts(), terminates_on=on, reason_kind=reason_kind)


def check_end(agreement: Agreement, on: date) -> None:
    """`on` is the first day it is not in force any more. Raises `EndInPast`."""
    life.TERMINATE(agreement.status)
    begun = agreement.effective_from
    if agreement.status is AgreementStatus.EFFECTIVE and begun is not None and on <= begun:
        raise EndInPast(
            f"In force since {begun}; it ends after that.",
            zh=f"协议自 {begun} 起生效，终止日应晚于该日。",
            field="terminates_on",
        )


def end(
    agreement: Agreement,
    step: Step[AgreementStatus],
    over: date,
    others_in_force: int,
    reason_kind: str | None = None,
) -> AgreementEnded:
    """By `step`; `over` is the first day it is not in force, which it never was unless it began."""
    how = step(agreement.status)
    was_in_force = agreement.status is AgreementStatus.EFFECTIVE
    return AgreementEnded(
        **agreement.facts(),
        how=how,
        was_in_force=was_in_force,
        last_of_unit=was_in_force and others_in_force == 0,
        ended_on=over - ONE_DAY,
        reason_kind=reason_kind,
    )


# The clock


def wakes_on(agreement: Agreement, reminders: Sequence[date], today: date) -> date | None:
    """The first day on which the clock has something to do; `reminders` are the days of those that
    are still to come. In force it looks again within a week, as a district may issue other ones.
    """
    match agreement.status:
        case AgreementStatus.OFFERED | AgreementStatus.HALF_SIGNED:
            return lapses_on(agreement)
        case AgreementStatus.CONCLUDED:
            return min(filter(None, (agreement.effective_from, agreement.terminates_on)))
        case AgreementStatus.EFFECTIVE:
            days = (agreement.over, agreement.terminates_on, today + AGAIN, *reminders)
            return min(filter(None, days))
    return None
