"""HTTP routes of elections, terms of office and the seats of committees."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import Field

from contracts.access import Action
from contracts.kinds.organisations import Body
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.fields import Day, Kind
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, Paging, conditions, until, with_past
from services.chassis.http.lists import as_file
from services.chassis.http.scopes import areas_to_list
from services.chassis.http.words import called
from services.membership.api.days import HappenedOn, OnDay
from services.membership.api.written import OrganisationId
from services.membership.domain.terms import Seat, Term
from services.membership.handlers import terms as handlers
from services.membership.tables import terms as tables
from services.membership.tables.organisations import OrganisationRow
from services.membership.tables.terms import SeatRow, TermRow

commands = command_router(tags=["任期与班子"])
queries = query_router(tags=["任期与班子"])

Held = Annotated[OrganisationRow, held(OrganisationRow, "党组织", Action.MANAGE_ORGANISATIONS)]
HeldSeat = Annotated[SeatRow, held(SeatRow, "任职", Action.MANAGE_ORGANISATIONS, edit=True)]
Seen = Annotated[OrganisationRow, seen(OrganisationRow, "党组织")]


class ElectionRequest(OnDay):
    body: Body = Field(default=Body.PARTY, title="班子")
    held_on: HappenedOn = Field(title="选举日期")
    elected: int = Field(ge=1, le=1000, title="选出成员数")
    expires_on: Day | None = Field(
        default=None, title="届满日期", description="Else as rule `term.length` says."
    )


class TermView(Term):
    organisation_id: OrganisationId
    ended_on: date | None = Field(title="结束日期")
    version: int
    recorded_at: datetime = Field(title="登记时刻")

    @property
    def organisation_code(self) -> Annotated[UUID, called(OrganisationRow.code)]:
        return self.organisation_id


class SeatRequest(OnDay):
    kind: Kind
    member_id: UUID = Field(title="党员编号")
    since: HappenedOn = Field(title="任职日期")


class SeatEnd(OnDay):
    until: HappenedOn = Field(title="离任日期")


class SeatView(Seat):
    until: date | None = Field(title="离任日期")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class TermFilters(Filters):
    organisation_id: UUID | None = None
    expires_by: Annotated[Day | None, until("expires_on")] = Field(
        default=None, description="Ends on this day or before."
    )
    past: Annotated[bool, with_past("ended_on")] = Field(
        default=False, description="Show those that ended, too."
    )


@commands.post(
    "/organisations/{organisation_id}/elections", status_code=201, summary="登记换届选举"
)
async def hold_election(organisation: Held, request: ElectionRequest, uow: Work) -> TermView:
    """The term that ran before ends on the day of the election."""
    fields, at = request.fields(), request.at(uow)
    return (await handlers.hold_election(organisation, fields, uow, at)).shown(TermView)


@commands.post("/organisations/{organisation_id}/seats", status_code=201, summary="任命班子职务")
async def fill_seat(organisation: Held, request: SeatRequest, uow: Work) -> SeatView:
    """One secretary at a time; a branch has no more members in its committee than its rule says."""
    fields, at = request.fields(), request.at(uow)
    return (await handlers.fill_seat(organisation, fields, uow, at)).shown(SeatView)


@commands.post("/seats/{seat_id}/vacate", summary="免去班子职务")
async def vacate_seat(seat: HeldSeat, request: SeatEnd, uow: Work) -> SeatView:
    left = await handlers.vacate_seat(seat, request.until, uow, request.at(uow))
    return left.shown(SeatView)


@queries.get("/organisations/{organisation_id}/seats", summary="班子成员")
async def list_seats(
    organisation: Seen,
    context: Context,
    *,
    past: Annotated[bool, Query(description="Show those who left, too.")] = False,
) -> list[SeatView]:
    async with context.database.sessions() as session:
        rows = await tables.seats(session, organisation.organisation_id, held_only=not past)
    return [row.shown(SeatView) for row in rows]


async def _lines(
    filters: Annotated[TermFilters, Query()], context: Context, caller: Caller
) -> list[TermView]:
    areas = areas_to_list(caller, filters.within)
    async with context.database.sessions() as session:
        rows = await tables.by_organisation(session, *conditions(TermRow, filters, areas))
    return [row.shown(TermView) for row in rows]


@as_file(
    queries,
    "任期",
    summary="导出任期列表",
    columns={
        "organisation_code": "组织代码",
        "organisation_id": "组织名称",
        "area": "区划代码",
        "body": "班子",
        "elected": "选出成员数",
        "held_on": "选举日期",
        "expires_on": "届满日期",
        "ended_on": "结束日期",
    },
    form="xlsx",
    without=("organisation_id",),
    follows=True,
    documented=JSONResponse,
    called="export_terms",
    rows=_lines,
)
@queries.get("/terms", summary="任期列表")
async def list_terms(filters: Annotated[TermFilters, Query()], paging: Paging) -> Page[TermView]:
    return await paging.shown(TermRow, TermView, filters)


routers = (commands, queries)
