"""Numbers of people that are stated without a list: served, visited, examined, qualified."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.books import Bound
from contracts.kinds.members import YearsOf
from services.chassis.clock import occurred
from services.chassis.http import Caller, Context, Cursor, Limit, Page, Timed, Work, page_of
from services.chassis.http.export import Cell, Format, exported
from services.chassis.http.fields import Kind, Sought
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.membership.api.members.common import commands, queries
from services.membership.domain.members.headcounts import StateHeadcount
from services.membership.handlers.members import headcounts as handlers
from services.membership.tables import members as tables
from services.membership.tables import organisations
from services.membership.tables.members import HeadcountRow

PART = 1000


class HeadcountRequest(Timed):
    organisation_id: UUID = Field(title="党组织")
    kind: Kind
    headcount: Annotated[int, Field(ge=0, le=10_000_000)] = Field(title="人数")
    bound: Bound = Field(default=Bound.EXACT, title="数量性质")
    least_years: Annotated[int, Field(ge=0, le=150)] | None = Field(
        default=None, title="年限下限", description="For those of so many years and more."
    )
    years_of: YearsOf | None = Field(default=None, title="年限所指")


class Withdrawal(Timed):
    """Nothing to say but when."""


class HeadcountView(BaseModel):
    headcount_id: UUID
    organisation_id: UUID = Field(title="党组织")
    area: str = Field(title="区划")
    kind: str = Field(title="类别")
    headcount: int = Field(title="人数")
    bound: Bound = Field(title="数量性质")
    least_years: int | None = Field(title="年限下限")
    years_of: YearsOf | None = Field(title="年限所指")
    stated_on: date = Field(title="日期")
    withdrawn_at: datetime | None = Field(title="撤销时刻")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


@commands.post("/headcounts", status_code=201, summary="登记人数")
async def state_headcount(request: HeadcountRequest, caller: Caller, uow: Work) -> HeadcountView:
    """A lower bound (余) or a target says so in `bound` and is never added to exact numbers."""
    place = await organisations.organisation(uow.session, request.organisation_id)
    caller.require(Action.MANAGE_MEMBERS, place.area)
    command = StateHeadcount(headcount_id=new_id(), **request.model_dump(exclude={"occurred_at"}))
    return _view(await handlers.state(uow, command, occurred(request.occurred_at, uow.now)))


@commands.post("/headcounts/{headcount_id}/withdraw", summary="撤销人数登记")
async def withdraw_headcount(
    headcount_id: UUID, request: Withdrawal, caller: Caller, uow: Work
) -> HeadcountView:
    """What was entered wrongly is taken back, never edited."""
    row = await tables.headcount(uow.session, headcount_id)
    caller.require(Action.MANAGE_MEMBERS, row.area)
    return _view(await handlers.withdraw(uow, headcount_id, occurred(request.occurred_at, uow.now)))


@queries.get("/headcounts", summary="人数台账")
async def list_headcounts(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    kind: Sought | None = None,
    organisation_id: UUID | None = None,
    limit: Limit = 50,
) -> Page[HeadcountView]:
    async with context.database.sessions() as session:
        rows = await tables.stated(
            session,
            within=areas_to_list(caller, within),
            kind=kind,
            organisation_id=organisation_id,
            after=UUID(cursor[0]) if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, _view, lambda row: (row.headcount_id,))


@queries.get("/headcounts/export", summary="导出人数台账", response_class=Response)
async def export_headcounts(
    *,
    context: Context,
    caller: Caller,
    within: Annotated[AreaCode | None, Query()] = None,
    kind: Sought | None = None,
    organisation_id: UUID | None = None,
    form: Annotated[Format, Query(alias="format")] = "xlsx",
) -> Response:
    areas = areas_to_list(caller, within)

    async def lines() -> AsyncIterator[Sequence[Cell]]:
        after: UUID | None = None
        async with context.database.sessions() as session:
            while part := await tables.stated(
                session,
                within=areas,
                kind=kind,
                organisation_id=organisation_id,
                after=after,
                limit=PART,
            ):
                for row in part:
                    yield (
                        row.stated_on,
                        row.kind,
                        row.headcount,
                        Bound(row.bound).label,
                        row.least_years,
                        YearsOf(row.years_of).label if row.years_of else None,
                        row.area,
                    )
                after = part[-1].headcount_id

    headings = ("日期", "类别", "人数", "数量性质", "年限下限", "年限所指", "区划")
    return await exported("人数台账", headings, lines(), form)


def _view(row: HeadcountRow) -> HeadcountView:
    return HeadcountView.model_validate(row.model_dump())
