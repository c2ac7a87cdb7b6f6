"""Guests as they are kept and found."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds import VisitorLevel
from services.bases.domain.guests import Guest
from services.bases.tables.places import in_any
from services.bases.tables.rows import GuestRow
from services.chassis.database import execute
from services.chassis.errors import NotFound

CODE_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(:code, 132))"


async def guest(session: AsyncSession, guest_id: UUID, *, lock: bool = False) -> GuestRow:
    """Raises `NotFound`."""
    row = await session.get(
        GuestRow, guest_id, with_for_update=lock or None, populate_existing=lock
    )
    if row is None:
        raise NotFound(f"No guest {guest_id}.", zh="没有该编号的来访单位。")
    return row


def state(row: GuestRow) -> Guest:
    fields = row.model_dump(exclude={"version", "recorded_at"})
    return Guest(**fields | {"visitor_level": VisitorLevel(row.visitor_level)})


async def code_taken(session: AsyncSession, code: str) -> bool:
    """Nobody else takes it before the transaction ends."""
    await execute(session, CODE_LOCK, {"code": code})
    found = await session.exec(select(GuestRow.guest_id).where(GuestRow.code == code))
    return found.first() is not None


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
    query = select(GuestRow).where(in_any(col(GuestRow.area), within))
    if code:
        query = query.where(GuestRow.code == code)
    if visitor_level:
        query = query.where(GuestRow.visitor_level == visitor_level)
    if after:
        query = query.where(col(GuestRow.code) > after)
    return (await session.exec(query.order_by(col(GuestRow.code)).limit(limit))).all()
