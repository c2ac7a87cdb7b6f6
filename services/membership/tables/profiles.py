"""Profile numbers as rows, and the only SQL that touches them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.chassis.database import execute
from services.chassis.rows import inside, missing
from services.membership.domain.profiles import Neighbours, Number
from services.membership.tables.rows import Row


class NumberRow(Row, table=True):
    __tablename__ = "profile_number"

    entry_id: UUID = Field(primary_key=True)
    area: str
    kind: str
    quantity: int
    source: str
    day: date
    occurred_at: datetime
    withdrawn_at: datetime | None = None
    version: int = 1
    recorded_at: datetime


def number_of(row: NumberRow) -> Number:
    return Number(**row.model_dump(exclude={"withdrawn_at", "recorded_at"}))


async def lock_series(session: AsyncSession, area: str, kind: str) -> None:
    """Numbers of one kind and area take turns: each is measured from its neighbour."""
    await execute(
        session,
        "SELECT pg_advisory_xact_lock(hashtextextended(:series, 5))",
        {"series": f"{area}/{kind}"},
    )


async def number(session: AsyncSession, entry_id: UUID) -> NumberRow:
    """Raises `NotFound`, also for one that was withdrawn."""
    row = await session.get(NumberRow, entry_id, populate_existing=True)
    if row is None or row.withdrawn_at:
        raise missing("profile number", entry_id, "概况数字")
    return row


async def on_day(session: AsyncSession, area: str, kind: str, day: date) -> NumberRow | None:
    return (await session.exec(_series(area, kind).where(NumberRow.day == day))).first()


async def around(session: AsyncSession, area: str, kind: str, day: date) -> Neighbours:
    """The numbers right before and right after `day`."""
    series, of_day = _series(area, kind), col(NumberRow.day)
    before = (
        await session.exec(series.where(of_day < day).order_by(of_day.desc()).limit(1))
    ).first()
    after = (await session.exec(series.where(of_day > day).order_by(of_day).limit(1))).first()
    return Neighbours(number_of(before) if before else None, number_of(after) if after else None)


async def numbers(
    session: AsyncSession,
    *,
    within: Sequence[str],
    kind: str | None,
    after: str | None,
    limit: int,
) -> Sequence[NumberRow]:
    """In the order in which they were stated; without those withdrawn."""
    key = col(NumberRow.entry_id)
    query = select(NumberRow).where(col(NumberRow.withdrawn_at).is_(None)).order_by(key)
    query = query.where(inside(col(NumberRow.area), within))
    if kind:
        query = query.where(NumberRow.kind == kind)
    if after:
        query = query.where(key > UUID(after))
    return (await session.exec(query.limit(limit))).all()


def _series(area: str, kind: str) -> SelectOfScalar[NumberRow]:
    return select(NumberRow).where(
        NumberRow.area == area, NumberRow.kind == kind, col(NumberRow.withdrawn_at).is_(None)
    )
