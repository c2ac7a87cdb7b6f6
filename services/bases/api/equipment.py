"""Equipment of bases."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.bases.api.written import BaseId, VenueId
from services.bases.domain.equipment import Equipment, Wanted
from services.bases.handlers import equipment as handlers
from services.bases.tables import bookings, places
from services.bases.tables import equipment as tables
from services.bases.tables.equipment import EquipmentRow
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
from services.chassis.http.fields import Code, Kind, Name, Sought
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.http.words import of_family
from services.chassis.ids import new_id

commands = command_router(tags=["设备"])
queries = APIRouter(prefix="/v1", tags=["设备"], responses=dict(RESPONSES))

Quantity = Annotated[int, Field(strict=True, ge=1, le=10_000, title="数量")]


class EquipmentRequest(Timed):
    code: Code
    name: Name
    kind: Kind
    quantity: Quantity
    venue_id: UUID | None = Field(
        default=None, title="所在场馆", description="Where it is fixed; null where it can be moved."
    )


class EquipmentChange(Timed):
    """Fields left out stay as they are; `venue_id: null` makes it movable."""

    name: Name | None = None
    kind: Kind | None = None
    quantity: Quantity | None = None
    venue_id: UUID | None = Field(default=None, title="所在场馆")

    def changes(self) -> dict[str, Any]:
        said = self.model_dump(exclude={"occurred_at"}, exclude_none=True)
        return said | ({"venue_id": self.venue_id} if "venue_id" in self.model_fields_set else {})


class WantedRequest(BaseModel):
    model_config = {"extra": "forbid"}

    equipment_id: UUID = Field(title="设备编号")
    quantity: Quantity


class EquipRequest(Timed):
    equipment: list[WantedRequest] = Field(
        max_length=20,
        title="所需设备",
        description="All that the booking takes; empty for nothing.",
    )


class EquipmentView(BaseModel):
    equipment_id: UUID
    base_id: BaseId = Field(title="基地")
    venue_id: VenueId | None = Field(title="所在场馆")
    area: str = Field(title="区划")
    code: str = Field(title="设备代码")
    name: str = Field(title="名称")
    kind: Annotated[str, of_family("equipment")] = Field(title="设备类别")
    quantity: int = Field(title="数量")
    retired_at: datetime | None = Field(title="停用时刻")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class TakenView(BaseModel):
    equipment_id: UUID
    code: str = Field(title="设备代码")
    name: str = Field(title="名称")
    quantity: int = Field(title="数量")
    held: bool = Field(title="是否占用", description="Given back once the booking holds no more.")


@commands.post("/bases/{base_id}/equipment", status_code=201, summary="登记设备")
async def register_equipment(
    base_id: UUID, request: EquipmentRequest, caller: Caller, uow: Work, response: Response
) -> EquipmentView:
    base = await places.base(uow.session, base_id)
    caller.require(Action.MANAGE_BASES, base.area)
    equipment = Equipment(
        equipment_id=new_id(),
        base_id=base_id,
        area=base.area,
        **request.model_dump(exclude={"occurred_at"}),
    )
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.register(equipment, uow, at), response)


@commands.patch("/equipment/{equipment_id}", summary="变更设备")
async def change_equipment(
    equipment_id: UUID,
    request: EquipmentChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> EquipmentView:
    current = await tables.equipment(uow.session, equipment_id)
    caller.require(Action.MANAGE_BASES, current.area)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.change(equipment_id, request.changes(), version, uow, at)
    return _shown(row, response)


@commands.post("/equipment/{equipment_id}/retire", summary="停用设备")
async def retire_equipment(
    equipment_id: UUID,
    request: Timed,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> EquipmentView:
    """For good; refused while bookings ahead rely on it."""
    current = await tables.equipment(uow.session, equipment_id)
    caller.require(Action.MANAGE_BASES, current.area)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.retire(equipment_id, version, uow, at), response)


@commands.put("/bookings/{booking_id}/equipment", summary="配备预约的设备")
async def equip_booking(
    booking_id: UUID, request: EquipRequest, caller: Caller, uow: Work
) -> list[TakenView]:
    """Held for as long as its venue is; refused whole where anything is short."""
    booking = await bookings.booking(uow.session, booking_id)
    caller.require(Action.HANDLE_BOOKINGS, booking.area)
    wanted = [Wanted(**each.model_dump()) for each in request.equipment]
    await handlers.equip(booking_id, wanted, uow)
    return await _taken(await uow.driver(), booking_id)


@as_file(queries, "设备")
@queries.get("/equipment", summary="设备列表")
async def list_equipment(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    base_id: UUID | None = None,
    venue_id: UUID | None = None,
    kind: Sought | None = None,
    code: Sought | None = None,
    in_use: Annotated[bool | None, Query(description="False: only what was retired.")] = None,
    limit: Limit = 50,
) -> Page[EquipmentView]:
    async with context.database.sessions() as session:
        rows = await tables.equipment_list(
            session,
            within=areas_to_list(caller, within),
            base_id=base_id,
            venue_id=venue_id,
            kind=kind,
            code=code,
            in_use=in_use,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, _view, lambda row: (row.code,))


@queries.get("/equipment/{equipment_id}", summary="单项设备")
async def get_equipment(
    equipment_id: UUID, context: Context, caller: Caller, response: Response
) -> EquipmentView:
    async with context.database.sessions() as session:
        row = await tables.equipment(session, equipment_id)
    caller.require(Action.READ, row.area)
    return _shown(row, response)


@as_file(queries, "预约设备")
@queries.get("/bookings/{booking_id}/equipment", summary="预约的设备")
async def list_equipment_of_booking(
    booking_id: UUID, context: Context, caller: Caller
) -> list[TakenView]:
    """What it took, given back or not."""
    async with context.database.sessions() as session:
        booking = await bookings.booking(session, booking_id)
    caller.require(Action.READ, booking.area)
    async with context.database.pool.acquire() as connection:
        return await _taken(connection, booking_id)


async def _taken(connection: asyncpg.Connection, booking_id: UUID) -> list[TakenView]:
    return [TakenView(**row) for row in await tables.of_booking(connection, booking_id)]


def _view(row: EquipmentRow) -> EquipmentView:
    return EquipmentView.model_validate(row.model_dump())


def _shown(row: EquipmentRow, response: Response) -> EquipmentView:
    set_etag(response, row.version)
    return _view(row)


routers = (commands, queries)
