"""Bases and their venues."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlmodel import col

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds import Sharing
from services.bases.api.filters import Filters
from services.bases.domain.places import Base, Venue
from services.bases.handlers import enlarging, retiring
from services.bases.handlers import places as handlers
from services.bases.tables import places
from services.bases.tables.rows import BaseRow, VenueRow
from services.chassis.http import (
    Caller,
    Context,
    IfMatch,
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

commands = command_router(tags=["基地与场馆"])
queries = query_router(tags=["基地与场馆"])

Held = Annotated[BaseRow, held(BaseRow, "基地", Action.MANAGE_BASES)]
Edited = Annotated[BaseRow, held(BaseRow, "基地", Action.MANAGE_BASES, edit=True)]
Seen = Annotated[BaseRow, seen(BaseRow, "基地")]
Managed = Annotated[
    VenueRow, held(VenueRow, "场馆", Action.MANAGE_BASES, area=places.area_of, lock=False)
]
"""The handler locks its slots first."""
SeenVenue = Annotated[VenueRow, seen(VenueRow, "场馆", area=places.area_of)]

Capacity = Annotated[int, Field(strict=True, ge=1, le=100_000, title="容量")]
Buffer = Annotated[int, Field(strict=True, ge=0, le=480, title="整理时间（分钟）")]
Floor = Annotated[int, Field(strict=True, ge=-10, le=200, title="楼层")]
InUse = Annotated[bool | None, Field(description="False: only what was retired.")]
Themes = Annotated[list[Name], Field(max_length=20, title="主题")]


class BaseRequest(Timed):
    code: Code
    name: Name
    kind: Kind
    area: AreaCode


@edits(BaseRequest, "code", "area")
class BaseChange(Timed):
    """Fields left out stay as they are."""


class BaseView(Base):
    kind: Annotated[str, of_family("base")] = Field(title="类型")
    retired_at: datetime | None = Field(title="停用时刻")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class BaseFilters(Filters):
    kind: Sought | None = None
    code: Sought | None = None
    in_use: Annotated[InUse, unset("retired_at")] = None


class VenueRequest(Timed):
    code: Code
    name: Name
    kind: Kind
    capacity: Capacity
    sharing: Sharing = Sharing.EXCLUSIVE
    buffer_minutes: Buffer = 0
    floor: Floor | None = None
    themes: Themes = Field(default_factory=list)


@edits(VenueRequest, "code")
class VenueChange(Timed):
    """Fields left out stay as they are."""


class VenuePlace(BaseModel):
    venue_id: UUID
    base_id: UUID
    area: str = Field(title="区划")


class VenueView(Venue, VenuePlace):
    kind: Annotated[str, of_family("venue")] = Field(title="类型")
    available_from: date | None = Field(title="可用起始日", description="Of a partner's venue.")
    available_to: date | None = Field(title="可用截止日", description="The last day, if any.")
    retired_at: datetime | None = Field(title="停用时刻")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class VenueFilters(Filters):
    base_id: UUID | None = None
    code: Sought | None = None
    in_use: Annotated[InUse, unset("retired_at")] = None


@commands.post("/bases", status_code=201, summary="登记基地")
async def register_base(request: BaseRequest, caller: Caller, uow: Work) -> BaseView:
    caller.require(Action.MANAGE_BASES, request.area)
    base = Base(base_id=new_id(), **request.fields())
    return (await handlers.register_base(base, uow, request.at(uow))).shown(BaseView)


@commands.patch("/bases/{base_id}", summary="变更基地")
async def change_base(base: Edited, request: BaseChange, uow: Work) -> BaseView:
    row = await handlers.change_base(base, request.changes(), uow, request.at(uow))
    return row.shown(BaseView)


@commands.post("/bases/{base_id}/retire", summary="停用基地")
async def retire_base(base: Edited, request: Timed, uow: Work) -> BaseView:
    """For good, with its venues and equipment; refused while bookings lie ahead."""
    return (await retiring.retire_base(base, uow, request.at(uow))).shown(BaseView)


@as_file(queries, "基地")
@queries.get("/bases", summary="基地列表")
async def list_bases(filters: Annotated[BaseFilters, Query()], paging: Paging) -> Page[BaseView]:
    return await paging.shown(BaseRow, BaseView, filters, order="code")


@queries.get("/bases/{base_id}", summary="单个基地")
async def get_base(base: Seen) -> BaseView:
    return base.shown(BaseView)


@commands.post("/bases/{base_id}/venues", status_code=201, summary="登记场馆")
async def register_venue(base: Held, request: VenueRequest, uow: Work) -> VenueView:
    venue = Venue(venue_id=new_id(), base_id=base.base_id, **request.fields())
    return _venue(*await handlers.register_venue(venue, uow, request.at(uow)))


@commands.patch("/venues/{venue_id}", summary="变更场馆")
async def change_venue(
    venue: Managed, request: VenueChange, version: IfMatch, uow: Work
) -> VenueView:
    changes, at = request.changes(), request.at(uow)
    return _venue(*await enlarging.change_venue(venue.venue_id, changes, version, uow, at))


@commands.post("/venues/{venue_id}/retire", summary="停用场馆")
async def retire_venue(venue: Managed, request: Timed, version: IfMatch, uow: Work) -> VenueView:
    """For good, with the equipment fixed there; refused while bookings lie ahead."""
    return _venue(*await retiring.retire_venue(venue.venue_id, version, uow, request.at(uow)))


@as_file(queries, "场馆")
@queries.get("/bases/{base_id}/venues", summary="基地的场馆")
async def list_venues_of_base(
    base: Seen, *, in_use: Annotated[InUse, Query()] = None, paging: Paging
) -> Page[VenueView]:
    filters = VenueFilters(within=base.area, base_id=base.base_id, in_use=in_use)
    return await _venues(paging, filters)


@as_file(queries, "场馆")
@queries.get("/venues", summary="场馆列表")
async def list_venues(filters: Annotated[VenueFilters, Query()], paging: Paging) -> Page[VenueView]:
    return await _venues(paging, filters)


@queries.get("/venues/{venue_id}", summary="单个场馆")
async def get_venue(venue: SeenVenue, context: Context) -> VenueView:
    async with context.database.sessions() as session:
        return _venue(*await places.venue(session, venue.venue_id))


async def _venues(paging: Paging, filters: VenueFilters) -> Page[VenueView]:
    of_base = col(BaseRow.base_id) == col(VenueRow.base_id)
    page = await paging.rows(VenueRow, filters, order="code", area=BaseRow.area, where=[of_base])
    async with paging.context.database.sessions() as session:
        bases = await places.bases_of(session, page.items)
    return page.of([_venue(row, bases[row.base_id]) for row in page.items])


def _venue(row: VenueRow, base: BaseRow) -> VenueView:
    return VenueView(**row.model_dump(), area=base.area)


routers = (commands, queries)
