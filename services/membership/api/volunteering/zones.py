"""Zones of branches, and the hours volunteers gave."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from sqlmodel import col

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.volunteering import StarTier
from services.chassis.http import (
    Caller,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.held import held
from services.chassis.http.listing import Filters, Paging, equals
from services.chassis.http.lists import as_file
from services.membership.api.volunteering.common import HolderShown
from services.membership.api.written import OrganisationId
from services.membership.domain.volunteering.teams import Zone
from services.membership.handlers.volunteering import teams as handlers
from services.membership.tables.volunteering.rows import VolunteerRow, ZoneRow

commands = command_router(tags=["志愿服务"])
queries = query_router(tags=["志愿服务"])

Held = Annotated[ZoneRow, held(ZoneRow, "责任区", Action.MANAGE_SERVICE)]


class ZoneRequest(Timed):
    organisation_id: UUID = Field(title="责任党支部")
    area: AreaCode


class ZoneView(Zone):
    organisation_id: OrganisationId = Field(title="责任党支部")
    version: int


class ZoneFilters(Filters):
    organisation_id: UUID | None = None


@commands.post("/branch-zones", status_code=201, summary="划定党员红色责任区")
async def assign_zone(request: ZoneRequest, caller: Caller, uow: Work) -> ZoneView:
    """An area, a grid as a rule, for one branch."""
    caller.require(Action.MANAGE_SERVICE, request.area)
    at = request.at(uow)
    zone = await handlers.assign_zone(request.organisation_id, request.area, uow, at)
    return zone.shown(ZoneView)


@commands.post("/branch-zones/{zone_id}/end", summary="撤销党员红色责任区")
async def end_zone(zone: Held, request: Timed, uow: Work) -> ZoneView:
    return (await handlers.end_zone(zone, uow, request.at(uow))).shown(ZoneView)


@as_file(queries, "党员红色责任区")
@queries.get("/branch-zones", summary="党员红色责任区列表")
async def list_zones(filters: Annotated[ZoneFilters, Query()], paging: Paging) -> Page[ZoneView]:
    """Those that stand."""
    standing = col(ZoneRow.ended_on).is_(None)
    return await paging.shown(ZoneRow, ZoneView, filters, where=[standing])


class VolunteerView(HolderShown):
    volunteer_id: UUID
    area: str = Field(title="区划")
    minutes: int = Field(title="累计服务分钟")
    star: StarTier = Field(title="星级")

    @property
    def hours(self) -> float:
        return round(self.minutes / 60, 1)


class VolunteerFilters(Filters):
    star: StarTier | None = None
    member_id: Annotated[UUID | None, equals("holder_id")] = None
    registrant_id: Annotated[UUID | None, equals("holder_id")] = None


@as_file(
    queries,
    "志愿服务时长",
    columns={
        "holder_kind": "身份",
        "holder_id": "志愿者编号",
        "area": "区划",
        "hours": "累计服务小时",
        "star": "星级",
    },
    form="xlsx",
    without=("member_id", "registrant_id"),
    summary="导出志愿者服务时长",
    follows=True,
)
@queries.get("/volunteers", summary="志愿者服务时长与星级")
async def list_hours(
    filters: Annotated[VolunteerFilters, Query()], paging: Paging
) -> Page[VolunteerView]:
    return await paging.shown(VolunteerRow, VolunteerView, filters)


routers = (commands, queries)
