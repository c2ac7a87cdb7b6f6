"""Seats in bodies, and who sits there."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.bodies import Direction, SeatEnd, SeatHolder
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
    sealed,
)
from services.chassis.http.fields import Code, Kind, PersonName, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, Paging, with_past
from services.chassis.http.lists import as_file
from services.chassis.http.sealed import Purpose
from services.chassis.http.words import called, of_family
from services.cobuilding.domain.seats import Seat
from services.cobuilding.handlers import seats as handlers
from services.cobuilding.tables.bodies import BodyRow, SeatRow
from services.cobuilding.tables.rows import AreaRow, OrganisationRow
from services.cobuilding.tables.units import UnitRow

TAGS = ["席位"]
commands, queries = command_router(tags=TAGS), query_router(tags=TAGS)

Body = Annotated[BodyRow, held(BodyRow, "组织体", Action.MANAGE_COBUILDING, lock=False)]
Held = Annotated[SeatRow, held(SeatRow, "席位", Action.MANAGE_COBUILDING, first=handlers.lock_body)]
Seen = Annotated[SeatRow, seen(SeatRow, "席位", Action.MANAGE_COBUILDING)]

HOLDERS = {
    "unit_id": SeatHolder.UNIT,
    "organisation_id": SeatHolder.ORGANISATION,
    "holder_area": SeatHolder.AREA,
}


class Sitter(BaseModel):
    """Sealed at once, under a key of the seat's own; shown masked."""

    model_config = ConfigDict(extra="forbid")

    name: PersonName | None = Field(default=None, title="任职人")
    position: PersonName | None = Field(default=None, title="任职人职务")

    def fields(self) -> dict[str, str]:
        return self.model_dump(exclude_none=True)


class SitterShown(BaseModel):
    name: str | None = Field(default=None, title="任职人（已脱敏）")


class SeatRequest(Timed):
    """Held by exactly one: a unit, an organisation or an area."""

    kind: Kind = Field(title="席位类别")
    layer: Code | None = Field(
        default=None, title="层级", description="A code among the layers of the body."
    )
    direction: Direction = Field(
        default=Direction.INWARD,
        title="任职方向",
        description="Outward, for cross seats only: somebody of the body sits with the holder.",
    )
    unit_id: UUID | None = Field(default=None, title="归属单位")
    organisation_id: UUID | None = Field(default=None, title="归属党组织")
    holder_area: AreaCode | None = Field(default=None, title="归属区划")
    sitter: Sitter = Field(default_factory=Sitter, title="任职人")

    @model_validator(mode="after")
    def _one_holder(self) -> Self:
        if sum(getattr(self, name) is not None for name in HOLDERS) != 1:
            raise ValueError(
                "归属单位、归属党组织、归属区划须填且只填一项"
                " (give exactly one of unit_id, organisation_id, holder_area)"
            )
        return self

    @property
    def holder_kind(self) -> SeatHolder:
        return next(kind for name, kind in HOLDERS.items() if getattr(self, name) is not None)


class SeatView(Seat):
    body_id: Annotated[UUID, called(BodyRow.name)] = Field(title="组织体")
    body_kind: Annotated[str, of_family("body")] = Field(title="组织体类别")
    kind: Annotated[str, of_family("seat")] = Field(title="席位类别")
    unit_id: Annotated[UUID | None, called(UnitRow.name)] = Field(title="归属单位")
    organisation_id: Annotated[UUID | None, called(OrganisationRow.name)] = Field(
        title="归属党组织"
    )
    holder_area: Annotated[str | None, called(AreaRow.name)] = Field(title="归属区划")
    sitter: SitterShown = Field(default_factory=SitterShown, title="任职人（已脱敏）")
    version: int


class SeatFilters(Filters):
    body_id: UUID | None = None
    body_kind: Sought | None = None
    kind: Sought | None = None
    layer: Sought | None = None
    direction: Direction | None = None
    crosses: bool | None = None
    holder_kind: SeatHolder | None = None
    unit_id: UUID | None = None
    organisation_id: UUID | None = None
    holder_area: AreaCode | None = None
    how: SeatEnd | None = None
    left: Annotated[bool, with_past("left_on")] = Field(
        default=False, description="Show those that were left, too."
    )


@commands.post("/bodies/{body_id}/seats", status_code=201, summary="登记席位")
async def take(body: Body, request: SeatRequest, context: Context, uow: Work) -> SeatView:
    """The answer says nothing of who sits there: answers of commands are kept for repetition."""
    fields = request.fields("sitter") | {"holder_kind": request.holder_kind}
    sitter, at = request.sitter.fields(), request.at(uow)
    return _view(await handlers.take(body, fields, sitter, context.vault, uow, at), {})


@commands.put("/seats/{seat_id}/sitter", status_code=204, summary="更换任职人")
async def seat_another(seat: Held, request: Sitter, context: Context, uow: Work) -> Response:
    """What is left out stays as it was."""
    await handlers.seat_another(seat, request.fields(), context.vault, uow)
    return Response(status_code=204)


@commands.post("/seats/{seat_id}/departure", summary="登记席位退出")
async def leave(seat: Held, request: Timed, uow: Work) -> SeatView:
    """Whoever sat there is erased."""
    return _view(await handlers.leave(seat, uow, request.at(uow)), {})


@as_file(queries, "组织体席位")
@queries.get("/seats", summary="席位列表")
async def list_seats(filters: Annotated[SeatFilters, Query()], paging: Paging) -> Page[SeatView]:
    """Who sits there masked."""
    page = await paging.rows(SeatRow, filters)
    known = await sealed.masked(paging.context, [row.seat_id for row in page.items])
    return page.of([_view(row, known.get(row.seat_id, {})) for row in page.items])


@queries.get("/seats/{seat_id}/sitter", summary="查看任职人（留痕）")
async def read_sitter(seat: Seen, purpose: Purpose, context: Context, caller: Caller) -> Sitter:
    """Name and position in full. Who read it, and why, is recorded."""
    key, area = seat.seat_id, seat.area
    return Sitter(**await sealed.contact_in_full(context, caller, key, area, purpose))


def _view(row: SeatRow, sitter: dict[str, str]) -> SeatView:
    return row.shown(SeatView, sitter=SitterShown(name=sitter.get("name")))


routers = (commands, queries)
