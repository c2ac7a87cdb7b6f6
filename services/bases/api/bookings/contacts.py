"""Whom to call about a booking: said by staff for a caller, masked in views, read on the record."""

from collections.abc import Collection
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from services.bases.api.bookings.permits import own_booking
from services.bases.handlers import contacts as handlers
from services.bases.tables import bookings
from services.bases.tables.rows import BookingRow
from services.chassis.http import Caller, Context, Work, command_router, sealed
from services.chassis.http.context import ServiceContext
from services.chassis.http.problems import RESPONSES
from services.chassis.http.sealed import Purpose

commands = command_router(tags=["预约"])
queries = APIRouter(prefix="/v1", tags=["预约"], responses=dict(RESPONSES))


class Contact(sealed.Contact):
    """Sealed at once, under a key of the booking's own."""


class ContactView(BaseModel):
    name: str | None = Field(default=None, title="姓名")
    phone: str | None = Field(default=None, title="电话")


@commands.put("/bookings/{booking_id}/contact", status_code=204, summary="更正预约联系方式")
async def correct_contact(
    booking: Annotated[BookingRow, own_booking()], request: Contact, context: Context, uow: Work
) -> Response:
    """What is left out stays as it was. The answer says nothing: answers of commands are kept."""
    await handlers.correct(booking.booking_id, request.fields(), context.vault, uow)
    return Response(status_code=204)


@queries.get("/bookings/{booking_id}/contact", summary="查看预约联系方式（留痕）")
async def read_contact(
    booking_id: UUID, context: Context, caller: Caller, purpose: Purpose
) -> ContactView:
    """In full, for staff of the base, who call. That it was read, by whom and why, is recorded."""
    async with context.database.sessions() as session:
        row = await bookings.booking(session, booking_id)
    caller.require(Action.HANDLE_BOOKINGS, row.area)
    read = await sealed.contact_in_full(context, caller, booking_id, row.area, purpose)
    return ContactView(**read)


async def masked(context: ServiceContext, ids: Collection[UUID]) -> dict[UUID, ContactView]:
    """By booking, of those that have one."""
    known = await sealed.masked(context, ids)
    return {booking_id: ContactView(**fields) for booking_id, fields in known.items() if fields}
