"""Many occurrences of a series move in one piece."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from contracts.bases.bookings import BookingRescheduled
from contracts.bases.series import SeriesChanged
from contracts.kinds.series import OnConflict, SeriesScope
from services.bases.domain.bookings import ask
from services.bases.domain.bookings.ask import Reschedule
from services.bases.domain.bookings.model import Booking
from services.bases.domain.series import model
from services.bases.domain.series.model import ChangeSeries, Skipped
from services.bases.handlers.bookings import asking, places, record
from services.bases.handlers.bookings.asking import Permit, Wish
from services.bases.handlers.series.trials import tried
from services.bases.tables import series as tables
from services.bases.tables import slots
from services.bases.tables.rows import BookingRow
from services.bases.tables.series import SeriesRow
from services.bases.tables.slots import By
from services.chassis.errors import Defect, Refusal
from services.chassis.unit_of_work import UnitOfWork

Moves = Mapping[UUID, Reschedule]
"""By booking, in the order in which they are made."""


class Apart(Exception):
    """Some of those that were to move together cannot."""

    def __init__(self, missed: Mapping[UUID, Skipped]) -> None:
        super().__init__()
        self.missed = missed


@dataclass(frozen=True)
class Mover:
    """Who moves bookings, when, and what they may."""

    uow: UnitOfWork
    permit: Permit
    by: By
    at: datetime

    async def check(self, row: BookingRow, change: Reschedule) -> None:
        """Raises what stands against every one of them."""
        command = ask.wanted(row.state(), change)
        await asking.looked(Wish(command, self.permit, self.by, self.at), self.uow)

    async def together(
        self, held: Mapping[UUID, BookingRow], moves: Moves
    ) -> dict[UUID, BookingRescheduled]:
        """All of them, each slot free before the first is taken again, or none: raises `Apart`."""
        await slots.release(self.uow, [held[each] for each in moves])
        moved, missed = {}, {}
        for key, change in moves.items():
            found = await tried(self.uow, partial(self._one, held[key], change))
            if isinstance(found, Refusal):
                missed[key] = model.skipped(held[key].starts_at, found)
            else:
                moved[key] = found
        if missed:
            raise Apart(missed)
        return moved

    async def _one(self, row: BookingRow, change: Reschedule) -> BookingRescheduled:
        found = await places.shift(
            row, change, self.uow, permit=self.permit, by=self.by, at=self.at, released=True
        )
        if found is None:
            raise Defect(f"booking {row.booking_id} was released and does not move")
        return found


async def change(
    series: SeriesRow, rows: Sequence[BookingRow], asked: ChangeSeries, mover: Mover
) -> list[Skipped]:
    """Those that could not move, where `skip` is asked for: they keep the slot they have.

    `series` and its `rows` are locked. Raises `SeriesRefused`, `NotInSeries` or `NothingAhead`, and
    what stands against every one of them by its own name.
    """
    states = [row.state() for row in rows]
    moves = _moves(model.in_scope(states, asked.scope, asked.from_booking_id, mover.at), asked)
    if not moves:
        return []
    held = {row.booking_id: row for row in rows}
    venues = {asked.venue_id or held[each].venue_id for each in moves}
    await slots.lock_slots(mover.uow, *venues | {held[each].venue_id for each in moves})
    first = next(iter(moves))
    await mover.check(held[first], moves[first])
    moved, kept = await _moved(held, moves, asked.on_conflict, mover)
    await _recorded(series, moved, mover)
    if asked.scope is SeriesScope.ALL:
        _restate(series, asked, held[next(iter(moved))])
    event = SeriesChanged(**series.facts(), scope=asked.scope, moved=len(moved), kept=len(kept))
    mover.uow.step(series, event, mover.at)
    return kept


def _moves(chosen: Sequence[Booking], asked: ChangeSeries) -> Moves:
    """Without those that are there already. Those that go later go first, out of each other's way:
    what a booking claims besides its venue follows it one by one.
    """
    changes = {each.booking_id: asked.of(each) for each in chosen}
    moving = [
        each
        for each in chosen
        if any(
            getattr(each, name) != value
            for name, value in vars(ask.wanted(each, changes[each.booking_id])).items()
        )
    ]
    later = any(ask.wanted(b, changes[b.booking_id]).starts_at > b.starts_at for b in moving)
    ordered = reversed(moving) if later else moving
    return {each.booking_id: changes[each.booking_id] for each in ordered}


async def _moved(
    held: Mapping[UUID, BookingRow], moves: Moves, on_conflict: OnConflict, mover: Mover
) -> tuple[dict[UUID, BookingRescheduled], list[Skipped]]:
    """Whoever cannot move stays, which may be in the way of another: tried until all agree."""
    kept: list[Skipped] = []
    left = dict(moves)
    while left:
        try:
            async with (await mover.uow.driver()).transaction():
                return await mover.together(held, left), _ordered(kept)
        except Apart as apart:
            kept += apart.missed.values()
            if on_conflict is OnConflict.REFUSE:
                break
            left = {key: change for key, change in left.items() if key not in apart.missed}
    raise model.refused(_ordered(kept), len(moves))


def _ordered(kept: Sequence[Skipped]) -> list[Skipped]:
    return sorted(kept, key=lambda each: each.day)


async def _recorded(
    series: SeriesRow, moved: Mapping[UUID, BookingRescheduled], mover: Mover
) -> None:
    for row in await tables.locked(mover.uow.session, series):  # as they now are
        if row.booking_id in moved:
            event = moved[row.booking_id]
            await record.recorded(mover.uow, row, event, mover.at, actor=mover.by.actor)


def _restate(series: SeriesRow, asked: ChangeSeries, row: BookingRow) -> None:
    """What changed for all is what the series now says of itself; its days stay."""
    lasts = series.ends_at - series.starts_at
    since, until = asked.times(series.starts_at)
    series.starts_at = since or series.starts_at
    series.ends_at = until or series.starts_at + lasts
    series.headcount = asked.headcount or series.headcount
    if asked.venue_id is not None:
        series.venue_id, series.base_id = row.venue_id, row.base_id
        series.base_kind, series.area = row.base_kind, row.area
