"""Charging months: makes the ledger say what standards and reliefs ask for, by adding to it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from contracts.membership.dues import DuesCharged
from services.chassis.clock import business_date, midnight
from services.chassis.ids import new_id
from services.chassis.sweeps import Sweep
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.dues.decisions import charge_id
from services.membership.domain.dues.months import month_of, months, next_month
from services.membership.domain.dues.standing import Balance, Entry, Place, Standing
from services.membership.tables import organisations
from services.membership.tables.dues import ledger, store
from services.membership.tables.members import MemberRow

OfOrganisation = tuple[UUID, date, str]
"""A month of an organisation, in its area."""
BATCH = 500
"""Members charged in one transaction of the sweep."""


@dataclass(frozen=True)
class Span:
    """Months of a member to look at, both included, and where they are charged from now on."""

    member_id: UUID
    place: Place
    first: date
    last: date


@dataclass
class _Draft:
    entries: list[Entry] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)
    heads: Counter[OfOrganisation] = field(default_factory=Counter)
    amounts: Counter[OfOrganisation] = field(default_factory=Counter)


async def place_of(uow: UnitOfWork, member: MemberRow) -> Place:
    branch = await organisations.organisation(uow.session, member.organisation_id)
    return Place(branch.organisation_id, branch.area)


async def charge(uow: UnitOfWork, spans: Sequence[Span], source_id: UUID) -> None:
    """Bring the months of these members, whose accounts are locked, up to what is owed.

    `source_id` says what led to it. A month that is charged already gets the difference as an
    entry of its own, at the organisation that charged it.
    """
    if not spans:
        return
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    books = await ledger.books_of(uow, [span.member_id for span in spans], first, last)
    draft = _Draft()
    for span in spans:
        book = books[span.member_id]
        for month in months(span.first, span.last):
            owed = book.owed(month)
            if owed is not None:
                known = book.balance(span.member_id, span.place, month)
                if known.charged is None:
                    known = replace(known, **span.place._asdict())
                _month(draft, known, owed, source_id)
    await ledger.enter(uow, draft.entries, draft.balances)
    await _announce(draft, uow)


def _month(draft: _Draft, known: Balance, owed: Standing, source_id: UUID) -> None:
    now = replace(known, **vars(owed))
    if now == known:
        return
    more, less = owed.charged - (known.charged or 0), owed.waived - known.waived
    for kind, amount in (("charge", more), ("relief", -less)):
        if amount:
            draft.entries.append(now.entry(kind, amount, source_id, now.month))
    draft.balances.append(now)
    key = (now.organisation_id, now.month, now.area)
    draft.heads[key] += known.charged is None
    draft.amounts[key] += more - less


async def _announce(draft: _Draft, uow: UnitOfWork) -> None:
    for key in sorted(draft.heads):
        heads, amount = draft.heads[key], draft.amounts[key]
        if not heads and not amount:
            continue
        organisation_id, month, _ = key
        now = await ledger.add_to_month(uow, key, heads, amount)
        event = DuesCharged(
            area=now["area"],
            charge_id=charge_id(organisation_id, month),
            organisation_id=organisation_id,
            month=month,
            headcount=now["headcount"],
            amount=now["amount"],
            was_headcount=now["headcount"] - heads,
            was_amount=now["amount"] - amount,
        )
        uow.announce(event, version=now["version"], occurred_at=min(midnight(month), uow.now))


async def charge_month(uow: UnitOfWork) -> int:
    """Every member with a standard, at the branch they belong to now. Who left is left alone."""
    month = month_of(business_date(uow.now))
    rows, spans = await store.to_charge(uow.session, month, BATCH), []
    for row in rows:
        if row.counted:
            first, branch = next_month(row.charged_through), Place(row.organisation_id, row.area)
            spans.append(Span(row.member_id, branch, first, month))
    await charge(uow, spans, new_id())
    await store.change(uow.session, [span.member_id for span in spans], charged_through=month)
    left = [row.member_id for row in rows if not row.counted]
    await store.change(uow.session, left, stopped=True)
    return len(rows)


CHARGE = Sweep("dues.charge", charge_month)
