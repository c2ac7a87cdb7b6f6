"""Lists of activities, as pages and as files."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlmodel import col

from contracts.areas import AreaCode
from contracts.kinds.activities import ActivityStatus
from services.chassis import kinds
from services.chassis.clock import whole_days
from services.chassis.http import Caller, Context, Cursor, Limit, Page, page_of, query_router
from services.chassis.http.context import ServiceContext
from services.chassis.http.fields import Day, Sought
from services.chassis.http.listing import (
    Filters,
    PageQuery,
    Paging,
    after_cursor,
    equals,
    since,
    until,
)
from services.chassis.http.lists import as_file
from services.chassis.http.pages import key_of
from services.chassis.http.scopes import areas_to_list
from services.membership.api.activities.views import (
    ActivityDetail,
    ActivityView,
    Seen,
    detail,
    view,
)
from services.membership.tables.activities import lists
from services.membership.tables.activities.rows import ActivityRow

queries = query_router(tags=["活动"])

KindSought = Annotated[Sought | None, Query(description="A kind, and all that stand below it.")]


class ActivityFilters(Filters):
    status: ActivityStatus | None = None
    variant: Annotated[Sought | None, equals("variant_kind")] = None
    organisation_id: UUID | None = None
    base_id: UUID | None = None
    code: Sought | None = None
    first: Annotated[Day | None, since("starts_at")] = Field(
        default=None, alias="from", description="First day."
    )
    last: Annotated[Day | None, until("starts_at")] = Field(
        default=None, alias="to", description="Last day, inclusive."
    )


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


async def _ledger(*, context: ServiceContext, kind: str | None, **_: Any) -> str:
    """`三会一课台账` of `three-meetings`."""
    async with context.database.sessions() as session:
        words = await kinds.labels(session, "activity")
    return f"{words.get(kind or '', '活动')}台账"


@as_file(
    queries,
    "活动台账",
    columns={
        "code": "台账编号",
        "organisation_id": "举办党组织",
        "area": "区划",
        "kind": "类别",
        "variant_kind": "颜色或形式",
        "status": "状态",
        "starts_at": "开始时间",
        "ends_at": "结束时间",
        "topic": "主题",
        "place": "地点",
        "sessions": "场次",
        "sessions_bound": "场次口径",
        "expected": "应到党员",
        "attended": "实到",
        "excused": "请假",
        "missed": "缺席",
        "exempt": "免作硬性要求",
        "headcount": "参加人次",
        "bound": "人次口径",
        "produced": "成果",
    },
    named=_ledger,
    follows=True,
    documented=JSONResponse,
    description=(
        "The ledger of a kind, an organisation and a period: `kind=three-meetings` is 三会一课台账."
    ),
)
@queries.get("/activities", summary="活动列表")
async def list_activities(
    *,
    context: Context,
    caller: Caller,
    filters: Annotated[ActivityFilters, after_cursor(ActivityFilters)],
    cursor: Cursor,
    kind: KindSought = None,
    limit: Limit = 50,
) -> Page[ActivityView]:
    """In order of start; days are those of Asia/Shanghai."""
    of_kind = []
    if kind:
        async with context.database.sessions() as session:
            below = await lists.kinds_within(session, "activity", kind)
        of_kind = [col(ActivityRow.kind).in_(below)]
    order = ("starts_at", "activity_id")
    paging = PageQuery(context, caller, cursor, limit)
    page = await paging.rows(ActivityRow, filters, order=order, where=of_kind)
    return page.of([view(row) for row in page.items])


@as_file(queries, "各党组织开展场次")
@queries.get("/activities/held-by-each", summary="各党组织开展场次")
async def held_by_each(
    *,
    kind: Sought,
    organisation_kind: Sought,
    first: Annotated[Day, Query(alias="from", description="First day.")],
    last: Annotated[Day, Query(alias="to", description="Last day, inclusive.")],
    within: Annotated[AreaCode | None, Query()] = None,
    paging: Paging,
) -> HeldByEach:
    """How often each organisation of a kind held something, those that never did included."""
    areas = areas_to_list(paging.caller, within)
    (after,) = key_of(paging.cursor, str) or (None,)
    async with paging.context.database.sessions() as session:
        whole, rows = await lists.held_by_each(
            session,
            areas,
            await lists.kinds_within(session, "activity", kind),
            await lists.kinds_within(session, "organisation", organisation_kind),
            whole_days(first, last),
            after,
            paging.limit + 1,
        )
    page = page_of(rows, paging.limit, lambda row: HeldByView(**row), lambda row: (row["code"],))
    return HeldByEach(items=page.items, next=page.next, **whole)


@queries.get("/activities/{activity_id}", summary="单个活动")
async def get_activity(activity: Seen, context: Context) -> ActivityDetail:
    async with context.database.sessions() as session:
        return await detail(session, activity)
