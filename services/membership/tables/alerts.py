"""Alerts as rows."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.rows import for_update, inside
from services.membership.tables.rows import Row


class AlertRow(Row, table=True):
    __tablename__ = "alert"

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
    raised_at: datetime = Field(sa_type=DateTime(timezone=True))
    cleared_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


async def lock(session: AsyncSession, kind: str, subject_id: UUID, key: str) -> AlertRow | None:
    """The open alert of a kind about a thing, kept as it is until the transaction ends."""
    query = select(AlertRow).where(
        AlertRow.kind == kind,
        AlertRow.subject_id == subject_id,
        AlertRow.key == key,
        col(AlertRow.cleared_at).is_(None),
    )
    return (await session.exec(for_update(query))).first()


async def standing(
    session: AsyncSession, subject_ids: Collection[UUID]
) -> frozenset[tuple[str, UUID]]:
    """Kind and subject of the open alerts about these things."""
    query = select(AlertRow.kind, AlertRow.subject_id).where(
        col(AlertRow.subject_id).in_(subject_ids), col(AlertRow.cleared_at).is_(None)
    )
    return frozenset((kind, subject) for kind, subject in await session.exec(query))


async def listed(
    session: AsyncSession,
    *,
    within: Sequence[str],
    kind: str | None,
    organisation_id: UUID | None,
    subject_id: UUID | None,
    open_only: bool,
    after: str | None,
    limit: int,
) -> Sequence[AlertRow]:
    """In the order in which they were raised."""
    query = select(AlertRow).order_by(col(AlertRow.alert_id)).limit(limit)
    query = query.where(inside(col(AlertRow.area), within))
    if open_only:
        query = query.where(col(AlertRow.cleared_at).is_(None))
    if kind:
        query = query.where(AlertRow.kind == kind)
    if organisation_id:
        query = query.where(AlertRow.organisation_id == organisation_id)
    if subject_id:
        query = query.where(AlertRow.subject_id == subject_id)
    if after:
        query = query.where(col(AlertRow.alert_id) > UUID(after))
    return (await session.exec(query)).all()
