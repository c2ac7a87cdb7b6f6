"""The waiting list over HTTP: joined, answered, left, looked at."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, model_validator

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds import Channel, VisitorLevel
from contracts.kinds.waitlist import EntryStatus
from services.bases.api.bookings.permits import booker, handles
from services.bases.api.bookings.views import BookingView, view
from services.bases.api.fields import Headcount
from services.bases.api.written import BaseId, OrganisationId, VenueId
from services.bases.domain.waitlist.entries import Join
from services.bases.handlers.bookings.asking import Permit
from services.bases.handlers.waitlist import answers, joining
from services.bases.tables.bookings import visitors_of
from services.bases.tables.slots import By
from services.bases.tables.waitlist import entries
from services.bases.tables.waitlist.entries import LIVE, Placed, Sought
from services.bases.tables.waitlist.rows import EntryRow
from services.chassis.auth import Principal
from services.chassis.clock import occurred
from services.chassis.errors import Invalid
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    page_of,
    set_etag,
)
from services.chassis.http.fields import Instant
from services.chassis.http.lists import as_file
from services.chassis.http.pages import key_of
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.http.words import of_family
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork

commands = command_router(tags=["候补"])
queries = APIRouter(prefix="/v1", tags=["候补"], responses=dict(RESPONSES))


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
        said = self.model_dump(exclude={"occurred_at"})
        window = {
            "earliest_at": self.earliest_at or self.starts_at,
            "latest_at": self.latest_at or self.ends_at,
        }
        return Join(**said | window, entry_id=new_id())


class EntryView(BaseModel):
    entry_id: UUID
    position: int | None = Field(
        default=None, title="次序", description="Among those who want the same at some same time."
    )
    status: EntryStatus = Field(title="状态")
    base_id: BaseId = Field(title="基地")
    area: str = Field(title="区划")
    venue_id: VenueId | None = Field(title="场馆")
    menu_item_id: UUID | None
    menu_item_kind: Annotated[str | None, of_family("menu-item")] = Field(title="菜单项目类别")
    organisation_id: OrganisationId = Field(title="候补党组织")
    starts_at: datetime = Field(title="希望开始时刻")
    ends_at: datetime = Field(title="希望结束时刻")
    earliest_at: datetime = Field(title="最早开始时刻")
    latest_at: datetime = Field(title="最晚结束时刻")
    headcount: int = Field(title="候补人数")
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")
    on_behalf: bool = Field(title="代为候补")
    booking_id: UUID | None = Field(description="Holds the slot of the offer, or of what came.")
    expires_at: datetime | None = Field(default=None, title="答复期限")
    joined_at: datetime = Field(title="加入时刻")
    version: int


class AcceptedView(BaseModel):
    """What became of an offer: the booking awaits approval as any request does."""

    entry: EntryView
    booking: BookingView


@commands.post("/waitlist", status_code=201, summary="加入候补")
async def join(request: JoinRequest, caller: Caller, uow: Work, response: Response) -> EntryView:
    """Only for what cannot be booked now: else 409 `still-free` says what to book."""
    if request.ends_at <= request.starts_at:
        raise Invalid(
            "`ends_at` must be after `starts_at`.", zh="结束时刻应晚于开始时刻。", field="ends_at"
        )
    permit = booker(caller, on_behalf=request.on_behalf, channel=request.channel)
    at = occurred(request.occurred_at, uow.now)
    row = await joining.join(request.join(), uow, at, permit=permit, by=By(caller.subject))
    return await _shown(row.entry_id, uow, response)


@commands.post("/waitlist/{entry_id}/accept", summary="接受候补名额")
async def accept(
    entry_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> AcceptedView:
    """The slot becomes a request, judged as any other; refused, the offer stays."""
    permit = await _own(entry_id, caller, uow)
    at = occurred(request.occurred_at, uow.now)
    _, booking = await answers.accept(entry_id, uow, at, permit=permit, by=By(caller.subject))
    entry = await _shown(entry_id, uow, response)
    return AcceptedView(entry=entry, booking=view(booking))


@commands.post("/waitlist/{entry_id}/decline", summary="放弃候补名额")
async def decline(
    entry_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> EntryView:
    """The slot goes to the next; whoever wants to wait on joins again."""
    await _own(entry_id, caller, uow)
    await answers.decline(entry_id, uow, occurred(request.occurred_at, uow.now))
    return await _shown(entry_id, uow, response)


@commands.post("/waitlist/{entry_id}/leave", summary="退出候补")
async def leave(
    entry_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> EntryView:
    await _own(entry_id, caller, uow)
    await answers.leave(entry_id, uow, occurred(request.occurred_at, uow.now))
    return await _shown(entry_id, uow, response)


@as_file(queries, "候补")
@queries.get("/waitlist", summary="候补列表")
async def list_entries(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    base_id: UUID | None = None,
    venue_id: UUID | None = None,
    organisation_id: UUID | None = None,
    status: Annotated[
        list[EntryStatus] | None, Query(description="Else those who still wait.")
    ] = None,
    limit: Limit = 50,
) -> Page[EntryView]:
    """In order of joining, each with its position."""
    async with context.database.sessions() as session:
        sought = Sought(
            within=areas_to_list(caller, within),
            base_id=base_id,
            venue_id=venue_id,
            organisation_id=organisation_id,
            statuses=status or LIVE,
        )
        (after,) = key_of(cursor, int) or (None,)
        rows = await entries.entries(session, sought, after=after, limit=limit + 1)
    return page_of(rows, limit, _view, lambda row: (row[0].no,))


@queries.get("/waitlist/{entry_id}", summary="单个候补")
async def get_entry(
    entry_id: UUID, context: Context, caller: Caller, response: Response
) -> EntryView:
    async with context.database.sessions() as session:
        row = await entries.entry(session, entry_id)
        if not any(row.area.startswith(granted) for granted in caller.areas(Action.READ)):
            visitors = await visitors_of(session, row.organisation_id)
            caller.require(Action.READ, visitors.area if visitors else row.area)
        found = await entries.entries(
            session, Sought(within=None, entry_id=entry_id), after=None, limit=1
        )
    set_etag(response, row.version)
    return _view(found[0])


def _view(placed: Placed) -> EntryView:
    row, position, expires_at = placed
    offered = row.status == EntryStatus.OFFERED
    about = {"position": position, "expires_at": expires_at if offered else None}
    return EntryView.model_validate(row.model_dump() | about)


async def _shown(entry_id: UUID, uow: UnitOfWork, response: Response) -> EntryView:
    sought = Sought(within=None, entry_id=entry_id)
    (placed,) = await entries.entries(uow.session, sought, after=None, limit=1)
    set_etag(response, placed[0].version)
    return _view(placed)


async def _own(entry_id: UUID, caller: Principal, uow: UnitOfWork) -> Permit:
    """Staff of the base answer for anybody, an organisation's staff for their own."""
    row: EntryRow = await entries.entry(uow.session, entry_id)
    staff = handles(caller, row.area)
    permit = booker(caller, on_behalf=staff)
    visitors = await visitors_of(uow.session, row.organisation_id)
    permit(row.area, visitors.area if visitors else row.area)
    return permit


routers = (commands, queries)
