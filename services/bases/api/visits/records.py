"""Visits: batches that came, from bookings or out of the paper ledger."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds import Channel, VisitorLevel
from contracts.kinds.books import WithdrawReason
from services.bases.api.fields import Companions, FilmKind, Headcount, TrainingKind, after_start
from services.bases.api.written import BaseId, OrganisationId, VenueId
from services.bases.domain.visits.occasions import Said
from services.bases.domain.visits.records import RecordVisit
from services.bases.handlers.visits import records as handlers
from services.bases.tables import places
from services.bases.tables.rows import VisitRow
from services.bases.tables.visits import records as table
from services.bases.tables.visits.records import Sought
from services.chassis.clock import days_between, occurred
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
from services.chassis.http.fields import Day, Instant, Kind
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.http.words import of_family
from services.chassis.ids import new_id

commands = command_router(tags=["接待"])
queries = APIRouter(prefix="/v1", tags=["接待"], responses=dict(RESPONSES))

Purpose = Annotated[
    Kind | None, Field(title="来访目的", description="A code of the kinds `menu-item`.")
]
SAID = {"film_kind", "training_kind"}


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
    with_organisation_ids: Companions = Field(default_factory=list)
    purpose_kind: Purpose = None
    film_kind: FilmKind = None
    training_kind: TrainingKind = None


class VisitCorrection(Timed):
    """What is left out stays. The visit of a booking says most as its booking does."""

    venue_id: UUID | None = Field(default=None, title="场馆编号")
    organisation_id: UUID | None = Field(default=None, title="来访党组织")
    visitor_level: VisitorLevel | None = Field(default=None, title="来访层级")
    channel: Channel | None = Field(default=None, title="预约方式")
    headcount: Headcount | None = None
    planned_headcount: Headcount | None = None
    started_at: Instant | None = Field(default=None, title="开始时刻")
    ended_at: Instant | None = Field(default=None, title="结束时刻")
    with_organisation_ids: Companions | None = None
    purpose_kind: Purpose = None
    film_kind: FilmKind = None
    training_kind: TrainingKind = None

    def changes(self) -> dict[str, Any]:
        """As fields of a visit. `null` empties what a visit may lack, and is nothing elsewhere."""
        may_lack = {"venue_id", "organisation_id", "planned_headcount", "ended_at", "purpose_kind"}
        said = self.model_dump(exclude={"occurred_at", *SAID}, exclude_unset=True)
        kept = {
            name: value for name, value in said.items() if name in may_lack or value is not None
        }
        if "headcount" in kept:
            kept["actual_headcount"] = kept.pop("headcount")
        if "with_organisation_ids" in kept:
            kept["with_organisation_ids"] = tuple(kept["with_organisation_ids"])
        return kept


class WithdrawRequest(Timed):
    reason: WithdrawReason = Field(title="撤销原因")


class VisitView(BaseModel):
    visit_id: UUID
    base_id: BaseId = Field(title="基地")
    venue_id: VenueId | None = Field(title="场馆")
    booking_id: UUID | None
    organisation_id: OrganisationId | None = Field(title="来访党组织")
    with_organisation_ids: list[OrganisationId] = Field(title="同行党组织")
    area: str = Field(title="区划")
    visitor_level: VisitorLevel = Field(title="来访层级")
    channel: Channel = Field(title="预约方式")
    purpose_kind: Annotated[str | None, of_family("menu-item")] = Field(title="来访目的")
    planned_headcount: int | None = Field(title="预约人数")
    actual_headcount: int = Field(title="实到人次")
    started_at: datetime = Field(title="开始时刻")
    ended_at: datetime | None = Field(title="结束时刻")
    withdrawn_at: datetime | None = Field(title="撤销时刻")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


@commands.post("/visits", status_code=201, summary="补录接待")
async def record_visit(
    request: VisitRequest, caller: Caller, uow: Work, response: Response
) -> VisitView:
    base = await places.base(uow.session, request.base_id)
    caller.require(Action.HANDLE_BOOKINGS, base.area)
    occurred(request.started_at, uow.now, field="started_at")
    given = request.model_dump(exclude=SAID)
    given["with_organisation_ids"] = tuple(request.with_organisation_ids)
    command = RecordVisit(visit_id=new_id(), **given)
    said = Said(**request.model_dump(include=SAID))
    return _shown(await handlers.record_visit(command, said, uow), response)


@commands.patch("/visits/{visit_id}", summary="更正接待")
async def correct_visit(
    visit_id: UUID,
    request: VisitCorrection,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> VisitView:
    """Figures are put right for the period of the visit. Its base and day are fixed."""
    row = await table.visit(uow.session, visit_id, lock=True)
    caller.require(Action.HANDLE_BOOKINGS, row.area)
    if request.started_at is not None:
        occurred(request.started_at, uow.now, field="started_at")
    said = Said(**request.model_dump(include=SAID))
    row = await handlers.correct(visit_id, request.changes(), said, version, uow)
    return _shown(row, response)


@commands.post("/visits/{visit_id}/withdraw", summary="撤销接待")
async def withdraw_visit(
    visit_id: UUID,
    request: WithdrawRequest,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> VisitView:
    """One out of the paper ledger that never was, or was entered twice."""
    row = await table.visit(uow.session, visit_id, lock=True)
    caller.require(Action.HANDLE_BOOKINGS, row.area)
    return _shown(await handlers.withdraw(visit_id, request.reason, version, uow), response)


@as_file(queries, "接待")
@queries.get("/visits", summary="接待列表")
async def list_visits(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    base_id: UUID | None = None,
    organisation_id: Annotated[UUID | None, Query(description="Who came, or came along.")] = None,
    cross_unit: Annotated[bool | None, Query()] = None,
    withdrawn: Annotated[bool | None, Query(description="Those taken back.")] = None,
    first: Annotated[Day | None, Query(alias="from", description="First day.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="Last day, inclusive.")] = None,
    limit: Limit = 50,
) -> Page[VisitView]:
    """In order of start; days are those of Asia/Shanghai."""
    since, until = days_between(first, last)
    sought = Sought(
        within=areas_to_list(caller, within),
        base_id=base_id,
        organisation_id=organisation_id,
        cross_unit=cross_unit,
        withdrawn=bool(withdrawn),
        since=since,
        until=until,
    )
    async with context.database.sessions() as session:
        rows = await table.visits(session, sought, after=after_start(cursor), limit=limit + 1)
    return page_of(rows, limit, _view, lambda row: (row.started_at, row.visit_id))


@queries.get("/visits/{visit_id}", summary="单条接待")
async def get_visit(
    visit_id: UUID, context: Context, caller: Caller, response: Response
) -> VisitView:
    async with context.database.sessions() as session:
        row = await table.visit(session, visit_id)
        caller.require(Action.READ, row.area)
        return _shown(row, response)


def _view(row: VisitRow) -> VisitView:
    return VisitView.model_validate(row.model_dump())


def _shown(row: VisitRow, response: Response) -> VisitView:
    set_etag(response, row.version)
    return _view(row)


routers = (commands, queries)
