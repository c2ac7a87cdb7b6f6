"""Film showings, trainings and tours as they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, column, table
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.visits import OccasionSort
from services.bases.tables.rows import OccasionRow
from services.chassis.database import execute
from services.chassis.rows import behind, inside, one

KIND = table("kind", column("family"), column("code"), column("label"))


async def occasion(session: AsyncSession, occasion_id: UUID, *, lock: bool = False) -> OccasionRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await one(session, OccasionRow, occasion_id, "occasion", "场次", lock=lock)


Labelled = tuple[OccasionRow, str]
"""With what its kind is called."""

LABEL = "SELECT label FROM kind WHERE family = :family AND code = :code"


async def labelled(session: AsyncSession, row: OccasionRow) -> Labelled:
    found = await execute(session, LABEL, {"family": row.sort, "code": row.kind})
    return row, found.scalar_one()


async def of_visit(session: AsyncSession, visit_id: UUID) -> Sequence[OccasionRow]:
    """Those that stand; whoever changes them has locked the visit."""
    query = select(OccasionRow).where(
        OccasionRow.visit_id == visit_id, col(OccasionRow.withdrawn_at).is_(None)
    )
    return (await session.exec(query.order_by(col(OccasionRow.sort)))).all()


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Which ones a list shows; those that began in `[since, until)`."""

    within: Sequence[str]
    sort: OccasionSort | None = None
    base_id: UUID | None = None
    kind: str | None = None
    withdrawn: bool = False
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        gone = col(OccasionRow.withdrawn_at)
        found = [
            inside(col(OccasionRow.area), self.within),
            gone.is_not(None) if self.withdrawn else gone.is_(None),
        ]
        if self.sort:
            found.append(col(OccasionRow.sort) == self.sort)
        if self.base_id:
            found.append(col(OccasionRow.base_id) == self.base_id)
        if self.kind:
            found.append(col(OccasionRow.kind) == self.kind)
        if self.since:
            found.append(col(OccasionRow.started_at) >= self.since)
        if self.until:
            found.append(col(OccasionRow.started_at) < self.until)
        return found


async def occasions(
    session: AsyncSession, sought: Sought, *, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Labelled]:
    """In order of start."""
    started, key = col(OccasionRow.started_at), col(OccasionRow.occasion_id)
    query = (
        select(OccasionRow, KIND.c.label)
        .join(KIND, and_(KIND.c.family == OccasionRow.sort, KIND.c.code == OccasionRow.kind))
        .where(*sought.conditions())
        .order_by(started, key)
        .limit(limit)
    )
    query = query.where(*behind(after, started, key))
    return [(row, label) for row, label in await session.exec(query)]
