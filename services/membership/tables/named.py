"""What people call the things that rows refer to by id."""

from collections.abc import Collection
from uuid import UUID

import asyncpg

CALLED = {
    "organisation": "SELECT organisation_id, name FROM organisation"
    " WHERE organisation_id = ANY($1::uuid[])",
    "member": "SELECT member_id, code FROM member WHERE member_id = ANY($1::uuid[])",
    "holder": "SELECT member_id, code FROM member WHERE member_id = ANY($1::uuid[])"
    " UNION ALL SELECT registrant_id, code FROM registrant WHERE registrant_id = ANY($1::uuid[])",
    "instructor": "SELECT instructor_id, code FROM instructor"
    " WHERE instructor_id = ANY($1::uuid[])",
    "neworg": "SELECT neworg_id, name FROM neworg WHERE neworg_id = ANY($1::uuid[])",
    "employer": "SELECT employer_id, name FROM employer WHERE employer_id = ANY($1::uuid[])",
    "point": "SELECT point_id, label FROM liaison_point WHERE point_id = ANY($1::uuid[])",
}
"""Organisations and places by name; persons by the code of their ledger, never by name."""

LABELS = "SELECT code, label FROM kind WHERE family = $1 AND code = ANY($2::text[])"


async def called(
    connection: asyncpg.Connection, thing: str, ids: Collection[UUID]
) -> dict[UUID, str]:
    return dict(await connection.fetch(CALLED[thing], list(ids)))


async def labels(
    connection: asyncpg.Connection, family: str, codes: Collection[str]
) -> dict[str, str]:
    """Kinds of a family, those out of use as well."""
    return dict(await connection.fetch(LABELS, family, list(codes)))
