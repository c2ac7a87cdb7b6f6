"""Profile numbers as rows, and the only SQL that touches them."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.chassis.database import execute
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.profiles import Number
from services.membership.tables.rows import Row


class NumberRow(Number, Row, table=True):
    __tablename__ = "profile_number"

    entry_id: UUID = Field(primary_key=True)
    occurred_at: datetime
    withdrawn_at: datetime | None = None
    version: int = 1
    recorded_at: datetime


async def lock_series(session: AsyncSession, area: str, kind: str) -> None:
    """Numbers of one kind and area take turns: each is measured from its neighbour."""
    await execute(
        session,
        "SELECT pg_advisory_xact_lock(hashtextextended(:series, 5))",
        {"series": f"{area}/{kind}"},
    )


async def take_turn(uow: UnitOfWork, entry_id: UUID) -> None:
    """`lock_series` of that number, before it is locked itself."""
    number = await uow.session.get(NumberRow, entry_id)
    if number is not None:
        await lock_series(uow.session, number.area, number.kind)


async def on_day(session: AsyncSession, area: str, kind: str, day: date) -> NumberRow | None:
    return (await session.exec(_series(area, kind).where(NumberRow.day == day))).first()


async def around(
    session: AsyncSession, area: str, kind: str, day: date
) -> tuple[NumberRow | None, NumberRow | None]:
    """The numbers right before and right after `day`."""
    series, of_day = _series(area, kind).limit(1), col(NumberRow.day)
    before = await session.exec(series.where(of_day < day).order_by(of_day.desc()))
    after = await session.exec(series.where(of_day > day).order_by(of_day))
    return before.first(), after.first()


def _series(area: str, kind: str) -> SelectOfScalar[NumberRow]:
    return select(NumberRow).where(
        NumberRow.area == area, NumberRow.kind == kind, col(NumberRow.withdrawn_at).is_(None)
    )
