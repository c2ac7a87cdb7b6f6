"""At the door: in and out by code."""

from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from contracts.access import Action
from services.bases.api.bookings.steps import CheckInRequest, CompleteRequest
from services.bases.api.bookings.views import BookingView, shown
from services.bases.handlers.visits import check_in as handlers
from services.bases.tables.bookings import Named
from services.bases.tables.rows import BaseRow
from services.chassis.errors import Refusal
from services.chassis.http import Caller, Work, command_router
from services.chassis.http.held import held
from services.chassis.http.problems import on_refusal

commands = command_router(tags=["接待"])

At = Annotated[BaseRow, held(BaseRow, "基地", Action.HANDLE_BOOKINGS, lock=False)]
"""Many check in at once."""
CheckInCode = Annotated[str, Field(pattern=r"^[0-9]{6}$", title="签到码")]


class CodedCheckIn(CheckInRequest):
    code: CheckInCode


class CodedCheckOut(CompleteRequest):
    code: CheckInCode


@commands.post("/bases/{base_id}/check-ins", summary="凭码签到", response_model=BookingView)
async def check_in(
    base: At,
    body: CodedCheckIn,
    request: Request,
    caller: Caller,
    uow: Work,
    response: Response,
) -> BookingView | Response:
    """Checks in today's booking of the base with this code.

    `code-unknown`, `wrong-day` (which says the day), `already-checked-in`, `too-early`. After some
    wrong codes of an account at a base, by rule `check-in.guesses`: `too-many-wrong-codes`.
    """
    at, actor = body.at(uow), caller.subject
    found = await handlers.check_in(base.base_id, body.code, body.headcount, uow, at, actor=actor)
    return await _answer(found, request, response)


@commands.post("/bases/{base_id}/check-outs", summary="凭码离场", response_model=BookingView)
async def check_out(
    base: At,
    body: CodedCheckOut,
    request: Request,
    caller: Caller,
    uow: Work,
    response: Response,
) -> BookingView | Response:
    """The visit is over and counts, with the headcount that really came."""
    at, actor = body.at(uow), caller.subject
    found = await handlers.check_out(
        base.base_id, body.code, body.headcount, body.came(), uow, at, actor=actor
    )
    return await _answer(found, request, response)


async def _answer(
    found: Named | Refusal, request: Request, response: Response
) -> BookingView | Response:
    """A wrong code is answered and not raised, since its being counted is committed."""
    if isinstance(found, Refusal):
        return await on_refusal(request, found)
    return shown(found, response)


routers = (commands,)
