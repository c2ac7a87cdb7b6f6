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
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.fields import Kind, Name, Sought
from services.chassis.http.held import held
from services.chassis.http.listing import Filters, Paging
from services.chassis.http.lists import as_file
from services.membership.api.written import ProfileKind
from services.membership.domain.profiles import Number
from services.membership.handlers import profiles as handlers
from services.membership.tables import profiles as tables
from services.membership.tables.profiles import NumberRow

commands = command_router(tags=["辖区概况"])
queries = query_router(tags=["辖区概况"])

HELD = {"zh": "概况数字", "action": Action.MANAGE_BOOKS, "first": tables.take_turn}
Held = Annotated[NumberRow, held(NumberRow, **HELD)]
Edited = Annotated[NumberRow, held(NumberRow, edit=True, **HELD)]

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
    return (await handlers.state(request.fields(), uow, request.at(uow))).shown(NumberView)


@commands.patch("/profile-numbers/{entry_id}", summary="更正概况数字")
async def correct(number: Edited, request: NumberChange, uow: Work) -> NumberView:
    return (await handlers.correct(number, request.quantity, request.source, uow)).shown(NumberView)


@commands.post("/profile-numbers/{entry_id}/withdraw", summary="撤销概况数字")
async def withdraw(number: Held, request: Timed, uow: Work) -> NumberView:
    """What was valid before it goes on being valid."""
    return (await handlers.withdraw(number, uow, request.at(uow))).shown(NumberView)


@as_file(queries, "概况数字")
@queries.get("/profile-numbers", summary="概况数字列表")
async def list_numbers(
    filters: Annotated[NumberFilters, Query()], paging: Paging
) -> Page[NumberView]:
    standing = col(NumberRow.withdrawn_at).is_(None)
    return await paging.shown(NumberRow, NumberView, filters, where=[standing])
