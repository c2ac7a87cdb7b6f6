"""Organisations that came to no base."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from contracts.areas import AreaCode
from contracts.kinds import OrganisationKind
from services.bases.tables.visits.unvisiting import unvisiting
from services.chassis.errors import Invalid
from services.chassis.http import Caller, Context, Cursor, Limit, Page, page_of
from services.chassis.http.context import ServiceContext
from services.chassis.http.fields import Day, Kind
from services.chassis.http.lists import Written, as_file
from services.chassis.http.pages import key_of
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list

queries = APIRouter(prefix="/v1", tags=["接待"], responses=dict(RESPONSES))

SORTS = ("branch", "committee")
EXPECTED = [
    kind.value
    for kind in OrganisationKind
    if kind.value.endswith(SORTS) and kind is not OrganisationKind.WORKING_COMMITTEE
]
"""Branches, general branches and committees of whatever sort. Kinds that a district adds are asked
for by name: bases keep no tree of organisation kinds."""


async def _labels(_: ServiceContext, codes: Collection[str]) -> Mapping[str, str]:
    return {kind.value: kind.label for kind in OrganisationKind if kind.value in codes}


class DaysReversed(Invalid):
    code = "days-reversed"
    title, title_zh = "The last day comes before the first", "截止日期早于起始日期"


class UnvisitingView(BaseModel):
    organisation_id: UUID
    code: str = Field(title="组织代码")
    name: str = Field(title="党组织")
    kind: Annotated[str, Written(_labels)] = Field(title="类别")
    area: str = Field(title="区划")
    last_visit_at: datetime | None = Field(
        title="此前最近一次到访", description="Before the first day; null for never."
    )


@as_file(queries, "未到访党组织")
@queries.get("/unvisiting-organisations", summary="未到访的党组织")
async def list_unvisiting(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    first: Annotated[Day, Query(alias="from", description="First day.")],
    last: Annotated[Day, Query(alias="to", description="Last day, inclusive.")],
    within: Annotated[AreaCode | None, Query()] = None,
    kind: Annotated[
        list[Kind] | None, Query(description="Else branches, general branches and committees.")
    ] = None,
    limit: Limit = 50,
) -> Page[UnvisitingView]:
    """In order of code: those that stand on the last day and visited no base, of whatever area.

    Coming along on another's visit is visiting.
    """
    if last < first:
        raise DaysReversed(f"{last} is before {first}.", zh="截止日期早于起始日期。", field="to")
    rows = await unvisiting(
        context.database.pool,
        within=areas_to_list(caller, within),
        kinds=kind or EXPECTED,
        first=first,
        last=last,
        after=key_of(cursor, str, UUID),
        limit=limit + 1,
    )
    return page_of(rows, limit, _view, lambda row: (row["code"], row["organisation_id"]))


def _view(row: dict[str, object]) -> UnvisitingView:
    return UnvisitingView.model_validate(dict(row))


routers = (queries,)
