"""Charging months: makes the ledger say what standards and reliefs ask for, by adding to it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from contracts.membership.dues import DuesCharged
from services.chassis.clock import midnight
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.dues.decisions import charge_id
from services.membership.domain.dues.months import months
from services.membership.domain.dues.standing import Balance, Entry, Place, Standing
from services.membership.tables import organisations
from services.membership.tables.dues import ledger
from services.membership.tables.members import MemberRow


@dataclass(frozen=True)
class Span:
    """Months to look at, both included."""

    first: date
    last: date


@dataclass
class _Draft:
    entries: list[Entry] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)
    sums: dict[tuple[UUID, date, str], tuple[int, int]] = field(
        default_factory=lambda: defaultdict(lambda: (0, 0))
    )


async def place_of(uow: UnitOfWork, member: MemberRow) -> Place:
    branch = await organisations.organisation(uow.session, member.organisation_id)
    return Place(branch.organisation_id, branch.area)


async def charge(
    uow: UnitOfWork, places: Mapping[UUID, Place], spans: Mapping[UUID, Span], source_id: UUID
) -> None:
    """Bring the months of these members, whose accounts are locked, up to what is owed.

    `source_id` says what led to it. A month that is charged already gets the difference as an
    entry of its own, at the organisation that charged it.
    """
    if not places:
        return
    first = min(span.first for span in spans.values())
    last = max(span.last for span in spans.values())
    books = await ledger.books_of(uow, list(places), first, last)
    draft = _Draft()
    for member_id, place in places.items():
        book, span = books[member_id], spans[member_id]
        for month in months(span.first, span.last):
            owed = book.owed(month)
            if owed is not None:
                known = book.balance(member_id, place, month)
                if known.charged is None:
                    known = replace(known, **place._asdict())
                _month(draft, known, owed, source_id)
    await ledger.enter(uow, draft.entries, draft.balances)
    await _announce(draft, uow)


def _month(draft: _Draft, known: Balance, owed: Standing, source_id: UUID) -> None:
    now = replace(known, charged=owed.charged, waived=owed.waived, due_on=owed.due_on)
    if now == known:
        return
    more, less = owed.charged - (known.charged or 0), owed.waived - known.waived
    for kind, amount in (("charge", more), ("relief", -less)):
        if amount:
            draft.entries.append(now.entry(kind, amount, source_id, now.month))
    draft.balances.append(now)
    key = (now.organisation_id, now.month, now.area)
    heads, amount = draft.sums[key]
    draft.sums[key] = (heads + (known.charged is None), amount + more - less)


async def _announce(draft: _Draft, uow: UnitOfWork) -> None:
    connection = await uow.driver()
    for (organisation_id, month, area), (heads, amount) in sorted(draft.sums.items()):
        if not heads and not amount:
            continue
        place = Place(organisation_id, area)
        now = await ledger.add_to_month(connection, place, month, heads, amount)
        event = DuesCharged(
            area=now.area,
            charge_id=charge_id(organisation_id, month),
            organisation_id=organisation_id,
            month=month,
            headcount=now.headcount,
            amount=now.amount,
            was_headcount=now.headcount - heads,
            was_amount=now.amount - amount,
        )
        uow.announce(event, version=now.version, occurred_at=min(midnight(month), uow.now))
