"""反馈: a yearly letter to every employer, and a yearly statement of one registrant."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.working import FeedbackReason
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
    sealed,
)
from services.chassis.http.held import seen
from services.chassis.http.listing import Filters, Paging
from services.chassis.http.lists import as_file
from services.membership.api.working.common import TAGS, Purpose, Year
from services.membership.api.working.letters import archive
from services.membership.api.written import EmployerId
from services.membership.domain.working.feedback import Feedback, nobody
from services.membership.handlers.working import feedback as handlers
from services.membership.tables.working import records as tables
from services.membership.tables.working.rows import FeedbackRow, RegistrantRow

commands, queries = command_router(tags=TAGS), query_router(tags=TAGS)

Seen = Annotated[RegistrantRow, seen(RegistrantRow, "报到党员")]

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


class FeedbackView(Feedback):
    employer_id: EmployerId = Field(title="来源单位")


class FeedbackFilters(Filters):
    year: Year | None = None
    employer_id: UUID | None = None


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
    issued = await handlers.issue(**request.fields(), uow=uow, at=request.at(uow))
    return FeedbackAnswer(
        items=[row.shown(FeedbackView) for row in issued.letters],
        out_already=issued.out_already,
        letters=f"/v1/feedback/letters?within={request.area}&year={request.year}",
    )


@as_file(queries, "反馈记录")
@queries.get("/feedback", summary="反馈记录列表")
async def list_feedback(
    filters: Annotated[FeedbackFilters, Query()], paging: Paging
) -> Page[FeedbackView]:
    """In the order in which they were issued."""
    page = await paging.rows(FeedbackRow, filters)
    return page.shown(FeedbackView)


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
    purpose: Purpose | None = None,
) -> Response:
    """A zip with one .docx for every employer: the newest edition, as it was issued.

    Names are masked, unless a `purpose` is stated by a caller who may read them; that is recorded.
    """
    caller.require(Action.MANAGE_SERVICE if purpose is None else Action.READ_PERSONAL, within)
    body = await archive(context, within, year, employer_id, caller, purpose)
    name = f"feedback-{within}-{year}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=ZIP, headers=headers)


@queries.get("/registrants/{registrant_id}/yearly-statement", summary="年度服务情况")
async def yearly_statement(
    registrant: Seen,
    year: Year,
    context: Context,
    caller: Caller,
    purpose: Purpose | None = None,
) -> StatementView:
    """With a `purpose`, name and what was done in full, and the reading is recorded."""
    if purpose is not None:
        caller.require(Action.READ_PERSONAL, registrant.area)
    key, employer_id, area = registrant.registrant_id, registrant.employer_id, registrant.area
    async with context.database.sessions() as session:
        accounts = await tables.accounts(session, area, year, key)
        if not accounts:
            raise nobody(area, year)
        (account,) = await handlers.with_points(session, accounts[employer_id], year)
        done = await tables.services_of(session, key, year)
        issued = await tables.letters(session, "", year, employer_id)
    if purpose is None:  # the masked name alone
        read = await sealed.masked(context, [key])
    else:
        ids = [key, *(each.record_id for each in done)]
        read = await sealed.all_in_full(context, caller, {area: ids}, purpose, ("name", "summary"))
    return StatementView(
        **account.model_dump(),
        employer_id=employer_id,
        year=year,
        name=read.get(key, {}).get("name"),
        feedback=[each.shown(FeedbackView) for each in issued if _concerns(each, key)],
        services=[
            ServiceLine(
                **each.model_dump(include={"held_on", "kind", "minutes"}),
                summary=read.get(each.record_id, {}).get("summary"),
            )
            for each in done
        ],
    )


def _concerns(row: FeedbackRow, registrant_id: UUID) -> bool:
    return any(each.registrant_id == registrant_id for each in row.content)
