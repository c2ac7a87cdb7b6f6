"""Amendments of agreements."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.rows import for_update
from services.cobuilding.domain.agreements import life
from services.cobuilding.domain.agreements.amendments import Amendment, Change, LineChange
from services.cobuilding.tables.rows import Row


class AmendmentRow(Amendment, Row, table=True):
    __tablename__ = "amendment"

    amendment_id: UUID = Field(primary_key=True)
    lines: list[dict[str, Any]] = Field(sa_type=JSONB)
    changes: list[dict[str, Any]] = Field(sa_type=JSONB)
    version: int = 1
    recorded_at: datetime

    def of_lines(self) -> list[LineChange]:
        return [LineChange.model_validate(each) for each in self.lines]

    def listed(self) -> list[Change]:
        return [Change.model_validate(each) for each in self.changes]


async def open_of(session: AsyncSession, agreement_id: UUID) -> AmendmentRow | None:
    """The one that is under way, locked after its agreement."""
    query = select(AmendmentRow).where(
        AmendmentRow.agreement_id == agreement_id,
        col(AmendmentRow.status).in_(life.OPEN_AMENDMENT),
    )
    return (await session.exec(for_update(query))).first()
