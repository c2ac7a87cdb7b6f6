"""Venues that partners offer: proposals, and what becomes of them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds import BaseKind, Sharing
from contracts.kinds.partners import ProposalStatus
from services.bases.api.places import Buffer, Capacity, Floor, Themes
from services.bases.api.written import BaseId, VenueId
from services.bases.domain.partners import AcceptVenue
from services.bases.handlers import partners as handlers
from services.bases.tables import opening, places
from services.bases.tables import partners as tables
from services.bases.tables.partners import PartnerVenueRow
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
from services.chassis.http.fields import Code, Kind, Name
from services.chassis.http.lists import as_file
from services.chassis.http.pages import uuid_of
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.http.words import of_family

commands = command_router(tags=["合作场馆"])
queries = APIRouter(prefix="/v1", tags=["合作场馆"], responses=dict(RESPONSES))


class AcceptRequest(Timed):
    """As a venue of a known base (`base_id`), or as a base of its own (`base_code`).

    What is left out is as the partner says it.
    """

    base_id: UUID | None = Field(default=None, title="基地编号")
    base_code: Code | None = Field(default=None, title="新基地代码")
    base_kind: Kind = Field(default=BaseKind.PARTNER, title="新基地类型")
    base_name: Name | None = Field(default=None, title="新基地名称")
    code: Code
    name: Name | None = None
    kind: Kind | None = None
    capacity: Capacity | None = None
    sharing: Sharing = Field(default=Sharing.EXCLUSIVE, title="使用方式")
    buffer_minutes: Buffer = 0
    floor: Floor | None = None
    themes: Themes = Field(default_factory=list)


class DeclineRequest(Timed):
    reason_kind: Kind = Field(title="未纳入原因")


class PartnerVenueView(BaseModel):
    proposal_id: UUID
    offer_id: UUID
    agreement_id: UUID
    unit_id: UUID
    area: str = Field(title="区划")
    name: str = Field(title="场馆名称")
    venue_kind: Annotated[str, of_family("venue")] = Field(title="场馆类型")
    capacity: int = Field(title="容量")
    available_from: date = Field(title="可用起始日")
    available_to: date | None = Field(title="可用截止日")
    status: ProposalStatus = Field(title="状态")
    base_id: BaseId | None = Field(title="基地")
    venue_id: VenueId | None = Field(title="场馆")
    own_base: bool | None = Field(title="单独作为基地")
    reason_kind: Annotated[str, of_family("partner-decline-reason")] | None = Field(
        title="未纳入原因"
    )
    withdrawn_from: date | None = Field(title="撤回起始日")
    decided_at: datetime | None = Field(title="处理时刻")
    version: int
    recorded_at: datetime = Field(title="提出时刻")


class AheadView(BaseModel):
    booking_id: UUID
    organisation_id: UUID
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    headcount: int = Field(title="预约人数")
    status: str = Field(title="状态")


@commands.post("/partner-venues/{proposal_id}/accept", summary="纳入合作场馆")
async def accept_venue(
    proposal_id: UUID,
    request: AcceptRequest,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> PartnerVenueView:
    current = await tables.proposal(uow.session, proposal_id)
    caller.require(Action.MANAGE_BASES, current.area)
    if request.base_id is not None:
        base = await places.base(uow.session, request.base_id)
        caller.require(Action.MANAGE_BASES, base.area)
    command = AcceptVenue(**request.model_dump(exclude={"occurred_at"}))
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.accept(proposal_id, command, version, uow, at), response)


@commands.post("/partner-venues/{proposal_id}/decline", summary="不纳入合作场馆")
async def decline_venue(
    proposal_id: UUID,
    request: DeclineRequest,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> PartnerVenueView:
    current = await tables.proposal(uow.session, proposal_id)
    caller.require(Action.MANAGE_BASES, current.area)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.decline(proposal_id, request.reason_kind, version, uow, at)
    return _shown(row, response)


@as_file(queries, "合作场馆")
@queries.get("/partner-venues", summary="合作场馆列表")
async def list_partner_venues(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    status: ProposalStatus | None = None,
    base_id: UUID | None = None,
    agreement_id: UUID | None = None,
    unit_id: UUID | None = None,
    limit: Limit = 50,
) -> Page[PartnerVenueView]:
    """In the order in which they were proposed."""
    async with context.database.sessions() as session:
        rows = await tables.proposals(
            session,
            within=areas_to_list(caller, within),
            status=status,
            base_id=base_id,
            agreement_id=agreement_id,
            unit_id=unit_id,
            after=uuid_of(cursor[0]) if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, _view, lambda row: (row.proposal_id,))


@queries.get("/partner-venues/{proposal_id}", summary="单个合作场馆")
async def get_partner_venue(
    proposal_id: UUID, context: Context, caller: Caller, response: Response
) -> PartnerVenueView:
    async with context.database.sessions() as session:
        row = await tables.proposal(session, proposal_id)
    caller.require(Action.READ, row.area)
    return _shown(row, response)


@as_file(queries, "撤回场馆的预约")
@queries.get("/partner-venues/{proposal_id}/bookings", summary="撤回后的预约")
async def list_bookings_after_withdrawal(
    proposal_id: UUID, context: Context, caller: Caller
) -> list[AheadView]:
    """Bookings of a venue on or after the day from which its partner has it back: to be settled
    with those who made them. None before it is withdrawn.
    """
    async with context.database.sessions() as session:
        row = await tables.proposal(session, proposal_id)
    caller.require(Action.READ, row.area)
    if row.venue_id is None or row.withdrawn_from is None:
        return []
    async with context.database.pool.acquire() as connection:
        found = await opening.from_day(connection, row.venue_id, row.withdrawn_from)
    names = AheadView.model_fields
    return [AheadView(**{name: each[name] for name in names}) for each in found]


def _view(row: PartnerVenueRow) -> PartnerVenueView:
    return PartnerVenueView.model_validate(row.model_dump())


def _shown(row: PartnerVenueRow, response: Response) -> PartnerVenueView:
    set_etag(response, row.version)
    return _view(row)


routers = (commands, queries)
