"""New-economy and social organisations, instructors and their charges as rows."""

from datetime import date, datetime
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, or_
from sqlmodel import Field, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.errors import NotFound
from services.chassis.rows import for_update, one
from services.membership.domain.coverage import Instruction, Instructor, NewOrganisation
from services.membership.tables.rows import Row


class NewOrganisationRow(NewOrganisation, Row, table=True):
    __tablename__ = "neworg"

    neworg_id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    closed_on: date | None = None
    version: int = 1
    recorded_at: datetime


class InstructorRow(Instructor, Row, table=True):
    """The name is sealed under the instructor's id."""

    __tablename__ = "instructor"

    instructor_id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    version: int = 1
    recorded_at: datetime


class InstructionRow(Instruction, Row, table=True):
    __tablename__ = "instruction"

    instruction_id: UUID = Field(primary_key=True)
    until: date | None = None
    visited_on: date | None = None
    version: int = 1
    recorded_at: datetime


VISIT = """
INSERT INTO instruction_visit (instruction_id, visited_on, recorded_at) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING RETURNING true
"""
OVERDUE = """
SELECT i.instruction_id, i.neworg_id, i.area, i.due_on, i.visited_on, n.organisation_id
  FROM instruction i JOIN neworg n USING (neworg_id)
 WHERE i.until IS NULL AND i.due_on < $1
   AND NOT EXISTS (
       SELECT 1 FROM alert a
        WHERE a.kind = $2 AND a.subject_id = i.instruction_id AND a.cleared_at IS NULL)
 ORDER BY i.due_on LIMIT $3
"""


async def neworg(
    session: AsyncSession, neworg_id: UUID, *, lock: bool = False
) -> NewOrganisationRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await one(
        session, NewOrganisationRow, neworg_id, "new organisation", "两新组织", lock=lock
    )


async def charge_of(session: AsyncSession, neworg_id: UUID) -> InstructionRow | None:
    """The charge of an organisation that runs now, locked."""
    query = select(InstructionRow).where(
        InstructionRow.neworg_id == neworg_id, col(InstructionRow.until).is_(None)
    )
    return (await session.exec(for_update(query))).first()


async def charge_on(session: AsyncSession, neworg_id: UUID, day: date) -> InstructionRow:
    """The charge under which a visit on `day` falls, locked. Raises `NotFound`."""
    row = InstructionRow
    query = select(row).where(
        row.neworg_id == neworg_id,
        row.since <= day,
        or_(col(row.until).is_(None), col(row.until) >= day),
    )
    newest = query.order_by(col(row.since).desc()).limit(1)
    found = (await session.exec(for_update(newest))).first()
    if found is None:
        raise NotFound(
            f"Nobody instructed {neworg_id} on {day}.", zh=f"{day} 该组织没有党建指导员。"
        )
    return found


async def charges(session: AsyncSession, instructor_id: UUID) -> int:
    """How many organisations an instructor has in charge now."""
    query = select(func.count()).where(
        InstructionRow.instructor_id == instructor_id, col(InstructionRow.until).is_(None)
    )
    return (await session.exec(query)).one()


async def add_visit(
    connection: asyncpg.Connection, instruction_id: UUID, day: date, at: datetime
) -> bool:
    """False when this visit was recorded before."""
    return bool(await connection.fetchval(VISIT, instruction_id, day, at))


async def overdue(
    connection: asyncpg.Connection, today: date, alert: str, limit: int
) -> list[asyncpg.Record]:
    """Charges whose visit is late, without an open alert about it."""
    return list(await connection.fetch(OVERDUE, today, alert, limit))


def late(today: date) -> tuple[ColumnElement[bool], ...]:
    """That a charge's visit should have been made."""
    row = InstructionRow
    return col(row.until).is_(None), col(row.due_on) < today
