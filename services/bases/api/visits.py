"""Visits: batches that came, from bookings or out of the paper ledger."""

from datetime import datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds import Channel, VisitorLevel
from services.bases.api.fields import Headcount, after_start
from services.bases.domain.visits import RecordVisit
from services.bases.handlers import visits as handlers
from services.bases.tables import places, visits
from services.bases.tables.rows import VisitRow
from services.chassis.clock import LOCAL, occurred
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    Limit,
    Page,
    Work,
    command_router,
    page_of,
)
from services.chassis.http.fields import Day, Instant
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id

commands = command_router(tags=["接待"])
queries = APIRouter(prefix="/v1", tags=["接待"], responses=dict(RESPONSES))


class VisitRequest(BaseModel):
    """One row of the paper ledger. Its business time is `started_at`."""

    model_config = ConfigDict(extra="forbid")

    base_id: UUID = Field(title="基地编号")
    venue_id: UUID | None = Field(default=None, title="场馆编号")
    organisation_id: UUID | None = Field(default=None, title="来访党组织")
    visitor_level: VisitorLevel = Field(title="来访层级")
    channel: Channel = Field(title="预约方式")
    headcount: Headcount
    planned_headcount: Headcount | None = None
    started_at: Instant = Field(title="开始时刻")
    ended_at: Instant | None = Field(default=None, title="结束时刻")


class VisitView(BaseModel):
    visit_id: UUID
    base_id: UUID
    venue_id: UUID | None
    booking_id: UUID | None
    organisation_id: UUID | None
    area: str = Field(title="区划")
    visitor_level: VisitorLevel = Field(title="来访层级")
    channel: Channel = Field(title="预约方式")
    planned_headcount: int | None = Field(title="预约人数")
    actual_headcount: int = Field(title="实到人次")
    started_at: datetime = Field(title="开始时刻")
    ended_at: datetime | None = Field(title="结束时刻")
    recorded_at: datetime = Field(title="登记时刻")


@commands.post("/visits", status_code=201, summary="补录接待")
async def record_visit(request: VisitRequest, caller: Caller, uow: Work) -> VisitView:
    base = await places.base(uow.session, request.base_id)
    caller.require(Action.HANDLE_BOOKINGS, base.area)
    occurred(request.started_at, uow.now, field="started_at")
    command = RecordVisit(visit_id=new_id(), **request.model_dump())
    return _view(await handlers.record_visit(command, uow))


@queries.get("/visits", summary="接待列表")
async def list_visits(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    base_id: UUID | None = None,
    first: Annotated[Day | None, Query(alias="from", description="First day.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="Last day, inclusive.")] = None,
    limit: Limit = 50,
) -> Page[VisitView]:
    """In order of start; days are those of Asia/Shanghai."""
    async with context.database.sessions() as session:
        rows = await visits.visits(
            session,
            within=areas_to_list(caller, within),
            base_id=base_id,
            since=datetime.combine(first, time.min, LOCAL) if first else None,
            until=datetime.combine(last, time.min, LOCAL) + timedelta(days=1) if last else None,
            after=after_start(cursor),
            limit=limit + 1,
        )
    return page_of(rows, limit, _view, lambda row: (row.started_at, row.visit_id))


def _view(row: VisitRow) -> VisitView:
    return VisitView.model_validate(row.model_dump())


routers = (commands, queries)
