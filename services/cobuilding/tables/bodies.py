"""Bodies and the seats in them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.chassis.rows import Structured, Versioned, for_update
from services.cobuilding.domain.bodies import Body, Layer
from services.cobuilding.domain.seats import Seat
from services.cobuilding.tables.rows import Row


class BodyRow(Body, Versioned, Row, table=True):
    __tablename__ = "body"

    body_id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    layers: list[Layer] = Field(sa_type=Structured(list[Layer]))


class SeatRow(Seat, Versioned, Row, table=True):
    __tablename__ = "seat"

    seat_id: UUID = Field(primary_key=True)


async def held_in(
    session: AsyncSession, bodies: Collection[UUID], *, lock: bool = False
) -> Sequence[SeatRow]:
    """The seats that are held there, in the order of ids."""
    query = select(SeatRow).where(col(SeatRow.body_id).in_(bodies), col(SeatRow.left_on).is_(None))
    query = query.order_by(col(SeatRow.seat_id))
    return (await session.exec(for_update(query) if lock else query)).all()


async def body_of(session: AsyncSession, seat_id: UUID) -> UUID | None:
    return (await session.exec(select(SeatRow.body_id).where(SeatRow.seat_id == seat_id))).first()


async def bodies_of_unit(session: AsyncSession, unit_id: UUID) -> Sequence[UUID]:
    """Where it holds a seat."""
    return (await session.exec(_with_unit(unit_id).distinct())).all()


def has_unit(unit_id: UUID) -> ColumnElement[bool]:
    """Of bodies in which it holds a seat."""
    return col(BodyRow.body_id).in_(_with_unit(unit_id))


def _with_unit(unit_id: UUID) -> SelectOfScalar[UUID]:
    query = select(SeatRow.body_id)
    return query.where(SeatRow.unit_id == unit_id, col(SeatRow.left_on).is_(None))
