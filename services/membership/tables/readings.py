"""The record of who read personal data, for those who audit it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

LISTED = """
SELECT reading_id, person_id, actor, fields, purpose, read_at, area FROM personal_reading
 WHERE (area IS NULL OR EXISTS (SELECT 1 FROM unnest($1::text[]) AS one WHERE area ^@ one))
   AND ($2::uuid IS NULL OR person_id = $2)
   AND ($3::text IS NULL OR actor = $3)
   AND ($4::uuid IS NULL OR reading_id > $4)
 ORDER BY reading_id LIMIT $5
"""
"""A reading whose area nobody noted is shown to every auditor: hiding it would be worse."""


@dataclass(frozen=True)
class Asked:
    within: Sequence[str]
    subject_id: UUID | None = None
    actor: str | None = None


@dataclass(frozen=True)
class Reading:
    reading_id: UUID
    person_id: UUID
    actor: str
    fields: list[str]
    purpose: str
    read_at: datetime
    area: str | None


async def listed(
    pool: asyncpg.Pool, asked: Asked, after: UUID | None, limit: int
) -> Sequence[Reading]:
    """In the order in which they happened."""
    rows = await pool.fetch(LISTED, list(asked.within), asked.subject_id, asked.actor, after, limit)
    return [Reading(**row) for row in rows]
