"""Venues that partners offer: proposals, and what becomes of them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.kinds import BaseKind, Sharing
from contracts.kinds.partners import ProposalStatus
from services.bases.api.filters import Filters
from services.bases.api.places import Buffer, Capacity, Floor, Themes
from services.bases.api.written import BaseId, VenueId
from services.bases.domain.partners import AcceptVenue, Proposal
from services.bases.handlers import partners as handlers
from services.bases.tables import opening, places
from services.bases.tables.partners import PartnerVenueRow
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.fields import Code, Kind, Name
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Paging
from services.chassis.http.lists import as_file
from services.chassis.http.words import of_family
from services.chassis.working_days import ONE_DAY

commands = command_router(tags=["合作场馆"])
queries = query_router(tags=["合作场馆"])

Held = Annotated[
    PartnerVenueRow, held(PartnerVenueRow, "场馆纳入事项", Action.MANAGE_BASES, edit=True)
]
Seen = Annotated[PartnerVenueRow, seen(PartnerVenueRow, "场馆纳入事项")]


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


class PartnerVenueView(Proposal):
    venue_kind: Annotated[str, of_family("venue")] = Field(title="场馆类型")
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


class PartnerVenueFilters(Filters):
    status: ProposalStatus | None = None
    base_id: UUID | None = None
    agreement_id: UUID | None = None
    unit_id: UUID | None = None


@commands.post("/partner-venues/{proposal_id}/accept", summary="纳入合作场馆")
async def accept_venue(
    proposal: Held, request: AcceptRequest, caller: Caller, uow: Work
) -> PartnerVenueView:
    if request.base_id is not None:
        base = await places.base(uow.session, request.base_id)
        caller.require(Action.MANAGE_BASES, base.area)
    command = AcceptVenue(**request.fields())
    return (await handlers.accept(proposal, command, uow, request.at(uow))).shown(PartnerVenueView)


@commands.post("/partner-venues/{proposal_id}/decline", summary="不纳入合作场馆")
async def decline_venue(proposal: Held, request: DeclineRequest, uow: Work) -> PartnerVenueView:
    row = await handlers.decline(proposal, request.reason_kind, uow, request.at(uow))
    return row.shown(PartnerVenueView)


@as_file(queries, "合作场馆")
@queries.get("/partner-venues", summary="合作场馆列表")
async def list_partner_venues(
    filters: Annotated[PartnerVenueFilters, Query()], paging: Paging
) -> Page[PartnerVenueView]:
    """In the order in which they were proposed."""
    return await paging.shown(PartnerVenueRow, PartnerVenueView, filters)


@queries.get("/partner-venues/{proposal_id}", summary="单个合作场馆")
async def get_partner_venue(proposal: Seen) -> PartnerVenueView:
    return proposal.shown(PartnerVenueView)


@as_file(queries, "撤回场馆的预约")
@queries.get("/partner-venues/{proposal_id}/bookings", summary="撤回后的预约")
async def list_bookings_after_withdrawal(row: Seen, context: Context) -> list[AheadView]:
    """Bookings of a venue on or after the day from which its partner has it back, as it was
    withdrawn or is offered for fewer days now: to be settled with those who made them.
    """
    since = row.withdrawn_from or (row.available_to and row.available_to + ONE_DAY)
    if row.venue_id is None or since is None:
        return []
    async with context.database.pool.acquire() as connection:
        found = await opening.from_day(connection, row.venue_id, since)
    names = AheadView.model_fields
    return [AheadView(**{name: each[name] for name in names}) for each in found]


routers = (commands, queries)
