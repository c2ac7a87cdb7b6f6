"""What organisations owe how often: demands, what is overdue, what is due soon."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, model_validator

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.alerts import Severity
from contracts.kinds.cadence import Every
from services.chassis.clock import business_date
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
    query_router,
)
from services.chassis.http.fields import Code, Day, Kind, Name, Sought
from services.chassis.http.held import seen
from services.chassis.http.lists import as_file
from services.chassis.http.pages import bad_cursor
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.membership.api.written import ActivityKind, OrganisationId, OrganisationKind
from services.membership.domain.cadence import Cadence, Duty
from services.membership.handlers import cadence as handlers
from services.membership.tables import cadence as tables
from services.membership.tables import organisations
from services.membership.tables.cadence import Window
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


class CadenceView(BaseModel):
    cadence_id: UUID
    code: str = Field(title="代码")
    area: str | None = Field(title="适用区划", description="Null: everywhere.")
    organisation_kind: OrganisationKind | None = Field(title="党组织类别")
    organisation_id: OrganisationId | None = Field(title="党组织")
    activity_kind: ActivityKind = Field(title="活动类别")
    every: Every = Field(title="周期")
    times: int = Field(title="次数")
    remind_days: int = Field(title="提前提醒天数")
    effective_from: date = Field(title="生效日期")
    effective_to: date | None = Field(
        title="失效日期", description="First day it is no longer in force."
    )
    severity: Severity = Field(title="程度")
    source: str = Field(title="依据")


class ReckoningRequest(Timed):
    area: AreaCode
    since: Day = Field(title="起算日期")


class DutyView(BaseModel):
    duty_id: UUID
    organisation_id: UUID
    organisation: str = Field(title="党组织")
    area: str = Field(title="区划")
    code: str = Field(title="频次要求代码")
    kind: ActivityKind = Field(title="活动类别")
    every: Every = Field(title="周期")
    first_on: date = Field(title="周期首日")
    due_on: date = Field(title="期限")
    remind_on: date = Field(title="提醒日期")
    needed: int = Field(title="应开展次数")
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
    return _cadence(await handlers.state(cadence, uow, request.at(uow)))


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
    return [_cadence(each) for each in found if on is None or each.in_force(on)]


async def _window(
    *,
    context: Context,
    as_of: Annotated[Day | None, Query(description="Else today, Asia/Shanghai.")] = None,
    since: Annotated[Day | None, Query(description="Else the first day of that year.")] = None,
) -> Window:
    day = as_of or business_date(context.clock())
    first = since or date(day.year, 1, 1)
    return Window(first=first, last=day - timedelta(days=1), remind=date.max)


async def _soon(
    *,
    context: Context,
    as_of: Annotated[Day | None, Query(description="Else today, Asia/Shanghai.")] = None,
    days: Annotated[
        int | None, Query(ge=0, le=366, description="Else as each demand asks to be reminded.")
    ] = None,
) -> Window:
    day = as_of or business_date(context.clock())
    if days is None:
        return Window(first=day, last=date.max, remind=day)
    return Window(first=day, last=day + timedelta(days=days), remind=date.max)


Overdue = Annotated[Window, Depends(_window)]
Soon = Annotated[Window, Depends(_soon)]
Within = Annotated[AreaCode | None, Query(description="Only in this area.")]


@queries.get("/cadence/overdue", summary="逾期未开展")
async def list_overdue(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    window: Overdue,
    within: Within = None,
    kind: Sought | None = None,
    limit: Limit = 50,
) -> Page[DutyView]:
    """Periods that ended before `as_of` with less held than owed, by area."""
    return await _page(context, areas_to_list(caller, within), window, kind, cursor, limit)


@queries.get("/cadence/due-soon", summary="即将到期")
async def list_due_soon(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    window: Soon,
    within: Within = None,
    kind: Sought | None = None,
    limit: Limit = 50,
) -> Page[DutyView]:
    """Periods that are not over, with less held than owed, by area."""
    return await _page(context, areas_to_list(caller, within), window, kind, cursor, limit)


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
    today = business_date(context.clock())
    year = year or today.year
    key, name = organisation.organisation_id, organisation.name
    async with context.database.sessions() as session:
        duties = await tables.of_organisation(session, key, date(year, 1, 1), date(year, 12, 31))
    return [_duty(duty, name, today) for duty in duties if duty.owed.needed]


async def _page(
    context: Context,
    areas: Sequence[str],
    window: Window,
    kind: str | None,
    cursor: list[str] | None,
    limit: int,
) -> Page[DutyView]:
    today = business_date(context.clock())
    async with context.database.sessions() as session:
        try:
            found = await tables.short(
                session, within=areas, window=window, kind=kind, after=cursor, limit=limit + 1
            )
        except (ValueError, IndexError) as error:
            raise bad_cursor() from error
        names = await tables.names(session, {duty.owed.organisation_id for duty in found})
    return page_of(
        found, limit, lambda duty: _duty(duty, names[duty.owed.organisation_id], today), _key
    )


def _key(duty: Duty) -> tuple[object, ...]:
    return (duty.owed.area, duty.owed.due_on, duty.owed.duty_id)


def _duty(duty: Duty, name: str, today: date) -> DutyView:
    owed = vars(duty.owed)
    return DutyView(
        **{field: owed[field] for field in DutyView.model_fields if field in owed},
        organisation=name,
        held=duty.held,
        missing=duty.missing,
        overdue=duty.missing > 0 and duty.owed.due_on < today,
    )


def _cadence(cadence: Cadence) -> CadenceView:
    kept = vars(cadence)
    return CadenceView(**{name: kept[name] for name in CadenceView.model_fields})


routers = (commands, queries)
