"""Lines of the points ledger: entered by hand or told by another system, listed, reversed."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field, model_validator
from sqlalchemy import RowMapping

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.points import PointsReason, SubjectType
from services.chassis.clock import business_date
from services.chassis.errors import Invalid
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
from services.chassis.http.fields import Code, Day, Sought
from services.chassis.http.pages import id_of
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.membership.api.points.rules import MOST, Points
from services.membership.domain.points import Entry
from services.membership.handlers.points import Earning, earn, officers
from services.membership.tables.points import balances as tables
from services.membership.tables.points.balances import Sought as Filter
from services.membership.tables.points.subjects import Place, place_of

commands = command_router(tags=["积分"])
queries = APIRouter(prefix="/v1", tags=["积分"], responses=dict(RESPONSES))

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


class PointsEntryView(BaseModel):
    entry_id: UUID
    subject_id: UUID
    subject_type: SubjectType = Field(title="积分对象类型")
    organisation_id: UUID | None = Field(title="党组织")
    area: str = Field(title="区划")
    rule_code: str = Field(title="积分规则")
    rule_version: int = Field(title="规则版本")
    source_type: str = Field(title="来源类型")
    source_id: UUID = Field(title="来源编号")
    times: int = Field(title="计分次数")
    amount: int = Field(title="分值")
    automatic: bool = Field(title="是否自动记分")
    booked_on: date = Field(title="计分日期")
    reason: PointsReason = Field(title="事由")
    reverses_id: UUID | None = Field(title="所冲正的条目")


class PointsEntryListed(PointsEntryView):
    reversed_by: UUID | None = Field(title="冲正条目")
    evidence: str | None = Field(title="凭证编号")
    entered_by: str | None = Field(title="登记人账号")
    recorded_at: datetime = Field(title="登记时刻")


@commands.post("/points/entries", status_code=201, summary="人工记分")
async def enter_points(request: PointsEntryRequest, caller: Caller, uow: Work) -> PointsEntryView:
    """Within the limits and caps of the rule in force where the subject is."""
    place = await _placed(request, caller, uow)
    command = officers.EnterByHand(**request.fields())
    at = request.at(uow)
    return _entered(await officers.enter_by_hand(command, place, uow, at, caller.subject))


@commands.post("/points/earnings", summary="由其他系统告知的记分")
async def earn_points(
    request: PointsEarningRequest, caller: Caller, uow: Work
) -> PointsEarningView:
    """Once for a source, rule and subject, however often it is told."""
    place = await _placed(request, caller, uow)
    at = request.at(uow)
    earning = Earning(
        **request.fields(),
        area=place.area,
        organisation_id=place.organisation_id,
        on=business_date(at),
        entered_by=caller.subject,
    )
    return PointsEarningView(entered=await earn(uow, earning, at))


@commands.post("/points/entries/{entry_id}/reverse", status_code=201, summary="冲正一条积分")
async def reverse_points(
    entry_id: UUID, request: PointsReversalRequest, caller: Caller, uow: Work
) -> PointsEntryView:
    """The only correction there is: an opposite entry, once."""
    entry = await officers.locked_entry(uow, entry_id)
    caller.require(Action.MANAGE_POINTS, entry.area)
    reason, evidence, at = request.reason, request.evidence, request.at(uow)
    return _entered(await officers.reverse_entry(entry, reason, evidence, uow, at, caller.subject))


async def _filter(
    caller: Caller,
    *,
    within: Annotated[AreaCode | None, Query(description="Only in this area.")] = None,
    subject_id: UUID | None = None,
    subject_type: SubjectType | None = None,
    organisation_id: UUID | None = None,
    rule_code: Sought | None = None,
    source_id: UUID | None = None,
    since: Annotated[Day | None, Query(description="First day.")] = None,
    until: Annotated[Day | None, Query(description="Last day.")] = None,
) -> Filter:
    return Filter(
        within=areas_to_list(caller, within),
        subject_id=subject_id,
        subject_type=subject_type,
        organisation_id=organisation_id,
        rule_code=rule_code,
        source_id=source_id,
        since=since,
        until=until,
    )


Filtered = Annotated[Filter, Depends(_filter)]


@queries.get("/points/entries", summary="积分明细")
async def list_points_entries(
    context: Context, cursor: Cursor, sought: Filtered, limit: Limit = 50
) -> Page[PointsEntryListed]:
    """In the order in which they were entered."""
    async with context.database.sessions() as session:
        after = id_of(cursor)
        rows = await tables.entries(session, sought, after, limit + 1)
    return page_of(rows, limit, listed, lambda row: (row["entry_id"],))


HEADINGS = (
    *("条目编号", "对象类型", "对象编号", "区划", "规则", "规则版本", "来源", "次数", "分值"),
    *("计分日期", "事由", "凭证编号", "登记人账号", "登记时刻", "是否已冲正", "冲正条目所指"),
)


@queries.get("/points/entries/export", summary="导出积分明细")
async def export_points_entries(
    context: Context,
    sought: Filtered,
    *,
    format: Format = "csv",  # noqa: A002  its name in the address
) -> Response:
    rows = tables.all_entries(context.database.sessions, sought)
    return await exported("积分明细", HEADINGS, _lines(rows), format)


async def _lines(rows: AsyncIterator[RowMapping]) -> AsyncIterator[tuple[Cell, ...]]:
    async for row in rows:
        yield line(row)


def line(row: RowMapping) -> tuple[Cell, ...]:
    """An entry as a line of a file, under `HEADINGS`."""
    return (
        str(row["entry_id"]),
        SubjectType(row["subject_type"]).label,
        str(row["subject_id"]),
        row["area"],
        row["rule_code"],
        row["rule_version"],
        row["source_type"],
        row["times"],
        row["amount"],
        row["booked_on"],
        PointsReason(row["reason"]).label,
        row["evidence"],
        row["entered_by"],
        row["recorded_at"],
        "是" if row["reversed_by"] else "否",
        str(row["reverses_id"] or ""),
    )


def listed(row: RowMapping) -> PointsEntryListed:
    return PointsEntryListed.model_validate(dict(row))


def _entered(entry: Entry) -> PointsEntryView:
    return PointsEntryView.model_validate(vars(entry))


async def _placed(request: SubjectRequest, caller: Caller, uow: Work) -> Place:
    """Where the subject is; the caller may enter points there."""
    place = await place_of(uow.session, request.subject_type, request.subject_id)
    if place is None:
        raise Invalid(
            f"No {request.subject_type} {request.subject_id}.",
            zh=f"没有该编号的{request.subject_type.label}。",
            field="subject_id",
            value=str(request.subject_id),
        )
    caller.require(Action.MANAGE_POINTS, place.area)
    return place
