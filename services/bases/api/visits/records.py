"""Visits: batches that came, from bookings or out of the paper ledger."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import or_
from sqlmodel import col

from contracts.access import Action
from contracts.kinds import Channel, VisitorLevel
from contracts.kinds.books import WithdrawReason
from services.bases.api.fields import Companions, FilmKind, Headcount, TrainingKind
from services.bases.api.filters import Filters
from services.bases.api.written import BaseId, OrganisationId, VenueId
from services.bases.domain.visits.occasions import Said
from services.bases.domain.visits.records import Visit
from services.bases.handlers.visits import records as handlers
from services.bases.tables import places
from services.bases.tables.rows import VisitRow
from services.chassis.clock import occurred
from services.chassis.http import (
    Caller,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.fields import Day, Instant, Kind
from services.chassis.http.held import held, seen
from services.chassis.http.listing import BY_ROUTE, By, Paging, since, until
from services.chassis.http.lists import as_file
from services.chassis.http.words import of_family
from services.chassis.ids import new_id

commands = command_router(tags=["接待"])
queries = query_router(tags=["接待"])

Edited = Annotated[VisitRow, held(VisitRow, "接待记录", Action.HANDLE_BOOKINGS, edit=True)]
Seen = Annotated[VisitRow, seen(VisitRow, "接待记录")]
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

    taken_away = frozenset(
        {"venue_id", "organisation_id", "planned_headcount", "ended_at", "purpose_kind"}
    )

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
        """As fields of a visit."""
        changes = {name: value for name, value in super().changes().items() if name not in SAID}
        if "headcount" in changes:
            changes["actual_headcount"] = changes.pop("headcount")
        return changes


class WithdrawRequest(Timed):
    reason: WithdrawReason = Field(title="撤销原因")


class VisitView(Visit):
    base_id: BaseId = Field(title="基地")
    venue_id: VenueId | None = Field(title="场馆")
    organisation_id: OrganisationId | None = Field(title="来访党组织")
    with_organisation_ids: list[OrganisationId] = Field(title="同行党组织")
    purpose_kind: Annotated[str | None, of_family("menu-item")] = Field(title="来访目的")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


def _came(columns: Any, organisation_id: UUID) -> Any:
    along = columns["with_organisation_ids"].contains([organisation_id])
    return or_(columns["organisation_id"] == organisation_id, along)


class VisitFilters(Filters):
    base_id: UUID | None = None
    organisation_id: Annotated[UUID | None, By(_came)] = Field(
        default=None, description="Who came, or came along."
    )
    cross_unit: Annotated[
        bool | None, By(lambda columns, wanted: (columns["with_organisation_ids"] != []) == wanted)
    ] = None
    withdrawn: Annotated[bool | None, BY_ROUTE] = Field(
        default=None, description="Those taken back."
    )
    first: Annotated[Day | None, since("started_at")] = Field(
        default=None, alias="from", description="First day."
    )
    last: Annotated[Day | None, until("started_at")] = Field(
        default=None, alias="to", description="Last day, inclusive."
    )


@commands.post("/visits", status_code=201, summary="补录接待")
async def record_visit(request: VisitRequest, caller: Caller, uow: Work) -> VisitView:
    base = await places.base(uow.session, request.base_id)
    caller.require(Action.HANDLE_BOOKINGS, base.area)
    occurred(request.started_at, uow.now, field="started_at")
    visit = Visit(
        **request.model_dump(exclude={"headcount", *SAID}),
        visit_id=new_id(),
        area=base.area,
        booking_id=None,
        actual_headcount=request.headcount,
        withdrawn_at=None,
    )
    said = Said(**request.model_dump(include=SAID))
    return _view(await handlers.record_visit(visit, base, said, uow))


@commands.patch("/visits/{visit_id}", summary="更正接待")
async def correct_visit(visit: Edited, request: VisitCorrection, uow: Work) -> VisitView:
    """Figures are put right for the period of the visit. Its base and day are fixed."""
    if request.started_at is not None:
        occurred(request.started_at, uow.now, field="started_at")
    said = Said(**request.model_dump(include=SAID))
    return _view(await handlers.correct(visit, request.changes(), said, uow))


@commands.post("/visits/{visit_id}/withdraw", summary="撤销接待")
async def withdraw_visit(visit: Edited, request: WithdrawRequest, uow: Work) -> VisitView:
    """One out of the paper ledger that never was, or was entered twice."""
    return _view(await handlers.withdraw(visit, request.reason, uow))


@as_file(queries, "接待")
@queries.get("/visits", summary="接待列表")
async def list_visits(filters: Annotated[VisitFilters, Query()], paging: Paging) -> Page[VisitView]:
    """In order of start; days are those of Asia/Shanghai."""
    gone = col(VisitRow.withdrawn_at)
    page = await paging.rows(
        VisitRow,
        filters,
        order=("started_at", "visit_id"),
        where=[gone.is_not(None) if filters.withdrawn else gone.is_(None)],
    )
    return page.of([_view(row) for row in page.items])


@queries.get("/visits/{visit_id}", summary="单条接待")
async def get_visit(visit: Seen) -> VisitView:
    return _view(visit)


def _view(row: VisitRow) -> VisitView:
    return VisitView(**row.model_dump())


routers = (commands, queries)
