"""Film showings, trainings and tours as they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, column, or_, table
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.visits import OccasionSort
from services.bases.tables.places import in_any
from services.bases.tables.rows import OccasionRow
from services.chassis.database import execute
from services.chassis.errors import NotFound

KIND = table("kind", column("family"), column("code"), column("label"))


async def occasion(session: AsyncSession, occasion_id: UUID, *, lock: bool = False) -> OccasionRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    row = await session.get(
        OccasionRow, occasion_id, with_for_update=lock or None, populate_existing=lock
    )
    if row is None:
        raise NotFound(f"No occasion {occasion_id}.", zh="没有该编号的场次。")
    return row


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
            in_any(col(OccasionRow.area), self.within),
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
    if after:
        query = query.where(or_(started > after[0], (started == after[0]) & (key > after[1])))
    return [(row, label) for row, label in await session.exec(query)]
