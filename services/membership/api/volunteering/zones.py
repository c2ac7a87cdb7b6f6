"""Zones of branches, and the hours volunteers gave."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.members import HolderKind
from contracts.kinds.volunteering import StarTier
from services.chassis.clock import occurred
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
)
from services.chassis.http.export import Cell
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.membership.api.volunteering.common import (
    AsFile,
    HolderShown,
    Within,
    file_of,
    holder_shown,
    label,
    of_holder,
    page_rows,
)
from services.membership.api.written import OrganisationId
from services.membership.handlers.volunteering import teams as handlers
from services.membership.tables.volunteering.rows import (
    VolunteerRow,
    ZoneRow,
    one,
)

commands = command_router(tags=["志愿服务"])
queries = APIRouter(prefix="/v1", tags=["志愿服务"], responses=dict(RESPONSES))


class ZoneRequest(Timed):
    organisation_id: UUID = Field(title="责任党支部")
    area: AreaCode


class ZoneView(BaseModel):
    zone_id: UUID
    organisation_id: OrganisationId = Field(title="责任党支部")
    area: str = Field(title="区划")
    since: date = Field(title="划定日期")
    ended_on: date | None = Field(title="撤销日期")
    version: int


@commands.post("/branch-zones", status_code=201, summary="划定党员红色责任区")
async def assign_zone(request: ZoneRequest, caller: Caller, uow: Work) -> ZoneView:
    """An area, a grid as a rule, for one branch."""
    caller.require(Action.MANAGE_SERVICE, request.area)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.assign_zone(request.organisation_id, request.area, uow, at)
    return _zone(row)


@commands.post("/branch-zones/{zone_id}/end", summary="撤销党员红色责任区")
async def end_zone(zone_id: UUID, request: Timed, caller: Caller, uow: Work) -> ZoneView:
    row = await one(uow.session, ZoneRow, zone_id, handlers.NO_ZONE)
    caller.require(Action.MANAGE_SERVICE, row.area)
    at = occurred(request.occurred_at, uow.now)
    return _zone(await handlers.end_zone(zone_id, uow, at))


@as_file(queries, "党员红色责任区")
@queries.get("/branch-zones", summary="党员红色责任区列表")
async def list_zones(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    organisation_id: UUID | None = None,
    limit: Limit = 50,
) -> Page[ZoneView]:
    """Those that stand."""
    equal = {"organisation_id": organisation_id}
    rows = await page_rows(
        context, caller, ZoneRow, "zone_id", within, equal, cursor, limit, unset="ended_on"
    )
    return page_of(rows, limit, _zone, lambda row: (row.zone_id,))


def _zone(row: ZoneRow) -> ZoneView:
    return ZoneView.model_validate(row.model_dump())


class VolunteerView(HolderShown):
    volunteer_id: UUID
    area: str = Field(title="区划")
    minutes: int = Field(title="累计服务分钟")
    star: StarTier = Field(title="星级")


@queries.get("/volunteers", summary="志愿者服务时长与星级")
async def list_hours(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    star: StarTier | None = None,
    member_id: UUID | None = None,
    registrant_id: UUID | None = None,
    limit: Limit = 50,
) -> Page[VolunteerView]:
    equal = {"star": star, **of_holder(member_id, registrant_id)}
    rows = await page_rows(
        context, caller, VolunteerRow, "volunteer_id", within, equal, cursor, limit
    )
    return page_of(rows, limit, _volunteer, lambda row: (row.volunteer_id,))


@queries.get("/volunteers/export", summary="导出志愿者服务时长", response_class=Response)
async def export_hours(
    context: Context,
    caller: Caller,
    within: Within = None,
    star: StarTier | None = None,
    form: AsFile = "xlsx",
) -> Response:
    async def lines(rows: Sequence[VolunteerRow]) -> list[Sequence[Cell]]:
        return [
            (
                label(HolderKind, r.holder_kind),
                str(r.holder_id),
                r.area,
                round(r.minutes / 60, 1),
                label(StarTier, r.star),
            )
            for r in rows
        ]

    headings = ("身份", "志愿者编号", "区划", "累计服务小时", "星级")
    areas = areas_to_list(caller, within)
    return await file_of(
        context, "志愿服务时长", headings, form, VolunteerRow, "volunteer_id", areas,
        {"star": star}, lines,
    )  # fmt: skip


def _volunteer(row: VolunteerRow) -> VolunteerView:
    return VolunteerView(
        volunteer_id=row.volunteer_id,
        area=row.area,
        minutes=row.minutes,
        star=StarTier(row.star),
        **holder_shown(row),
    )


routers = (commands, queries)
