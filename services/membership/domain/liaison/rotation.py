"""Fair rotation: whoever has waited longest goes next. Pure.

With everybody available, nobody goes twice before everybody went once. Whoever was away goes once
on their return and then waits like all others: missed turns are not made up in a row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.membership.domain.liaison.rotas import Hours
from services.membership.domain.volunteering.holders import Holder

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
    served: Sequence[UUID],
    away: Mapping[UUID, Sequence[Span]],
) -> list[Turn]:
    """Whose turn each of `slots` (in order of time) is.

    `served` are those who were on duty by this rota before, longest ago first: they queue behind
    those of `pool` who never were. `away` is when somebody cannot come: absent, or on duty
    elsewhere.
    """
    place = {holder_id: n for n, holder_id in enumerate(served, 1)}
    queue = sorted(pool, key=lambda holder: place.get(holder.holder_id, 0))
    turns = []
    for slot in slots:
        free = [holder for holder in queue if not _busy(slot, away.get(holder.holder_id, ()))]
        chosen = tuple(free[:headcount])
        queue = [*(holder for holder in queue if holder not in chosen), *chosen]
        turns.append(Turn(slot, chosen))
    return turns


def _busy(slot: Hours, spans: Sequence[Span]) -> bool:
    return any(since < slot.ends_at and slot.starts_at < until for since, until in spans)
