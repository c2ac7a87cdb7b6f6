"""Numbers of people that are stated without a list: served, visited, examined, qualified."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from sqlmodel import col

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.books import Bound
from contracts.kinds.members import YearsOf
from services.chassis.clock import business_date
from services.chassis.http import Caller, Context, Cursor, Limit, Page, Timed, Work
from services.chassis.http.fields import Kind, Sought
from services.chassis.http.held import held
from services.chassis.http.listing import Filters, listed
from services.chassis.http.lists import as_file
from services.chassis.ids import new_id
from services.membership.api.members.common import commands, queries
from services.membership.domain.members.headcounts import Headcount
from services.membership.handlers.members import headcounts as handlers
from services.membership.tables import organisations
from services.membership.tables.members import HeadcountRow

Held = Annotated[HeadcountRow, held(HeadcountRow, "人数登记", Action.MANAGE_MEMBERS)]


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


class HeadcountView(Headcount):
    withdrawn_at: datetime | None = Field(title="撤销时刻")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class HeadcountFilters(Filters):
    within: AreaCode | None = None
    kind: Sought | None = None
    organisation_id: UUID | None = None


@commands.post("/headcounts", status_code=201, summary="登记人数")
async def state_headcount(request: HeadcountRequest, caller: Caller, uow: Work) -> HeadcountView:
    """A lower bound (余) or a target says so in `bound` and is never added to exact numbers."""
    place = await organisations.organisation(uow.session, request.organisation_id)
    caller.require(Action.MANAGE_MEMBERS, place.area)
    at = request.at(uow)
    headcount = Headcount(
        **request.fields(), headcount_id=new_id(), area=place.area, stated_on=business_date(at)
    )
    return (await handlers.state(uow, headcount, at)).as_state(HeadcountView)


@commands.post("/headcounts/{headcount_id}/withdraw", summary="撤销人数登记")
async def withdraw_headcount(headcount: Held, request: Withdrawal, uow: Work) -> HeadcountView:
    """What was entered wrongly is taken back, never edited."""
    return (await handlers.withdraw(uow, headcount, request.at(uow))).as_state(HeadcountView)


@as_file(
    queries,
    "人数台账",
    columns={
        "stated_on": "日期",
        "kind": "类别",
        "headcount": "人数",
        "bound": "数量性质",
        "least_years": "年限下限",
        "years_of": "年限所指",
        "area": "区划",
    },
    form="xlsx",
)
@queries.get("/headcounts", summary="人数台账")
async def list_headcounts(
    filters: Annotated[HeadcountFilters, Query()],
    context: Context,
    caller: Caller,
    cursor: Cursor,
    limit: Limit = 50,
) -> Page[HeadcountView]:
    standing = col(HeadcountRow.withdrawn_at).is_(None)
    page = await listed(context, caller, HeadcountRow, filters, cursor, limit, where=[standing])
    return page.of([row.as_state(HeadcountView) for row in page.items])
