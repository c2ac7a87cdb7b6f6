"""Who there is."""

from collections.abc import Collection
from uuid import UUID

import asyncpg

from services.bases.domain.lecturers.people import Lecturer
from services.bases.tables.lecturers import claims
from services.chassis.unit_of_work import UnitOfWork

FOUND = """
SELECT lecturer_id, code, area, base_id, roles, skills, engagement, engaged_on, retired_on
  FROM lecturer WHERE lecturer_id = ANY($1)
"""


async def found(connection: asyncpg.Connection, ids: Collection[UUID]) -> dict[UUID, Lecturer]:
    """By plain SQL, for whoever holds their lock already."""
    rows = await connection.fetch(FOUND, list(ids))
    return {row["lecturer_id"]: Lecturer(**row) for row in rows}


async def lock(uow: UnitOfWork, lecturer_id: UUID) -> None:
    """Before the row itself: nobody assigns the lecturer before the transaction ends."""
    await claims.lock(await uow.driver(), [lecturer_id])
