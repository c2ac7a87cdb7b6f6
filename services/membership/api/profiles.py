"""Profile numbers of areas (辖区概况) over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.chassis.clock import business_date, occurred
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
    page_of,
    set_etag,
)
from services.chassis.http.fields import Kind, Name, Sought
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.chassis.ids import new_id
from services.membership.api.written import ProfileKind
from services.membership.domain.profiles import Number
from services.membership.handlers import profiles as handlers
from services.membership.tables import profiles as tables
from services.membership.tables.profiles import NumberRow

commands = command_router(tags=["辖区概况"])
queries = APIRouter(prefix="/v1", tags=["辖区概况"], responses=dict(RESPONSES))

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


class NumberView(BaseModel):
    entry_id: UUID
    area: str = Field(title="区划")
    kind: ProfileKind = Field(title="类别")
    quantity: int = Field(title="数值")
    source: str = Field(title="数据来源")
    day: date = Field(title="起算日期")
    withdrawn_at: datetime | None = Field(title="撤销时刻")
    recorded_at: datetime = Field(title="登记时刻")
    version: int


@commands.post("/profile-numbers", status_code=201, summary="登记概况数字")
async def state(
    request: NumberRequest, caller: Caller, uow: Work, response: Response
) -> NumberView:
    """Holds from its day until the next of its kind; may be entered between two others."""
    caller.require(Action.MANAGE_BOOKS, request.area)
    at = occurred(request.occurred_at, uow.now)
    number = Number(
        entry_id=new_id(),
        day=business_date(at),
        occurred_at=at,
        **request.model_dump(exclude={"occurred_at"}),
    )
    return _shown(await handlers.state(number, uow), response)


@commands.patch("/profile-numbers/{entry_id}", summary="更正概况数字")
async def correct(
    entry_id: UUID,
    request: NumberChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> NumberView:
    caller.require(Action.MANAGE_BOOKS, (await tables.number(uow.session, entry_id)).area)
    row = await handlers.correct(entry_id, request.quantity, request.source, version, uow)
    return _shown(row, response)


@commands.post("/profile-numbers/{entry_id}/withdraw", summary="撤销概况数字")
async def withdraw(
    entry_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> NumberView:
    """What was valid before it goes on being valid."""
    caller.require(Action.MANAGE_BOOKS, (await tables.number(uow.session, entry_id)).area)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.withdraw(entry_id, uow, at), response)


@as_file(queries, "概况数字")
@queries.get("/profile-numbers", summary="概况数字列表")
async def list_numbers(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query(description="Only in this area.")] = None,
    kind: Sought | None = None,
    limit: Limit = 50,
) -> Page[NumberView]:
    async with context.database.sessions() as session:
        rows = await tables.numbers(
            session,
            within=areas_to_list(caller, within),
            kind=kind,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, _view, lambda row: (row.entry_id,))


def _view(row: NumberRow) -> NumberView:
    return NumberView.model_validate(row.model_dump())


def _shown(row: NumberRow, response: Response) -> NumberView:
    set_etag(response, row.version)
    return _view(row)
