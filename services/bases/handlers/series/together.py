"""The bookings of a series or a package are taken on in one piece."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from contracts.bases.series import SeriesCancelled
from contracts.kinds import BookingStatus, CancelReason
from contracts.kinds.series import SeriesScope
from services.bases.domain.bookings.model import Booking
from services.bases.domain.series import model
from services.bases.handlers.bookings import steps
from services.bases.tables import slots
from services.bases.tables.rows import BookingRow
from services.bases.tables.series import SeriesRow
from services.chassis.unit_of_work import UnitOfWork


def undecided(rows: Sequence[BookingRow]) -> tuple[list[UUID], bool]:
    """Those that await their next step of approval, and whether it is the second.

    The first step of all comes before the second of any. Raises `NothingAhead`.
    """
    for status in (BookingStatus.PENDING, BookingStatus.ENDORSED):
        found = [row.booking_id for row in rows if row.status == status]
        if found:
            return found, status is BookingStatus.ENDORSED
    raise model.NothingAhead("None of them awaits approval.", zh="没有待批准的预约。")


async def approve(keys: Sequence[UUID], uow: UnitOfWork, at: datetime, *, actor: str) -> None:
    for key in keys:
        await steps.approve(key, uow, at, actor=actor)


async def cancel_series(
    series: SeriesRow,
    rows: Sequence[BookingRow],
    scope: SeriesScope,
    since: UUID | None,
    reason: CancelReason,
    uow: UnitOfWork,
    at: datetime,
    *,
    actor: str,
) -> None:
    """Those that have not begun; `series` and its `rows` are locked."""
    chosen = model.in_scope([row.state() for row in rows], scope, since, at)
    await cancel(chosen, reason, uow, at, actor=actor)
    event = SeriesCancelled(**series.facts(), scope=scope, reason=reason, cancelled=len(chosen))
    uow.step(series, event, at)


async def cancel(
    chosen: Sequence[Booking], reason: CancelReason, uow: UnitOfWork, at: datetime, *, actor: str
) -> None:
    await slots.lock_slots(uow, *{each.venue_id for each in chosen})  # in one order, as all do
    for each in chosen:
        await steps.cancel(each.booking_id, reason, uow, at, actor=actor)
