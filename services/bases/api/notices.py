"""Notices for gateways to deliver: the wording in Chinese, made here and nowhere else."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.kinds.notices import DeliveryChannel, NoticeKind
from services.bases.api.filters import Filters
from services.bases.api.written import BaseId, OrganisationId, VenueId
from services.bases.domain.notices import Message, Notice, rendered
from services.bases.handlers import notices as handlers
from services.bases.tables import notices
from services.bases.tables.notices import NoticeRow
from services.chassis.http import (
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.fields import Instant
from services.chassis.http.held import held
from services.chassis.http.listing import By, Paging
from services.chassis.http.lists import as_file
from services.chassis.http.views import before

commands = command_router(tags=["通知"])
queries = query_router(tags=["通知"])

Held = Annotated[NoticeRow, held(NoticeRow, "通知", Action.HANDLE_BOOKINGS)]
DELIVERED = By(lambda columns, wanted: columns["delivered_at"].is_not(None) == wanted)
DUE_SINCE = By(lambda columns, at: columns["due_at"] >= at)


class Delivery(Timed):
    channel: DeliveryChannel = Field(title="送达方式")


@before(text="base_id")
class NoticeView(Notice):
    organisation_id: OrganisationId = Field(title="通知对象")
    text: str = Field(title="通知内容", description="About no person.")
    base_id: BaseId = Field(title="基地")
    venue_id: VenueId | None = Field(title="场馆")
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
    filters: Annotated[NoticeFilters, Query()], paging: Paging
) -> Page[NoticeView]:
    """In the order in which they are due."""
    order = ("due_at", "notice_id")
    page = await paging.rows(NoticeRow, filters, order=order)
    async with paging.context.database.sessions() as session:
        return page.of(await _views(session, page.items))


async def _views(session: AsyncSession, rows: Sequence[NoticeRow]) -> list[NoticeView]:
    named = await notices.names(session, [row.notice_id for row in rows])
    return [_view(row, *named[row.notice_id]) for row in rows]


def _view(row: NoticeRow, base: str, venue: str | None, organisation: str | None) -> NoticeView:
    organisation = organisation or "来访单位"
    message = Message(**row.model_dump(), organisation=organisation, base=base, venue=venue)
    return NoticeView(**row.model_dump(), text=rendered(row.kind, message))


routers = (commands, queries)
