"""Alerts, settled in the transaction that changes the fact (decision 0013).

A service has a row and two events of its own and says once what they are:
`ALERTS = Alerts(AlertRow, AlertRaised, AlertCleared)`. Its rooms say what should stand,
`ALERTS.settle(uow, Wanted(...), stands=...)`, and this makes it so.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.alerts import AlertEvent, AlertRaised
from contracts.kinds.alerts import Severity
from contracts.kinds.labelled import Labelled
from services.chassis.http.fields import Sought
from services.chassis.http.listing import Filters, Paging, with_past
from services.chassis.http.lists import Unwritten, as_file
from services.chassis.http.pages import Page
from services.chassis.http.problems import RESPONSES
from services.chassis.ids import new_id
from services.chassis.rows import for_update
from services.chassis.rules import Statement
from services.chassis.unit_of_work import UnitOfWork


class Alert(SQLModel):
    """Columns of a table that `schema.ALERTS` makes: `class AlertRow(Alert, Row, table=True)`."""

    alert_id: UUID = Field(primary_key=True)
    kind: str
    subject_id: UUID
    key: str = ""
    area: str
    organisation_id: UUID | None = None
    severity: str
    rule: str | None = None
    rule_version: str | None = None
    due_on: date | None = None
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    version: int = 1
    raised_at: datetime
    cleared_at: datetime | None = None


R = TypeVar("R", bound=Alert)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An alert that should stand. `facts` are codes and numbers for people to see the reason."""

    kind: Labelled
    subject_id: UUID
    area: str
    organisation_id: UUID | None = None
    key: str = ""
    """Tells several alerts of a kind about one thing apart: a period, a step."""
    rule: Statement | None = None
    severity: Severity = Severity.WARN
    """Where no rule says it."""
    due_on: date | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Alerts(Generic[R]):
    """Of one service: its row, and the events that tell of it."""

    row: type[R]
    raised: type[AlertRaised]
    cleared: type[AlertEvent]

    async def settle(
        self, uow: UnitOfWork, wanted: Wanted, *, stands: bool, at: datetime | None = None
    ) -> bool:
        """`keep` or `clear`, as the rule says; true when something changed."""
        if stands:
            return await self.keep(uow, wanted, at)
        return await self.clear(uow, wanted.kind, wanted.subject_id, key=wanted.key, at=at)

    async def keep(self, uow: UnitOfWork, wanted: Wanted, at: datetime | None = None) -> bool:
        """Raise it unless it stands already; true when raised. Lock the subject before."""
        known = await self._lock(uow.session, wanted.kind, wanted.subject_id, wanted.key)
        if known is not None:
            known.facts, known.due_on = wanted.facts, wanted.due_on
            await uow.session.flush()
            return False
        rule = wanted.rule
        event = self.raised(
            area=wanted.area,
            alert_id=new_id(),
            kind=wanted.kind,
            subject_id=wanted.subject_id,
            organisation_id=wanted.organisation_id,
            severity=rule.severity if rule else wanted.severity,
            rule_code=rule.code if rule else None,
            rule_version_code=rule.version if rule else None,
            due_on=wanted.due_on,
        )
        uow.session.add(
            self.row(
                **event.model_dump(exclude={"rule_code", "rule_version_code", "severity"}),
                severity=event.severity.value,
                key=wanted.key,
                rule=event.rule_code,
                rule_version=event.rule_version_code,
                facts=wanted.facts,
                raised_at=at or uow.now,
            )
        )
        await uow.session.flush()
        uow.announce(event, version=1, occurred_at=at)
        return True

    async def clear(
        self,
        uow: UnitOfWork,
        kind: str,
        subject_id: UUID,
        *,
        key: str = "",
        at: datetime | None = None,
    ) -> bool:
        """Clear it if it stands; true when it did."""
        row = await self._lock(uow.session, kind, subject_id, key)
        if row is None:
            return False
        row.cleared_at, row.version = at or uow.now, row.version + 1
        await uow.session.flush()
        event = self.cleared(
            area=row.area,
            alert_id=row.alert_id,
            kind=row.kind,
            subject_id=row.subject_id,
            organisation_id=row.organisation_id,
            severity=Severity(row.severity),
        )
        uow.announce(event, version=row.version, occurred_at=at)
        return True

    async def standing(
        self, uow: UnitOfWork, subject_ids: Collection[UUID]
    ) -> frozenset[tuple[str, UUID, str]]:
        """Kind, subject and key of the open alerts about these things."""
        query = select(self.row.kind, self.row.subject_id, self.row.key).where(
            col(self.row.subject_id).in_(subject_ids), col(self.row.cleared_at).is_(None)
        )
        return frozenset(await uow.session.exec(query))

    async def _lock(self, session: AsyncSession, kind: str, subject_id: UUID, key: str) -> R | None:
        """The open alert of a kind about a thing, kept as it is until the transaction ends."""
        row = self.row
        query = select(row).where(
            row.kind == kind,
            row.subject_id == subject_id,
            row.key == key,
            col(row.cleared_at).is_(None),
        )
        return (await session.exec(for_update(query))).first()


class AlertView(BaseModel):
    """A service says anew what its files call an organisation by."""

    alert_id: UUID
    kind: Annotated[str, Unwritten] = Field(title="预警类别")
    label: str = Field(title="预警")
    subject_id: UUID = Field(title="对象编号")
    organisation_id: UUID | None = Field(title="责任党组织")
    area: str = Field(title="区划")
    severity: Severity = Field(title="程度")
    rule: str | None = Field(title="依据规则")
    rule_version: str | None = Field(title="规则版本")
    due_on: date | None = Field(title="期限")
    facts: dict[str, Any] = Field(title="依据数据")
    raised_at: datetime = Field(title="提出时刻")
    cleared_at: datetime | None = Field(title="解除时刻")


class AlertFilters(Filters):
    kind: Sought | None = None
    organisation_id: UUID | None = None
    subject_id: UUID | None = None
    cleared: Annotated[bool, with_past("cleared_at")] = Field(
        default=False, description="Show those that were cleared, too."
    )


def queries(alerts: Alerts[R], kinds: type[Labelled], view: type[AlertView]) -> APIRouter:
    """`GET /v1/alerts` of a service in the order they were raised; its kinds have these labels."""
    router = APIRouter(prefix="/v1", tags=["预警"], responses=dict(RESPONSES))
    labels = {kind.value: kind.label for kind in kinds}

    @as_file(router, "预警")
    @router.get("/alerts", summary="预警列表")
    async def list_alerts(filters: Annotated[AlertFilters, Query()], paging: Paging) -> Page[view]:  # type: ignore[valid-type]  # it is known once a service is put together
        table: Any = alerts.row
        page = await paging.rows(table, filters)
        return page.of([shown(row) for row in page.items])

    def shown(row: R) -> AlertView:
        return view(label=labels.get(row.kind, row.kind), **row.model_dump(exclude={"key"}))

    return router
