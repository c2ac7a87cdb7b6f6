"""反馈: a yearly letter to every employer, and a yearly statement of one registrant."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.working import FeedbackReason
from services.chassis.clock import occurred
from services.chassis.http import Caller, Context, Cursor, Limit, Page, Timed, Work, page_of, sealed
from services.chassis.http.lists import as_file
from services.chassis.http.scopes import areas_to_list
from services.membership.api.working.common import (
    Purpose,
    Within,
    Year,
    after_id,
    commands_router,
    queries_router,
)
from services.membership.api.working.letters import Asked, archive
from services.membership.api.written import EmployerId
from services.membership.domain.working.feedback import nobody
from services.membership.handlers.working import feedback as handlers
from services.membership.handlers.working.feedback import IssueFeedback
from services.membership.tables.working import records as tables
from services.membership.tables.working import registrants as registrant_tables
from services.membership.tables.working.rows import FeedbackRow

commands, queries = commands_router(), queries_router()

ZIP = "application/zip"


class FeedbackRequest(Timed):
    """One call for all employers who have working members in `area`."""

    area: AreaCode
    year: Year
    employer_ids: Annotated[list[UUID], Field(max_length=1000)] = Field(
        default_factory=list, title="来源单位", description="Only these; else all."
    )
    reason: FeedbackReason | None = Field(
        default=None, title="重出原因", description="To write again what is out already."
    )


class FeedbackView(BaseModel):
    feedback_id: UUID
    employer_id: EmployerId = Field(title="来源单位")
    area: str = Field(title="区划")
    year: int = Field(title="年度")
    edition: int = Field(title="第几次出具")
    reason: FeedbackReason | None = Field(title="重出原因")
    registrants: int = Field(title="在职党员人数")
    attended: int = Field(title="参加人次")
    service_minutes: int = Field(title="服务分钟数")
    issued_on: date = Field(title="出具日期")


class FeedbackAnswer(BaseModel):
    items: list[FeedbackView]
    out_already: list[UUID] = Field(title="已出具而略过的来源单位")
    letters: str = Field(title="反馈函", description="Where the letters are downloaded.")


class ServiceLine(BaseModel):
    held_on: date = Field(title="服务日期")
    kind: str = Field(title="服务类别")
    minutes: int = Field(title="分钟数")
    summary: str | None = Field(default=None, title="服务内容")


class StatementView(BaseModel):
    """What the appraisal of one registrant's year rests on (民主评议、评先评优的依据)."""

    registrant_id: UUID
    employer_id: UUID = Field(title="来源单位")
    year: int = Field(title="年度")
    name: str | None = Field(title="姓名", description="Whole only with a purpose and the right.")
    posts: int = Field(title="认领岗位数")
    kinds: list[str] = Field(title="认领岗位类别")
    attended: int = Field(title="参加次数")
    minutes: int = Field(title="服务分钟数")
    points: int | None = Field(title="年末积分")
    feedback: list[FeedbackView] = Field(title="已向单位出具的反馈")
    services: list[ServiceLine] = Field(title="服务明细")


@commands.post("/feedback", status_code=201, summary="出具年度反馈")
async def issue(request: FeedbackRequest, caller: Caller, uow: Work) -> FeedbackAnswer:
    """Records that the letters are issued and what they say, and tells where they lie.

    Employers who had theirs are left alone unless a `reason` is given; 409 when nothing is left.
    """
    caller.require(Action.MANAGE_SERVICE, request.area)
    command = IssueFeedback(
        area=request.area,
        year=request.year,
        reason=request.reason,
        employer_ids=frozenset(request.employer_ids),
    )
    at = occurred(request.occurred_at, uow.now)
    issued = await handlers.issue(command, uow, at)
    return FeedbackAnswer(
        items=[_view(row) for row in issued.letters],
        out_already=issued.out_already,
        letters=f"/v1/feedback/letters?within={request.area}&year={request.year}",
    )


@as_file(queries, "反馈记录")
@queries.get("/feedback", summary="反馈记录列表")
async def list_feedback(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    year: Year | None = None,
    employer_id: UUID | None = None,
    limit: Limit = 50,
) -> Page[FeedbackView]:
    """In the order in which they were issued."""
    async with context.database.sessions() as session:
        rows = await tables.feedback(
            session,
            within=areas_to_list(caller, within),
            year=year,
            employer_id=employer_id,
            after=after_id(cursor),
            limit=limit + 1,
        )
    return page_of(rows, limit, _view, lambda row: (row.feedback_id,))


@queries.get(
    "/feedback/letters",
    summary="下载反馈函",
    response_class=Response,
    responses={200: {"content": {ZIP: {}}}},
)
async def letters(
    context: Context,
    caller: Caller,
    within: AreaCode,
    year: Year,
    employer_id: UUID | None = None,
    purpose: Annotated[Purpose | None, Query()] = None,
) -> Response:
    """A zip with one .docx for every employer: the newest edition, as it was issued.

    Names are masked, unless a `purpose` is stated by a caller who may read them; that is recorded.
    """
    caller.require(Action.MANAGE_SERVICE if purpose is None else Action.READ_PERSONAL, within)
    asked = Asked(area=within, year=year, employer_id=employer_id, caller=caller, purpose=purpose)
    body = await archive(context, asked)
    name = f"feedback-{within}-{year}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=ZIP, headers=headers)


@queries.get("/registrants/{registrant_id}/yearly-statement", summary="年度服务情况")
async def yearly_statement(
    registrant_id: UUID,
    year: Year,
    context: Context,
    caller: Caller,
    purpose: Annotated[Purpose | None, Query()] = None,
) -> StatementView:
    """With a `purpose`, name and what was done in full, and the reading is recorded."""
    async with context.database.sessions() as session:
        row = await registrant_tables.registrant(session, registrant_id)
        caller.require(Action.READ if purpose is None else Action.READ_PERSONAL, row.area)
        accounts = await tables.accounts(session, row.area, year, registrant_id)
        if not accounts:
            raise nobody(row.area, year)
        told = await handlers.with_points(session, accounts[row.employer_id], year)
        done = await tables.services_of(
            session, registrant_id, date(year, 1, 1), date(year, 12, 31)
        )
        issued = await tables.feedback(
            session, within=("",), year=year, employer_id=row.employer_id
        )
    ids = [registrant_id, *(each.record_id for each in done)]
    if purpose is None:  # the masked name alone
        read = await sealed.masked(context, [registrant_id])
    else:
        read = await sealed.all_in_full(
            context, caller, {row.area: ids}, purpose, ("name", "summary")
        )
    return StatementView(
        **vars(told[0]),
        employer_id=row.employer_id,
        year=year,
        name=read.get(registrant_id, {}).get("name"),
        feedback=[_view(each) for each in issued if _concerns(each, registrant_id)],
        services=[
            ServiceLine(
                held_on=each.held_on,
                kind=each.kind,
                minutes=each.minutes,
                summary=read.get(each.record_id, {}).get("summary"),
            )
            for each in done
        ],
    )


def _concerns(row: FeedbackRow, registrant_id: UUID) -> bool:
    return any(each["registrant_id"] == str(registrant_id) for each in row.content)


def _view(row: FeedbackRow) -> FeedbackView:
    return FeedbackView.model_validate(row.model_dump())
