"""Bookings as staff look for them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.bases.bookings import BookingEvent
from contracts.catalogue import events_of
from contracts.kinds import BookingStatus
from contracts.kinds.labelled import Labelled
from services.bases import SERVICE
from services.bases.api.bookings.contacts import masked
from services.bases.api.bookings.views import BookingView, shown, view
from services.bases.api.fields import after_start
from services.bases.tables import bookings
from services.bases.tables.bookings import Sought
from services.chassis.auth import Principal
from services.chassis.clock import business_date, days_between
from services.chassis.http import Caller, Context, Cursor, Limit, Page, page_of
from services.chassis.http.fields import Day
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list

queries = APIRouter(prefix="/v1", tags=["预约"], responses=dict(RESPONSES))


class Desk(Labelled):
    """What a working day begins with."""

    TODAY = "today", "今日预约"
    AWAITING = "awaiting", "待审批"
    SECOND = "second", "待复核"
    LATE = "late", "已开始未签到"
    PRESENT = "present", "在场"


DESK = {
    Desk.TODAY: (
        BookingStatus.PENDING,
        BookingStatus.ENDORSED,
        BookingStatus.CONFIRMED,
        BookingStatus.CHECKED_IN,
        BookingStatus.COMPLETED,
    ),
    Desk.AWAITING: (BookingStatus.PENDING, BookingStatus.ENDORSED),
    Desk.SECOND: (BookingStatus.ENDORSED,),
    Desk.LATE: (BookingStatus.CONFIRMED,),
    Desk.PRESENT: (BookingStatus.CHECKED_IN,),
}

STEPS = {BookingStatus.OFFERED.value: BookingStatus.OFFERED.label} | {
    event.names()[2]: event.called()
    for event in events_of(SERVICE)
    if issubclass(event, BookingEvent)
}
"""What the steps of a booking are called; an offer of the waiting list is announced by no event."""


class StepView(BaseModel):
    """One step a booking has taken."""

    version: int = Field(title="版本")
    step: str = Field(description="Last part of its event's type.")
    label: str = Field(title="步骤")
    actor: str = Field(title="办理人", description="Account, or `clock`.")
    at: datetime = Field(title="登记时刻")


@as_file(queries, "预约")
@queries.get("/bookings", summary="预约列表")
async def list_bookings(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    base_id: UUID | None = None,
    venue_id: UUID | None = None,
    organisation_id: UUID | None = None,
    series_id: UUID | None = None,
    day: Annotated[Day | None, Query(description="Day of the start, Asia/Shanghai.")] = None,
    first: Annotated[Day | None, Query(alias="from", description="First day.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="Last day, inclusive.")] = None,
    status: Annotated[list[BookingStatus] | None, Query()] = None,
    desk: Annotated[Desk | None, Query(description="A filter of the working day.")] = None,
    off_day: Annotated[bool | None, Query()] = None,
    limit: Limit = 50,
) -> Page[BookingView]:
    """In order of start."""
    since, until = _begun(desk, first or day, last or day, context.clock())
    async with context.database.sessions() as session:
        sought = Sought(
            within=await areas_sought(context, caller, within, organisation_id),
            base_id=base_id,
            venue_id=venue_id,
            organisation_id=organisation_id,
            series_id=series_id,
            statuses=status or (DESK[desk] if desk else ()),
            off_day=off_day,
            since=since,
            until=until,
        )
        rows = await bookings.bookings(session, sought, after=after_start(cursor), limit=limit + 1)
    known = await masked(context, [row.booking_id for row, _, _ in rows if row.has_contact])
    return page_of(
        rows,
        limit,
        lambda row: view(row, known.get(row[0].booking_id)),
        lambda row: (row[0].starts_at, row[0].booking_id),
    )


@queries.get("/bookings/{booking_id}", summary="单个预约")
async def get_booking(
    booking_id: UUID, context: Context, caller: Caller, response: Response
) -> BookingView:
    async with context.database.sessions() as session:
        row = await bookings.booking(session, booking_id)
        await readable(context, caller, row.area, row.organisation_id)
        known = await masked(context, [booking_id] if row.has_contact else ())
        return shown(await bookings.named(session, row), response, known.get(booking_id))


@as_file(queries, "预约办理记录")
@queries.get("/bookings/{booking_id}/steps", summary="预约办理记录")
async def list_steps(booking_id: UUID, context: Context, caller: Caller) -> list[StepView]:
    """Who took it from one version to the next, and when it was entered."""
    async with context.database.sessions() as session:
        row = await bookings.booking(session, booking_id)
        await readable(context, caller, row.area, row.organisation_id)
        steps = await bookings.steps_of(session, booking_id)
    return [StepView(label=STEPS.get(each.step, each.step), **each.model_dump()) for each in steps]


async def areas_sought(
    context: Context, caller: Principal, within: str | None, organisation_id: UUID | None
) -> tuple[str, ...] | None:
    """An organisation's own staff see its bookings wherever the base lies."""
    if organisation_id is not None and within is None:
        async with context.database.sessions() as session:
            visitors = await bookings.visitors_of(session, organisation_id)
        if visitors is not None and _reads(caller, visitors.area):
            return None
    return areas_to_list(caller, within)


async def readable(context: Context, caller: Principal, area: str, organisation_id: UUID) -> None:
    """Raises for whoever may read neither where the base lies nor where the visitors are."""
    if _reads(caller, area):
        return
    async with context.database.sessions() as session:
        visitors = await bookings.visitors_of(session, organisation_id)
    if visitors is None or not _reads(caller, visitors.area):
        caller.require(Action.READ, area)


def _reads(caller: Principal, area: str) -> bool:
    return any(area.startswith(granted) for granted in caller.areas(Action.READ))


def _begun(
    desk: Desk | None, first: date | None, last: date | None, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """Between which instants the bookings begin."""
    if desk is Desk.TODAY:
        return days_between(business_date(now), business_date(now))
    since, until = days_between(first, last)
    return since, now if desk is Desk.LATE else until
