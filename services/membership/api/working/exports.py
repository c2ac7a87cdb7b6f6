"""The ledgers as files: 报到, 岗位, 认领, 服务记录, for whoever may list them; names are masked."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from uuid import UUID

from fastapi import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.books import Bound
from contracts.kinds.working import ClaimEnd, ClaimState, RegistrantState, ServiceTime
from services.chassis import kinds
from services.chassis.http import Caller, Context
from services.chassis.http.export import Cell, exported
from services.chassis.http.fields import Sought
from services.chassis.http.scopes import areas_to_list
from services.membership.api.working import records, registrants
from services.membership.api.working.common import (
    FileFormat,
    Masked,
    Within,
    every,
    masked,
    queries_router,
)
from services.membership.tables.working import posts as post_tables
from services.membership.tables.working import registrants as registrant_tables
from services.membership.tables.working.rows import ClaimRow, PostRow, RegistrantRow, ServiceRow

queries = queries_router()

Rows = AsyncIterator[Sequence[Cell]]


@queries.get("/registrants/export", summary="导出报到台账", response_class=Response)
async def export_registrants(
    context: Context, caller: Caller, asked: registrants.Searched, form: FileFormat = "xlsx"
) -> Response:
    areas_to_list(caller, asked.within)
    occupations = await _labels(context, "working_occupation")
    skills = await _labels(context, "skill")
    headings = (
        *("报到编号", "姓名", "电话", "社区", "网格", "来源单位", "职业", "专长"),
        *("状态", "报到日期", "离开日期", "认领岗位数"),
    )

    async def rows() -> Rows:
        after: str | None = None
        while part := await registrants.found(context, caller, asked, after, 500):
            ids = [row.registrant_id for row in part]
            who = await masked(context, ids)
            employers = await _employers(context, part)
            for row in part:
                person = who.get(row.registrant_id, Masked())
                yield (
                    row.code,
                    person.name,
                    person.phone,
                    row.community,
                    row.place.grid,
                    employers.get(row.employer_id),
                    occupations.get(row.occupation, row.occupation),
                    "、".join(skills.get(skill, skill) for skill in row.skills),
                    RegistrantState(row.state).label,
                    row.registered_on,
                    row.left_on,
                    row.claims,
                )
            after = part[-1].code

    return await exported("在职党员报到台账", headings, rows(), form)


@queries.get("/posts/export", summary="导出岗位台账", response_class=Response)
async def export_posts(
    context: Context,
    caller: Caller,
    within: Within = None,
    kind: Sought | None = None,
    form: FileFormat = "xlsx",
) -> Response:
    areas = areas_to_list(caller, within)
    labels = await _labels(context, "service_post")
    skills = await _labels(context, "skill")
    headings = (
        *("岗位编号", "岗位名称", "服务类别", "区划", "所需专长", "名额", "已认领"),
        *("开始日期", "截止日期", "撤销日期"),
    )

    async def part(session: AsyncSession, after: str | None, limit: int) -> Sequence[PostRow]:
        return await post_tables.posts(session, within=areas, kind=kind, after=after, limit=limit)

    async def rows() -> Rows:
        async for each in every(context, part, lambda row: row.code):
            for row in each:
                yield (
                    row.code,
                    row.title,
                    labels.get(row.kind, row.kind),
                    row.area,
                    "、".join(skills.get(skill, skill) for skill in row.skills),
                    row.places,
                    row.taken,
                    row.starts_on,
                    row.ends_on,
                    row.closed_on,
                )

    return await exported("服务岗位台账", headings, rows(), form)


@queries.get("/claims/export", summary="导出认领台账", response_class=Response)
async def export_claims(
    context: Context,
    caller: Caller,
    within: Within = None,
    state: ClaimState | None = None,
    form: FileFormat = "xlsx",
) -> Response:
    areas = areas_to_list(caller, within)
    labels = await _labels(context, "service_post")
    headings = (
        *("认领编号", "岗位编号", "岗位名称", "服务类别", "报到编号", "区划"),
        *("状态", "结束方式", "认领日期", "结束日期"),
    )

    async def part(
        session: AsyncSession, after: str | None, limit: int
    ) -> Sequence[tuple[ClaimRow, PostRow]]:
        return await post_tables.claims(
            session, within=areas, state=state, after=after, limit=limit
        )

    async def rows() -> Rows:
        async for each in every(context, part, lambda row: row[0].code):
            codes = await _codes(context, [claim.registrant_id for claim, _ in each])
            for claim, post in each:
                yield (
                    claim.code,
                    post.code,
                    post.title,
                    labels.get(claim.kind, claim.kind),
                    codes.get(claim.registrant_id),
                    claim.area,
                    ClaimState(claim.state).label,
                    ClaimEnd(claim.how).label if claim.how else None,
                    claim.claimed_on,
                    claim.ended_on,
                )

    return await exported("岗位认领台账", headings, rows(), form)


@queries.get("/service-records/export", summary="导出服务记录", response_class=Response)
async def export_records(
    context: Context, caller: Caller, asked: records.Searched, form: FileFormat = "xlsx"
) -> Response:
    areas = areas_to_list(caller, asked.within)
    labels = await _labels(context, "service_post")
    headings = (
        *("记录编号", "服务日期", "时段", "服务类别", "区划", "参加人员（报到编号）"),
        *("活动次数", "参加人次", "时长（分钟）", "受益人次", "数量含义", "作废"),
    )

    async def part(
        session: AsyncSession, after: tuple[date, UUID] | None, limit: int
    ) -> Sequence[ServiceRow]:
        return await records.found(session, areas, asked, after, limit)

    async def rows() -> Rows:
        async for each in every(context, part, lambda row: (row.held_on, row.record_id)):
            named = await _named(context, each)
            for row in each:
                yield (
                    row.code,
                    row.held_on,
                    ServiceTime(row.service_time).label,
                    labels.get(row.kind, row.kind),
                    row.area,
                    "、".join(named[row.record_id]),
                    row.sessions,
                    row.attended,
                    row.minutes,
                    row.beneficiaries,
                    Bound(row.bound).label,
                    "已作废" if row.voided_at else None,
                )

    return await exported("在职党员服务记录", headings, rows(), form)


async def _labels(context: Context, family: str) -> dict[str, str]:
    async with context.database.sessions() as session:
        return await kinds.labels(session, family)


async def _employers(context: Context, rows: Sequence[RegistrantRow]) -> dict[UUID, str]:
    async with context.database.sessions() as session:
        found = await registrant_tables.employers_by_id(session, [r.employer_id for r in rows])
    return {employer_id: row.name for employer_id, row in found.items()}


async def _codes(context: Context, ids: Sequence[UUID]) -> dict[UUID, str]:
    async with context.database.sessions() as session:
        found = await registrant_tables.registrants_by_id(session, ids)
    return {registrant_id: row.code for registrant_id, row in found.items()}


async def _named(context: Context, rows: Sequence[ServiceRow]) -> dict[UUID, list[str]]:
    async with context.database.sessions() as session:
        named = await records.named_in(session, rows)
    ids = {registrant_id for each in named.values() for registrant_id in each}
    codes = await _codes(context, list(ids))
    return {row.record_id: [codes[i] for i in named.get(row.record_id, ())] for row in rows}
