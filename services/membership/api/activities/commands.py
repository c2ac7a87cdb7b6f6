"""Activities planned, held, corrected and taken back."""

from pydantic import Field

from contracts.access import Action
from contracts.kinds.activities import RetractReason
from services.chassis.http import Caller, Timed, Work, command_router
from services.membership.api.activities.views import (
    ActivityChange,
    ActivityDetail,
    ActivityRequest,
    Edited,
    Held,
    detail,
)
from services.membership.handlers import activities as handlers
from services.membership.handlers import activity_effects as effects
from services.membership.tables import organisations
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
async def record_activity(request: ActivityRequest, caller: Caller, uow: Work) -> ActivityDetail:
    """Recorded once: the same organisation, kind and start is refused with 409, which names the
    activity that stands.
    """
    organisation = await organisations.organisation(uow.session, request.organisation_id)
    caller.require(Action.MANAGE_ACTIVITIES, organisation.area)
    fields, listed = request.changes(), request.listed() or []
    key, held = request.organisation_id, not request.planned
    row = await handlers.record(fields, key, listed, uow, held=held)
    for each in request.outputs:
        await effects.add_output(uow, row, each.model_dump())
    return await _shown(uow, row)


@commands.post("/activities/{activity_id}/complete", summary="计划的活动已开展")
async def complete_activity(activity: Held, request: CompleteRequest, uow: Work) -> ActivityDetail:
    row = await handlers.complete(activity, request.changes(), request.listed(), uow)
    return await _shown(uow, row)


@commands.patch("/activities/{activity_id}", summary="更正活动")
async def correct_activity(
    activity: Edited, request: ActivityCorrection, uow: Work
) -> ActivityDetail:
    """What was counted is taken back and counted anew, with points and periods."""
    fields, listed, at = request.changes(), request.listed(), request.at(uow)
    return await _shown(uow, await handlers.correct(activity, fields, listed, uow, at))


@commands.post("/activities/{activity_id}/cancel", summary="取消计划")
async def cancel_activity(activity: Held, request: CancelRequest, uow: Work) -> ActivityDetail:
    return await _shown(uow, await handlers.cancel(activity, uow, request.at(uow)))


@commands.post("/activities/{activity_id}/retract", summary="撤销登记")
async def retract_activity(activity: Held, request: RetractRequest, uow: Work) -> ActivityDetail:
    """It never was: figures, points and periods take it back."""
    return await _shown(uow, await handlers.retract(activity, request.reason, uow))


async def _shown(uow: Work, row: ActivityRow) -> ActivityDetail:
    await uow.session.flush()
    return await detail(uow.session, row)
