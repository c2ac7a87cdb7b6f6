"""Charging months: makes the ledger say what standards and reliefs ask for, by adding to it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from contracts.membership.dues import DuesCharged
from services.chassis.clock import midnight
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.dues.decisions import charge_id
from services.membership.domain.dues.months import months
from services.membership.domain.dues.standing import Standing, standing
from services.membership.tables import dues as tables
from services.membership.tables.dues import Change


class Place(NamedTuple):
    """The branch that charges a month not charged before."""

    organisation_id: UUID
    area: str


@dataclass(frozen=True)
class Span:
    """Months to look at, both included."""

    first: date
    last: date


@dataclass
class _Draft:
    changes: list[Change]
    balances: list[tuple[Any, ...]]
    sums: dict[tuple[UUID, date, str], tuple[int, int]]


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
    connection = await uow.driver()
    books = await tables.books_of(connection, list(places), first, last)
    draft = _Draft([], [], defaultdict(lambda: (0, 0)))
    for member_id, place in places.items():
        book, span = books[member_id], spans[member_id]
        for month in months(span.first, span.last):
            owed = standing(month, book.standards, book.reliefs)
            if owed is not None:
                _month(draft, member_id, place, month, owed, book.balances.get(month), source_id)
    if draft.changes:
        await tables.add_entries(connection, draft.changes, uow.now)
    if draft.balances:
        await tables.apply(connection, draft.balances)
    await _announce(draft, uow)


def _month(
    draft: _Draft,
    member_id: UUID,
    place: Place,
    month: date,
    owed: Standing,
    known: Mapping[str, Any] | None,
    source_id: UUID,
) -> None:
    charged = known["charged"] if known else None
    waived, paid = (known["waived"], known["paid"]) if known else (0, 0)
    if known and charged is not None:
        place = Place(known["organisation_id"], known["area"])
    more, less = owed.charged - (charged or 0), owed.waived - waived
    if charged is not None and not more and not less and known and known["due_on"] == owed.due_on:
        return
    for kind, amount in (("charge", more), ("relief", -less)):
        if amount:
            draft.changes.append(Change(member_id, *place, month, kind, amount, source_id, month))
    draft.balances.append((member_id, *place, month, owed.due_on, owed.charged, owed.waived, paid))
    key = (place.organisation_id, month, place.area)
    heads, amount = draft.sums[key]
    draft.sums[key] = (heads + (charged is None), amount + more - less)


async def _announce(draft: _Draft, uow: UnitOfWork) -> None:
    connection = await uow.driver()
    for (organisation_id, month, area), (heads, amount) in sorted(draft.sums.items()):
        if not heads and not amount:
            continue
        now = await tables.add_to_month(connection, organisation_id, month, area, heads, amount)
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
        begun = midnight(month)
        uow.announce(event, version=now.version, occurred_at=min(begun, uow.now))
