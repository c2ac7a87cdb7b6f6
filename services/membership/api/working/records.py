"""服务记录: what was done when, by how many, for how many."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.books import Bound
from services.chassis.clock import LOCAL, business_date, midnight, occurred
from services.chassis.errors import Invalid
from services.chassis.http import Caller, Context, Page, Timed, Work, command_router, query_router
from services.chassis.http.fields import Code, Day, Instant, Kind, Sought
from services.chassis.http.held import held
from services.chassis.http.listing import (
    By,
    Filters,
    FirstDay,
    LastDay,
    Paging,
    after_cursor,
    since,
    until,
)
from services.chassis.http.lists import as_file
from services.chassis.http.words import as_cell
from services.chassis.ids import new_id
from services.membership.api.working.common import (
    TAGS,
    RegistrantId,
    ServiceKind,
    fresh_code,
    with_area,
)
from services.membership.domain.working.records import Service
from services.membership.handlers.working import records as handlers
from services.membership.tables.working import records as tables
from services.membership.tables.working import registrants
from services.membership.tables.working.rows import ServiceRow

commands, queries, files = (
    command_router(tags=TAGS),
    query_router(tags=TAGS),
    query_router(tags=TAGS),
)

Held = Annotated[ServiceRow, held(ServiceRow, "服务记录", Action.MANAGE_SERVICE)]

MOST = 1_000_000
Count = Annotated[int, Field(ge=0, le=MOST)]
Summary = Annotated[
    str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")
]


class WhenMissing(Invalid):
    code = "when-missing"
    title, title_zh = "Say the day or the start", "请填写服务日期或开始时刻"


class ServiceRequest(BaseModel):
    """One occasion; or, with `sessions`, a line of an old ledger that stands for several."""

    model_config = {"extra": "forbid"}

    code: Code | None = Field(default=None, title="记录编号")
    community: AreaCode = Field(title="社区")
    grid: AreaCode | None = Field(default=None, title="网格")
    post_id: UUID | None = Field(default=None, title="岗位")
    kind: Kind | None = Field(default=None, title="服务类别", description="That of the post.")
    held_on: Day | None = Field(default=None, title="服务日期")
    starts_at: Instant | None = Field(default=None, title="开始时刻")
    start: Annotated[time | None, Field(title="开始时间", description="Of `held_on`, local.")] = (
        None
    )
    minutes: Annotated[int, Field(ge=0, le=24 * 60, title="时长（分钟）")] = 0
    registrant_ids: Annotated[list[UUID], Field(max_length=500, title="参加人员")] = Field(
        default_factory=list
    )
    registrant_codes: Annotated[list[Code], Field(max_length=500)] = Field(
        default_factory=list, title="参加人员（报到编号）"
    )
    attended: Count | None = Field(
        default=None, title="参加人次", description="Of all; else those who are named."
    )
    sessions: Count = Field(default=1, title="活动次数")
    beneficiaries: Count = Field(default=0, title="受益人次")
    bound: Bound = Field(default=Bound.EXACT, title="数量含义")
    summary: Summary | None = Field(
        default=None, title="服务内容", description="Sealed; read with a purpose only."
    )


class ServiceView(Service):
    kind: ServiceKind = Field(title="服务类别")
    registrant_ids: list[RegistrantId] = Field(title="参加人员")
    voided_at: Annotated[datetime, as_cell(lambda _: "已作废")] | None = Field(title="作废时刻")
    version: int


NAMES = By(lambda columns, key: columns["record_id"].in_(tables.naming(key)))


class ServiceFilters(Filters):
    kind: Sought | None = None
    code: Sought | None = None
    post_id: UUID | None = None
    registrant_id: Annotated[UUID | None, NAMES] = None
    first: Annotated[FirstDay, since("held_on")] = None
    last: Annotated[LastDay, until("held_on")] = None


@commands.post("/service-records", status_code=201, summary="登记服务记录")
async def record_service(
    request: ServiceRequest, context: Context, caller: Caller, uow: Work
) -> ServiceView:
    """Everybody who is named earns points by the rule of the day."""
    caller.require(Action.MANAGE_SERVICE, request.community)
    named = [
        *request.registrant_ids,
        *await registrants.ids_of(uow.session, request.registrant_codes),
    ]
    fields = with_area(_fields(request, len(named), uow.now), request.community)
    row = await handlers.record(fields, named, request.summary, uow, context.vault)
    return _view(row, named)


@commands.post("/service-records/{record_id}/void", summary="作废服务记录")
async def void(record: Held, request: Timed, uow: Work) -> ServiceView:
    """For what was entered wrongly: counts and points are taken back, the line stays."""
    row = await handlers.void(record, uow, request.at(uow))
    parts = await tables.credits_of(uow.session, [row.record_id])
    return _view(row, [part.registrant_id for part in parts])


@as_file(
    queries,
    "在职党员服务记录",
    columns={
        "code": "记录编号",
        "held_on": "服务日期",
        "service_time": "时段",
        "kind": "服务类别",
        "area": "区划",
        "registrant_ids": "参加人员（报到编号）",
        "sessions": "活动次数",
        "attended": "参加人次",
        "minutes": "时长（分钟）",
        "beneficiaries": "受益人次",
        "bound": "数量含义",
        "voided_at": "作废",
    },
    form="xlsx",
    summary="导出服务记录",
    description="",
    on=files,
)
@queries.get("/service-records", summary="服务记录列表")
async def list_records(
    paging: Paging, filters: Annotated[ServiceFilters, after_cursor(ServiceFilters)]
) -> Page[ServiceView]:
    """In order of day."""
    order = ("held_on", "record_id")
    page = await paging.rows(ServiceRow, filters, order=order)
    named: dict[UUID, list[UUID]] = defaultdict(list)
    async with paging.context.database.sessions() as session:
        for part in await tables.credits_of(session, [row.record_id for row in page.items]):
            named[part.record_id].append(part.registrant_id)
    return page.of([_view(row, named[row.record_id]) for row in page.items])


def _view(row: ServiceRow, named: Sequence[UUID]) -> ServiceView:
    return row.shown(ServiceView, registrant_ids=list(named))


def _fields(request: ServiceRequest, named: int, now: datetime) -> dict[str, Any]:
    """Of the service; an empty kind is that of the post."""
    record_id, starts_at = new_id(), _start(request, now)
    elsewhere = {"start", "registrant_ids", "registrant_codes", "summary"}
    return request.model_dump(exclude=elsewhere) | {
        "record_id": record_id,
        "code": request.code or fresh_code("FW", record_id),
        "kind": request.kind or _kind_of_post(request),
        "held_on": _day(request, starts_at, now),
        "starts_at": starts_at,
        "attended": named if request.attended is None else request.attended,
    }


def _start(request: ServiceRequest, now: datetime) -> datetime | None:
    """Raises `TimeInFuture` for what has not begun."""
    at, field = request.starts_at, "starts_at"
    if at is None and request.held_on is not None and request.start is not None:
        local = request.start.replace(tzinfo=None)
        at, field = datetime.combine(request.held_on, local, LOCAL), "start"
    return None if at is None else occurred(at, now, field=field)


def _day(request: ServiceRequest, starts_at: datetime | None, now: datetime) -> date:
    """Raises `WhenMissing`, and `TimeInFuture` for a day to come."""
    if starts_at is not None:
        return business_date(starts_at)
    if request.held_on is None:
        raise WhenMissing("Send `held_on` or `starts_at`.", zh="请填写日期。", field="held_on")
    occurred(midnight(request.held_on), now, field="held_on")
    return request.held_on


def _kind_of_post(request: ServiceRequest) -> str:
    """Empty: that of the post. Raises `Invalid` without a post."""
    if request.post_id is None:
        raise Invalid("Send `kind` or `post_id`.", zh="请填写服务类别，或填写岗位。", field="kind")
    return ""
