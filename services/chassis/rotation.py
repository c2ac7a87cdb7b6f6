"""Rotation of the root key of personal data: keys wrapped anew, the search index made anew."""

from collections.abc import Iterable
from uuid import UUID

import asyncpg

from services.chassis.personal import Vault

WRAPPED_BEFORE = """
SELECT person_id, key FROM person
 WHERE key IS NOT NULL AND substr(key, 1, 4) <> $1 AND person_id > $2
 ORDER BY person_id LIMIT $3 FOR UPDATE
"""
REWRAP = """
UPDATE person p SET key = one.key
  FROM unnest($1::uuid[], $2::bytea[]) AS one (person_id, key) WHERE p.person_id = one.person_id
"""
SEALED_AFTER = """
SELECT person_id, key, sealed::text FROM person
 WHERE key IS NOT NULL AND person_id > $1 ORDER BY person_id LIMIT $2
"""
REKEYED = """
CREATE TEMPORARY TABLE rekeyed (field text, was bytea, digest bytea, person_id uuid) ON COMMIT DROP
"""
NOBODY = UUID(int=0)


async def rewrap(
    connection: asyncpg.Connection, vault: Vault, after: UUID = NOBODY, batch: int = 1000
) -> tuple[int, UUID]:
    """Wrap the next keys that an older root wrapped under the newest, in one transaction.

    How many they were, and the last person; 0 when none is left. Services go on meanwhile.
    """
    async with connection.transaction():
        rows = await connection.fetch(WRAPPED_BEFORE, vault.mark, after, batch)
        ids = [row["person_id"] for row in rows]
        keys = [vault.rewrap(row["person_id"], row["key"]) for row in rows]
        await connection.execute(REWRAP, ids, keys)
    return len(ids), ids[-1] if ids else after


async def reindex(
    connection: asyncpg.Connection,
    vault: Vault,
    renewed: Vault,
    also: Iterable[tuple[str, str]] = (),
    batch: int = 1000,
) -> int:
    """Make every digest anew under `renewed`, all in one transaction; how many persons there are.

    `also` are further tables and columns that hold digests. No service may write meanwhile: what
    it indexed would be found by nobody.
    """
    done, after = 0, NOBODY
    async with connection.transaction():
        await connection.execute("LOCK TABLE person, person_index IN SHARE ROW EXCLUSIVE MODE")
        await connection.execute(REKEYED)
        while rows := await connection.fetch(SEALED_AFTER, after, batch):
            lines = [
                (field, vault.digest(field, text), digest, row["person_id"])
                for row in rows
                for opened in [vault.open(row["person_id"], row["key"], row["sealed"])]
                for field, digest in renewed.digests(opened).items()
                for text in [opened[field]]
            ]
            await connection.copy_records_to_table("rekeyed", records=lines)
            done, after = done + len(rows), rows[-1]["person_id"]
        await connection.execute("DELETE FROM person_index")
        await connection.execute(
            "INSERT INTO person_index (field, digest, person_id)"
            " SELECT DISTINCT field, digest, person_id FROM rekeyed"
        )
        for table, column in also:
            await connection.execute(
                f"UPDATE {table} t SET {column} = r.digest"  # noqa: S608  our own constants
                f" FROM (SELECT DISTINCT was, digest FROM rekeyed) r WHERE t.{column} = r.was"
            )
    return done
