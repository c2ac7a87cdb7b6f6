"""Activities planned, held, corrected and taken back."""

from uuid import UUID

from fastapi import Response
from pydantic import Field

from contracts.access import Action
from contracts.kinds.activities import RetractReason
from services.chassis.auth import Principal
from services.chassis.clock import occurred
from services.chassis.http import Caller, IfMatch, Timed, Work, command_router, set_etag
from services.chassis.unit_of_work import UnitOfWork
from services.membership.api.activities.views import (
    ActivityChange,
    ActivityDetail,
    ActivityRequest,
    detail,
)
from services.membership.domain.activities import Details
from services.membership.handlers import activities as handlers
from services.membership.handlers import activity_effects as effects
from services.membership.tables import organisations
from services.membership.tables.activities import records
from services.membership.tables.activities.rows import ActivityRow

commands = command_router(tags=["活动"])


class CompleteRequest(ActivityChange):
    """What the plan did not know: who came, when it ended."""


class CancelRequest(Timed):
    """Nothing but the time."""


class RetractRequest(Timed):
    reason: RetractReason = Field(default=RetractReason.ENTERED_WRONGLY, title="撤销原因")


class ActivityCorrection(ActivityChange, Timed):
    """Fields left out stay as they are."""


@commands.post("/activities", status_code=201, summary="登记或计划活动")
async def record_activity(
    request: ActivityRequest, caller: Caller, uow: Work, response: Response
) -> ActivityDetail:
    """Recorded once: the same organisation, kind and start is refused with 409, which names the
    activity that stands.
    """
    organisation = await organisations.organisation(uow.session, request.organisation_id)
    caller.require(Action.MANAGE_ACTIVITIES, organisation.area)
    row = await handlers.record(
        Details(**request.said()),
        request.organisation_id,
        request.listed() or [],
        uow,
        uow.now,
        held=not request.planned,
    )
    for each in request.outputs:
        await effects.add_output(uow, row.activity_id, each.kind, each.quantity, each.bound)
    return await _shown(uow, row, response)


@commands.post("/activities/{activity_id}/complete", summary="计划的活动已开展")
async def complete_activity(
    activity_id: UUID, request: CompleteRequest, caller: Caller, uow: Work, response: Response
) -> ActivityDetail:
    await _allowed(caller, uow, activity_id)
    row = await handlers.complete(activity_id, request.said(), request.listed(), uow)
    return await _shown(uow, row, response)


@commands.patch("/activities/{activity_id}", summary="更正活动")
async def correct_activity(
    activity_id: UUID,
    request: ActivityCorrection,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> ActivityDetail:
    """What was counted is taken back and counted anew, with points and periods."""
    await _allowed(caller, uow, activity_id)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.correct(activity_id, request.said(), request.listed(), version, uow, at)
    return await _shown(uow, row, response)


@commands.post("/activities/{activity_id}/cancel", summary="取消计划")
async def cancel_activity(
    activity_id: UUID, request: CancelRequest, caller: Caller, uow: Work, response: Response
) -> ActivityDetail:
    await _allowed(caller, uow, activity_id)
    row = await handlers.cancel(activity_id, uow, occurred(request.occurred_at, uow.now))
    return await _shown(uow, row, response)


@commands.post("/activities/{activity_id}/retract", summary="撤销登记")
async def retract_activity(
    activity_id: UUID, request: RetractRequest, caller: Caller, uow: Work, response: Response
) -> ActivityDetail:
    """It never was: figures, points and periods take it back."""
    await _allowed(caller, uow, activity_id)
    row = await handlers.retract(activity_id, request.reason, uow)
    return await _shown(uow, row, response)


async def _allowed(caller: Principal, uow: UnitOfWork, activity_id: UUID) -> None:
    row = await records.activity(uow.session, activity_id)
    caller.require(Action.MANAGE_ACTIVITIES, row.area)


async def _shown(uow: UnitOfWork, row: ActivityRow, response: Response) -> ActivityDetail:
    set_etag(response, row.edition)
    await uow.session.flush()
    return await detail(uow.session, row)
