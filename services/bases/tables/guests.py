"""Guests as they are kept and found."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds import VisitorLevel
from services.bases.domain.guests import Guest
from services.bases.tables.rows import GuestRow
from services.chassis.rows import inside, one


async def guest(session: AsyncSession, guest_id: UUID, *, lock: bool = False) -> GuestRow:
    """Raises `NotFound`."""
    return await one(session, GuestRow, guest_id, "guest", "来访单位", lock=lock)


def state(row: GuestRow) -> Guest:
    fields = row.model_dump(exclude={"version", "recorded_at"})
    return Guest(**fields | {"visitor_level": VisitorLevel(row.visitor_level)})


async def guests(
    session: AsyncSession,
    *,
    within: Sequence[str],
    code: str | None,
    visitor_level: VisitorLevel | None,
    after: str | None,
    limit: int,
) -> Sequence[GuestRow]:
    """In order of code."""
    query = select(GuestRow).where(inside(col(GuestRow.area), within))
    if code:
        query = query.where(GuestRow.code == code)
    if visitor_level:
        query = query.where(GuestRow.visitor_level == visitor_level)
    if after:
        query = query.where(col(GuestRow.code) > after)
    return (await session.exec(query.order_by(col(GuestRow.code)).limit(limit))).all()
