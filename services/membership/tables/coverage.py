"""New-economy and social organisations, instructors and their charges as rows."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg
from sqlalchemy import or_
from sqlmodel import Field, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.organisations import Coverage
from services.chassis.errors import NotFound
from services.chassis.rows import for_update, inside, missing, one
from services.membership.domain.coverage import Instruction, Instructor, NewOrganisation
from services.membership.tables.organisations import LIKE_ESCAPES
from services.membership.tables.rows import Row


class NewOrganisationRow(Row, table=True):
    __tablename__ = "neworg"

    neworg_id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    name: str
    kind: str
    area: str
    employees: int
    members: int
    coverage: str
    organisation_id: UUID | None = None
    closed_on: date | None = None
    version: int = 1
    recorded_at: datetime


class InstructorRow(Row, table=True):
    """The name is sealed under the instructor's id."""

    __tablename__ = "instructor"

    instructor_id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    area: str
    member_id: UUID | None = None
    since: date
    until: date | None = None
    version: int = 1
    recorded_at: datetime


class InstructionRow(Row, table=True):
    __tablename__ = "instruction"

    instruction_id: UUID = Field(primary_key=True)
    instructor_id: UUID
    neworg_id: UUID
    area: str
    kind: str
    since: date
    until: date | None = None
    visited_on: date | None = None
    due_on: date
    version: int = 1
    recorded_at: datetime


@dataclass(frozen=True)
class Sought:
    """What a list of new organisations is asked for; only those in one of the areas `within`."""

    within: Sequence[str]
    kind: str | None = None
    coverage: str | None = None
    code: str | None = None
    organisation_id: UUID | None = None
    named: str | None = None


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


async def instructor(
    session: AsyncSession, instructor_id: UUID, *, lock: bool = False
) -> InstructorRow:
    """Raises `NotFound`. With `lock`, held until the transaction ends."""
    return await one(session, InstructorRow, instructor_id, "instructor", "党建指导员", lock=lock)


async def instruction(session: AsyncSession, instruction_id: UUID) -> InstructionRow:
    """Locked until the transaction ends. Raises `NotFound`."""
    row = await session.get(
        InstructionRow, instruction_id, with_for_update=True, populate_existing=True
    )
    if row is None:
        raise missing("charge", instruction_id, "联系关系")
    return row


async def charge_of(session: AsyncSession, neworg_id: UUID) -> InstructionRow | None:
    """The charge of an organisation that runs now, locked."""
    query = select(InstructionRow).where(
        InstructionRow.neworg_id == neworg_id, col(InstructionRow.until).is_(None)
    )
    return (await session.exec(for_update(query))).first()


async def charge_on(session: AsyncSession, neworg_id: UUID, day: date) -> InstructionRow:
    """The charge under which a visit on `day` falls. Raises `NotFound`."""
    row = InstructionRow
    query = select(row).where(
        row.neworg_id == neworg_id,
        row.since <= day,
        or_(col(row.until).is_(None), col(row.until) >= day),
    )
    found = (await session.exec(query.order_by(col(row.since).desc()).limit(1))).first()
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


async def neworgs(
    session: AsyncSession, sought: Sought, *, after: str | None, limit: int
) -> Sequence[NewOrganisationRow]:
    """Those that were not closed, in order of code, beginning after `after`."""
    row = NewOrganisationRow
    query = select(row).order_by(col(row.code)).limit(limit).where(col(row.closed_on).is_(None))
    query = query.where(inside(col(row.area), sought.within))
    given = {
        "kind": sought.kind,
        "coverage": sought.coverage,
        "code": sought.code,
        "organisation_id": sought.organisation_id,
    }
    query = query.where(
        *(col(getattr(row, name)) == value for name, value in given.items() if value)
    )
    if sought.named:
        pattern = f"%{sought.named.translate(LIKE_ESCAPES)}%"
        query = query.where(col(row.name).like(pattern, escape="\\"))
    if after:
        query = query.where(col(row.code) > after)
    return (await session.exec(query)).all()


async def every(session: AsyncSession, sought: Sought) -> AsyncIterator[NewOrganisationRow]:
    """All that is sought, a page at a time: never more in memory."""
    after: str | None = None
    while rows := await neworgs(session, sought, after=after, limit=PAGE):
        for row in rows:
            yield row
        after = rows[-1].code
        session.expunge_all()


PAGE = 1000


async def instructors(
    session: AsyncSession,
    within: Sequence[str],
    code: str | None,
    *,
    present_only: bool,
    after: str | None,
    limit: int,
) -> Sequence[InstructorRow]:
    """In order of code, beginning after `after`."""
    row = InstructorRow
    query = select(row).order_by(col(row.code)).limit(limit)
    query = query.where(inside(col(row.area), within))
    if code:
        query = query.where(row.code == code)
    if present_only:
        query = query.where(col(row.until).is_(None))
    if after:
        query = query.where(col(row.code) > after)
    return (await session.exec(query)).all()


async def instructions(
    session: AsyncSession,
    within: Sequence[str],
    instructor_id: UUID | None,
    neworg_id: UUID | None,
    overdue_on: date | None,
    *,
    after: str | None,
    limit: int,
) -> Sequence[InstructionRow]:
    """Charges in the order in which they were entered; with `overdue_on`, late ones alone."""
    row = InstructionRow
    query = select(row).order_by(col(row.instruction_id)).limit(limit)
    query = query.where(inside(col(row.area), within))
    if instructor_id:
        query = query.where(row.instructor_id == instructor_id)
    if neworg_id:
        query = query.where(row.neworg_id == neworg_id)
    if overdue_on:
        query = query.where(col(row.until).is_(None), row.due_on < overdue_on)
    if after:
        query = query.where(col(row.instruction_id) > UUID(after))
    return (await session.exec(query)).all()


def neworg_of(row: NewOrganisationRow) -> NewOrganisation:
    given = row.model_dump(exclude={"coverage", "closed_on", "version", "recorded_at"})
    return NewOrganisation(**given, coverage=Coverage(row.coverage))


def instructor_of(row: InstructorRow) -> Instructor:
    return Instructor(**row.model_dump(include={"instructor_id", "area", "since", "until"}))


def instruction_of(row: InstructionRow) -> Instruction:
    given = row.model_dump(exclude={"until", "visited_on", "version", "recorded_at"})
    return Instruction(**given)
