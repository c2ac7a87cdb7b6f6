"""Notices for gateways to deliver: the wording in Chinese, made here and nowhere else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.kinds.notices import DeliveryChannel, NoticeKind
from services.bases.api.filters import Filters
from services.bases.api.written import BaseId, OrganisationId, VenueId
from services.bases.domain.notices import Said, rendered
from services.bases.handlers import notices as handlers
from services.bases.tables import notices
from services.bases.tables.notices import NoticeRow
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.fields import Instant
from services.chassis.http.held import held
from services.chassis.http.listing import By, listed
from services.chassis.http.lists import as_file

commands = command_router(tags=["通知"])
queries = query_router(tags=["通知"])

Held = Annotated[NoticeRow, held(NoticeRow, "通知", Action.HANDLE_BOOKINGS)]
DELIVERED = By(lambda columns, wanted: columns["delivered_at"].is_not(None) == wanted)
DUE_SINCE = By(lambda columns, at: columns["due_at"] >= at)


class Delivery(Timed):
    channel: DeliveryChannel = Field(title="送达方式")


class NoticeView(BaseModel):
    notice_id: UUID
    kind: NoticeKind = Field(title="通知类别")
    organisation_id: OrganisationId = Field(title="通知对象")
    text: str = Field(title="通知内容", description="About no person.")
    base_id: BaseId = Field(title="基地")
    area: str = Field(title="区划")
    venue_id: VenueId | None = Field(title="场馆")
    booking_id: UUID | None
    entry_id: UUID | None
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    until: datetime | None = Field(title="期限")
    due_at: datetime = Field(title="应送达时刻")
    delivered_at: datetime | None = Field(title="送达时刻")
    channel: DeliveryChannel | None = Field(title="送达方式")
    version: int


class NoticeFilters(Filters):
    base_id: UUID | None = None
    organisation_id: UUID | None = None
    booking_id: UUID | None = None
    kind: NoticeKind | None = None
    delivered: Annotated[bool | None, DELIVERED] = Field(
        default=None, description="False: still to be delivered."
    )
    since: Annotated[Instant | None, DUE_SINCE] = Field(
        default=None, description="Due from then on."
    )


@commands.post("/notices/{notice_id}/delivered", summary="登记通知已送达")
async def deliver(notice: Held, request: Delivery, uow: Work) -> NoticeView:
    """Whoever says so first is right; said again, nothing changes."""
    row = await handlers.deliver(notice, request.channel, uow, request.at(uow))
    return (await _views(uow.session, [row]))[0]


@as_file(queries, "通知")
@queries.get("/notices", summary="通知列表")
async def list_notices(
    filters: Annotated[NoticeFilters, Query()],
    context: Context,
    caller: Caller,
    cursor: Cursor,
    limit: Limit = 50,
) -> Page[NoticeView]:
    """In the order in which they are due."""
    order = ("due_at", "notice_id")
    page = await listed(context, caller, NoticeRow, filters, cursor, limit, order=order)
    async with context.database.sessions() as session:
        return page.of(await _views(session, page.items))


async def _views(session: AsyncSession, rows: Sequence[NoticeRow]) -> list[NoticeView]:
    named = await notices.names(session, [row.notice_id for row in rows])
    return [_view(row, *named[row.notice_id]) for row in rows]


def _view(row: NoticeRow, base: str, venue: str | None, organisation: str | None) -> NoticeView:
    said = Said(
        organisation=organisation or "来访单位",
        base=base,
        venue=venue,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        headcount=row.headcount,
        until=row.until,
    )
    return NoticeView(**row.model_dump(), text=rendered(row.kind, said))


routers = (commands, queries)
