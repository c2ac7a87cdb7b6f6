"""Agreements in force: notice that they shall not renew themselves, and their end."""

from typing import Annotated

from pydantic import Field

from contracts.access import Action
from contracts.kinds.agreements import Side
from services.chassis.clock import business_date
from services.chassis.http import Timed, Work, command_router
from services.chassis.http.fields import Day, Kind
from services.chassis.http.held import held
from services.cobuilding.api.agreements.drafts import TAGS
from services.cobuilding.api.agreements.views import AgreementView, view
from services.cobuilding.handlers.agreements import running as handlers
from services.cobuilding.tables.agreements import AgreementRow

commands = command_router(tags=TAGS)

Held = Annotated[AgreementRow, held(AgreementRow, "协议", Action.MANAGE_COBUILDING)]


class Objection(Timed):
    """`occurred_at` is when the notice was received."""

    side: Side = Field(title="提出方")


class Termination(Timed):
    reason_kind: Kind = Field(title="终止原因")
    terminates_on: Day | None = Field(
        default=None,
        title="终止日",
        description="First day it is not in force any more, perhaps one ahead; else today.",
    )


@commands.post("/agreements/{agreement_id}/objection", summary="登记不续期通知")
async def object_to_renewal(agreement: Held, request: Objection, uow: Work) -> AgreementView:
    at = request.at(uow)
    return view(await handlers.object_to_renewal(agreement, request.side, uow, at))


@commands.post("/agreements/{agreement_id}/termination", summary="终止协议")
async def terminate(agreement: Held, request: Termination, uow: Work) -> AgreementView:
    """What was promised for later is not asked for any more; what was due stays as it is."""
    at = request.at(uow)
    on = request.terminates_on or business_date(at)
    return view(await handlers.terminate(agreement, on, request.reason_kind, uow, at))


routers = (commands,)
