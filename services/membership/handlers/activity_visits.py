"""What bases tell of visits, as organisational life of the branches that came."""

from typing import Any

from contracts.bases.visits import VisitCompleted, VisitCorrected, VisitWithdrawn
from contracts.kinds.activities import ActivityStatus, Presence, RetractReason
from contracts.kinds.books import WithdrawReason
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.activities import activity_of_visit
from services.membership.handlers import activities
from services.membership.tables.activities import attendance, records
from services.membership.tables.activities.rows import ActivityRow

WHY = {
    WithdrawReason.ENTERED_TWICE: RetractReason.DUPLICATE,
    WithdrawReason.ENTERED_WRONGLY: RetractReason.ENTERED_WRONGLY,
}


async def hear_of_visit(event: VisitCompleted, uow: UnitOfWork) -> ActivityRow | None:
    """The visit counts as organisational life of the branch that came, once. `None` for visitors
    from outside the tree, and for a visit that was heard of before.
    """
    if event.organisation_id is None:
        return None
    if await records.of_visit(uow.session, event.visit_id) is not None:
        return None
    return await activities.record_of_visit(event, activity_of_visit(event.visit_id), uow)


async def hear_of_correction(event: VisitCorrected, uow: UnitOfWork) -> None:
    """The activity is as the visit now is. One that staff took back by hand stays taken back."""
    row = await records.of_visit(uow.session, event.visit_id)
    if row is not None and row.organisation_id == event.organisation_id:
        if row.status == ActivityStatus.HELD:
            changes = await _changes(event, row, uow)
            await activities.correct(row, changes, None, uow, event.started_at)
        return
    if row is not None:
        if row.status == ActivityStatus.HELD:
            await activities.retract(row, RetractReason.CORRECTED, uow)
        await records.forget_visit(uow.session, row.activity_id)
    if event.organisation_id is not None:
        activity_id = activity_of_visit(event.visit_id, event.correction)
        await activities.record_of_visit(event, activity_id, uow)


async def hear_of_withdrawal(event: VisitWithdrawn, uow: UnitOfWork) -> None:
    """There was no visit, so there was no activity."""
    row = await records.of_visit(uow.session, event.visit_id)
    if row is not None and row.status == ActivityStatus.HELD:
        await activities.retract(row, WHY[event.reason], uow)


async def _changes(event: VisitCorrected, row: ActivityRow, uow: UnitOfWork) -> dict[str, Any]:
    """Whoever the branch has listed as present did come, whatever the base counted."""
    listed = await attendance.listed(uow.session, row.activity_id)
    present = sum(each.presence is Presence.PRESENT for each in listed)
    return {
        "starts_at": event.started_at,
        "ends_at": event.ended_at,
        "venue_id": event.venue_id,
        "co_organiser_ids": [*event.with_organisation_ids],
        "stated_headcount": max(event.actual_headcount, present),
    }
