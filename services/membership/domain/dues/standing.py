"""What a month costs somebody, by the standards and reliefs in force; which alerts then stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from contracts.kinds.alerts import AlertKind
from services.membership.domain.dues.months import due_on
from services.membership.domain.dues.states import Relief, Standard
from services.membership.domain.members.rules import SelfRemoval


class Place(NamedTuple):
    """The branch that charges a month not charged before."""

    organisation_id: UUID
    area: str


@dataclass(frozen=True)
class Entry:
    """To be added to the ledger. `amount` is positive where more is owed."""

    member_id: UUID
    organisation_id: UUID
    area: str
    month: date
    kind: str
    amount: int
    source_id: UUID
    entered_on: date


@dataclass(frozen=True)
class Balance:
    """The sums of somebody's entries for a month; `charged` is None for one paid ahead."""

    member_id: UUID
    organisation_id: UUID
    area: str
    month: date
    due_on: date
    charged: int | None = None
    waived: int = 0
    paid: int = 0

    @property
    def open(self) -> int:
        return (self.charged or 0) - self.waived - self.paid

    def entry(self, kind: str, amount: int, source_id: UUID, on: date) -> Entry:
        at = (self.member_id, self.organisation_id, self.area, self.month)
        return Entry(*at, kind, amount, source_id, on)


@dataclass(frozen=True)
class Standing:
    charged: int
    waived: int
    due_on: date


@dataclass
class Books:
    """What is known of one member's dues.

    `standards` are in order of their first month, then of their setting.
    """

    standards: list[Standard] = field(default_factory=list)
    reliefs: list[Relief] = field(default_factory=list)
    balances: dict[date, Balance] = field(default_factory=dict)

    def owed(self, month: date) -> Standing | None:
        """What it costs by standards and reliefs, whatever was charged.

        None before the first standard; of two from one month the later in line stands. A relief
        takes nothing off where the due is lower already.
        """
        begun = [standard for standard in self.standards if standard.from_month <= month]
        if not begun:
            return None
        current = begun[-1]
        remaining = [
            relief.monthly
            for relief in self.reliefs
            if relief.from_month <= month <= relief.to_month
        ]
        waived = current.monthly - min([current.monthly, *remaining])
        return Standing(current.monthly, waived, due_on(month, current.rhythm))

    def balance(self, member_id: UUID, place: Place, month: date) -> Balance:
        """The month as it stands, at `place` where nothing was entered yet."""
        if known := self.balances.get(month):
            return known
        owed = self.owed(month)
        return Balance(member_id, *place, month, owed.due_on if owed else month)

    def lacking(self, month: date) -> int:
        """One that is not charged yet will cost what the standard says."""
        known, owed = self.balances.get(month), self.owed(month)
        if known and known.charged is not None:
            return known.open
        cost = owed.charged - owed.waived if owed else 0
        return cost - (known.paid if known else 0)


def in_a_row(balances: Sequence[Balance], on: date) -> int:
    """How many months in a row, up to the last that is overdue `on`, were not paid whole.

    `balances` are the months, the oldest first. A month fully paid or waived ends the row, one that
    nothing was charged for does not lengthen it. Partly paid is not paid: the rest is owed.
    """
    run = 0
    for month in reversed(balances):
        if month.due_on >= on or month.charged is None:
            continue
        if month.open <= 0:
            break
        run += 1
    return run


def alerts_at(run: int, rule: SelfRemoval) -> dict[tuple[AlertKind, str], bool]:
    """By kind and key, whether the alert stands after `run` months in a row without dues."""
    first, *later = sorted(rule.warn_months) or [rule.months]
    return {
        (AlertKind.DUES_OVERDUE, ""): run >= first,
        **{(AlertKind.DUES_OVERDUE_AGAIN, str(months)): run >= months for months in later},
        (AlertKind.DUES_LIMIT, ""): run >= rule.months,
    }
