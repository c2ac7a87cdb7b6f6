"""Units and their contact points."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.rows import for_update
from services.cobuilding.domain.units import ContactPoint, Unit
from services.cobuilding.tables.rows import Row


class UnitRow(Unit, Row, table=True):
    __tablename__ = "unit"

    unit_id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    traits: list[str] = Field(sa_type=JSONB)
    version: int = 1
    recorded_at: datetime


class ContactPointRow(ContactPoint, Row, table=True):
    __tablename__ = "contact_point"

    contact_point_id: UUID = Field(primary_key=True)
    version: int = 1
    recorded_at: datetime


async def with_credit_code(session: AsyncSession, credit_code: str) -> UnitRow | None:
    return (await session.exec(select(UnitRow).where(UnitRow.credit_code == credit_code))).first()


async def of_employer(session: AsyncSession, employer_id: UUID) -> UnitRow | None:
    return (await session.exec(select(UnitRow).where(UnitRow.employer_id == employer_id))).first()


async def open_contacts(session: AsyncSession, unit_id: UUID) -> Sequence[ContactPointRow]:
    """Locked, in the order of ids."""
    query = select(ContactPointRow).where(
        ContactPointRow.unit_id == unit_id, col(ContactPointRow.closed_on).is_(None)
    )
    return (
        await session.exec(for_update(query.order_by(col(ContactPointRow.contact_point_id))))
    ).all()
