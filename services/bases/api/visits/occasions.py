"""What is held for people at a base: film showings, trainings, tours."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.visits import OccasionSort
from services.bases.api.fields import Headcount, after_start
from services.bases.api.written import BaseId, OrganisationId, VenueId
from services.bases.handlers.visits import occasions as handlers
from services.bases.handlers.visits.occasions import HoldOccasion
from services.bases.tables import places
from services.bases.tables.visits import occasions as table
from services.bases.tables.visits.occasions import Labelled, Sought
from services.chassis.clock import days_between, occurred
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    IfMatch,
    Limit,
    Page,
    Work,
    command_router,
    page_of,
    set_etag,
)
from services.chassis.http.fields import Day, Instant, Kind
from services.chassis.http.fields import Sought as SoughtText
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list

commands = command_router(tags=["观影、培训与观摩"])
queries = APIRouter(prefix="/v1", tags=["观影、培训与观摩"], responses=dict(RESPONSES))


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


class OccasionView(BaseModel):
    occasion_id: UUID
    sort: OccasionSort = Field(title="项目")
    kind: str
    kind_label: str = Field(title="影片或类别")
    base_id: BaseId = Field(title="基地")
    venue_id: VenueId | None = Field(title="场馆")
    visit_id: UUID | None
    organisation_id: OrganisationId | None = Field(title="参加党组织")
    area: str = Field(title="区划")
    headcount: int = Field(title="人次")
    started_at: datetime = Field(title="开始时刻")
    withdrawn_at: datetime | None = Field(title="撤销时刻")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


@commands.post("/occasions", status_code=201, summary="登记观影、培训或巡回观摩")
async def hold(
    request: OccasionRequest, caller: Caller, uow: Work, response: Response
) -> OccasionView:
    """What is held in a visit whose purpose is a film or a training is entered with the visit."""
    base = await places.base(uow.session, request.base_id)
    caller.require(Action.HANDLE_BOOKINGS, base.area)
    occurred(request.started_at, uow.now, field="started_at")
    row = await handlers.hold(HoldOccasion(**request.model_dump()), uow)
    return _shown(await table.labelled(uow.session, row), response)


@commands.post("/occasions/{occasion_id}/withdraw", summary="撤销观影、培训或巡回观摩")
async def withdraw(
    occasion_id: UUID,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> OccasionView:
    """Entered wrongly. One of a visit goes with the visit."""
    row = await table.occasion(uow.session, occasion_id, lock=True)
    caller.require(Action.HANDLE_BOOKINGS, row.area)
    row = await handlers.withdraw(occasion_id, version, uow)
    return _shown(await table.labelled(uow.session, row), response)


@as_file(queries, "观影、培训与巡回观摩")
@queries.get("/occasions", summary="观影、培训与巡回观摩列表")
async def list_occasions(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    sort: OccasionSort | None = None,
    kind: SoughtText | None = None,
    within: Annotated[AreaCode | None, Query()] = None,
    base_id: UUID | None = None,
    withdrawn: Annotated[bool | None, Query(description="Those taken back.")] = None,
    first: Annotated[Day | None, Query(alias="from", description="First day.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="Last day, inclusive.")] = None,
    limit: Limit = 50,
) -> Page[OccasionView]:
    """In order of start; days are those of Asia/Shanghai."""
    since, until = days_between(first, last)
    sought = Sought(
        within=areas_to_list(caller, within),
        sort=sort,
        kind=kind,
        base_id=base_id,
        withdrawn=bool(withdrawn),
        since=since,
        until=until,
    )
    async with context.database.sessions() as session:
        rows = await table.occasions(session, sought, after=after_start(cursor), limit=limit + 1)
    return page_of(rows, limit, _view, lambda row: (row[0].started_at, row[0].occasion_id))


@queries.get("/occasions/{occasion_id}", summary="单场观影、培训或巡回观摩")
async def get_occasion(
    occasion_id: UUID, context: Context, caller: Caller, response: Response
) -> OccasionView:
    async with context.database.sessions() as session:
        row = await table.occasion(session, occasion_id)
        caller.require(Action.READ, row.area)
        return _shown(await table.labelled(session, row), response)


def _view(row: Labelled) -> OccasionView:
    occasion, label = row
    return OccasionView.model_validate(occasion.model_dump() | {"kind_label": label})


def _shown(row: Labelled, response: Response) -> OccasionView:
    set_etag(response, row[0].version)
    return _view(row)


routers = (commands, queries)
