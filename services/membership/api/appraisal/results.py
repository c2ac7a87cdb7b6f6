"""Results of the yearly appraisal: what rounds decided, and what the paper ledger says."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.appraisal import AppraisalResult
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
from services.chassis.http.export import Cell, Format, exported
from services.chassis.http.fields import FIRST_YEAR, LAST_YEAR
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.membership.api.appraisal.rounds import placed
from services.membership.api.points.entries import Evidence, uuid_of
from services.membership.handlers import appraisal as handlers
from services.membership.tables.appraisal import results as tables
from services.membership.tables.appraisal.results import Sought

commands = command_router(tags=["民主评议"])
queries = APIRouter(prefix="/v1", tags=["民主评议"], responses=dict(RESPONSES))


class AppraisalResultRequest(Timed):
    """A result out of the paper ledger, where no round was held here."""

    organisation_id: UUID = Field(title="党组织")
    member_id: UUID = Field(title="党员编号")
    year: int = Field(title="年度", ge=FIRST_YEAR, le=LAST_YEAR)
    result: AppraisalResult = Field(title="评议等次")
    evidence: Evidence


class AppraisalResultCreated(BaseModel):
    result_id: UUID


class AppraisalResultView(BaseModel):
    result_id: UUID
    round_id: UUID | None = Field(title="评议", description="Null: out of the paper ledger.")
    organisation_id: UUID = Field(title="党组织")
    area: str = Field(title="区划")
    member_id: UUID = Field(title="党员编号")
    year: int = Field(title="年度")
    result: AppraisalResult = Field(title="评议等次")
    points: int = Field(title="本年积分")
    mobile: bool = Field(title="流动党员在居住地参评")
    evidence: str | None = Field(title="凭证编号")
    decided_at: datetime = Field(title="确定时刻")


@commands.post("/appraisal-results", status_code=201, summary="补录评议结果")
async def enter_appraisal_result(
    request: AppraisalResultRequest, caller: Caller, uow: Work
) -> AppraisalResultCreated:
    """One a member and year, and final."""
    place = await placed(request.organisation_id, caller, uow)
    at = occurred(request.occurred_at, uow.now)
    result_id = await handlers.enter_result(
        place, request.member_id, request.year, request.result, request.evidence, uow, at
    )
    return AppraisalResultCreated(result_id=result_id)


async def _sought(
    caller: Caller,
    *,
    within: Annotated[AreaCode | None, Query(description="Only in this area.")] = None,
    organisation_id: UUID | None = None,
    member_id: UUID | None = None,
    year: Annotated[int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR)] = None,
    result: AppraisalResult | None = None,
) -> Sought:
    """Results say much about people: whoever may manage them may read them."""
    return Sought(
        within=areas_to_list(caller, within, Action.MANAGE_MEMBERS),
        organisation_id=organisation_id,
        member_id=member_id,
        year=year,
        result=result,
    )


Filtered = Annotated[Sought, Depends(_sought)]


@queries.get("/appraisal-results", summary="评议结果列表")
async def list_appraisal_results(
    context: Context, cursor: Cursor, sought: Filtered, limit: Limit = 50
) -> Page[AppraisalResultView]:
    async with context.database.sessions() as session:
        after = uuid_of(cursor[0]) if cursor else None
        rows = await tables.results(session, sought, after, limit + 1)
    return page_of(
        rows,
        limit,
        lambda row: AppraisalResultView.model_validate(dict(row)),
        lambda row: (row["result_id"],),
    )


HEADINGS = (
    "年度",
    "党组织编号",
    "区划",
    "党员编号",
    "评议等次",
    "本年积分",
    "流动党员",
    "凭证编号",
)


@queries.get("/appraisal-results/export", summary="导出评议结果")
async def export_appraisal_results(
    context: Context,
    sought: Filtered,
    *,
    format: Format = "csv",  # noqa: A002  its name in the address
) -> Response:
    rows = tables.all_results(context.database.sessions, sought)
    return await exported("评议结果", HEADINGS, _lines(rows), format)


async def _lines(rows: AsyncIterator[RowMapping]) -> AsyncIterator[tuple[Cell, ...]]:
    async for row in rows:
        yield (
            row["year"],
            str(row["organisation_id"]),
            row["area"],
            str(row["member_id"]),
            AppraisalResult(row["result"]).label,
            row["points"],
            "是" if row["mobile"] else "否",
            row["evidence"],
        )
