"""Reserve cadres as rows."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.database import execute
from services.membership.domain.reserve import Reserve
from services.membership.tables.rows import Row


class ReserveRow(Reserve, Row, table=True):
    """The name is sealed under the reserve's id."""

    __tablename__ = "reserve"

    reserve_id: UUID = Field(primary_key=True)
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
