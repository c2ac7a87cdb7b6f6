"""Bases and their venues."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds import Sharing
from services.bases.domain.places import RegisterBase, RegisterVenue
from services.bases.handlers import enlarging, retiring
from services.bases.handlers import places as handlers
from services.bases.tables import places
from services.bases.tables.rows import BaseRow, VenueRow
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

commands = command_router(tags=["基地与场馆"])
queries = APIRouter(prefix="/v1", tags=["基地与场馆"], responses=dict(RESPONSES))

Capacity = Annotated[int, Field(strict=True, ge=1, le=100_000, title="容量")]
Buffer = Annotated[int, Field(strict=True, ge=0, le=480, title="整理时间（分钟）")]
Floor = Annotated[int, Field(strict=True, ge=-10, le=200, title="楼层")]
InUse = Annotated[bool | None, Query(description="False: only what was retired.")]
Themes = Annotated[list[Name], Field(max_length=20, title="主题")]


class BaseRequest(Timed):
    code: Code
    name: Name
    kind: Kind
    area: AreaCode


class BaseChange(Timed):
    """Fields left out stay as they are."""

    name: Name | None = None
    kind: Kind | None = None


class BaseView(BaseModel):
    base_id: UUID
    code: str = Field(title="基地代码")
    name: str = Field(title="名称")
    kind: Annotated[str, of_family("base")] = Field(title="类型")
    area: str = Field(title="区划")
    retired_at: datetime | None = Field(title="停用时刻")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class VenueRequest(Timed):
    code: Code
    name: Name
    kind: Kind
    capacity: Capacity
    sharing: Sharing = Sharing.EXCLUSIVE
    buffer_minutes: Buffer = 0
    floor: Floor | None = None
    themes: Themes = Field(default_factory=list)


class VenueChange(Timed):
    """Fields left out stay as they are."""

    name: Name | None = None
    kind: Kind | None = None
    capacity: Capacity | None = None
    sharing: Sharing | None = None
    buffer_minutes: Buffer | None = None
    floor: Floor | None = None
    themes: Themes | None = None


class VenueView(BaseModel):
    venue_id: UUID
    base_id: UUID
    area: str = Field(title="区划")
    code: str = Field(title="场馆代码")
    name: str = Field(title="名称")
    kind: Annotated[str, of_family("venue")] = Field(title="类型")
    capacity: int = Field(title="容量")
    sharing: Sharing = Field(title="使用方式")
    buffer_minutes: int = Field(title="整理时间（分钟）")
    floor: int | None = Field(title="楼层")
    themes: list[str] = Field(title="主题")
    available_from: date | None = Field(title="可用起始日", description="Of a partner's venue.")
    available_to: date | None = Field(title="可用截止日", description="The last day, if any.")
    retired_at: datetime | None = Field(title="停用时刻")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


@commands.post("/bases", status_code=201, summary="登记基地")
async def register_base(
    request: BaseRequest, caller: Caller, uow: Work, response: Response
) -> BaseView:
    caller.require(Action.MANAGE_BASES, request.area)
    command = RegisterBase(base_id=new_id(), **request.model_dump(exclude={"occurred_at"}))
    at = occurred(request.occurred_at, uow.now)
    return _base_shown(await handlers.register_base(command, uow, at), response)


@commands.patch("/bases/{base_id}", summary="变更基地")
async def change_base(
    base_id: UUID,
    request: BaseChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> BaseView:
    current = await places.base(uow.session, base_id)
    caller.require(Action.MANAGE_BASES, current.area)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.change_base(base_id, request.name, request.kind, version, uow, at)
    return _base_shown(row, response)


@commands.post("/bases/{base_id}/retire", summary="停用基地")
async def retire_base(
    base_id: UUID, request: Timed, caller: Caller, version: IfMatch, uow: Work, response: Response
) -> BaseView:
    """For good, with its venues and equipment; refused while bookings lie ahead."""
    current = await places.base(uow.session, base_id)
    caller.require(Action.MANAGE_BASES, current.area)
    at = occurred(request.occurred_at, uow.now)
    return _base_shown(await retiring.retire_base(base_id, version, uow, at), response)


@as_file(queries, "基地")
@queries.get("/bases", summary="基地列表")
async def list_bases(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    kind: Sought | None = None,
    code: Sought | None = None,
    in_use: InUse = None,
    limit: Limit = 50,
) -> Page[BaseView]:
    async with context.database.sessions() as session:
        rows = await places.bases(
            session,
            within=areas_to_list(caller, within),
            kind=kind,
            code=code,
            in_use=in_use,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, _base, lambda row: (row.code,))


@queries.get("/bases/{base_id}", summary="单个基地")
async def get_base(base_id: UUID, context: Context, caller: Caller, response: Response) -> BaseView:
    async with context.database.sessions() as session:
        row = await places.base(session, base_id)
    caller.require(Action.READ, row.area)
    return _base_shown(row, response)


@commands.post("/bases/{base_id}/venues", status_code=201, summary="登记场馆")
async def register_venue(
    base_id: UUID, request: VenueRequest, caller: Caller, uow: Work, response: Response
) -> VenueView:
    base = await places.base(uow.session, base_id)
    caller.require(Action.MANAGE_BASES, base.area)
    command = RegisterVenue(
        venue_id=new_id(), base_id=base_id, **request.model_dump(exclude={"occurred_at"})
    )
    at = occurred(request.occurred_at, uow.now)
    return _venue_shown(await handlers.register_venue(command, uow, at), response)


@commands.patch("/venues/{venue_id}", summary="变更场馆")
async def change_venue(
    venue_id: UUID,
    request: VenueChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> VenueView:
    _, base = await places.venue(uow.session, venue_id)
    caller.require(Action.MANAGE_BASES, base.area)
    changes = request.model_dump(exclude={"occurred_at"}, exclude_none=True)
    at = occurred(request.occurred_at, uow.now)
    return _venue_shown(await enlarging.change_venue(venue_id, changes, version, uow, at), response)


@commands.post("/venues/{venue_id}/retire", summary="停用场馆")
async def retire_venue(
    venue_id: UUID, request: Timed, caller: Caller, version: IfMatch, uow: Work, response: Response
) -> VenueView:
    """For good, with the equipment fixed there; refused while bookings lie ahead."""
    _, base = await places.venue(uow.session, venue_id)
    caller.require(Action.MANAGE_BASES, base.area)
    at = occurred(request.occurred_at, uow.now)
    return _venue_shown(await retiring.retire_venue(venue_id, version, uow, at), response)


@as_file(queries, "场馆")
@queries.get("/bases/{base_id}/venues", summary="基地的场馆")
async def list_venues_of_base(
    base_id: UUID,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    in_use: InUse = None,
    limit: Limit = 50,
) -> Page[VenueView]:
    async with context.database.sessions() as session:
        base = await places.base(session, base_id)
        caller.require(Action.READ, base.area)
        rows = await places.venues(
            session,
            within=(base.area,),
            base_id=base_id,
            code=None,
            in_use=in_use,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, _venue, lambda row: (row[0].code,))


@as_file(queries, "场馆")
@queries.get("/venues", summary="场馆列表")
async def list_venues(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    base_id: UUID | None = None,
    code: Sought | None = None,
    in_use: InUse = None,
    limit: Limit = 50,
) -> Page[VenueView]:
    async with context.database.sessions() as session:
        rows = await places.venues(
            session,
            within=areas_to_list(caller, within),
            base_id=base_id,
            code=code,
            in_use=in_use,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, _venue, lambda row: (row[0].code,))


@queries.get("/venues/{venue_id}", summary="单个场馆")
async def get_venue(
    venue_id: UUID, context: Context, caller: Caller, response: Response
) -> VenueView:
    async with context.database.sessions() as session:
        row = await places.venue(session, venue_id)
    caller.require(Action.READ, row[1].area)
    return _venue_shown(row, response)


def _base(row: BaseRow) -> BaseView:
    return BaseView.model_validate(row.model_dump())


def _base_shown(row: BaseRow, response: Response) -> BaseView:
    set_etag(response, row.version)
    return _base(row)


def _venue(row: tuple[VenueRow, BaseRow]) -> VenueView:
    venue, base = row
    return VenueView.model_validate(venue.model_dump() | {"area": base.area})


def _venue_shown(row: tuple[VenueRow, BaseRow], response: Response) -> VenueView:
    set_etag(response, row[0].version)
    return _venue(row)


routers = (commands, queries)
