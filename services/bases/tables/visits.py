"""Visits as they are read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.tables.places import in_any
from services.bases.tables.rows import VisitRow


async def visits(
    session: AsyncSession,
    *,
    within: Sequence[str],
    base_id: UUID | None,
    since: datetime | None,
    until: datetime | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[VisitRow]:
    """In order of start; `since` inclusive, `until` exclusive."""
    started, key = col(VisitRow.started_at), col(VisitRow.visit_id)
    query = select(VisitRow).order_by(started, key).limit(limit)
    query = query.where(in_any(col(VisitRow.area), within))
    if base_id:
        query = query.where(VisitRow.base_id == base_id)
    if since:
        query = query.where(started >= since)
    if until:
        query = query.where(started < until)
    if after:
        query = query.where(or_(started > after[0], (started == after[0]) & (key > after[1])))
    return (await session.exec(query)).all()
