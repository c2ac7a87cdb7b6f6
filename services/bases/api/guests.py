"""Guests: visitors from outside the organisation tree, booked for like organisations."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds import VisitorLevel
from services.bases.api.filters import Filters
from services.bases.domain.guests import Guest
from services.bases.handlers import guests as handlers
from services.bases.tables.rows import GuestRow
from services.chassis.http import (
    Caller,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.edits import edits
from services.chassis.http.fields import Code, Name, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Paging
from services.chassis.http.lists import as_file
from services.chassis.ids import new_id

commands = command_router(tags=["来访单位"])
queries = query_router(tags=["来访单位"])

Held = Annotated[GuestRow, held(GuestRow, "来访单位", Action.HANDLE_BOOKINGS, edit=True)]
Seen = Annotated[GuestRow, seen(GuestRow, "来访单位")]


class GuestRequest(Timed):
    code: Code
    name: Name
    visitor_level: VisitorLevel = Field(title="来访层级")
    area: AreaCode = Field(title="登记区划", description="Whose office keeps them.")


@edits(GuestRequest, "code", "area")
class GuestChange(Timed):
    """Fields left out stay as they are."""


class GuestView(Guest):
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class GuestFilters(Filters):
    code: Sought | None = None
    visitor_level: VisitorLevel | None = None


@commands.post("/guests", status_code=201, summary="登记来访单位")
async def register_guest(request: GuestRequest, caller: Caller, uow: Work) -> GuestView:
    """Its `guest_id` is booked for as `organisation_id`. A unit or delegation, never a person."""
    caller.require(Action.HANDLE_BOOKINGS, request.area)
    guest = Guest(guest_id=new_id(), **request.fields())
    return (await handlers.register(guest, uow, request.at(uow))).shown(GuestView)


@commands.patch("/guests/{guest_id}", summary="变更来访单位")
async def change_guest(guest: Held, request: GuestChange, uow: Work) -> GuestView:
    return (await handlers.change(guest, request.changes(), uow, request.at(uow))).shown(GuestView)


@as_file(queries, "来访单位")
@queries.get("/guests", summary="来访单位列表")
async def list_guests(filters: Annotated[GuestFilters, Query()], paging: Paging) -> Page[GuestView]:
    """In order of code."""
    return await paging.shown(GuestRow, GuestView, filters, order="code")


@queries.get("/guests/{guest_id}", summary="单个来访单位")
async def get_guest(guest: Seen) -> GuestView:
    return guest.shown(GuestView)


routers = (commands, queries)
