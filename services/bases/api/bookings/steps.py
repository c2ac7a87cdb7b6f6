"""Bookings taken on step by step."""

from datetime import datetime
from uuid import UUID

from fastapi import Response
from pydantic import Field

from contracts.access import Action
from contracts.kinds import BookingStatus, CancelReason
from services.bases.api.bookings.permits import check_reason
from services.bases.api.bookings.views import BookingView, shown
from services.bases.api.fields import Companions, FilmKind, Headcount, TrainingKind
from services.bases.domain.visits.occasions import Said
from services.bases.handlers import bookings as handlers
from services.bases.handlers.visits.records import Came
from services.bases.tables import bookings
from services.chassis.auth import Principal
from services.chassis.clock import occurred
from services.chassis.http import Caller, Timed, Work, command_router
from services.chassis.http.fields import Kind
from services.chassis.unit_of_work import UnitOfWork

commands = command_router(tags=["预约"])


class CancelRequest(Timed):
    reason: CancelReason = Field(default=CancelReason.BY_VISITOR, title="取消原因")


class DeclineRequest(Timed):
    reason: Kind = Field(title="未批准原因", description="A code of the kinds `decline-reason`.")


class CheckInRequest(Timed):
    headcount: Headcount


class CompleteRequest(Timed):
    headcount: Headcount | None = Field(
        default=None, description="Corrects the headcount of the check-in."
    )
    with_organisation_ids: Companions = Field(default_factory=list)
    film_kind: FilmKind = None
    training_kind: TrainingKind = None

    def came(self) -> Came:
        """Who came along, and what was held for them."""
        said = Said(film_kind=self.film_kind, training_kind=self.training_kind)
        return Came(tuple(self.with_organisation_ids), said)


@commands.post("/bookings/{booking_id}/confirm", summary="批准预约")
async def confirm(
    booking_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> BookingView:
    """The next of one or two steps; the second is a base manager's, and another person's."""
    row = await bookings.booking(uow.session, booking_id, lock=True)
    second = row.status == BookingStatus.ENDORSED
    caller.require(Action.MANAGE_BASES if second else Action.HANDLE_BOOKINGS, row.area)
    at = occurred(request.occurred_at, uow.now)
    return shown(await handlers.approve(booking_id, uow, at, actor=caller.subject), response)


@commands.post("/bookings/{booking_id}/decline", summary="不批准预约")
async def decline(
    booking_id: UUID, request: DeclineRequest, caller: Caller, uow: Work, response: Response
) -> BookingView:
    at = await _permitted(booking_id, request, caller, uow)
    actor = caller.subject
    return shown(await handlers.decline(booking_id, request.reason, uow, at, actor=actor), response)


@commands.post("/bookings/{booking_id}/cancel", summary="取消预约")
async def cancel(
    booking_id: UUID, request: CancelRequest, caller: Caller, uow: Work, response: Response
) -> BookingView:
    """By the visitors until it begins, late after the time the base states; by the base always."""
    row = await bookings.booking(uow.session, booking_id, lock=True)
    await check_reason(caller, row, request.reason, uow)
    at, actor = occurred(request.occurred_at, uow.now), caller.subject
    return shown(await handlers.cancel(booking_id, request.reason, uow, at, actor=actor), response)


@commands.post("/bookings/{booking_id}/check-in", summary="签到")
async def check_in(
    booking_id: UUID, request: CheckInRequest, caller: Caller, uow: Work, response: Response
) -> BookingView:
    at = await _permitted(booking_id, request, caller, uow)
    came, actor = request.headcount, caller.subject
    return shown(await handlers.check_in(booking_id, came, uow, at, actor=actor), response)


@commands.post("/bookings/{booking_id}/complete", summary="完成接待")
async def complete(
    booking_id: UUID, request: CompleteRequest, caller: Caller, uow: Work, response: Response
) -> BookingView:
    at = await _permitted(booking_id, request, caller, uow)
    done = await handlers.complete(
        booking_id, request.headcount, uow, at, actor=caller.subject, came=request.came()
    )
    return shown(done, response)


@commands.post("/bookings/{booking_id}/no-show", summary="记未到场")
async def no_show(
    booking_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> BookingView:
    at = await _permitted(booking_id, request, caller, uow)
    return shown(await handlers.miss(booking_id, uow, at, actor=caller.subject), response)


@commands.post("/bookings/{booking_id}/retract-no-show", summary="撤回未到场")
async def retract_no_show(
    booking_id: UUID, caller: Caller, uow: Work, response: Response
) -> BookingView:
    """They had come, or were not missed: it is confirmed again, and the clock leaves it alone.

    Neither waiting time nor points of the organisation count it any more. What became of it is
    said by check-in and completion, or by a cancellation of the base.
    """
    row = await bookings.booking(uow.session, booking_id, lock=True)
    caller.require(Action.HANDLE_BOOKINGS, row.area)
    return shown(await handlers.retract_miss(booking_id, uow, actor=caller.subject), response)


async def _permitted(
    booking_id: UUID, request: Timed, caller: Principal, uow: UnitOfWork
) -> datetime:
    """The business time of a step, after the caller's right to take it was checked."""
    row = await bookings.booking(uow.session, booking_id, lock=True)
    caller.require(Action.HANDLE_BOOKINGS, row.area)
    return occurred(request.occurred_at, uow.now)
