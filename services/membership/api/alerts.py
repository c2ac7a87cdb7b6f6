"""What needs somebody's attention, and which rule says so."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from contracts.areas import AreaCode
from contracts.kinds.alerts import AlertKind, Severity
from services.chassis.http import Caller, Context, Cursor, Limit, Page, page_of
from services.chassis.http.fields import Sought
from services.chassis.http.lists import Unwritten, as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.membership.api.written import OrganisationId
from services.membership.tables import alerts as tables
from services.membership.tables.alerts import AlertRow

queries = APIRouter(prefix="/v1", tags=["预警"], responses=dict(RESPONSES))


class AlertView(BaseModel):
    alert_id: UUID
    kind: Annotated[str, Unwritten] = Field(title="预警类别")
    label: str = Field(title="预警")
    subject_id: UUID = Field(title="对象编号")
    organisation_id: OrganisationId | None = Field(title="责任党组织")
    area: str = Field(title="区划")
    severity: Severity = Field(title="程度")
    rule: str | None = Field(title="依据规则")
    rule_version: str | None = Field(title="规则版本")
    due_on: date | None = Field(title="期限")
    facts: dict[str, Any] = Field(title="依据数据")
    raised_at: datetime = Field(title="提出时刻")
    cleared_at: datetime | None = Field(title="解除时刻")


@as_file(queries, "预警")
@queries.get("/alerts", summary="预警列表")
async def list_alerts(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query(description="Only in this area.")] = None,
    kind: Sought | None = None,
    organisation_id: UUID | None = None,
    subject_id: UUID | None = None,
    cleared: Annotated[bool, Query(description="Show those that were cleared, too.")] = False,
    limit: Limit = 50,
) -> Page[AlertView]:
    async with context.database.sessions() as session:
        rows = await tables.listed(
            session,
            within=areas_to_list(caller, within),
            kind=kind,
            organisation_id=organisation_id,
            subject_id=subject_id,
            open_only=not cleared,
            after=cursor[0] if cursor else None,
            limit=limit + 1,
        )
    return page_of(rows, limit, _alert, lambda row: (row.alert_id,))


LABELS = {kind.value: kind.label for kind in AlertKind}


def _alert(row: AlertRow) -> AlertView:
    return AlertView(label=LABELS.get(row.kind, row.kind), **row.model_dump(exclude={"key"}))


routers = (queries,)
