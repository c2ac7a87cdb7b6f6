"""Undertakings and what shows that they were kept."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.rows import batch, for_update
from services.cobuilding.domain import undertakings as domain
from services.cobuilding.domain.undertakings import Undertaking
from services.cobuilding.tables.rows import Row


class UndertakingRow(Undertaking, Row, table=True):
    __tablename__ = "undertaking"

    undertaking_id: UUID = Field(primary_key=True)
    version: int = 1
    recorded_at: datetime


class EvidenceRow(Row, table=True):
    """What was done, on which day, and where the proof of it is."""

    __tablename__ = "evidence"

    evidence_id: UUID = Field(primary_key=True)
    undertaking_id: UUID
    done_on: date
    text: str
    actor: str
    recorded_at: datetime


async def of_agreement(
    session: AsyncSession, agreement_id: UUID, *, lock: bool = False
) -> Sequence[UndertakingRow]:
    query = select(UndertakingRow).where(UndertakingRow.agreement_id == agreement_id)
    query = query.order_by(col(UndertakingRow.undertaking_id))
    return (await session.exec(for_update(query) if lock else query)).all()


async def falling_due(session: AsyncSession, today: date, limit: int) -> Sequence[UndertakingRow]:
    """Whose day has come to its end, locked, the earliest first."""
    ahead = (col(UndertakingRow.fell_due).is_(False), UndertakingRow.status != domain.VOID)
    over = UndertakingRow.due_on < today
    return await batch(session, UndertakingRow, "due_on", over, *ahead, limit=limit)


async def evidence_of(session: AsyncSession, undertaking_id: UUID) -> Sequence[EvidenceRow]:
    """The earliest first."""
    query = select(EvidenceRow).where(EvidenceRow.undertaking_id == undertaking_id)
    return (await session.exec(query.order_by(col(EvidenceRow.recorded_at)))).all()
