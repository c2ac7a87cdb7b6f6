"""Profile numbers of areas (辖区概况) over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field
from sqlmodel import col

from contracts.access import Action
from contracts.areas import AreaCode
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    IfMatch,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.fields import Kind, Name, Sought
from services.chassis.http.held import held
from services.chassis.http.listing import Filters, listed
from services.chassis.http.lists import as_file
from services.membership.api.written import ProfileKind
from services.membership.domain.profiles import Number
from services.membership.handlers import profiles as handlers
from services.membership.tables.profiles import NumberRow

commands = command_router(tags=["辖区概况"])
queries = query_router(tags=["辖区概况"])

Unlocked = Annotated[NumberRow, held(NumberRow, "概况数字", Action.MANAGE_BOOKS, lock=False)]
"""Numbers take turns by their series, before any of them is locked."""

Quantity = Annotated[int, Field(ge=0, le=10**12, title="数值")]


class NumberRequest(Timed):
    """`occurred_at` is the day from which the number holds; the source says who counted."""

    area: AreaCode
    kind: Kind
    quantity: Quantity
    source: Name = Field(title="数据来源")


class NumberChange(BaseModel):
    model_config = Timed.model_config

    quantity: Quantity
    source: Name | None = Field(default=None, title="数据来源")


class NumberView(Number):
    kind: ProfileKind = Field(title="类别")
    withdrawn_at: datetime | None = Field(title="撤销时刻")
    recorded_at: datetime = Field(title="登记时刻")
    version: int


class NumberFilters(Filters):
    kind: Sought | None = None


@commands.post("/profile-numbers", status_code=201, summary="登记概况数字")
async def state(request: NumberRequest, caller: Caller, uow: Work) -> NumberView:
    """Holds from its day until the next of its kind; may be entered between two others."""
    caller.require(Action.MANAGE_BOOKS, request.area)
    return _view(await handlers.state(request.fields(), uow, request.at(uow)))


@commands.patch("/profile-numbers/{entry_id}", summary="更正概况数字")
async def correct(
    number: Unlocked, request: NumberChange, version: IfMatch, uow: Work
) -> NumberView:
    return _view(await handlers.correct(number, request.quantity, request.source, version, uow))


@commands.post("/profile-numbers/{entry_id}/withdraw", summary="撤销概况数字")
async def withdraw(number: Unlocked, request: Timed, uow: Work) -> NumberView:
    """What was valid before it goes on being valid."""
    return _view(await handlers.withdraw(number, uow, request.at(uow)))


@as_file(queries, "概况数字")
@queries.get("/profile-numbers", summary="概况数字列表")
async def list_numbers(
    filters: Annotated[NumberFilters, Query()],
    context: Context,
    caller: Caller,
    cursor: Cursor,
    limit: Limit = 50,
) -> Page[NumberView]:
    standing = col(NumberRow.withdrawn_at).is_(None)
    page = await listed(context, caller, NumberRow, filters, cursor, limit, where=[standing])
    return page.of([_view(row) for row in page.items])


def _view(row: NumberRow) -> NumberView:
    return NumberView(**row.model_dump())
