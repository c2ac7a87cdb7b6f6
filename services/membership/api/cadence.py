"""What organisations owe how often: demands, what is overdue, what is due soon."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends, Query
from fastapi.responses import JSONResponse
from pydantic import Field, model_validator

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.alerts import Severity
from contracts.kinds.cadence import Every
from services.chassis.clock import business_date
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.context import ServiceContext
from services.chassis.http.fields import Code, Day, Kind, Name, Sought
from services.chassis.http.held import seen
from services.chassis.http.listing import Condition, Filters, Paging
from services.chassis.http.lists import as_file
from services.chassis.http.scopes import areas_to_list
from services.chassis.http.views import before, whole, without
from services.chassis.ids import new_id
from services.chassis.rows import by_key
from services.membership.api.written import ActivityKind, OrganisationId, OrganisationKind
from services.membership.domain.cadence import Cadence, Duty, Owed
from services.membership.handlers import cadence as handlers
from services.membership.tables import cadence as tables
from services.membership.tables import organisations
from services.membership.tables.cadence import DutyRow
from services.membership.tables.organisations import OrganisationRow

commands = command_router(tags=["活动频次"])
queries = query_router(tags=["活动频次"])

Seen = Annotated[OrganisationRow, seen(OrganisationRow, "党组织")]

HEADINGS = {
    "organisation": "党组织",
    "area": "区划",
    "kind": "应开展",
    "first_on": "周期首日",
    "due_on": "期限",
    "needed": "应开展次数",
    "held": "已开展次数",
    "missing": "欠开展次数",
}
IN_ORDER = ("area", "due_on", "duty_id")
SOON = 7
"""Days before the end of a period; a demand may ask to be reminded earlier."""


class CadenceRequest(Timed):
    """A demand on the organisations of a kind in `area`, or on one. A known `code`: its next
    version, which begins with a period; the ones before it keep what was in force then.
    """

    code: Code
    area: AreaCode
    organisation_kind: Kind | None = Field(default=None, title="党组织类别")
    organisation_id: UUID | None = Field(default=None, title="党组织")
    activity_kind: Kind = Field(title="活动类别")
    every: Every = Field(title="周期")
    times: Annotated[int, Field(ge=0, le=366, title="次数")]
    remind_days: Annotated[int, Field(ge=0, le=366, title="提前提醒天数")] = SOON
    effective_from: Day = Field(title="生效日期")
    severity: Severity = Field(default=Severity.WARN, title="程度")
    source: Name = Field(title="依据")

    @model_validator(mode="after")
    def _binds_one_or_a_kind(self) -> Self:
        if (self.organisation_kind is None) == (self.organisation_id is None):
            raise ValueError(
                "organisation_kind 与 organisation_id 须填一项且只填一项"
                " (give exactly one of organisation_kind and organisation_id)"
            )
        return self


@whole
class CadenceView(Cadence):
    organisation_kind: OrganisationKind | None = Field(title="党组织类别")
    organisation_id: OrganisationId | None = Field(title="党组织")
    activity_kind: ActivityKind = Field(title="活动类别")


class ReckoningRequest(Timed):
    area: AreaCode
    since: Day = Field(title="起算日期")


@without("cadence_id", "organisation_kind")
@before(organisation="area")
class DutyView(Owed):
    organisation: str = Field(title="党组织")
    kind: ActivityKind = Field(title="活动类别")
    held: int = Field(title="已开展次数")
    missing: int = Field(title="欠开展次数")
    overdue: bool = Field(title="已逾期")


@commands.post("/cadences", status_code=201, summary="规定活动频次")
async def state_cadence(request: CadenceRequest, caller: Caller, uow: Work) -> CadenceView:
    caller.require(Action.MANAGE_STANDARDS, request.area)
    if request.organisation_id is not None:
        bound = await organisations.organisation(uow.session, request.organisation_id)
        caller.require(Action.MANAGE_STANDARDS, bound.area)
    cadence = Cadence(cadence_id=new_id(), **request.fields())
    row = await handlers.state(cadence, uow, request.at(uow))
    return row.shown(CadenceView)


@commands.post("/cadence/reckonings", summary="设定补算起始日期")
async def reckon_since(request: ReckoningRequest, caller: Caller, uow: Work) -> ReckoningRequest:
    """From which day on the area's organisations are reckoned; the clock then opens the periods.

    Without it they are from the year in which they were entered.
    """
    caller.require(Action.MANAGE_STANDARDS, request.area)
    await handlers.reckon_since(request.area, request.since, uow)
    return request


@as_file(queries, "活动频次要求")
@queries.get("/cadences", summary="活动频次要求")
async def list_cadences(
    context: Context, caller: Caller, code: Sought | None = None, on: Day | None = None
) -> list[CadenceView]:
    """All versions by code and in order of time, or those in force on a day."""
    areas_to_list(caller, None)
    async with context.database.sessions() as session:
        found = await tables.cadences(session, code)
    in_force = [each for each in found if on is None or each.in_force(on)]
    return [each.shown(CadenceView) for each in in_force]


class DutyFilters(Filters):
    kind: Sought | None = None


async def _over(
    *,
    context: Context,
    as_of: Annotated[Day | None, Query(description="Else today, Asia/Shanghai.")] = None,
    since: Annotated[Day | None, Query(description="Else the first day of that year.")] = None,
) -> Sequence[Condition]:
    day = as_of or business_date(context.clock())
    return tables.short(since or date(day.year, 1, 1), day - timedelta(days=1))


async def _soon(
    *,
    context: Context,
    as_of: Annotated[Day | None, Query(description="Else today, Asia/Shanghai.")] = None,
    days: Annotated[
        int | None, Query(ge=0, le=366, description="Else as each demand asks to be reminded.")
    ] = None,
) -> Sequence[Condition]:
    day = as_of or business_date(context.clock())
    if days is None:
        return tables.short(day, date.max, remind=day)
    return tables.short(day, day + timedelta(days=days))


@queries.get("/cadence/overdue", summary="逾期未开展")
async def list_overdue(
    filters: Annotated[DutyFilters, Query()],
    paging: Paging,
    over: Annotated[Sequence[Condition], Depends(_over)],
) -> Page[DutyView]:
    """Periods that ended before `as_of` with less held than owed, by area."""
    page = await paging.rows(DutyRow, filters, order=IN_ORDER, where=over)
    return page.of(await _views(paging.context, page.items))


@queries.get("/cadence/due-soon", summary="即将到期")
async def list_due_soon(
    filters: Annotated[DutyFilters, Query()],
    paging: Paging,
    soon: Annotated[Sequence[Condition], Depends(_soon)],
) -> Page[DutyView]:
    """Periods that are not over, with less held than owed, by area."""
    page = await paging.rows(DutyRow, filters, order=IN_ORDER, where=soon)
    return page.of(await _views(paging.context, page.items))


for _name, _summary, _list in (
    ("逾期未开展的组织生活", "导出逾期未开展", list_overdue),
    ("即将到期的组织生活", "导出即将到期", list_due_soon),
):
    as_file(
        queries,
        _name,
        columns=HEADINGS,
        follows=True,
        summary=_summary,
        description="",
        documented=JSONResponse,
    )(_list)


@queries.get("/organisations/{organisation_id}/cadence", summary="党组织应开展情况")
async def organisation_cadence(
    organisation: Seen,
    context: Context,
    year: Annotated[int | None, Query(ge=1949, le=2200, description="Else this one.")] = None,
) -> list[DutyView]:
    """Everything it owes in periods that end in the year, with what was held."""
    year = year or business_date(context.clock()).year
    key = organisation.organisation_id
    async with context.database.sessions() as session:
        duties = await tables.of_organisation(session, key, date(year, 1, 1), date(year, 12, 31))
    return await _views(context, [duty for duty in duties if duty.needed])


async def _views(context: ServiceContext, duties: Sequence[Duty]) -> list[DutyView]:
    today = business_date(context.clock())
    async with context.database.sessions() as session:
        ids = list({duty.organisation_id for duty in duties})
        holders = await by_key(session, OrganisationRow, ids)
    return [
        DutyView(
            **duty.model_dump(),
            organisation=holders[duty.organisation_id].name,
            missing=duty.missing,
            overdue=duty.missing > 0 and duty.due_on < today,
        )
        for duty in duties
    ]


routers = (commands, queries)
