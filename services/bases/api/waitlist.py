"""The waiting list over HTTP: joined, answered, left, looked at."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field, model_validator
from sqlmodel import col

from contracts.access import Action
from contracts.kinds import Channel, VisitorLevel
from contracts.kinds.waitlist import EntryStatus
from services.bases.api.bookings.permits import booker, handles
from services.bases.api.bookings.views import BookingView, view
from services.bases.api.fields import Headcount
from services.bases.api.filters import Filters
from services.bases.api.written import BaseId, OrganisationId, VenueId
from services.bases.domain.waitlist.entries import Join
from services.bases.handlers.bookings.asking import Permit
from services.bases.handlers.waitlist import answers, joining
from services.bases.tables.bookings import visitors_of
from services.bases.tables.slots import By
from services.bases.tables.waitlist import entries
from services.bases.tables.waitlist.entries import LIVE, Placed
from services.bases.tables.waitlist.rows import EntryRow
from services.chassis.auth import Principal
from services.chassis.errors import Invalid
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    page_of,
    query_router,
    set_etag,
)
from services.chassis.http.fields import Instant
from services.chassis.http.listing import BY_ROUTE, Paging, conditions
from services.chassis.http.lists import as_file
from services.chassis.http.pages import key_of
from services.chassis.http.scopes import areas_to_list
from services.chassis.http.views import before
from services.chassis.http.words import of_family
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork

commands = command_router(tags=["候补"])
queries = query_router(tags=["候补"])


class JoinRequest(Timed):
    """Names a venue, or a base and an item of its menu: then any venue that suits will do."""

    venue_id: UUID | None = Field(default=None, title="场馆编号")
    base_id: UUID | None = Field(default=None, title="基地编号")
    menu_item_id: UUID | None = Field(default=None, title="菜单项目")
    organisation_id: UUID = Field(title="候补党组织", description="Of the tree, or a guest.")
    starts_at: Instant = Field(title="希望开始时刻")
    ends_at: Instant = Field(title="希望结束时刻", description="Exclusive.")
    earliest_at: Instant | None = Field(
        default=None, title="最早开始时刻", description="Else `starts_at`: the wish does not move."
    )
    latest_at: Instant | None = Field(
        default=None, title="最晚结束时刻", description="Else `ends_at`. On one day with the other."
    )
    headcount: Headcount
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")
    on_behalf: bool = Field(
        default=True,
        title="代为候补",
        description="True: staff of the base enter it. False: an organisation for itself.",
    )

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if (self.venue_id is None) == (self.base_id is None or self.menu_item_id is None):
            raise ValueError(
                "请填场馆，或基地与菜单项目 (a venue, or a base with an item of its menu)"
            )
        return self

    def join(self) -> Join:
        window = {
            "earliest_at": self.earliest_at or self.starts_at,
            "latest_at": self.latest_at or self.ends_at,
        }
        return Join(**self.fields() | window, entry_id=new_id())


@before(status="base_id", position="status", area="venue_id", expires_at="joined_at")
class EntryView(Join):
    position: int | None = Field(
        default=None, title="次序", description="Among those who want the same at some same time."
    )
    status: EntryStatus = Field(title="状态")
    base_id: BaseId = Field(title="基地")
    area: str = Field(title="区划")
    venue_id: VenueId | None = Field(title="场馆")
    menu_item_kind: Annotated[str | None, of_family("menu-item")] = Field(title="菜单项目类别")
    organisation_id: OrganisationId = Field(title="候补党组织")
    booking_id: UUID | None = Field(description="Holds the slot of the offer, or of what came.")
    expires_at: datetime | None = Field(default=None, title="答复期限")
    joined_at: datetime = Field(title="加入时刻")
    version: int

    @classmethod
    def of(cls, placed: Placed) -> Self:
        row, position, expires_at = placed
        offered = row.status is EntryStatus.OFFERED
        expires_at = expires_at if offered else None
        return cls(**row.model_dump(), position=position, expires_at=expires_at)


class EntryFilters(Filters):
    base_id: UUID | None = None
    venue_id: UUID | None = None
    organisation_id: UUID | None = None
    status: Annotated[list[EntryStatus] | None, BY_ROUTE] = Field(
        default=None, description="Else those who still wait."
    )


class AcceptedView(BaseModel):
    """What became of an offer: the booking awaits approval as any request does."""

    entry: EntryView
    booking: BookingView


@commands.post("/waitlist", status_code=201, summary="加入候补")
async def join(request: JoinRequest, caller: Caller, uow: Work) -> EntryView:
    """Only for what cannot be booked now: else 409 `still-free` says what to book."""
    if request.ends_at <= request.starts_at:
        raise Invalid(
            "`ends_at` must be after `starts_at`.", zh="结束时刻应晚于开始时刻。", field="ends_at"
        )
    permit = booker(caller, on_behalf=request.on_behalf, channel=request.channel)
    by, at = By(caller.subject), request.at(uow)
    return await _shown(await joining.join(request.join(), uow, at, permit=permit, by=by), uow)


@commands.post("/waitlist/{entry_id}/accept", summary="接受候补名额")
async def accept(
    entry_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> AcceptedView:
    """The slot becomes a request, judged as any other; refused, the offer stays."""
    permit = await _own(entry_id, caller, uow)
    by, at = By(caller.subject), request.at(uow)
    row, booking = await answers.accept(entry_id, uow, at, permit=permit, by=by)
    set_etag(response, row.version)
    return AcceptedView(entry=await _shown(row, uow), booking=view(booking))


@commands.post("/waitlist/{entry_id}/decline", summary="放弃候补名额")
async def decline(entry_id: UUID, request: Timed, caller: Caller, uow: Work) -> EntryView:
    """The slot goes to the next; whoever wants to wait on joins again."""
    await _own(entry_id, caller, uow)
    return await _shown(await answers.decline(entry_id, uow, request.at(uow)), uow)


@commands.post("/waitlist/{entry_id}/leave", summary="退出候补")
async def leave(entry_id: UUID, request: Timed, caller: Caller, uow: Work) -> EntryView:
    await _own(entry_id, caller, uow)
    return await _shown(await answers.leave(entry_id, uow, request.at(uow)), uow)


@as_file(queries, "候补")
@queries.get("/waitlist", summary="候补列表")
async def list_entries(
    filters: Annotated[EntryFilters, Query()], paging: Paging
) -> Page[EntryView]:
    """In order of joining, each with its position."""
    where = conditions(EntryRow, filters, areas_to_list(paging.caller, filters.within))
    waits = col(EntryRow.status).in_(filters.status or LIVE)
    (after,) = key_of(paging.cursor, int) or (None,)
    async with paging.context.database.sessions() as session:
        rows = await entries.entries(session, *where, waits, after=after, limit=paging.limit + 1)
    return page_of(rows, paging.limit, EntryView.of, lambda row: (row[0].no,))


@queries.get("/waitlist/{entry_id}", summary="单个候补")
async def get_entry(entry_id: UUID, context: Context, caller: Caller) -> EntryView:
    async with context.database.sessions() as session:
        row = await entries.entry(session, entry_id)
        if not any(row.area.startswith(granted) for granted in caller.areas(Action.READ)):
            visitors = await visitors_of(session, row.organisation_id)
            caller.require(Action.READ, visitors.area if visitors else row.area)
        return EntryView.of(await entries.placed(session, entry_id))


async def _shown(row: EntryRow, uow: UnitOfWork) -> EntryView:
    return EntryView.of(await entries.placed(uow.session, row.entry_id))


async def _own(entry_id: UUID, caller: Principal, uow: UnitOfWork) -> Permit:
    """Staff of the base answer for anybody, an organisation's staff for their own."""
    row = await entries.entry(uow.session, entry_id)
    staff = handles(caller, row.area)
    permit = booker(caller, on_behalf=staff)
    visitors = await visitors_of(uow.session, row.organisation_id)
    permit(row.area, visitors.area if visitors else row.area)
    return permit


routers = (commands, queries)
