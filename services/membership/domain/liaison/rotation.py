"""Fair rotation: whoever has waited longest goes next. Pure.

With everybody available, nobody goes twice before everybody went once. Whoever was away goes once
on their return and then waits like all others: missed turns are not made up in a row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from contracts.kinds.liaison import HolderKind
from services.membership.domain.liaison.rotas import Hours

NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, order=True)
class Holder:
    """Somebody who can be on duty."""

    holder_id: UUID
    kind: HolderKind = field(compare=False)


Span = tuple[datetime, datetime]
"""From, until; the end is not included."""


@dataclass(frozen=True)
class Turn:
    hours: Hours
    holders: tuple[Holder, ...]
    """Fewer than asked for when nobody else was free."""


def rotate(
    slots: Sequence[Hours],
    headcount: int,
    pool: Sequence[Holder],
    last: Mapping[UUID, datetime],
    away: Mapping[UUID, Sequence[Span]],
) -> list[Turn]:
    """Whose turn each of `slots` (in order of time) is.

    `last` is when each began their latest duty of this rota; `away` when they cannot come: absent,
    or on duty elsewhere. Among those who never went, the order of `pool` decides.
    """
    waited = {holder.holder_id: last.get(holder.holder_id, NEVER) for holder in pool}
    place = {holder.holder_id: n for n, holder in enumerate(pool)}
    turns = []
    for slot in slots:
        free = [h for h in pool if not _busy(slot, away.get(h.holder_id, ()))]
        free.sort(key=lambda h: (waited[h.holder_id], place[h.holder_id]))
        chosen = tuple(free[:headcount])
        for holder in chosen:
            waited[holder.holder_id] = slot.starts_at
        turns.append(Turn(slot, chosen))
    return turns


def _busy(slot: Hours, spans: Sequence[Span]) -> bool:
    return any(since < slot.ends_at and slot.starts_at < until for since, until in spans)
