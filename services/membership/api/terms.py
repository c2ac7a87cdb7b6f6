"""HTTP routes of elections, terms of office and the seats of committees."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.organisations import Body
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
from services.chassis.http.export import Cell, Format, exported
from services.chassis.http.fields import Day, Kind
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.membership.api.days import on_day
from services.membership.domain.terms import FillSeat, HoldElection
from services.membership.handlers import terms as handlers
from services.membership.tables import organisations as tree
from services.membership.tables import terms as tables
from services.membership.tables.terms import SeatRow, TermRow

commands = command_router(tags=["任期与班子"])
queries = APIRouter(prefix="/v1", tags=["任期与班子"], responses=dict(RESPONSES))


class ElectionRequest(Timed):
    body: Body = Field(default=Body.PARTY, title="班子")
    held_on: Day = Field(title="选举日期")
    elected: int = Field(ge=1, le=1000, title="选出成员数")
    expires_on: Day | None = Field(
        default=None, title="届满日期", description="Else as rule `term.length` says."
    )


class TermView(BaseModel):
    term_id: UUID
    organisation_id: UUID
    area: str = Field(title="区划")
    body: Body = Field(title="班子")
    elected: int = Field(title="选出成员数")
    held_on: date = Field(title="选举日期")
    expires_on: date = Field(title="届满日期")
    ended_on: date | None = Field(title="结束日期")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class SeatRequest(Timed):
    kind: Kind
    member_id: UUID = Field(title="党员编号")
    since: Day = Field(title="任职日期")


class SeatEnd(Timed):
    until: Day = Field(title="离任日期")


class SeatView(BaseModel):
    seat_id: UUID
    organisation_id: UUID
    area: str = Field(title="区划")
    kind: str = Field(title="职务")
    member_id: UUID = Field(title="党员编号")
    since: date = Field(title="任职日期")
    until: date | None = Field(title="离任日期")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


@commands.post(
    "/organisations/{organisation_id}/elections", status_code=201, summary="登记换届选举"
)
async def hold_election(
    organisation_id: UUID, request: ElectionRequest, caller: Caller, uow: Work, response: Response
) -> TermView:
    """The term that ran before ends on the day of the election."""
    organisation = await tree.organisation(uow.session, organisation_id)
    caller.require(Action.MANAGE_ORGANISATIONS, organisation.area)
    at = on_day(request.held_on, uow.now, "held_on", request.occurred_at)
    command = HoldElection(term_id=new_id(), **request.model_dump(exclude={"occurred_at"}))
    row = await handlers.hold_election(organisation_id, command, uow, at)
    set_etag(response, row.version)
    return _term(row)


@commands.post("/organisations/{organisation_id}/seats", status_code=201, summary="任命班子职务")
async def fill_seat(
    organisation_id: UUID, request: SeatRequest, caller: Caller, uow: Work, response: Response
) -> SeatView:
    """One secretary at a time; a branch has no more members in its committee than its rule says."""
    organisation = await tree.organisation(uow.session, organisation_id)
    caller.require(Action.MANAGE_ORGANISATIONS, organisation.area)
    at = on_day(request.since, uow.now, "since", request.occurred_at)
    command = FillSeat(seat_id=new_id(), **request.model_dump(exclude={"occurred_at"}))
    return _seated(await handlers.fill_seat(organisation_id, command, uow, at), response)


@commands.post("/seats/{seat_id}/vacate", summary="免去班子职务")
async def vacate_seat(
    seat_id: UUID,
    request: SeatEnd,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> SeatView:
    seat = await tables.seat(uow.session, seat_id)
    caller.require(Action.MANAGE_ORGANISATIONS, seat.area)
    at = on_day(request.until, uow.now, "until", request.occurred_at)
    return _seated(await handlers.vacate_seat(seat_id, request.until, version, uow, at), response)


@queries.get("/organisations/{organisation_id}/seats", summary="班子成员")
async def list_seats(
    organisation_id: UUID,
    context: Context,
    caller: Caller,
    *,
    past: Annotated[bool, Query(description="Show those who left, too.")] = False,
) -> list[SeatView]:
    async with context.database.sessions() as session:
        organisation = await tree.organisation(session, organisation_id)
        caller.require(Action.READ, organisation.area)
        rows = await tables.seats(session, organisation_id, held_only=not past)
    return [_seat(row) for row in rows]


@queries.get("/terms", summary="任期列表")
async def list_terms(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query(description="Only in this area.")] = None,
    organisation_id: UUID | None = None,
    expires_by: Annotated[Day | None, Query(description="Ends on this day or before.")] = None,
    past: Annotated[bool, Query(description="Show those that ended, too.")] = False,
    limit: Limit = 50,
) -> Page[TermView]:
    async with context.database.sessions() as session:
        rows = await tables.terms(
            session,
            areas_to_list(caller, within),
            organisation_id,
            expires_by,
            current_only=not past,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, _term, lambda row: (row.term_id,))


@queries.get("/terms/export", summary="导出任期列表")
async def export_terms(
    context: Context,
    caller: Caller,
    *,
    within: Annotated[AreaCode | None, Query(description="Only in this area.")] = None,
    expires_by: Annotated[Day | None, Query(description="Ends on this day or before.")] = None,
    past: Annotated[bool, Query(description="Show those that ended, too.")] = False,
    format: Format = "xlsx",  # noqa: A002  the name of the query parameter
) -> Response:
    areas = areas_to_list(caller, within)

    async def rows() -> AsyncIterator[Sequence[Cell]]:
        async with context.database.pool.acquire() as connection, connection.transaction():
            async for row in tables.told(connection, areas, expires_by, current_only=not past):
                body = Body(row["body"]).label
                days = (row["held_on"], row["expires_on"], row["ended_on"])
                yield (row["code"], row["name"], row["area"], body, row["elected"], *days)

    headings = (
        *("组织代码", "组织名称", "区划代码", "班子"),
        *("选出成员数", "选举日期", "届满日期", "结束日期"),
    )
    return await exported("任期", headings, rows(), format)


def _term(row: TermRow) -> TermView:
    return TermView.model_validate(row.model_dump())


def _seat(row: SeatRow) -> SeatView:
    return SeatView.model_validate(row.model_dump())


def _seated(row: SeatRow, response: Response) -> SeatView:
    set_etag(response, row.version)
    return _seat(row)


routers = (commands, queries)
