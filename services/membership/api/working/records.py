"""服务记录: what was done when, by how many, for how many."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.books import Bound
from contracts.kinds.working import ServiceTime
from services.chassis.clock import LOCAL, business_date, midnight, occurred
from services.chassis.errors import Invalid
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    Limit,
    Page,
    Timed,
    Work,
    page_of,
    set_etag,
)
from services.chassis.http.fields import Code, Day, Instant, Kind, Sought
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.membership.api.working.common import (
    Within,
    after_day,
    commands_router,
    queries_router,
)
from services.membership.domain.working.records import RecordService
from services.membership.domain.working.registrants import Place
from services.membership.handlers.working import records as handlers
from services.membership.handlers.working.checks import fresh_code
from services.membership.tables.working import records as tables
from services.membership.tables.working import registrants
from services.membership.tables.working.rows import ServiceRow

commands, queries = commands_router(), queries_router()

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


class ServiceView(BaseModel):
    record_id: UUID
    code: str = Field(title="记录编号")
    community: str = Field(title="社区")
    area: str = Field(title="区划")
    post_id: UUID | None = Field(title="岗位")
    kind: str = Field(title="服务类别")
    held_on: date = Field(title="服务日期")
    starts_at: datetime | None = Field(title="开始时刻")
    minutes: int = Field(title="时长（分钟）")
    service_time: ServiceTime = Field(title="时段")
    sessions: int = Field(title="活动次数")
    attended: int = Field(title="参加人次")
    service_minutes: int = Field(title="服务总时长（分钟）")
    beneficiaries: int = Field(title="受益人次")
    bound: Bound = Field(title="数量含义")
    registrant_ids: list[UUID] = Field(title="参加人员")
    voided_at: datetime | None = Field(title="作废时刻")
    version: int


@dataclass
class Asked:
    """What a list of service records, and its export, are searched by."""

    within: Within = None
    kind: Sought | None = None
    code: Sought | None = None
    post_id: UUID | None = None
    registrant_id: UUID | None = None
    first: Annotated[Day | None, Query(alias="from", description="First day.")] = None
    last: Annotated[Day | None, Query(alias="to", description="Last day, inclusive.")] = None


Searched = Annotated[Asked, Depends()]


@commands.post("/service-records", status_code=201, summary="登记服务记录")
async def record_service(
    request: ServiceRequest, context: Context, caller: Caller, uow: Work, response: Response
) -> ServiceView:
    """Everybody who is named earns points by the rule of the day."""
    caller.require(Action.MANAGE_SERVICE, request.community)
    record_id = new_id()
    named = [
        *request.registrant_ids,
        *await registrants.ids_of(uow.session, request.registrant_codes),
    ]
    starts_at = _start(request, uow.now)
    command = RecordService(
        record_id=record_id,
        place=Place(community=request.community, grid=request.grid),
        kind=request.kind or _kind_of_post(request),
        held_on=_day(request, starts_at, uow.now),
        starts_at=starts_at,
        minutes=request.minutes,
        attended=len(named) if request.attended is None else request.attended,
        sessions=request.sessions,
        beneficiaries=request.beneficiaries,
        bound=request.bound,
    )
    code = request.code or fresh_code("FW", record_id)
    row = await handlers.record(
        command, code, request.post_id, named, request.summary, uow, context.vault
    )
    set_etag(response, row.version)
    return view(row, named)


@commands.post("/service-records/{record_id}/void", summary="作废服务记录")
async def void(
    record_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> ServiceView:
    """For what was entered wrongly: counts and points are taken back, the line stays."""
    known = await tables.record(uow.session, record_id)
    caller.require(Action.MANAGE_SERVICE, known.area)
    row = await handlers.void(record_id, uow, occurred(request.occurred_at, uow.now))
    named = [each.registrant_id for each in await tables.credits_of(uow.session, [record_id])]
    set_etag(response, row.version)
    return view(row, named)


@queries.get("/service-records", summary="服务记录列表")
async def list_records(
    context: Context, caller: Caller, cursor: Cursor, asked: Searched, limit: Limit = 50
) -> Page[ServiceView]:
    """In order of day."""
    after = after_day(cursor)
    async with context.database.sessions() as session:
        rows = await found(session, areas_to_list(caller, asked.within), asked, after, limit + 1)
        named = await named_in(session, rows)
    return page_of(
        rows,
        limit,
        lambda row: view(row, named[row.record_id]),
        lambda row: (row.held_on, row.record_id),
    )


async def found(
    session: AsyncSession,
    within: Sequence[str],
    asked: Asked,
    after: tuple[date, UUID] | None,
    limit: int,
) -> Sequence[ServiceRow]:
    return await tables.records(
        session,
        within=within,
        kind=asked.kind,
        code=asked.code,
        post_id=asked.post_id,
        registrant_id=asked.registrant_id,
        first=asked.first,
        last=asked.last,
        after=after,
        limit=limit,
    )


async def named_in(session: AsyncSession, rows: Sequence[ServiceRow]) -> dict[UUID, list[UUID]]:
    """Who took part by name, by record."""
    named: dict[UUID, list[UUID]] = defaultdict(list)
    for each in await tables.credits_of(session, [row.record_id for row in rows]):
        named[each.record_id].append(each.registrant_id)
    return named


def view(row: ServiceRow, named: Sequence[UUID]) -> ServiceView:
    return ServiceView(**row.model_dump(exclude={"recorded_at"}), registrant_ids=list(named))


def _start(request: ServiceRequest, now: datetime) -> datetime | None:
    """Raises `TimeInFuture` for what has not begun."""
    given, field = request.starts_at, "starts_at"
    if given is None and request.held_on is not None and request.start is not None:
        local = request.start.replace(tzinfo=None)
        given, field = datetime.combine(request.held_on, local, LOCAL), "start"
    return None if given is None else occurred(given, now, field=field)


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
