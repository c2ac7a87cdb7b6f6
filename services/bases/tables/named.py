"""What people call the things that ids and codes stand for, many at once."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import asyncpg

CALLED = {
    "base": "SELECT base_id AS id, name FROM base WHERE base_id = ANY($1)",
    "venue": "SELECT venue_id AS id, name FROM venue WHERE venue_id = ANY($1)",
    "organisation": """
        SELECT organisation_id AS id, name FROM organisation WHERE organisation_id = ANY($1)
         UNION ALL SELECT guest_id, name FROM guest WHERE guest_id = ANY($1)
    """,
    "menu-item": "SELECT item_id AS id, name FROM menu_item WHERE item_id = ANY($1)",
    "course": "SELECT course_id AS id, name FROM course WHERE course_id = ANY($1)",
    "lecture-hall": "SELECT hall_id AS id, name FROM lecture_hall WHERE hall_id = ANY($1)",
    "lecturer": "SELECT lecturer_id AS id, code AS name FROM lecturer WHERE lecturer_id = ANY($1)",
    "equipment": "SELECT equipment_id AS id, name FROM equipment WHERE equipment_id = ANY($1)",
}
LABELS = "SELECT code AS id, label AS name FROM kind WHERE family = $1 AND code = ANY($2)"


async def called(
    connection: asyncpg.Connection, thing: str, ids: Collection[UUID]
) -> Mapping[Any, str]:
    """Names by id; `thing` is a key of `CALLED`."""
    rows = await connection.fetch(CALLED[thing], list(ids))
    return {row["id"]: row["name"] for row in rows}


async def labels(
    connection: asyncpg.Connection, family: str, codes: Collection[str]
) -> Mapping[Any, str]:
    rows = await connection.fetch(LABELS, family, list(codes))
    return {row["id"]: row["name"] for row in rows}
