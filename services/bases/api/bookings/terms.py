"""What a base states of its own over the terms of all."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from contracts.access import Action
from services.bases.handlers import terms as handlers
from services.bases.tables import places, terms
from services.chassis.clock import business_date, occurred
from services.chassis.http import (
    Caller,
    Context,
    IfMatch,
    Timed,
    Work,
    command_router,
    set_etag,
)
from services.chassis.http.fields import Day
from services.chassis.http.problems import RESPONSES

commands = command_router(tags=["预约条件"])
queries = APIRouter(prefix="/v1", tags=["预约条件"], responses=dict(RESPONSES))


class TermsRequest(Timed):
    """The base's own numbers, whole: those left out follow the rule `booking.terms`."""

    own: dict[str, JsonValue] = Field(title="本基地条件", max_length=40)


class TermsView(BaseModel):
    model_config = ConfigDict(extra="forbid")

    base_id: UUID
    own: dict[str, Any] = Field(title="本基地条件")
    terms: dict[str, Any] = Field(title="施行的条件", description="Those of all, and its own.")
    labels: dict[str, str] = Field(title="条件名称")


@commands.put("/bases/{base_id}/terms", summary="规定本基地预约条件")
async def state_terms(
    base_id: UUID,
    request: TermsRequest,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> TermsView:
    """`If-Match` is the version of the base. What was booked stays booked."""
    base = await places.base(uow.session, base_id, lock=True)
    caller.require(Action.MANAGE_BASES, base.area)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.state_terms(base_id, request.own, version, uow, at)
    set_etag(response, row.version)
    held = await terms.of_base(uow.session, base_id, business_date(at))
    return _view(base_id, row.terms, held.model_dump(mode="json"))


@queries.get("/bases/{base_id}/terms", summary="基地预约条件")
async def get_terms(
    base_id: UUID,
    context: Context,
    caller: Caller,
    response: Response,
    day: Annotated[Day | None, Query(description="In force on this day; else today.")] = None,
) -> TermsView:
    on: date = day or business_date(context.clock())
    async with context.database.sessions() as session:
        base = await places.base(session, base_id)
        caller.require(Action.READ, base.area)
        held = await terms.of_base(session, base_id, on)
    set_etag(response, base.version)
    return _view(base_id, base.terms, held.model_dump(mode="json"))


def _view(base_id: UUID, own: dict[str, Any], held: dict[str, Any]) -> TermsView:
    return TermsView(base_id=base_id, own=own, terms=held, labels=terms.LABELS)


routers = (commands, queries)
