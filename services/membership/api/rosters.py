"""A whole roster over HTTP: many members in one command, with a report row by row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.access import Action
from services.chassis.clock import occurred
from services.chassis.errors import Invalid, Refusal
from services.chassis.http import Caller, Context, Work, command_router
from services.chassis.http.fields import Code
from services.chassis.http.wording import zh_reason
from services.chassis.ids import new_id
from services.membership.api.members.common import SEALED, sealed
from services.membership.api.members.roll import MemberRequest
from services.membership.handlers import rosters as handlers
from services.membership.handlers.rosters import RosterRow

commands = command_router(tags=["党员"])

MOST_ROWS = 1000
MOST_BYTES = 2 * 1024 * 1024


class RosterMember(MemberRequest):
    """A member as the roster names them: the branch by its code."""

    organisation_id: None = None  # type: ignore[assignment]  # the code stands in its place
    group_id: None = None
    organisation_code: Code = Field(title="党支部代码")


class RosterRequest(BaseModel):
    """Up to a thousand rows; each is judged by itself."""

    model_config = ConfigDict(extra="forbid")

    rows: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_ROWS)] = Field(
        description="Each a member as `RosterMember` says."
    )
    all_or_nothing: bool = Field(
        default=False, description="Register nobody when a row is refused."
    )


class RefusedRow(BaseModel):
    row: int = Field(description="Place in `rows`, from 0.")
    code: str = Field(description="Of the problem; stable.")
    field: str | None
    detail: str = Field(description="In Chinese, for the report.")


class EnteredRow(BaseModel):
    row: int
    member_id: UUID


class RosterView(BaseModel):
    """Rows by their places. A roster sent again registers nobody twice."""

    registered: list[EnteredRow] = Field(title="已登记")
    unchanged: list[EnteredRow] = Field(title="此前已登记")
    refused: list[RefusedRow] = Field(title="未登记")


class RosterRefused(Invalid):
    code = "roster-refused"
    title, title_zh = "Rows of the roster were refused", "名册中有行未通过"


@commands.post("/rosters", summary="批量登记党员名册")
async def enter_roster(
    request: RosterRequest, context: Context, caller: Caller, uow: Work
) -> RosterView:
    """Good rows are registered whatever becomes of the others, unless `all_or_nothing`."""
    if not caller.areas(Action.MANAGE_MEMBERS):
        caller.refuse(Action.MANAGE_MEMBERS)
    rows, refused = _read(request.rows, uow.now)
    outcome = await handlers.enter(
        rows, lambda area: caller.require(Action.MANAGE_MEMBERS, area), uow, context.vault
    )
    refused += [_refused(number, refusal) for number, refusal in outcome.refused.items()]
    refused.sort(key=lambda each: each.row)
    if refused and request.all_or_nothing:
        raise RosterRefused(
            f"{len(refused)} rows were refused; nobody was registered.",
            zh=f"有 {len(refused)} 行未通过，全部未登记。",
            refused=[each.model_dump() for each in refused],
        )
    return RosterView(
        registered=_entered(outcome.registered),
        unchanged=_entered(outcome.unchanged),
        refused=refused,
    )


def _read(given: list[dict[str, Any]], now: datetime) -> tuple[list[RosterRow], list[RefusedRow]]:
    rows, refused = [], []
    for number, row in enumerate(given):
        try:
            rows.append(_row(number, row, now))
        except ValidationError as error:
            first = error.errors()[0]
            named = ".".join(map(str, first["loc"])) or None
            refused.append(
                RefusedRow(row=number, code="invalid-request", field=named, detail=zh_reason(first))
            )
        except Refusal as refusal:
            refused.append(_refused(number, refusal))
    return rows, refused


def _row(number: int, given: dict[str, Any], now: datetime) -> RosterRow:
    told = RosterMember.model_validate(given)
    fields = told.fields("organisation_id", "group_id", "organisation_code", *SEALED)
    return RosterRow(
        number=number,
        organisation_code=told.organisation_code,
        occurred_at=occurred(told.occurred_at, now),
        fields=fields | {"member_id": new_id()},
        personal=sealed(told),
    )


def _entered(members: Mapping[int, UUID]) -> list[EnteredRow]:
    return [EnteredRow(row=row, member_id=member_id) for row, member_id in members.items()]


def _refused(number: int, refusal: Refusal) -> RefusedRow:
    named = refusal.facts.get("field")
    return RefusedRow(
        row=number,
        code=refusal.code,
        field=str(named) if named else None,
        detail=refusal.zh or refusal.title_zh,
    )


routers: tuple[APIRouter, ...] = (commands,)
