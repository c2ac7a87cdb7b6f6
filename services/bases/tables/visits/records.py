"""Visits as they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.tables.rows import VisitRow
from services.chassis.rows import behind, inside, one


async def visit(session: AsyncSession, visit_id: UUID, *, lock: bool = False) -> VisitRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await one(session, VisitRow, visit_id, "visit", "接待记录", lock=lock)


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Which visits a list shows; those that began in `[since, until)`."""

    within: Sequence[str]
    base_id: UUID | None = None
    organisation_id: UUID | None = None
    """Who came, or came along."""
    cross_unit: bool | None = None
    withdrawn: bool = False
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        found = [inside(col(VisitRow.area), self.within)]
        gone, along = col(VisitRow.withdrawn_at), col(VisitRow.with_organisation_ids)
        found.append(gone.is_not(None) if self.withdrawn else gone.is_(None))
        if self.base_id:
            found.append(col(VisitRow.base_id) == self.base_id)
        if self.organisation_id:
            came = col(VisitRow.organisation_id) == self.organisation_id
            found.append(or_(came, along.contains([self.organisation_id])))
        if self.cross_unit is not None:
            found.append((along != []) if self.cross_unit else (along == []))
        if self.since:
            found.append(col(VisitRow.started_at) >= self.since)
        if self.until:
            found.append(col(VisitRow.started_at) < self.until)
        return found


async def visits(
    session: AsyncSession, sought: Sought, *, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[VisitRow]:
    """In order of start."""
    started, key = col(VisitRow.started_at), col(VisitRow.visit_id)
    query = select(VisitRow).where(*sought.conditions()).order_by(started, key).limit(limit)
    query = query.where(*behind(after, started, key))
    return (await session.exec(query)).all()
