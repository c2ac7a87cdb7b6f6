"""Raising and clearing alerts: rooms say what should stand, this makes it so."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.kinds.alerts import AlertKind, Severity
from contracts.membership.alerts import AlertCleared, AlertRaised
from services.chassis.ids import new_id
from services.chassis.rules import Statement
from services.chassis.unit_of_work import UnitOfWork
from services.membership.tables import alerts as tables
from services.membership.tables.alerts import AlertRow


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An alert that should stand. `facts` are codes and numbers for people to see the reason."""

    kind: AlertKind
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


async def keep(uow: UnitOfWork, wanted: Wanted, at: datetime | None = None) -> bool:
    """Raise it unless it stands already; true when raised. Lock the subject before."""
    known = await tables.lock(uow.session, wanted.kind, wanted.subject_id, wanted.key)
    if known is not None:
        known.facts, known.due_on = wanted.facts, wanted.due_on
        await uow.session.flush()
        return False
    rule = wanted.rule
    event = AlertRaised(
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
        AlertRow(
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
    uow: UnitOfWork,
    kind: AlertKind,
    subject_id: UUID,
    *,
    key: str = "",
    at: datetime | None = None,
) -> bool:
    """Clear it if it stands; true when it did."""
    row = await tables.lock(uow.session, kind, subject_id, key)
    if row is None:
        return False
    row.cleared_at, row.version = at or uow.now, row.version + 1
    await uow.session.flush()
    event = AlertCleared(
        area=row.area,
        alert_id=row.alert_id,
        kind=row.kind,
        subject_id=row.subject_id,
        organisation_id=row.organisation_id,
        severity=Severity(row.severity),
    )
    uow.announce(event, version=row.version, occurred_at=at)
    return True


async def standing(uow: UnitOfWork, subject_ids: Collection[UUID]) -> frozenset[tuple[str, UUID]]:
    """Kind and subject of the open alerts about these things."""
    return await tables.standing(uow.session, subject_ids)


async def settle(
    uow: UnitOfWork, wanted: Wanted, *, stands: bool, at: datetime | None = None
) -> bool:
    """`keep` or `clear`, as the rule says; true when something changed."""
    if stands:
        return await keep(uow, wanted, at)
    return await clear(uow, wanted.kind, wanted.subject_id, key=wanted.key, at=at)
