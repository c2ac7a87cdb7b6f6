"""Volunteer teams and who is in them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.edits import edits
from services.chassis.http.fields import Code, Kind, Name, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, Paging, without_past
from services.chassis.http.lists import as_file
from services.membership.api.volunteering.common import HolderShown, MustHold, check_right
from services.membership.domain.volunteering.teams import Team
from services.membership.handlers.volunteering import teams as handlers
from services.membership.tables.volunteering import people
from services.membership.tables.volunteering.rows import TeamRow

commands = command_router(tags=["志愿服务"])
queries = query_router(tags=["志愿服务"])

Held = Annotated[TeamRow, held(TeamRow, "志愿服务队", Action.MANAGE_SERVICE)]
Edited = Annotated[TeamRow, held(TeamRow, "志愿服务队", Action.MANAGE_SERVICE, edit=True)]
Seen = Annotated[TeamRow, seen(TeamRow, "志愿服务队")]


class TeamRequest(Timed):
    code: Code
    name: Name
    kind: Kind
    organisation_id: UUID = Field(title="所属党组织")
    area: AreaCode | None = Field(default=None, description="Else that of the organisation.")


@edits(TeamRequest, "code")
class TeamChange(Timed):
    """Fields left out stay as they are."""


class TeamView(Team):
    version: int


class TeamFilters(Filters):
    kind: Sought | None = None
    code: Sought | None = None
    organisation_id: UUID | None = None
    standing: Annotated[bool, without_past("disbanded_on")] = Field(
        default=False, description="Only teams that were not disbanded."
    )


class EnlistmentView(HolderShown):
    joined_on: date = Field(title="入队日期")


@commands.post("/volunteer-teams", status_code=201, summary="组建志愿服务队")
async def form_team(request: TeamRequest, caller: Caller, uow: Work) -> TeamView:
    await check_right(caller, uow, request.organisation_id, request.area)
    return (await handlers.form(request.fields(), uow, request.at(uow))).shown(TeamView)


@commands.patch("/volunteer-teams/{team_id}", summary="变更志愿服务队")
async def change_team(team: Edited, request: TeamChange, caller: Caller, uow: Work) -> TeamView:
    """A change of area needs the right in both."""
    changes = request.changes()
    caller.require(Action.MANAGE_SERVICE, changes.get("area", team.area))
    return (await handlers.change(team, changes, uow, request.at(uow))).shown(TeamView)


@commands.post("/volunteer-teams/{team_id}/disbandment", summary="撤销志愿服务队")
async def disband_team(team: Held, request: Timed, uow: Work) -> TeamView:
    return (await handlers.disband(team, uow, request.at(uow))).shown(TeamView)


@commands.post("/volunteer-teams/{team_id}/volunteers", status_code=201, summary="志愿者入队")
async def enlist(team: Held, request: MustHold, uow: Work) -> TeamView:
    return (await handlers.enlist(team, request.who(), uow, request.at(uow))).shown(TeamView)


@commands.post("/volunteer-teams/{team_id}/departures", summary="志愿者离队")
async def depart(team: Held, request: MustHold, uow: Work) -> TeamView:
    return (await handlers.depart(team, request.who(), uow, request.at(uow))).shown(TeamView)


@as_file(
    queries,
    "志愿服务队",
    columns={
        "code": "队伍代码",
        "name": "队伍名称",
        "kind": "队伍类别",
        "area": "区划",
        "headcount": "队员人数",
        "formed_on": "组建日期",
        "disbanded_on": "撤销日期",
    },
    form="xlsx",
    without=("code", "standing"),
)
@queries.get("/volunteer-teams", summary="志愿服务队列表")
async def list_teams(filters: Annotated[TeamFilters, Query()], paging: Paging) -> Page[TeamView]:
    return await paging.shown(TeamRow, TeamView, filters, order="code")


@queries.get("/volunteer-teams/{team_id}", summary="单个志愿服务队")
async def get_team(team: Seen) -> TeamView:
    return team.shown(TeamView)


@queries.get("/volunteer-teams/{team_id}/volunteers", summary="志愿服务队队员")
async def list_volunteers(team: Seen, context: Context) -> list[EnlistmentView]:
    async with context.database.sessions() as session:
        found = await people.enlisted(session, team.team_id)
    return [row.shown(EnlistmentView) for row in found]


routers = (commands, queries)
