"""Lists of activities, as pages and as files."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.activities import ActivityStatus
from contracts.kinds.books import Bound
from services.chassis import kinds as known
from services.chassis.clock import midnight
from services.chassis.http import Caller, Context, Cursor, Limit, Page, page_of, set_etag
from services.chassis.http.export import Cell, Format, exported
from services.chassis.http.fields import Day, Sought, instant_of
from services.chassis.http.lists import as_file
from services.chassis.http.pages import key_of
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.membership.api.activities.views import ActivityDetail, ActivityView, detail, view
from services.membership.tables.activities import lists, records
from services.membership.tables.activities.lists import Entry

queries = APIRouter(prefix="/v1", tags=["活动"], responses=dict(RESPONSES))

HEADINGS = (
    *("台账编号", "举办党组织", "区划", "类别", "颜色或形式", "状态", "开始时间", "结束时间"),
    *("主题", "地点", "场次", "场次口径", "应到党员", "实到", "请假", "缺席", "免作硬性要求"),
    *("参加人次", "人次口径", "成果"),
)


async def _sought(
    *,
    caller: Caller,
    within: Annotated[AreaCode | None, Query(description="Only in this area.")] = None,
    status: ActivityStatus | None = None,
    variant: Sought | None = None,
    organisation_id: UUID | None = None,
    base_id: UUID | None = None,
    code: Sought | None = None,
    first: Annotated[Day | None, Query(alias="from", description="First day.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="Last day, inclusive.")] = None,
) -> lists.Sought:
    return lists.Sought(
        within=areas_to_list(caller, within),
        status=status.value if status else None,
        variant=variant,
        organisation_id=organisation_id,
        base_id=base_id,
        code=code,
        since=midnight(first) if first else None,
        until=midnight(last) + timedelta(days=1) if last else None,
    )


Filters = Annotated[lists.Sought, Depends(_sought)]
KindSought = Annotated[Sought | None, Query(description="A kind, and all that stand below it.")]


class HeldByView(BaseModel):
    organisation_id: UUID
    code: str = Field(title="组织代码")
    name: str = Field(title="名称")
    area: str = Field(title="区划")
    sessions: int = Field(title="场次")


class HeldByEach(Page[HeldByView]):
    """“各社区均已召开8次” is a `least` of 8."""

    organisations: int = Field(title="党组织数")
    least: int = Field(title="最少场次")
    most: int = Field(title="最多场次")
    sessions: int = Field(title="场次合计")


@queries.get("/activities", summary="活动列表")
async def list_activities(
    context: Context,
    filters: Filters,
    cursor: Cursor,
    kind: KindSought = None,
    limit: Limit = 50,
) -> Page[ActivityView]:
    """In order of start; days are those of Asia/Shanghai."""
    async with context.database.sessions() as session:
        if kind:
            kinds = await lists.kinds_within(session, "activity", kind)
            filters = replace(filters, kinds=kinds)
        rows = await lists.activities(session, filters, key_of(cursor, instant_of, UUID), limit + 1)
    return page_of(rows, limit, view, lambda row: (row.starts_at, row.activity_id))


@queries.get("/activities/export", summary="导出活动台账")
async def export_activities(
    context: Context,
    filters: Filters,
    kind: KindSought = None,
    form: Annotated[Format, Query(alias="format")] = "csv",
) -> Response:
    """The ledger of a kind, an organisation and a period: `kind=three-meetings` is 三会一课台账."""
    async with context.database.sessions() as session:
        words = {
            family: await known.labels(session, family)
            for family in ("activity", "theme-colour", "lecture-form", "activity-output")
        }
        if kind:
            kinds = await lists.kinds_within(session, "activity", kind)
            filters = replace(filters, kinds=kinds)
    name = f"{words['activity'].get(kind or '', '活动')}台账"

    async def rows() -> AsyncIterator[tuple[Cell, ...]]:
        async with context.database.sessions() as session:
            async for entry in lists.ledger(session, filters):
                yield _line(entry, words)

    return await exported(name, HEADINGS, rows(), form)


@as_file(queries, "各党组织开展场次")
@queries.get("/activities/held-by-each", summary="各党组织开展场次")
async def held_by_each(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    kind: Sought,
    organisation_kind: Sought,
    first: Annotated[Day, Query(alias="from", description="First day.")],
    last: Annotated[Day, Query(alias="to", description="Last day, inclusive.")],
    within: Annotated[AreaCode | None, Query()] = None,
    limit: Limit = 50,
) -> HeldByEach:
    """How often each organisation of a kind held something, those that never did included."""
    areas = areas_to_list(caller, within)
    async with context.database.sessions() as session:
        sought = lists.Sought(
            within=areas,
            kinds=await lists.kinds_within(session, "activity", kind),
            since=midnight(first),
            until=midnight(last) + timedelta(days=1),
        )
        holders = await lists.kinds_within(session, "organisation", organisation_kind)
        after = cursor[0] if cursor else None
        least, rows = await lists.held_by_each(session, sought, holders, after, limit + 1)
    page = page_of(rows, limit, lambda row: HeldByView(**vars(row)), lambda row: (row.code,))
    return HeldByEach(items=page.items, next=page.next, **vars(least))


@queries.get("/activities/{activity_id}", summary="单个活动")
async def get_activity(
    activity_id: UUID, context: Context, caller: Caller, response: Response
) -> ActivityDetail:
    async with context.database.sessions() as session:
        row = await records.activity(session, activity_id)
        caller.require(Action.READ, row.area)
        set_etag(response, row.edition)
        return await detail(session, row)


def _line(entry: Entry, words: dict[str, dict[str, str]]) -> tuple[Cell, ...]:
    row = entry.row
    variants = words["theme-colour"] | words["lecture-form"]
    outputs = "、".join(
        f"{words['activity-output'].get(each.kind, each.kind)}{each.quantity}"
        f"{'余' if each.bound == Bound.AT_LEAST else ''}"
        for each in entry.outputs
    )
    return (
        *(row.code, entry.organisation, row.area, words["activity"].get(row.kind, row.kind)),
        *(variants.get(row.variant_kind or ""), ActivityStatus(row.status).label),
        *(row.starts_at, row.ends_at, row.topic, row.place),
        *(row.sessions, Bound(row.sessions_bound).label),
        *(row.expected, row.attended, row.excused, row.missed, row.exempt),
        *(row.headcount, Bound(row.bound).label, outputs),
    )
