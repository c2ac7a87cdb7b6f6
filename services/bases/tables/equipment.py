"""Equipment, and what bookings take of it. Nothing is lent twice: that ends here, in the database.

Writers of one piece take turns (its row), the counter of a quarter of an hour goes no higher than
what there is, and a constraint would refuse what both let through.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.domain.equipment import Equipment, Wanted
from services.bases.tables.rows import Row
from services.bases.tables.slots import buckets
from services.chassis.rows import Versioned, for_update, missing

LOOK_AHEAD = timedelta(days=14)
"""How far a refusal looks for the next time."""

LOCK = """
SELECT equipment_id, base_id, venue_id, area, code, name, kind, quantity FROM equipment
 WHERE equipment_id = ANY($1) AND retired_at IS NULL
 ORDER BY equipment_id FOR NO KEY UPDATE
"""
TAKE = """
INSERT INTO equipment_load AS l (equipment_id, bucket, taken, quantity)
SELECT $1, bucket, $3::int, $4::int FROM unnest($2::timestamptz[]) AS bucket
 WHERE $3::int <= $4::int
ON CONFLICT (equipment_id, bucket) DO UPDATE SET taken = l.taken + excluded.taken
 WHERE l.taken + excluded.taken <= l.quantity
RETURNING bucket
"""
GIVE_BACK = """
UPDATE equipment_load SET taken = taken - $3 WHERE equipment_id = $1 AND bucket = ANY($2)
"""
TAKEN = """
SELECT bucket, taken FROM equipment_load
 WHERE equipment_id = $1 AND bucket >= $2 AND bucket < $3 AND taken > 0
"""
WRITE = """
INSERT INTO booking_equipment (booking_id, equipment_id, quantity, since, until)
VALUES ($1, $2, $3, $4, $5)
"""
HELD = """
SELECT equipment_id, quantity, since, until FROM booking_equipment
 WHERE booking_id = $1 AND held ORDER BY equipment_id
"""
FREE = "UPDATE booking_equipment SET held = false WHERE booking_id = $1 AND held"
FORGET = "DELETE FROM booking_equipment WHERE booking_id = $1 AND held"
DURING = "SELECT lower(during) AS since, upper(during) AS until FROM booking WHERE booking_id = $1"
PLACE = "SELECT base_id, venue_id FROM booking WHERE booking_id = $1"
BUSIEST = """
SELECT coalesce(max(taken), 0) FROM equipment_load WHERE equipment_id = $1 AND bucket >= $2
"""
AHEAD = """
SELECT count(*) FROM booking_equipment WHERE equipment_id = $1 AND held AND until > $2
"""
SET_QUANTITY = """
UPDATE equipment_load SET quantity = $2 WHERE equipment_id = $1 AND bucket >= $3 AND taken <= $2
"""
OF_BOOKING = """
SELECT e.equipment_id, e.code, e.name, b.quantity, b.held
  FROM booking_equipment b JOIN equipment e USING (equipment_id)
 WHERE b.booking_id = $1 ORDER BY e.code
"""


class EquipmentRow(Equipment, Versioned, Row, table=True):
    __tablename__ = "equipment"

    equipment_id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    retired_at: datetime | None = None


async def equipment_of(
    session: AsyncSession, base_id: UUID, venue_id: UUID | None
) -> Sequence[EquipmentRow]:
    """In use in the base, or fixed in the venue; locked, in order of id."""
    query = select(EquipmentRow).where(EquipmentRow.base_id == base_id)
    query = query.where(col(EquipmentRow.retired_at).is_(None))
    if venue_id is not None:
        query = query.where(EquipmentRow.venue_id == venue_id)
    query = query.order_by(col(EquipmentRow.equipment_id))
    return (await session.exec(for_update(query))).all()


# What bookings take


async def lock_equipment(
    connection: asyncpg.Connection, equipment_ids: Sequence[UUID]
) -> dict[UUID, Equipment]:
    """Those in use, by id: writers of one piece take turns until their transactions end."""
    rows = await connection.fetch(LOCK, sorted(equipment_ids))
    return {row["equipment_id"]: Equipment(**row) for row in rows}


async def place_of(connection: asyncpg.Connection, booking_id: UUID) -> tuple[UUID, UUID]:
    """Base and venue of a booking."""
    row = await connection.fetchrow(PLACE, booking_id)
    if row is None:
        raise missing("booking", booking_id, "预约")
    return row["base_id"], row["venue_id"]


async def during(connection: asyncpg.Connection, booking_id: UUID) -> tuple[datetime, datetime]:
    """When the booking holds its venue, buffer included."""
    row = await connection.fetchrow(DURING, booking_id)
    return row["since"], row["until"]


async def take(
    connection: asyncpg.Connection,
    booking_id: UUID,
    equipment: Equipment,
    quantity: int,
    during: tuple[datetime, datetime],
) -> bool:
    """False, and nothing is taken, when there are not as many."""
    wanted = buckets(*during)
    counted = await connection.fetch(
        TAKE, equipment.equipment_id, wanted, quantity, equipment.quantity
    )
    if len(counted) < len(wanted):
        had = [row["bucket"] for row in counted]
        await connection.execute(GIVE_BACK, equipment.equipment_id, had, quantity)
        return False
    await connection.execute(WRITE, booking_id, equipment.equipment_id, quantity, *during)
    return True


async def taken(
    connection: asyncpg.Connection, equipment_id: UUID, since: datetime, until: datetime
) -> Mapping[datetime, int]:
    rows = await connection.fetch(TAKEN, equipment_id, since, until)
    return {row["bucket"]: row["taken"] for row in rows}


async def held(connection: asyncpg.Connection, booking_id: UUID) -> list[Wanted]:
    rows = await connection.fetch(HELD, booking_id)
    return [Wanted(equipment_id=r["equipment_id"], quantity=r["quantity"]) for r in rows]


async def give_back(connection: asyncpg.Connection, booking_id: UUID, *, forget: bool) -> None:
    """The counters of what the booking holds; with `forget` what it held is not even remembered."""
    for row in await connection.fetch(HELD, booking_id):
        quarters = buckets(row["since"], row["until"])
        await connection.execute(GIVE_BACK, row["equipment_id"], quarters, row["quantity"])
    await connection.execute(FORGET if forget else FREE, booking_id)


async def of_booking(connection: asyncpg.Connection, booking_id: UUID) -> Sequence[asyncpg.Record]:
    """`equipment_id`, `code`, `name`, `quantity` and whether it is still `held`."""
    found: Sequence[asyncpg.Record] = await connection.fetch(OF_BOOKING, booking_id)
    return found


async def busiest(connection: asyncpg.Connection, equipment_id: UUID, since: datetime) -> int:
    found: int = await connection.fetchval(BUSIEST, equipment_id, since)
    return found


async def ahead(connection: asyncpg.Connection, equipment_id: UUID, since: datetime) -> int:
    """How many bookings hold it at `since` or later."""
    found: int = await connection.fetchval(AHEAD, equipment_id, since)
    return found


async def set_quantity(
    connection: asyncpg.Connection, equipment_id: UUID, quantity: int, since: datetime
) -> None:
    """Let the counters of what lies ahead follow."""
    await connection.execute(SET_QUANTITY, equipment_id, quantity, since)
