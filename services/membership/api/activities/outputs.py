"""What came of activities, and the documents that show it."""

from typing import Annotated
from uuid import UUID

from contracts.access import Action
from services.chassis.errors import Conflict
from services.chassis.http import Timed, Work, command_router
from services.chassis.http.held import held
from services.chassis.ids import new_id
from services.chassis.rows import insert_once, missing
from services.membership.api.activities.views import (
    AttachmentRequest,
    AttachmentView,
    Held,
    OutputRequest,
    OutputView,
)
from services.membership.domain.activities import Attachment
from services.membership.handlers import activity_effects as effects
from services.membership.tables.activities import records
from services.membership.tables.activities.rows import AttachmentRow, OutputRow

commands = command_router(tags=["活动成果"])


class AttachmentStands(Conflict):
    code = "attachment-stands"
    title, title_zh = "The reference is there already", "该附件已登记"


InTurn = Annotated[
    OutputRow,
    held(
        OutputRow,
        "成果",
        Action.MANAGE_ACTIVITIES,
        called="output",
        area=records.area_of,
        lock=False,
    ),
]
"""Its activity is locked first."""


@commands.post("/activities/{activity_id}/outputs", status_code=201, summary="登记成果")
async def add_output(activity: Held, request: OutputRequest, uow: Work) -> OutputView:
    """Counted on the day of the activity. A lower bound stands beside an exact quantity."""
    output = await effects.add_output(uow, activity, request.model_dump())
    return output.shown(OutputView)


@commands.post("/outputs/{output_id}/retract", summary="撤销成果")
async def retract_output(output: InTurn, _: Timed, uow: Work) -> OutputView:
    return (await effects.retract_output(uow, output)).shown(OutputView)


@commands.post("/activities/{activity_id}/attachments", status_code=201, summary="附上资料")
async def attach(activity: Held, request: AttachmentRequest, uow: Work) -> AttachmentView:
    attachment = Attachment(**request.model_dump(), attachment_id=new_id(), recorded_at=uow.now)
    kept = AttachmentRow.of(attachment, activity_id=activity.activity_id)
    if not await insert_once(uow.session, kept):
        raise AttachmentStands(
            "This activity has the reference already.", zh="该活动已附上此资料。", field="uri"
        )
    return kept.shown(AttachmentView)


@commands.delete(
    "/activities/{activity_id}/attachments/{attachment_id}", status_code=204, summary="移除资料"
)
async def detach(activity: Held, attachment_id: UUID, uow: Work) -> None:
    if not await records.detach(uow.session, activity.activity_id, attachment_id):
        raise missing("attachment", attachment_id, "附件")
