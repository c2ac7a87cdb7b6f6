"""Results of the yearly appraisal: what rounds decided, and what the paper ledger says."""

from typing import Annotated
from uuid import UUID

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.kinds.appraisal import AppraisalResult
from services.chassis.http import (
    Caller,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.fields import FIRST_YEAR, LAST_YEAR
from services.chassis.http.listing import Filters, Paging, after_cursor
from services.chassis.http.lists import as_file
from services.chassis.http.views import whole
from services.membership.api.appraisal.rounds import placed
from services.membership.api.points.entries import Evidence
from services.membership.domain.appraisal.rounds import Result
from services.membership.handlers import appraisal as handlers
from services.membership.tables.appraisal.results import ResultRow

commands = command_router(tags=["民主评议"])
queries = query_router(tags=["民主评议"])


class AppraisalResultRequest(Timed):
    """A result out of the paper ledger, where no round was held here."""

    organisation_id: UUID = Field(title="党组织")
    member_id: UUID = Field(title="党员编号")
    year: int = Field(title="年度", ge=FIRST_YEAR, le=LAST_YEAR)
    result: AppraisalResult = Field(title="评议等次")
    evidence: Evidence


class AppraisalResultCreated(BaseModel):
    result_id: UUID


@whole
class AppraisalResultView(Result):
    pass


@commands.post("/appraisal-results", status_code=201, summary="补录评议结果")
async def enter_appraisal_result(
    request: AppraisalResultRequest, caller: Caller, uow: Work
) -> AppraisalResultCreated:
    """One a member and year, and final."""
    organisation = await placed(request.organisation_id, caller, uow)
    fields, at = request.fields("organisation_id"), request.at(uow)
    return AppraisalResultCreated(
        result_id=await handlers.enter_result(organisation, fields, uow, at)
    )


class AppraisalResultFilters(Filters):
    organisation_id: UUID | None = None
    member_id: UUID | None = None
    year: int | None = Field(default=None, ge=FIRST_YEAR, le=LAST_YEAR)
    result: AppraisalResult | None = None


@as_file(
    queries,
    "评议结果",
    columns={
        "year": "年度",
        "organisation_id": "党组织编号",
        "area": "区划",
        "member_id": "党员编号",
        "result": "评议等次",
        "points": "本年积分",
        "mobile": "流动党员",
        "evidence": "凭证编号",
    },
    documented=JSONResponse,
)
@queries.get("/appraisal-results", summary="评议结果列表")
async def list_appraisal_results(
    paging: Paging,
    filters: Annotated[AppraisalResultFilters, after_cursor(AppraisalResultFilters)],
) -> Page[AppraisalResultView]:
    # Results say much about people: whoever may manage them may read them.
    page = await paging.rows(ResultRow, filters, action=Action.MANAGE_MEMBERS)
    return page.of([row.shown(AppraisalResultView) for row in page.items])
