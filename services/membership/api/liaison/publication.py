"""The duty table of a week: as data, as a spreadsheet, and as the sheet that hangs at the door."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from contracts.access import Action
from contracts.areas import AreaCode, AreaLevel, level_of
from contracts.areas import within as inside
from contracts.kinds.cadence import Every
from contracts.kinds.liaison import DutyKind, DutyOutcome
from contracts.kinds.members import HolderKind
from services.chassis.auth import Principal
from services.chassis.clock import LOCAL, business_date, weekday
from services.chassis.errors import Invalid
from services.chassis.http import Caller, Context, query_router, sealed
from services.chassis.http.context import ServiceContext
from services.chassis.http.export import Format, Rows, exported
from services.chassis.http.scopes import areas_to_list
from services.chassis.periods import period_of
from services.membership.api.liaison.points import Seen
from services.membership.tables.liaison import duties as tables

queries = query_router(tags=["值班值勤"])

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HEADINGS = ("日期", "星期", "时间", "联络点", "类别", "值勤人员", "人员类别", "到岗情况")
NARROW = {AreaLevel.STREET, AreaLevel.COMMUNITY, AreaLevel.GRID}

Week = Annotated[
    str | None,
    Field(pattern=r"^\d{4}-W\d{2}$", description="ISO week, such as 2026-W47; else this week."),
]
Purpose = Annotated[
    str | None,
    Query(
        min_length=2,
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="Why names are printed in full; needs the right to read them, and is recorded.",
    ),
]


class TableFilters(BaseModel):
    week: Week = None
    within: AreaCode | None = Field(default=None, description="A street, community or grid.")
    point_id: UUID | None = None
    organisation_id: UUID | None = None
    kind: DutyKind | None = None


class WeekFilters(TableFilters):
    holder_id: UUID | None = None


class OnDuty(BaseModel):
    duty_id: UUID
    holder_id: UUID = Field(title="值勤人员编号")
    holder_kind: HolderKind = Field(title="值勤人员类别")
    masked_name: str | None = Field(title="姓名（脱敏）")
    outcome: DutyOutcome | None = Field(title="到岗情况")
    version: int


class SlotView(BaseModel):
    slot_id: UUID
    kind: DutyKind = Field(title="值勤类别")
    organisation_id: UUID = Field(title="负责党组织")
    area: str = Field(title="区划")
    point_id: UUID | None = Field(title="联络点编号")
    place: str | None = Field(title="联络点")
    visited_id: UUID | None = Field(title="被督导党组织")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    headcount: int = Field(title="应到人数")
    on_duty: list[OnDuty] = Field(title="值勤人员")


class WeekView(BaseModel):
    week: str = Field(title="周")
    first_day: date = Field(title="周一")
    slots: list[SlotView] = Field(title="班次")


@queries.get("/duty-table", summary="一周值班表")
async def week_table(
    filters: Annotated[WeekFilters, Query()], context: Context, caller: Caller
) -> WeekView:
    """Of a point, an organisation, a holder, or all of a street, community or grid."""
    monday, rows = await _table(filters, context, caller)
    names = await _masked(context, rows)
    return WeekView(week=_week(monday), first_day=monday, slots=_slots(rows, names))


@queries.get("/duty-table/export", summary="导出一周值班表")
async def export_table(
    filters: Annotated[TableFilters, Query()],
    context: Context,
    caller: Caller,
    form: Annotated[Format, Query(alias="format")] = "xlsx",
) -> Response:
    monday, found = await _table(filters, context, caller)
    names = await _masked(context, found)

    async def rows() -> Rows:
        for row in found:
            since = row.starts_at.astimezone(LOCAL)
            yield (
                since.date(),
                weekday(since),
                _hours(row),
                row.place,
                DutyKind(row.kind).label,
                names.get(row.holder_id, "") if row.holder_id else "待安排",
                HolderKind(row.holder_kind).label if row.holder_kind else None,
                DutyOutcome(row.outcome).label if row.outcome else None,
            )

    return await exported(f"值班表{_week(monday)}", HEADINGS, rows(), form)


@queries.get(
    "/liaison-points/{point_id}/duty-table.docx",
    summary="打印联络点值班表",
    response_class=Response,
    responses={200: {"content": {DOCX: {}}}},
)
async def print_table(
    point: Seen, context: Context, caller: Caller, week: Week = None, purpose: Purpose = None
) -> Response:
    """The sheet to be hung up (公示). Without `purpose` the names on it are masked; with one,
    only those of people whom the caller may not read: who helps out from elsewhere.
    """
    if purpose is not None:
        caller.require(Action.READ_PERSONAL, point.area)
    monday = _monday(week, context)
    rows = await _rows(context, monday, (point.area,), point_id=point.point_id)
    names = await _masked(context, rows)
    if purpose is not None:
        names |= await _in_full(context, rows, caller, purpose)
    from services.membership.api.liaison import sheet  # noqa: PLC0415  python-docx is slow to import

    entries = [
        sheet.Entry(
            row.starts_at.astimezone(LOCAL), _hours(row), names.get(row.holder_id, "待安排")
        )
        for row in rows
    ]
    body = await run_in_threadpool(sheet.printed, point.label, monday, entries)
    name = quote(f"{point.label}值班表{_week(monday)}.docx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(body, media_type=DOCX, headers=headers)


async def _table(
    filters: TableFilters, context: ServiceContext, caller: Principal
) -> tuple[date, Sequence[Any]]:
    """The Monday of the week, and who is on duty."""
    monday, areas = _monday(filters.week, context), areas_to_list(caller, filters.within)
    others = filters.model_dump(exclude={"week", "within"})
    return monday, await _rows(context, monday, areas, **others)


async def _rows(
    context: ServiceContext, monday: date, within: Sequence[str], **filters: Any
) -> Sequence[Any]:
    named = any(filters.get(name) for name in ("point_id", "organisation_id", "holder_id"))
    if not named and not all(level_of(area) in NARROW for area in within):
        raise Invalid(
            "Ask for a point, an organisation, a holder, or an area no wider than a street.",
            zh="请指定联络点、党组织、人员，或不大于街道的区划。",
            field="within",
        )
    async with context.database.sessions() as session:
        return await tables.listed(session, within, monday, monday + timedelta(days=6), **filters)


async def _masked(context: ServiceContext, rows: Sequence[Any]) -> dict[UUID, str]:
    ids = {row.holder_id for row in rows if row.holder_id}
    names = await sealed.names(context, ids)
    return {holder_id: name or "" for holder_id, name in names.items()}


async def _in_full(
    context: ServiceContext, rows: Sequence[Any], caller: Principal, purpose: str
) -> dict[UUID, str]:
    """Of those whom the caller may read; recorded where each of them belongs."""
    holders = {row.holder_id for row in rows if row.holder_id}
    homes = await tables.homes(context.database.pool, holders)
    readable = {
        area: ids
        for area, ids in homes.items()
        if any(inside(area, each) for each in caller.areas(Action.READ_PERSONAL))
    }
    read = await sealed.all_in_full(context, caller, readable, purpose, ("name",))
    return {holder_id: fields.get("name", "") for holder_id, fields in read.items()}


def _slots(rows: Sequence[Any], names: dict[UUID, str]) -> list[SlotView]:
    slots: dict[UUID, SlotView] = {}
    for row in rows:
        fields = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's name for the row as a mapping
        slot = slots.setdefault(row.slot_id, SlotView(**fields, on_duty=[]))
        if row.duty_id:
            slot.on_duty.append(OnDuty(**fields, masked_name=names.get(row.holder_id)))
    return list(slots.values())


def _hours(row: Any) -> str:
    since, until = row.starts_at.astimezone(LOCAL), row.ends_at.astimezone(LOCAL)
    return f"{since:%H:%M}-{until:%H:%M}"


def _week(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def _monday(week: str | None, context: ServiceContext) -> date:
    if week is None:
        return period_of(Every.WEEK, business_date(context.clock())).first
    year, number = map(int, re.findall(r"\d+", week))
    try:
        return date.fromisocalendar(year, number, 1)
    except ValueError:
        raise Invalid(
            f"{year} has no week {number}.", zh=f"{year} 年没有第 {number} 周。", field="query.week"
        ) from None
