"""Reserve cadres as rows."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.database import execute
from services.chassis.rows import inside, one
from services.membership.domain.reserve import Reserve
from services.membership.tables.rows import Row


class ReserveRow(Row, table=True):
    """The name is sealed under the reserve's id."""

    __tablename__ = "reserve"

    reserve_id: UUID = Field(primary_key=True)
    area: str
    member_id: UUID | None = None
    since: date
    until: date | None = None
    version: int = 1
    recorded_at: datetime


async def lock_pool(session: AsyncSession, area: str) -> None:
    """Whoever changes the pool of a community goes alone until the transaction ends."""
    await execute(
        session, "SELECT pg_advisory_xact_lock(hashtextextended(:area, 34))", {"area": area}
    )


async def present(session: AsyncSession, area: str) -> int:
    """How many are in the pool of a community."""
    query = select(func.count()).where(ReserveRow.area == area, col(ReserveRow.until).is_(None))
    return (await session.exec(query)).one()


async def holds(session: AsyncSession, area: str, member_id: UUID) -> bool:
    """Whether a member is in the pool of a community; the pool is locked."""
    query = select(ReserveRow.reserve_id).where(
        ReserveRow.area == area,
        ReserveRow.member_id == member_id,
        col(ReserveRow.until).is_(None),
    )
    return (await session.exec(query)).first() is not None


async def reserve(session: AsyncSession, reserve_id: UUID, *, lock: bool = False) -> ReserveRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await one(session, ReserveRow, reserve_id, "reserve", "后备干部", lock=lock)


async def reserves(
    session: AsyncSession,
    within: Sequence[str],
    *,
    present_only: bool,
    after: str | None,
    limit: int,
) -> Sequence[ReserveRow]:
    """In the order in which they were entered."""
    query = select(ReserveRow).order_by(col(ReserveRow.reserve_id)).limit(limit)
    query = query.where(inside(col(ReserveRow.area), within))
    if present_only:
        query = query.where(col(ReserveRow.until).is_(None))
    if after:
        query = query.where(col(ReserveRow.reserve_id) > UUID(after))
    return (await session.exec(query)).all()


def reserve_of(row: ReserveRow) -> Reserve:
    return Reserve(**row.model_dump(include={"reserve_id", "area", "since"}))
