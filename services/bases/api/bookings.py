"""Bookings: asked for, confirmed, held, missed or cancelled."""

from datetime import datetime, time, timedelta
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds import BookingStatus, CancelReason, Channel, VisitorLevel
from services.bases.api.fields import Headcount, after_start
from services.bases.domain.bookings import RequestBooking
from services.bases.handlers import bookings as handlers
from services.bases.tables import bookings
from services.bases.tables.bookings import Named
from services.chassis.auth import Principal
from services.chassis.clock import LOCAL, occurred
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    DirectRoute,
    DirectWork,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    page_of,
    set_etag,
)
from services.chassis.http.fields import Day, Instant
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork

requests = command_router(tags=["预约"], route=DirectRoute)
commands = command_router(tags=["预约"])
queries = APIRouter(prefix="/v1", tags=["预约"], responses=dict(RESPONSES))


class BookingRequest(Timed):
    venue_id: UUID = Field(title="场馆编号")
    organisation_id: UUID = Field(title="来访党组织")
    starts_at: Instant = Field(title="开始时刻")
    ends_at: Instant = Field(title="结束时刻", description="Exclusive.")
    headcount: Headcount
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")


class CancelRequest(Timed):
    reason: CancelReason = Field(default=CancelReason.BY_VISITOR, title="取消原因")


class CheckInRequest(Timed):
    headcount: Headcount


class CompleteRequest(Timed):
    headcount: Headcount | None = Field(
        default=None, description="Corrects the headcount of the check-in."
    )


class BookingView(BaseModel):
    booking_id: UUID
    status: BookingStatus = Field(title="状态")
    base_id: UUID
    area: str = Field(title="区划")
    venue_id: UUID
    venue_name: str | None = Field(title="场馆")
    organisation_id: UUID
    organisation_name: str | None = Field(title="来访党组织")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    headcount: int = Field(title="预约人数")
    actual_headcount: int | None = Field(title="实到人数")
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


@requests.post("/bookings", status_code=201, summary="提交预约")
async def request_booking(
    request: BookingRequest, context: Context, caller: Caller, work: DirectWork, response: Response
) -> BookingView:
    """The venue is held from now on; the booking is pending until it is confirmed."""
    if not caller.areas(Action.HANDLE_BOOKINGS):
        caller.refuse(Action.HANDLE_BOOKINGS)
    command = RequestBooking(booking_id=new_id(), **request.model_dump(exclude={"occurred_at"}))
    at = occurred(request.occurred_at, work.now)
    horizon = timedelta(days=context.settings.booking_horizon_days)
    permit = partial(caller.require, Action.HANDLE_BOOKINGS)
    booking, venue, organisation = await handlers.request_booking(
        command, work, at, horizon, permit
    )
    set_etag(response, booking.version)
    names = {"venue_name": venue, "organisation_name": organisation}
    return BookingView.model_validate(vars(booking) | names | {"recorded_at": work.now})


@commands.post("/bookings/{booking_id}/confirm", summary="确认预约")
async def confirm(
    booking_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> BookingView:
    at = await _permitted(booking_id, request, caller, uow)
    return _shown(await handlers.confirm(booking_id, uow, at), response)


@commands.post("/bookings/{booking_id}/cancel", summary="取消预约")
async def cancel(
    booking_id: UUID, request: CancelRequest, caller: Caller, uow: Work, response: Response
) -> BookingView:
    at = await _permitted(booking_id, request, caller, uow)
    return _shown(await handlers.cancel(booking_id, request.reason, uow, at), response)


@commands.post("/bookings/{booking_id}/check-in", summary="签到")
async def check_in(
    booking_id: UUID, request: CheckInRequest, caller: Caller, uow: Work, response: Response
) -> BookingView:
    at = await _permitted(booking_id, request, caller, uow)
    return _shown(await handlers.check_in(booking_id, request.headcount, uow, at), response)


@commands.post("/bookings/{booking_id}/complete", summary="完成接待")
async def complete(
    booking_id: UUID, request: CompleteRequest, caller: Caller, uow: Work, response: Response
) -> BookingView:
    at = await _permitted(booking_id, request, caller, uow)
    return _shown(await handlers.complete(booking_id, request.headcount, uow, at), response)


@commands.post("/bookings/{booking_id}/no-show", summary="记未到场")
async def no_show(
    booking_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> BookingView:
    at = await _permitted(booking_id, request, caller, uow)
    return _shown(await handlers.miss(booking_id, uow, at), response)


@queries.get("/bookings", summary="预约列表")
async def list_bookings(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    base_id: UUID | None = None,
    venue_id: UUID | None = None,
    organisation_id: UUID | None = None,
    day: Annotated[Day | None, Query(description="Day of the start, Asia/Shanghai.")] = None,
    status: BookingStatus | None = None,
    limit: Limit = 50,
) -> Page[BookingView]:
    """In order of start."""
    since = datetime.combine(day, time.min, LOCAL) if day else None
    async with context.database.sessions() as session:
        rows = await bookings.bookings(
            session,
            within=areas_to_list(caller, within),
            base_id=base_id,
            venue_id=venue_id,
            organisation_id=organisation_id,
            status=status,
            since=since,
            until=since + timedelta(days=1) if since else None,
            after=after_start(cursor),
            limit=limit + 1,
        )
    return page_of(rows, limit, _view, lambda row: (row[0].starts_at, row[0].booking_id))


@queries.get("/bookings/{booking_id}", summary="单个预约")
async def get_booking(
    booking_id: UUID, context: Context, caller: Caller, response: Response
) -> BookingView:
    async with context.database.sessions() as session:
        row = await bookings.booking(session, booking_id)
        caller.require(Action.READ, row.area)
        return _shown(await bookings.named(session, row), response)


async def _permitted(
    booking_id: UUID, request: Timed, caller: Principal, uow: UnitOfWork
) -> datetime:
    """The business time of a step, after the caller's right to take it was checked."""
    row = await bookings.booking(uow.session, booking_id, lock=True)
    caller.require(Action.HANDLE_BOOKINGS, row.area)
    return occurred(request.occurred_at, uow.now)


def _view(row: Named) -> BookingView:
    booking, venue, organisation = row
    names = {"venue_name": venue, "organisation_name": organisation}
    return BookingView.model_validate(booking.model_dump() | names)


def _shown(row: Named, response: Response) -> BookingView:
    set_etag(response, row[0].version)
    return _view(row)


routers = (requests, commands, queries)
