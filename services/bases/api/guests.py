"""Guests: visitors from outside the organisation tree, booked for like organisations."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds import VisitorLevel
from services.bases.domain.guests import Guest
from services.bases.handlers import guests as handlers
from services.bases.tables import guests
from services.bases.tables.rows import GuestRow
from services.chassis.clock import occurred
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    IfMatch,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    page_of,
    set_etag,
)
from services.chassis.http.edits import edits
from services.chassis.http.fields import Code, Name, Sought
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id

commands = command_router(tags=["来访单位"])
queries = APIRouter(prefix="/v1", tags=["来访单位"], responses=dict(RESPONSES))


class GuestRequest(Timed):
    code: Code
    name: Name
    visitor_level: VisitorLevel = Field(title="来访层级")
    area: AreaCode = Field(title="登记区划", description="Whose office keeps them.")


@edits(GuestRequest, "code", "area")
class GuestChange(Timed):
    """Fields left out stay as they are."""


class GuestView(BaseModel):
    guest_id: UUID
    code: str = Field(title="来访单位代码")
    name: str = Field(title="名称")
    visitor_level: VisitorLevel = Field(title="来访层级")
    area: str = Field(title="登记区划")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


@commands.post("/guests", status_code=201, summary="登记来访单位")
async def register_guest(
    request: GuestRequest, caller: Caller, uow: Work, response: Response
) -> GuestView:
    """Its `guest_id` is booked for as `organisation_id`. A unit or delegation, never a person."""
    caller.require(Action.HANDLE_BOOKINGS, request.area)
    guest = Guest(guest_id=new_id(), **request.model_dump(exclude={"occurred_at"}))
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.register(guest, uow, at), response)


@commands.patch("/guests/{guest_id}", summary="变更来访单位")
async def change_guest(
    guest_id: UUID,
    request: GuestChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> GuestView:
    current = await guests.guest(uow.session, guest_id)
    caller.require(Action.HANDLE_BOOKINGS, current.area)
    changes = request.model_dump(exclude={"occurred_at"}, exclude_none=True)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.change(guest_id, changes, version, uow, at), response)


@as_file(queries, "来访单位")
@queries.get("/guests", summary="来访单位列表")
async def list_guests(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    code: Sought | None = None,
    visitor_level: VisitorLevel | None = None,
    limit: Limit = 50,
) -> Page[GuestView]:
    """In order of code."""
    async with context.database.sessions() as session:
        rows = await guests.guests(
            session,
            within=areas_to_list(caller, within),
            code=code,
            visitor_level=visitor_level,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, _view, lambda row: (row.code,))


@queries.get("/guests/{guest_id}", summary="单个来访单位")
async def get_guest(
    guest_id: UUID, context: Context, caller: Caller, response: Response
) -> GuestView:
    async with context.database.sessions() as session:
        row = await guests.guest(session, guest_id)
    caller.require(Action.READ, row.area)
    return _shown(row, response)


def _view(row: GuestRow) -> GuestView:
    return GuestView.model_validate(row.model_dump())


def _shown(row: GuestRow, response: Response) -> GuestView:
    set_etag(response, row.version)
    return _view(row)


routers = (commands, queries)
