"""Bodies in which units, organisations and areas hold seats."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.bodies import BodyStatus
from services.chassis.http import (
    Caller,
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
from services.chassis.http.listing import BY_ROUTE, Filters, Paging, part_of
from services.chassis.http.lists import Unwritten, as_file
from services.chassis.http.words import called, of_family
from services.cobuilding.domain.bodies import Body, Layer, pattern_of
from services.cobuilding.domain.seats import Seat, seated
from services.cobuilding.handlers import bodies as handlers
from services.cobuilding.tables import bodies as tables
from services.cobuilding.tables.bodies import BodyRow
from services.cobuilding.tables.rows import OrganisationRow

TAGS = ["组织体"]
commands, queries = command_router(tags=TAGS), query_router(tags=TAGS)

Held = Annotated[BodyRow, held(BodyRow, "组织体", Action.MANAGE_COBUILDING)]
Edited = Annotated[BodyRow, held(BodyRow, "组织体", Action.MANAGE_COBUILDING, edit=True)]
Seen = Annotated[BodyRow, seen(BodyRow, "组织体")]


class LayerRequest(BaseModel):
    """One of 1+8+N, whatever it is called there."""

    model_config = ConfigDict(extra="forbid")

    code: Code = Field(title="层级代码")
    label: Name = Field(title="层级名称")
    seats: int | None = Field(
        default=None, ge=1, le=9999, title="固定席位数", description="Left out for N."
    )


class BodyRequest(Timed):
    code: Code
    name: Name
    kind: Kind
    area: AreaCode
    organisation_id: UUID = Field(title="牵头党组织")
    layers: list[LayerRequest] | None = Field(
        default=None, title="层级", max_length=20, description="Else those that its kind has."
    )


@edits(BodyRequest, "code")
class BodyChange(Timed):
    """Fields left out stay as they are, layers are said whole."""


class BodyView(Body):
    kind: Annotated[str, of_family("body")] = Field(title="组织体类别")
    organisation_id: Annotated[UUID, called(OrganisationRow.name)] = Field(title="牵头党组织")
    layers: Annotated[list[Layer], Unwritten] = Field(title="层级")
    pattern: str = Field(title="层级模式", description="`1+8+N`; empty without layers.")
    version: int


class LayerSeated(Layer):
    taken: int = Field(title="已任席位数")


class BodyWhole(BodyView):
    """With how many sit there."""

    seated: list[LayerSeated] = Field(title="各层级席位")
    members: int = Field(title="成员数", description="Holders, each once however many seats.")
    seats: int = Field(title="席位数", description="Those held in the body itself.")
    sent: int = Field(title="派往对方席位数")


class BodyFilters(Filters):
    code: Sought | None = None
    kind: Sought | None = None
    status: BodyStatus | None = None
    organisation_id: UUID | None = None
    q: Annotated[Sought | None, part_of("name")] = Field(
        default=None, description="Part of the name."
    )
    unit_id: Annotated[UUID | None, BY_ROUTE] = Field(
        default=None, description="In which this unit holds a seat."
    )


@commands.post("/bodies", status_code=201, summary="成立组织体")
async def found(request: BodyRequest, caller: Caller, uow: Work) -> BodyView:
    caller.require(Action.MANAGE_COBUILDING, request.area)
    return _view(await handlers.found(request.fields(), uow, request.at(uow)))


@commands.patch("/bodies/{body_id}", summary="变更组织体")
async def change(body: Edited, request: BodyChange, caller: Caller, uow: Work) -> BodyView:
    """A change of area needs the right in both, and that no seat is held."""
    changes = request.changes()
    caller.require(Action.MANAGE_COBUILDING, changes.get("area", body.area))
    return _view(await handlers.change(body, changes, uow, request.at(uow)))


@commands.post("/bodies/{body_id}/dissolution", summary="撤销组织体")
async def dissolve(body: Held, request: Timed, uow: Work) -> BodyView:
    """Its seats end, and whoever sat there is erased."""
    return _view(await handlers.dissolve(body, uow, request.at(uow)))


@as_file(queries, "共建组织体")
@queries.get("/bodies", summary="组织体列表")
async def list_bodies(filters: Annotated[BodyFilters, Query()], paging: Paging) -> Page[BodyView]:
    """In order of code."""
    where = [] if filters.unit_id is None else [tables.has_unit(filters.unit_id)]
    page = await paging.rows(BodyRow, filters, order="code", where=where)
    return page.of([_view(row) for row in page.items])


@queries.get("/bodies/{body_id}", summary="单个组织体")
async def get_body(body: Seen, context: Context) -> BodyWhole:
    async with context.database.sessions() as session:
        return _whole(body, await tables.held_in(session, [body.body_id]))


def _view(row: BodyRow) -> BodyView:
    return row.shown(BodyView, pattern=pattern_of(row.layers))


def _whole(row: BodyRow, seats: Sequence[Seat]) -> BodyWhole:
    inward, taken = [seat for seat in seats if seat.inward], seated(seats)
    return row.shown(
        BodyWhole,
        pattern=pattern_of(row.layers),
        seated=[LayerSeated(**layer.model_dump(), taken=taken[layer.code]) for layer in row.layers],
        members=len({seat.holder for seat in inward}),
        seats=len(inward),
        sent=len(seats) - len(inward),
    )


routers = (commands, queries)
