"""What a month costs somebody, by the standards and reliefs in force; which alerts then stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contracts.kinds.alerts import AlertKind
from contracts.kinds.dues import DuesRhythm
from services.membership.domain.dues.decisions import waived
from services.membership.domain.dues.months import due_on
from services.membership.domain.members.rules import SelfRemoval

ALERTS = (AlertKind.DUES_OVERDUE, AlertKind.DUES_OVERDUE_AGAIN, AlertKind.DUES_LIMIT)


@dataclass(frozen=True)
class Standard:
    from_month: date
    monthly: int
    rhythm: DuesRhythm


@dataclass(frozen=True)
class Relief:
    """`monthly` is what remains to be paid; months are both included."""

    from_month: date
    to_month: date
    monthly: int


@dataclass(frozen=True)
class Standing:
    charged: int
    waived: int
    due_on: date


def standing(
    month: date, standards: Sequence[Standard], reliefs: Sequence[Relief]
) -> Standing | None:
    """None before the first standard. Of two standards from one month the later in line stands.

    `standards` are in order of their first month, then of their setting.
    """
    begun = [each for each in standards if each.from_month <= month]
    if not begun:
        return None
    current = begun[-1]
    off = max(
        (
            waived(current.monthly, relief.monthly)
            for relief in reliefs
            if relief.from_month <= month <= relief.to_month
        ),
        default=0,
    )
    return Standing(current.monthly, off, due_on(month, current.rhythm))


def alerts_at(run: int, rule: SelfRemoval) -> dict[tuple[AlertKind, str], bool]:
    """By kind and key, whether the alert stands after `run` months in a row without dues."""
    first, *later = sorted(rule.warn_months) or [rule.months]
    return {
        (AlertKind.DUES_OVERDUE, ""): run >= first,
        **{(AlertKind.DUES_OVERDUE_AGAIN, str(months)): run >= months for months in later},
        (AlertKind.DUES_LIMIT, ""): run >= rule.months,
    }
