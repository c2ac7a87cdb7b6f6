"""Lines of the points ledger: entered by hand or told by another system, listed, reversed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, model_validator

from contracts.access import Action
from contracts.kinds.points import PointsReason, SubjectType
from services.chassis.clock import business_date
from services.chassis.errors import Invalid
from services.chassis.http import (
    Caller,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.context import ServiceContext
from services.chassis.http.fields import Code, Day, Sought
from services.chassis.http.held import held
from services.chassis.http.listing import Filters, Paging, after_cursor, since, until
from services.chassis.http.lists import as_file
from services.chassis.http.views import whole
from services.chassis.ids import new_id
from services.membership.api.points.rules import MOST, Points
from services.membership.domain.points import Earning, Entry
from services.membership.handlers.points import earn, officers
from services.membership.tables.points import ledger
from services.membership.tables.points.ledger import EntryRow
from services.membership.tables.points.subjects import place_of

commands = command_router(tags=["积分"])
queries = query_router(tags=["积分"])

InTurn = Annotated[EntryRow, held(EntryRow, "积分条目", Action.MANAGE_POINTS, lock=False)]
"""Its account is what is locked."""

Evidence = Annotated[
    str,
    Field(
        title="凭证编号",
        pattern=r"^[0-9A-Za-z\u4e00-\u9fff（）〔〕()./_-]{1,60}$",
        description="Reference of the document, such as 街工字〔2019〕3号; no words about people.",
    ),
]
Times = Annotated[int, Field(ge=1, le=MOST, title="计分次数")]
SourceType = Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,39}$", title="来源类型")]


class SubjectRequest(Timed):
    """`occurred_at` is the moment the points are for; its day decides which rule is in force."""

    subject_type: SubjectType = Field(default=SubjectType.MEMBER, title="积分对象类型")
    subject_id: UUID = Field(title="积分对象编号")
    rule_code: Code = Field(title="积分规则")


class PointsEntryRequest(SubjectRequest):
    """`amount` where the rule has limits, else `times`."""

    amount: Points | None = Field(default=None, title="分值")
    times: Times = 1
    evidence: Evidence

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.amount is not None and self.times != 1:
            raise ValueError("分值与次数不能同时填写 (send amount or times)")
        return self


class PointsEarningRequest(SubjectRequest):
    """What another system knows to be done: an errand finished, a pledge kept. Safe to repeat."""

    source_type: SourceType
    source_id: UUID = Field(title="来源编号")
    times: Times = 1
    evidence: Evidence | None = None


class PointsReversalRequest(Timed):
    reason: Literal[
        PointsReason.ENTERED_WRONGLY, PointsReason.SOURCE_WITHDRAWN, PointsReason.APPEAL_UPHELD
    ] = Field(title="冲正事由")
    evidence: Evidence | None = None


class PointsEarningView(BaseModel):
    entered: bool = Field(title="是否记分", description="False: known before, no rule, or capped.")


@whole
class PointsEntryView(Entry):
    pass


class PointsEntryListed(PointsEntryView):
    reversed_by: UUID | None = Field(title="冲正条目")
    evidence: str | None = Field(title="凭证编号")
    entered_by: str | None = Field(title="登记人账号")
    recorded_at: datetime = Field(title="登记时刻")

    @property
    def is_reversed(self) -> bool:
        return self.reversed_by is not None


class PointsFilters(Filters):
    subject_id: UUID | None = None
    subject_type: SubjectType | None = None
    organisation_id: UUID | None = None
    rule_code: Sought | None = None
    source_id: UUID | None = None
    first: Annotated[Day | None, since("booked_on")] = Field(
        default=None, alias="since", description="First day."
    )
    last: Annotated[Day | None, until("booked_on")] = Field(
        default=None, alias="until", description="Last day."
    )


HEADINGS = {
    "entry_id": "条目编号",
    "subject_type": "对象类型",
    "subject_id": "对象编号",
    "area": "区划",
    "rule_code": "规则",
    "rule_version": "规则版本",
    "source_type": "来源",
    "times": "次数",
    "amount": "分值",
    "booked_on": "计分日期",
    "reason": "事由",
    "evidence": "凭证编号",
    "entered_by": "登记人账号",
    "recorded_at": "登记时刻",
    "is_reversed": "是否已冲正",
    "reverses_id": "冲正条目所指",
}


@commands.post("/points/entries", status_code=201, summary="人工记分")
async def enter_points(request: PointsEntryRequest, caller: Caller, uow: Work) -> PointsEntryView:
    """Within the limits and caps of the rule in force where the subject is."""
    earning = await _earning(request, "officer", new_id(), caller, uow)
    row = await officers.enter_by_hand(earning, request.amount, uow, request.at(uow))
    return row.shown(PointsEntryView)


@commands.post("/points/earnings", summary="由其他系统告知的记分")
async def earn_points(
    request: PointsEarningRequest, caller: Caller, uow: Work
) -> PointsEarningView:
    """Once for a source, rule and subject, however often it is told."""
    earning = await _earning(request, request.source_type, request.source_id, caller, uow)
    return PointsEarningView(entered=await earn(uow, earning, request.at(uow)))


@commands.post("/points/entries/{entry_id}/reverse", status_code=201, summary="冲正一条积分")
async def reverse_points(
    entry: InTurn, request: PointsReversalRequest, caller: Caller, uow: Work
) -> PointsEntryView:
    """The only correction there is: an opposite entry, once."""
    reason, evidence, at = request.reason, request.evidence, request.at(uow)
    row = await officers.reverse_entry(entry, reason, evidence, uow, at, caller.subject)
    return row.shown(PointsEntryView)


@as_file(
    queries,
    "积分明细",
    columns=HEADINGS,
    follows=True,
    documented=JSONResponse,
    description="",
)
@queries.get("/points/entries", summary="积分明细")
async def list_points_entries(
    paging: Paging, filters: Annotated[PointsFilters, after_cursor(PointsFilters)]
) -> Page[PointsEntryListed]:
    """In the order in which they were entered."""
    page = await paging.rows(EntryRow, filters)
    return page.of(await shown(paging.context, page.items))


async def shown(context: ServiceContext, rows: Sequence[EntryRow]) -> list[PointsEntryListed]:
    async with context.database.sessions() as session:
        reversals = await ledger.reversed_by(session, [row.entry_id for row in rows])
    return [row.shown(PointsEntryListed, reversed_by=reversals.get(row.entry_id)) for row in rows]


async def _earning(
    request: PointsEntryRequest | PointsEarningRequest,
    source_type: str,
    source_id: UUID,
    caller: Caller,
    uow: Work,
) -> Earning:
    """In the ledger where the subject is; the caller may enter points there."""
    place = await place_of(uow.session, request.subject_type, request.subject_id)
    if place is None:
        raise Invalid(
            f"No {request.subject_type} {request.subject_id}.",
            zh=f"没有该编号的{request.subject_type.label}。",
            field="subject_id",
            value=str(request.subject_id),
        )
    caller.require(Action.MANAGE_POINTS, place.area)
    return Earning(
        subject_id=request.subject_id,
        subject_type=request.subject_type,
        rule_code=request.rule_code,
        source_type=source_type,
        source_id=source_id,
        area=place.area,
        organisation_id=place.organisation_id,
        on=business_date(request.at(uow)),
        times=request.times,
        evidence=request.evidence,
        entered_by=caller.subject,
    )
