"""Who there is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.lecturers import LecturerEngagement
from services.bases.domain.lecturers.people import Lecturer, Profile
from services.bases.tables.lecturers import claims
from services.bases.tables.lecturers.rows import LecturerRow
from services.chassis.database import driver
from services.chassis.rows import inside, one

FOUND = """
SELECT lecturer_id, code, area, base_id, roles, skills, engagement, engaged_on, retired_on
  FROM lecturer WHERE lecturer_id = ANY($1)
"""


async def lecturer(session: AsyncSession, lecturer_id: UUID, *, lock: bool = False) -> LecturerRow:
    """Raises `NotFound`. With `lock`, nobody assigns the lecturer before the transaction ends."""
    if lock:
        await claims.lock(await driver(session), [lecturer_id])
    return await one(session, LecturerRow, lecturer_id, "lecturer", "讲师", lock=lock)


async def found(connection: asyncpg.Connection, ids: Collection[UUID]) -> dict[UUID, Lecturer]:
    """By plain SQL, for whoever holds their lock already."""
    return {row["lecturer_id"]: _state(row) for row in await connection.fetch(FOUND, list(ids))}


@dataclass(frozen=True)
class Asked:
    """What a list of lecturers is searched by; `None` for whatever."""

    within: Sequence[str]
    code: str | None = None
    role: str | None = None
    skill: str | None = None
    engagement: str | None = None
    base_id: UUID | None = None
    ids: Sequence[UUID] | None = None
    retired: bool | None = False


async def lecturers(
    session: AsyncSession, asked: Asked, *, after: str | None, limit: int
) -> Sequence[LecturerRow]:
    """In order of code."""
    query = select(LecturerRow).order_by(col(LecturerRow.code)).limit(limit)
    query = query.where(inside(col(LecturerRow.area), asked.within))
    for column, value in (
        (LecturerRow.code, asked.code),
        (LecturerRow.engagement, asked.engagement),
        (LecturerRow.base_id, asked.base_id),
    ):
        if value is not None:
            query = query.where(column == value)
    for listed, value in ((LecturerRow.roles, asked.role), (LecturerRow.skills, asked.skill)):
        if value is not None:
            query = query.where(col(listed).contains([value]))
    if asked.ids is not None:
        query = query.where(col(LecturerRow.lecturer_id).in_(asked.ids))
    if asked.retired is not None:
        gone = col(LecturerRow.retired_on).is_not(None)
        query = query.where(gone if asked.retired else ~gone)
    if after:
        query = query.where(col(LecturerRow.code) > after)
    return (await session.exec(query)).all()


def _state(row: asyncpg.Record) -> Lecturer:
    return Lecturer(
        lecturer_id=row["lecturer_id"],
        code=row["code"],
        profile=Profile(
            area=row["area"],
            base_id=row["base_id"],
            roles=tuple(row["roles"]),
            skills=tuple(row["skills"]),
            engagement=LecturerEngagement(row["engagement"]),
        ),
        engaged_on=row["engaged_on"],
        retired_on=row["retired_on"],
    )
