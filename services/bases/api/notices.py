"""Notices for gateways to deliver: the wording in Chinese, made here and nowhere else."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.notices import DeliveryChannel, NoticeKind
from services.bases.api.fields import after_start
from services.bases.api.written import BaseId, OrganisationId, VenueId
from services.bases.domain.notices import Said, rendered
from services.bases.handlers import notices as handlers
from services.bases.tables import notices
from services.bases.tables.notices import Sought, Worded
from services.chassis.clock import occurred
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
)
from services.chassis.http.fields import Instant
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list

commands = command_router(tags=["通知"])
queries = APIRouter(prefix="/v1", tags=["通知"], responses=dict(RESPONSES))


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


@commands.post("/notices/{notice_id}/delivered", summary="登记通知已送达")
async def deliver(notice_id: UUID, request: Delivery, caller: Caller, uow: Work) -> NoticeView:
    """Whoever says so first is right; said again, nothing changes."""
    row = await notices.notice(uow.session, notice_id)
    caller.require(Action.HANDLE_BOOKINGS, row.area)
    at = occurred(request.occurred_at, uow.now)
    await handlers.deliver(notice_id, request.channel, uow, at)
    await uow.session.flush()
    sought = Sought(within=None, notice_id=notice_id)
    (found,) = await notices.notices(uow.session, sought, after=None, limit=1)
    return _view(found)


@as_file(queries, "通知")
@queries.get("/notices", summary="通知列表")
async def list_notices(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    base_id: UUID | None = None,
    organisation_id: UUID | None = None,
    booking_id: UUID | None = None,
    kind: NoticeKind | None = None,
    delivered: Annotated[bool | None, Query(description="False: still to be delivered.")] = None,
    since: Annotated[Instant | None, Query(description="Due from then on.")] = None,
    limit: Limit = 50,
) -> Page[NoticeView]:
    """In the order in which they are due."""
    async with context.database.sessions() as session:
        sought = Sought(
            within=areas_to_list(caller, within),
            base_id=base_id,
            organisation_id=organisation_id,
            booking_id=booking_id,
            kind=kind,
            delivered=delivered,
            since=since,
        )
        rows = await notices.notices(session, sought, after=after_start(cursor), limit=limit + 1)
    return page_of(rows, limit, _view, lambda row: (row[0].due_at, row[0].notice_id))


def _view(worded: Worded) -> NoticeView:
    row, base, venue, organisation = worded
    said = Said(
        organisation=organisation or "来访单位",
        base=base,
        venue=venue,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        headcount=row.headcount,
        until=row.until,
    )
    text = rendered(NoticeKind(row.kind), said)
    return NoticeView.model_validate(row.model_dump() | {"text": text})


routers = (commands, queries)
