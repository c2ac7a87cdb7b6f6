"""What is held for people at a base: film showings, trainings, tours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.kinds.visits import OccasionSort
from services.bases.api.fields import Headcount
from services.bases.api.filters import Filters
from services.bases.api.written import BaseId, OrganisationId, VenueId
from services.bases.domain.visits.occasions import Occasion
from services.bases.handlers.visits import occasions as handlers
from services.bases.tables import places
from services.bases.tables.rows import OccasionRow
from services.chassis import kinds
from services.chassis.clock import occurred
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.fields import Day, Instant, Kind, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import BY_ROUTE, Paging, since, until
from services.chassis.http.lists import as_file
from services.chassis.http.views import before
from services.chassis.ids import new_id

commands = command_router(tags=["观影、培训与观摩"])
queries = query_router(tags=["观影、培训与观摩"])

Edited = Annotated[OccasionRow, held(OccasionRow, "场次", Action.HANDLE_BOOKINGS, edit=True)]
Seen = Annotated[OccasionRow, seen(OccasionRow, "场次")]


class OccasionRequest(BaseModel):
    """One that came of no visit. Its business time is `started_at`."""

    model_config = ConfigDict(extra="forbid")

    sort: OccasionSort = Field(title="项目")
    kind: Annotated[Kind, Field(description="Of the family of kinds that is named like `sort`.")]
    base_id: UUID = Field(title="基地编号")
    venue_id: UUID | None = Field(default=None, title="场馆编号")
    organisation_id: UUID | None = Field(default=None, title="参加党组织")
    headcount: Headcount
    started_at: Instant = Field(title="开始时刻")


@before(kind_label="base_id")
class OccasionView(Occasion):
    kind_label: str = Field(title="影片或类别")
    base_id: BaseId = Field(title="基地")
    venue_id: VenueId | None = Field(title="场馆")
    organisation_id: OrganisationId | None = Field(title="参加党组织")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


@before(sort="within", kind="within")
class OccasionFilters(Filters):
    sort: OccasionSort | None = None
    kind: Sought | None = None
    base_id: UUID | None = None
    withdrawn: Annotated[bool | None, BY_ROUTE] = Field(
        default=None, description="Those taken back."
    )
    first: Annotated[Day | None, since("started_at")] = Field(
        default=None, alias="from", description="First day."
    )
    last: Annotated[Day | None, until("started_at")] = Field(
        default=None, alias="to", description="Last day, inclusive."
    )


@commands.post("/occasions", status_code=201, summary="登记观影、培训或巡回观摩")
async def hold(request: OccasionRequest, caller: Caller, uow: Work) -> OccasionView:
    """What is held in a visit whose purpose is a film or a training is entered with the visit."""
    base = await places.base(uow.session, request.base_id)
    caller.require(Action.HANDLE_BOOKINGS, base.area)
    occurred(request.started_at, uow.now, field="started_at")
    occasion = Occasion(
        **request.model_dump(),
        occasion_id=new_id(),
        area=base.area,
        visit_id=None,
        withdrawn_at=None,
    )
    row = await handlers.hold(occasion, base, uow)
    return (await _views(uow.session, [row]))[0]


@commands.post("/occasions/{occasion_id}/withdraw", summary="撤销观影、培训或巡回观摩")
async def withdraw(occasion: Edited, uow: Work) -> OccasionView:
    """Entered wrongly. One of a visit goes with the visit."""
    return (await _views(uow.session, [handlers.withdraw(occasion, uow)]))[0]


@as_file(queries, "观影、培训与巡回观摩")
@queries.get("/occasions", summary="观影、培训与巡回观摩列表")
async def list_occasions(
    filters: Annotated[OccasionFilters, Query()], paging: Paging
) -> Page[OccasionView]:
    """In order of start; days are those of Asia/Shanghai."""
    gone = col(OccasionRow.withdrawn_at)
    page = await paging.rows(
        OccasionRow,
        filters,
        order=("started_at", "occasion_id"),
        where=[gone.is_not(None) if filters.withdrawn else gone.is_(None)],
    )
    async with paging.context.database.sessions() as session:
        return page.of(await _views(session, page.items))


@queries.get("/occasions/{occasion_id}", summary="单场观影、培训或巡回观摩")
async def get_occasion(occasion: Seen, context: Context) -> OccasionView:
    async with context.database.sessions() as session:
        return (await _views(session, [occasion]))[0]


async def _views(session: AsyncSession, rows: Sequence[OccasionRow]) -> list[OccasionView]:
    labels = {sort: await kinds.labels(session, sort) for sort in {row.sort for row in rows}}
    return [OccasionView(**row.model_dump(), kind_label=labels[row.sort][row.kind]) for row in rows]


routers = (commands, queries)
