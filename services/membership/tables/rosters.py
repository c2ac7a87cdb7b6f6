"""What a roster must know before it is entered: three statements, however many its rows."""

from collections.abc import Collection
from uuid import UUID

import asyncpg

from services.membership.domain.rosters import Registered

BRANCHES = "SELECT code, organisation_id FROM organisation WHERE code = ANY($1)"
KNOWN = """
SELECT member_id, code, identity_digest AS digest, organisation_id, state FROM member
 WHERE code = ANY($1) OR identity_digest = ANY($2)
"""


async def branches(connection: asyncpg.Connection, codes: Collection[str]) -> dict[str, UUID]:
    """Organisations by code."""
    rows = await connection.fetch(BRANCHES, list(codes))
    return {row["code"]: row["organisation_id"] for row in rows}


async def known(
    connection: asyncpg.Connection, codes: Collection[str], digests: Collection[bytes]
) -> list[Registered]:
    """Members with one of these codes or identity numbers."""
    rows = await connection.fetch(KNOWN, list(codes), list(digests))
    return [Registered(**row) for row in rows]
