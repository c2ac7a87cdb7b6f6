"""What came of activities, and the documents that show it."""

from uuid import UUID

from contracts.access import Action
from services.chassis.errors import Conflict
from services.chassis.http import Caller, Timed, Work, command_router
from services.chassis.ids import new_id
from services.chassis.rows import missing
from services.membership.api.activities.views import (
    AttachmentRequest,
    AttachmentView,
    OutputRequest,
    OutputView,
)
from services.membership.handlers import activity_effects as effects
from services.membership.tables.activities import records
from services.membership.tables.activities.rows import AttachmentRow

commands = command_router(tags=["活动成果"])


class AttachmentStands(Conflict):
    code = "attachment-stands"
    title, title_zh = "The reference is there already", "该附件已登记"


@commands.post("/activities/{activity_id}/outputs", status_code=201, summary="登记成果")
async def add_output(
    activity_id: UUID, request: OutputRequest, caller: Caller, uow: Work
) -> OutputView:
    """Counted on the day of the activity. A lower bound stands beside an exact quantity."""
    row = await records.activity(uow.session, activity_id)
    caller.require(Action.MANAGE_ACTIVITIES, row.area)
    kept = await effects.add_output(uow, activity_id, request.kind, request.quantity, request.bound)
    return OutputView(**kept.model_dump())


@commands.post("/outputs/{output_id}/retract", summary="撤销成果")
async def retract_output(output_id: UUID, _: Timed, caller: Caller, uow: Work) -> OutputView:
    found = await records.output(uow.session, output_id)
    row = await records.activity(uow.session, found.activity_id)
    caller.require(Action.MANAGE_ACTIVITIES, row.area)
    return OutputView(**(await effects.retract_output(uow, output_id)).model_dump())


@commands.post("/activities/{activity_id}/attachments", status_code=201, summary="附上资料")
async def attach(
    activity_id: UUID, request: AttachmentRequest, caller: Caller, uow: Work
) -> AttachmentView:
    row = await records.activity(uow.session, activity_id)
    caller.require(Action.MANAGE_ACTIVITIES, row.area)
    kept = AttachmentRow(
        attachment_id=new_id(),
        activity_id=activity_id,
        recorded_at=uow.now,
        **request.model_dump(),
    )
    if not await records.attach(uow.session, kept):
        raise AttachmentStands(
            "This activity has the reference already.", zh="该活动已附上此资料。", field="uri"
        )
    return AttachmentView(**kept.model_dump())


@commands.delete(
    "/activities/{activity_id}/attachments/{attachment_id}", status_code=204, summary="移除资料"
)
async def detach(activity_id: UUID, attachment_id: UUID, caller: Caller, uow: Work) -> None:
    row = await records.activity(uow.session, activity_id)
    caller.require(Action.MANAGE_ACTIVITIES, row.area)
    if not await records.detach(uow.session, activity_id, attachment_id):
        raise missing("attachment", attachment_id, "附件")
