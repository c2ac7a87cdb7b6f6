"""The duty roster of guides, as rows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.domain.lecturers.shifts import Shift
from services.bases.tables.lecturers.rows import ShiftRow
from services.chassis.rows import behind, for_update, inside, missing

PLAN = """
INSERT INTO guide_shift (shift_id, lecturer_id, base_id, area, starts_at, ends_at, status, version,
                         recorded_at)
SELECT shift_id, $2, $3, $4, starts_at, ends_at, 'planned', 1, $7
  FROM unnest($1::uuid[], $5::timestamptz[], $6::timestamptz[])
       AS one (shift_id, starts_at, ends_at)
"""


async def plan(connection: asyncpg.Connection, shifts: Sequence[Shift], at: datetime) -> None:
    """Write new shifts of one guide at one base."""
    if not shifts:
        return
    await connection.execute(
        PLAN,
        [shift.shift_id for shift in shifts],
        shifts[0].lecturer_id,
        shifts[0].base_id,
        shifts[0].area,
        [shift.starts_at for shift in shifts],
        [shift.ends_at for shift in shifts],
        at,
    )


async def lock(session: AsyncSession, *shift_ids: UUID) -> list[ShiftRow]:
    """In the order asked, ours until the transaction ends. Raises `NotFound`."""
    query = select(ShiftRow).where(col(ShiftRow.shift_id).in_(shift_ids))
    rows = await session.exec(for_update(query.order_by(col(ShiftRow.shift_id))))
    found = {row.shift_id: row for row in rows}
    for shift_id in shift_ids:
        if shift_id not in found:
            raise missing("shift", shift_id, "班次")
    return [found[shift_id] for shift_id in shift_ids]


async def shifts(
    session: AsyncSession,
    *,
    within: Sequence[str],
    base_id: UUID | None,
    lecturer_id: UUID | None,
    status: str | None,
    since: datetime | None,
    until: datetime | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[ShiftRow]:
    """In order of start; those that touch `[since, until)`."""
    started, key = col(ShiftRow.starts_at), col(ShiftRow.shift_id)
    query = select(ShiftRow).where(inside(col(ShiftRow.area), within))
    query = query.order_by(started, key).limit(limit)
    for column, value in (
        (ShiftRow.base_id, base_id),
        (ShiftRow.lecturer_id, lecturer_id),
        (ShiftRow.status, status),
    ):
        if value is not None:
            query = query.where(column == value)
    if since:
        query = query.where(col(ShiftRow.ends_at) > since)
    if until:
        query = query.where(started < until)
    query = query.where(*behind(after, started, key))
    return (await session.exec(query)).all()
