"""Equipment of bases."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import Query
from pydantic import BaseModel, Field

from contracts.access import Action
from services.bases.api import places
from services.bases.api.filters import Filters
from services.bases.api.places import InUse
from services.bases.api.written import BaseId, VenueId
from services.bases.domain.equipment import Equipment, Wanted
from services.bases.handlers import equipment as handlers
from services.bases.tables import equipment as tables
from services.bases.tables.equipment import EquipmentRow
from services.bases.tables.rows import BookingRow
from services.chassis.http import (
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.edits import edits
from services.chassis.http.fields import Code, Kind, Name, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Paging, unset
from services.chassis.http.lists import as_file
from services.chassis.http.words import of_family
from services.chassis.ids import new_id

commands = command_router(tags=["设备"])
queries = query_router(tags=["设备"])

Edited = Annotated[EquipmentRow, held(EquipmentRow, "设备", Action.MANAGE_BASES, edit=True)]
Seen = Annotated[EquipmentRow, seen(EquipmentRow, "设备")]
Handled = Annotated[BookingRow, held(BookingRow, "预约", Action.HANDLE_BOOKINGS)]
SeenBooking = Annotated[BookingRow, seen(BookingRow, "预约")]

Quantity = Annotated[int, Field(strict=True, ge=1, le=10_000, title="数量")]


class EquipmentRequest(Timed):
    code: Code
    name: Name
    kind: Kind
    quantity: Quantity
    venue_id: UUID | None = Field(
        default=None, title="所在场馆", description="Where it is fixed; null where it can be moved."
    )


@edits(EquipmentRequest, "code", null=["venue_id"])
class EquipmentChange(Timed):
    """Fields left out stay as they are; `venue_id: null` makes it movable."""


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


class EquipmentView(Equipment):
    base_id: BaseId = Field(title="基地")
    venue_id: VenueId | None = Field(title="所在场馆")
    kind: Annotated[str, of_family("equipment")] = Field(title="设备类别")
    retired_at: datetime | None = Field(title="停用时刻")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class EquipmentFilters(Filters):
    base_id: UUID | None = None
    venue_id: UUID | None = None
    kind: Sought | None = None
    code: Sought | None = None
    in_use: Annotated[InUse, unset("retired_at")] = None


class TakenView(BaseModel):
    equipment_id: UUID
    code: str = Field(title="设备代码")
    name: str = Field(title="名称")
    quantity: int = Field(title="数量")
    held: bool = Field(title="是否占用", description="Given back once the booking holds no more.")


@commands.post("/bases/{base_id}/equipment", status_code=201, summary="登记设备")
async def register_equipment(
    base: places.Held, request: EquipmentRequest, uow: Work
) -> EquipmentView:
    equipment = Equipment(
        equipment_id=new_id(), base_id=base.base_id, area=base.area, **request.fields()
    )
    return (await handlers.register(equipment, uow, request.at(uow))).shown(EquipmentView)


@commands.patch("/equipment/{equipment_id}", summary="变更设备")
async def change_equipment(equipment: Edited, request: EquipmentChange, uow: Work) -> EquipmentView:
    row = await handlers.change(equipment, request.changes(), uow, request.at(uow))
    return row.shown(EquipmentView)


@commands.post("/equipment/{equipment_id}/retire", summary="停用设备")
async def retire_equipment(equipment: Edited, request: Timed, uow: Work) -> EquipmentView:
    """For good; refused while bookings ahead rely on it."""
    return (await handlers.retire(equipment, uow, request.at(uow))).shown(EquipmentView)


@commands.put("/bookings/{booking_id}/equipment", summary="配备预约的设备")
async def equip_booking(booking: Handled, request: EquipRequest, uow: Work) -> list[TakenView]:
    """Held for as long as its venue is; refused whole where anything is short."""
    await handlers.equip(booking, [Wanted(**each.model_dump()) for each in request.equipment], uow)
    return await _taken(await uow.driver(), booking.booking_id)


@as_file(queries, "设备")
@queries.get("/equipment", summary="设备列表")
async def list_equipment(
    filters: Annotated[EquipmentFilters, Query()], paging: Paging
) -> Page[EquipmentView]:
    return await paging.shown(EquipmentRow, EquipmentView, filters, order="code")


@queries.get("/equipment/{equipment_id}", summary="单项设备")
async def get_equipment(equipment: Seen) -> EquipmentView:
    return equipment.shown(EquipmentView)


@as_file(queries, "预约设备")
@queries.get("/bookings/{booking_id}/equipment", summary="预约的设备")
async def list_equipment_of_booking(booking: SeenBooking, context: Context) -> list[TakenView]:
    """What it took, given back or not."""
    async with context.database.pool.acquire() as connection:
        return await _taken(connection, booking.booking_id)


async def _taken(connection: asyncpg.Connection, booking_id: UUID) -> list[TakenView]:
    return [TakenView(**row) for row in await tables.of_booking(connection, booking_id)]


routers = (commands, queries)
