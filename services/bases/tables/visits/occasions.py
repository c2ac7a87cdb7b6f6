"""Film showings, trainings and tours as they are read."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.tables.rows import OccasionRow


async def of_visit(session: AsyncSession, visit_id: UUID) -> Sequence[OccasionRow]:
    """Those that stand; whoever changes them has locked the visit."""
    query = select(OccasionRow).where(
        OccasionRow.visit_id == visit_id, col(OccasionRow.withdrawn_at).is_(None)
    )
    return (await session.exec(query.order_by(col(OccasionRow.sort)))).all()
