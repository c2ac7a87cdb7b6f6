"""Volunteer teams and who is in them."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.chassis.clock import occurred
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
from services.chassis.http.export import Cell
from services.chassis.http.fields import Code, Kind, Name, Sought
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.membership.api.volunteering.common import (
    AsFile,
    HolderShown,
    MustHold,
    Within,
    file_of,
    holder_shown,
    page_rows,
)
from services.membership.domain.volunteering.teams import ChangeTeam, FormTeam
from services.membership.handlers.volunteering import references
from services.membership.handlers.volunteering import teams as handlers
from services.membership.tables.volunteering import people
from services.membership.tables.volunteering.rows import (
    EnlistmentRow,
    TeamRow,
    one,
)

commands = command_router(tags=["志愿服务"])
queries = APIRouter(prefix="/v1", tags=["志愿服务"], responses=dict(RESPONSES))


class TeamRequest(Timed):
    code: Code
    name: Name
    kind: Kind
    organisation_id: UUID = Field(title="所属党组织")
    area: AreaCode | None = Field(default=None, description="Else that of the organisation.")


class TeamChange(Timed):
    """Fields left out stay as they are."""

    name: Name | None = None
    kind: Kind | None = None
    organisation_id: UUID | None = Field(default=None, title="所属党组织")
    area: AreaCode | None = None


class TeamView(BaseModel):
    team_id: UUID
    code: str = Field(title="队伍代码")
    name: str = Field(title="队伍名称")
    kind: str = Field(title="队伍类别")
    organisation_id: UUID = Field(title="所属党组织")
    area: str = Field(title="区划")
    headcount: int = Field(title="队员人数")
    formed_on: date = Field(title="组建日期")
    disbanded_on: date | None = Field(title="撤销日期")
    version: int


class EnlistmentView(HolderShown):
    joined_on: date = Field(title="入队日期")


@commands.post("/volunteer-teams", status_code=201, summary="组建志愿服务队")
async def form_team(
    request: TeamRequest, caller: Caller, uow: Work, response: Response
) -> TeamView:
    organisation = await references.organisation(uow, request.organisation_id)
    for area in {organisation.area, request.area or organisation.area}:
        caller.require(Action.MANAGE_SERVICE, area)
    command = FormTeam(**request.model_dump(exclude={"occurred_at"}))
    at = occurred(request.occurred_at, uow.now)
    return _team_shown(await handlers.form(command, uow, at), response)


@commands.patch("/volunteer-teams/{team_id}", summary="变更志愿服务队")
async def change_team(
    team_id: UUID,
    request: TeamChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> TeamView:
    """A change of area needs the right in both."""
    await _require_team(caller, uow, team_id)
    if request.area is not None:
        caller.require(Action.MANAGE_SERVICE, request.area)
    command = ChangeTeam(**request.model_dump(exclude={"occurred_at"}))
    at = occurred(request.occurred_at, uow.now)
    return _team_shown(await handlers.change(team_id, command, version, uow, at), response)


@commands.post("/volunteer-teams/{team_id}/disbandment", summary="撤销志愿服务队")
async def disband_team(
    team_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> TeamView:
    await _require_team(caller, uow, team_id)
    at = occurred(request.occurred_at, uow.now)
    return _team_shown(await handlers.disband(team_id, uow, at), response)


@commands.post("/volunteer-teams/{team_id}/volunteers", status_code=201, summary="志愿者入队")
async def enlist(
    team_id: UUID, request: MustHold, caller: Caller, uow: Work, response: Response
) -> TeamView:
    await _require_team(caller, uow, team_id)
    at = occurred(request.occurred_at, uow.now)
    return _team_shown(await handlers.enlist(team_id, request.who(), uow, at), response)


@commands.post("/volunteer-teams/{team_id}/departures", summary="志愿者离队")
async def depart(
    team_id: UUID, request: MustHold, caller: Caller, uow: Work, response: Response
) -> TeamView:
    await _require_team(caller, uow, team_id)
    at = occurred(request.occurred_at, uow.now)
    return _team_shown(await handlers.depart(team_id, request.who(), uow, at), response)


async def _require_team(caller: Caller, uow: Work, team_id: UUID) -> None:
    row = await one(uow.session, TeamRow, team_id, handlers.NO_TEAM)
    caller.require(Action.MANAGE_SERVICE, row.area)


@queries.get("/volunteer-teams", summary="志愿服务队列表")
async def list_teams(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    kind: Sought | None = None,
    code: Sought | None = None,
    organisation_id: UUID | None = None,
    standing: Annotated[bool, Query(description="Only teams that were not disbanded.")] = False,
    limit: Limit = 50,
) -> Page[TeamView]:
    equal = {"kind": kind, "code": code, "organisation_id": organisation_id}
    unset = "disbanded_on" if standing else None
    rows = await page_rows(
        context, caller, TeamRow, "code", within, equal, cursor, limit, unset=unset
    )
    return page_of(rows, limit, _team, lambda row: (row.code,))


@queries.get("/volunteer-teams/export", summary="导出志愿服务队", response_class=Response)
async def export_teams(
    context: Context,
    caller: Caller,
    within: Within = None,
    kind: Sought | None = None,
    organisation_id: UUID | None = None,
    form: AsFile = "xlsx",
) -> Response:
    async def lines(rows: Sequence[TeamRow]) -> list[Sequence[Cell]]:
        return [
            (r.code, r.name, r.kind, r.area, r.headcount, r.formed_on, r.disbanded_on) for r in rows
        ]

    headings = ("队伍代码", "队伍名称", "队伍类别", "区划", "队员人数", "组建日期", "撤销日期")
    areas = areas_to_list(caller, within)
    equal = {"kind": kind, "organisation_id": organisation_id}
    return await file_of(
        context, "志愿服务队", headings, form, TeamRow, "code", areas, equal, lines
    )


@queries.get("/volunteer-teams/{team_id}", summary="单个志愿服务队")
async def get_team(team_id: UUID, context: Context, caller: Caller, response: Response) -> TeamView:
    async with context.database.sessions() as session:
        row = await one(session, TeamRow, team_id, handlers.NO_TEAM)
    caller.require(Action.READ, row.area)
    return _team_shown(row, response)


@queries.get("/volunteer-teams/{team_id}/volunteers", summary="志愿服务队队员")
async def list_volunteers(team_id: UUID, context: Context, caller: Caller) -> list[EnlistmentView]:
    async with context.database.sessions() as session:
        row = await one(session, TeamRow, team_id, handlers.NO_TEAM)
        caller.require(Action.READ, row.area)
        found = await people.enlisted(session, team_id)
    return [_enlistment(each) for each in found]


def _enlistment(row: EnlistmentRow) -> EnlistmentView:
    return EnlistmentView(joined_on=row.joined_on, **holder_shown(row))


def _team(row: TeamRow) -> TeamView:
    return TeamView.model_validate(row.model_dump())


def _team_shown(row: TeamRow, response: Response) -> TeamView:
    set_etag(response, row.version)
    return _team(row)


routers = (commands, queries)
