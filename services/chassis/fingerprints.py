"""Digests of commands as they are kept: under the root key where commands name persons.

A digest of a body can be tried out: who knows the rest of it finds an identity number or the
ratings of a sheet. Sealed, it tells nothing without the root key, and it can still be compared
after the root was renewed, which a keyed digest could not once the old key is gone.
"""

import asyncpg

from services.chassis.personal import Vault

PLAIN_BYTES = 32
"""Of a SHA-256; what is sealed is longer."""

NONE = ("", "")
WRAPPED_BEFORE = """
SELECT actor, key, fingerprint FROM idempotency
 WHERE (octet_length(fingerprint) = 32 OR substr(fingerprint, 1, 4) <> $1)
   AND (actor, key) > ($2, $3)
 ORDER BY actor, key LIMIT $4 FOR UPDATE
"""
REWRAP = """
UPDATE idempotency i SET fingerprint = one.fingerprint
  FROM unnest($1::text[], $2::text[], $3::bytea[]) AS one (actor, key, fingerprint)
 WHERE (i.actor, i.key) = (one.actor, one.key)
"""


def kept(vault: Vault | None, actor: str, key: str, fingerprint: bytes) -> bytes:
    """What to store of the command that `actor` sent under `key`."""
    return vault.wrap(_of(actor, key), fingerprint) if vault else fingerprint


def opened(vault: Vault | None, actor: str, key: str, stored: bytes) -> bytes:
    """The fingerprint that was stored, also of a time when it was stored as it is."""
    if vault is None or len(stored) == PLAIN_BYTES:
        return stored
    return vault.unwrap(_of(actor, key), stored)


def _of(actor: str, key: str) -> bytes:
    return f"command\0{actor}\0{key}".encode()


async def rewrap(
    connection: asyncpg.Connection,
    vault: Vault,
    after: tuple[str, str] = NONE,
    batch: int = 1000,
) -> tuple[int, tuple[str, str]]:
    """Seal the next that are plain, or under an older root, under the newest, in one transaction.

    How many they were, and the last of them; 0 when none is left. Services go on meanwhile.
    """
    async with connection.transaction():
        rows = await connection.fetch(WRAPPED_BEFORE, vault.mark, *after, batch)
        names = [(row["actor"], row["key"]) for row in rows]
        sealed = [
            kept(vault, *name, opened(vault, *name, row["fingerprint"]))
            for name, row in zip(names, rows, strict=True)
        ]
        await connection.execute(REWRAP, [a for a, _ in names], [k for _, k in names], sealed)
    return len(rows), names[-1] if names else after
