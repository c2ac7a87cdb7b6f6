"""Bookings asked for, and moved to another time."""

from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.kinds import Channel, VisitorLevel
from services.bases.api.bookings.contacts import Contact
from services.bases.api.bookings.permits import booker, check_own
from services.bases.api.bookings.views import BookingView, shown
from services.bases.api.fields import Headcount
from services.bases.domain.bookings.ask import Reschedule
from services.bases.domain.bookings.model import RequestBooking
from services.bases.domain.equipment import Wanted
from services.bases.handlers import bookings as handlers
from services.bases.handlers import contacts
from services.bases.handlers.bookings import Wish
from services.bases.tables import bookings
from services.bases.tables.slots import By
from services.chassis.clock import occurred
from services.chassis.http import (
    Caller,
    Context,
    DirectRoute,
    DirectWork,
    IfMatch,
    Timed,
    Work,
    command_router,
    set_etag,
)
from services.chassis.http.fields import Instant
from services.chassis.ids import new_id

requests = command_router(tags=["预约"], route=DirectRoute)
commands = command_router(tags=["预约"])


class EquipmentWanted(BaseModel):
    model_config = ConfigDict(extra="forbid")

    equipment_id: UUID = Field(title="设备编号")
    quantity: Annotated[int, Field(strict=True, ge=1, le=1000, title="数量")] = 1


class BookingRequest(Timed):
    venue_id: UUID = Field(title="场馆编号")
    organisation_id: UUID = Field(title="来访党组织", description="Of the tree, or a guest.")
    starts_at: Instant = Field(title="开始时刻")
    ends_at: Instant = Field(title="结束时刻", description="Exclusive.")
    headcount: Headcount
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")
    on_behalf: bool = Field(
        default=True,
        title="代为预约",
        description="True: staff of the base enter it. False: an organisation books for itself.",
    )
    menu_item_id: UUID | None = Field(default=None, title="菜单项目")
    equipment: Annotated[list[EquipmentWanted], Field(max_length=20, title="所需设备")] = Field(
        default_factory=list
    )
    contact: Contact | None = Field(
        default=None, title="联系人", description="Whom to call: sealed, and erased afterwards."
    )


class RescheduleRequest(Timed):
    """What is left out stays; a new start alone keeps the length."""

    starts_at: Instant | None = Field(default=None, title="开始时刻")
    ends_at: Instant | None = Field(default=None, title="结束时刻", description="Exclusive.")
    venue_id: UUID | None = Field(default=None, title="场馆编号")
    headcount: Headcount | None = None
    menu_item_id: UUID | None = Field(default=None, title="菜单项目")


@requests.post("/bookings", status_code=201, summary="提交预约")
async def request_booking(
    request: BookingRequest,
    context: Context,
    caller: Caller,
    work: DirectWork,
    response: Response,
) -> BookingView:
    """The venue is held from now on; the booking is pending until it is approved."""
    permit = booker(caller, on_behalf=request.on_behalf, channel=request.channel)
    said = request.model_dump(exclude={"occurred_at", "equipment", "contact"})
    wish = Wish(
        command=RequestBooking(booking_id=new_id(), **said),
        permit=permit,
        by=By(caller.subject, has_contact=request.contact is not None),
        at=occurred(request.occurred_at, work.now),
        equipment=[Wanted(**vars(each)) for each in request.equipment],
    )
    booking, venue, organisation = await handlers.place(wish, work)
    if request.contact:
        await contacts.seal(work, context.vault, booking.booking_id, request.contact.fields())
    set_etag(response, booking.version)
    names = {"venue_name": venue, "organisation_name": organisation}
    return BookingView.model_validate(vars(booking) | names | {"recorded_at": work.now})


@commands.post("/bookings/{booking_id}/reschedule", summary="改期")
async def reschedule(
    booking_id: UUID,
    request: RescheduleRequest,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> BookingView:
    """The slot is kept until the new one is taken; so is an approval, if staff of the base move it.

    An organisation that moves its own booking asks for approval again.
    """
    row = await bookings.booking(uow.session, booking_id, lock=True)
    staff = await check_own(caller, row, uow)
    change = Reschedule(**request.model_dump(exclude={"occurred_at"}))
    moved = await handlers.reschedule(
        booking_id,
        change,
        uow,
        expected=version,
        permit=booker(caller, on_behalf=staff),
        by=By(caller.subject, staff=staff),
        at=occurred(request.occurred_at, uow.now),
    )
    return shown(moved, response)
