"""Personal data: sealed field by field with a key per person, found by a blind index.

Every person has a key of their own, kept wrapped under the root key, which is a setting and in no
database. Destroying a person's key erases what was sealed with it. A backup made before still
holds the wrapped key: it is erased there too once the root key it was wrapped under is retired
(`rewrap`, then `reindex`, then destroying that root). Exact lookup goes by a keyed digest of the
normalised text, so the database never holds the text.

Masked values may be shown to whoever may see the person; the full text is read through `read`,
which records who read what, and why, in the same transaction.
"""

import hmac
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import asyncpg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.chassis.errors import Defect
from services.chassis.ids import new_id
from services.chassis.spelling import MOBILE_PLACES, looked_up

KEY_BYTES = 32
NONCE_BYTES = 12
DIGEST_BYTES = 16
MARK_BYTES = 4
"""Of a wrapped key: which root wrapped it. The nonce and the ciphertext follow."""

KEEP_PERSONS = """
INSERT INTO person (person_id, key, sealed)
SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::jsonb[])
"""
RESEAL = "UPDATE person SET sealed = sealed || $2::jsonb WHERE person_id = $1"
INDEX = """
INSERT INTO person_index (field, digest, person_id)
SELECT * FROM unnest($1::text[], $2::bytea[], $3::uuid[]) ON CONFLICT DO NOTHING
"""
UNINDEX = "DELETE FROM person_index WHERE person_id = $1 AND field = ANY($2)"
KEYS = "SELECT person_id, key, sealed::text FROM person WHERE person_id = ANY($1)"
LOCKED = "SELECT key FROM person WHERE person_id = $1 FOR UPDATE"
FOUND = "SELECT person_id FROM person_index WHERE field = $1 AND digest = $2"
ERASE = """
UPDATE person SET key = NULL, sealed = '{}', erased_at = $2
 WHERE person_id = $1 AND erased_at IS NULL RETURNING true
"""
RECORD = """
INSERT INTO personal_reading (reading_id, person_id, actor, fields, purpose, read_at, area)
SELECT reading_id, person_id, $3, $4::text[], $5, $6, $7
  FROM unnest($1::uuid[], $2::uuid[]) AS one (reading_id, person_id)
"""

Fields = Mapping[str, str]
"""Field name to text, such as `{"name": ..., "phone": ..., "identity_number": ...}`."""


def masked(field: str, text: str) -> str:
    """What may be shown without the right to read: enough to tell two persons apart, no more.

    Never more than half of a text, and nothing at all of what no rule here knows.
    """
    match field:
        case "name" if text:
            return text[0] + "*" * min(max(len(text) - 1, 1), LONGEST_MASK)
        case "phone" if len(text) >= MOBILE_PLACES:
            return f"{text[:3]}****{text[-4:]}"
        case "phone" if len(text) > 4:  # noqa: PLR2004  a landline: its last two digits
            return f"{HIDDEN}{text[-2:]}"
        case "identity_number" if len(text) > 4:  # noqa: PLR2004  the first and the check digit
            return f"{text[:1]}{'*' * (len(text) - 2)}{text[-1:]}"
        case "birth_date" if len(text) == len("1949-10-01"):
            return f"{text[:4]}-**-**"
        case _:
            return HIDDEN


HIDDEN = "***"
LONGEST_MASK = 3


@dataclass(frozen=True)
class Sealed:
    """A person's key, wrapped, and their fields, sealed: ready to be stored."""

    key: bytes
    sealed: str
    digests: Mapping[str, bytes]


class Vault:
    """The root keys of one service. Newest first: it wraps new keys; older ones still unwrap.

    The search index hangs on the oldest, until `reindex` makes it anew under the newest alone.
    """

    def __init__(self, roots: Sequence[bytes], *, indexed: Iterable[str] = ()) -> None:
        if not roots or any(len(root) != KEY_BYTES for root in roots):
            raise Defect("a root key has 32 bytes")
        self._roots = {
            _derived(root, b"mark")[:MARK_BYTES]: AESGCM(_derived(root, b"wrap")) for root in roots
        }
        self.mark = next(iter(self._roots))
        """Begins what the newest root has wrapped."""
        self._index_key = _derived(roots[-1], b"index")
        self._indexed = frozenset(indexed) or frozenset({"name", "phone", "identity_number"})

    def seal(self, person_id: UUID, fields: Fields) -> Sealed:
        """A fresh key for `person_id`, and `fields` under it."""
        key = os.urandom(KEY_BYTES)
        return Sealed(
            self.wrap(person_id.bytes, key), self._sealed(key, fields), self.digests(fields)
        )

    def rewrap(self, person_id: UUID, wrapped: bytes) -> bytes:
        """The same key under the newest root; nothing sealed with it changes."""
        return self.wrap(person_id.bytes, self._key(person_id, wrapped))

    def digests(self, fields: Fields) -> dict[str, bytes]:
        """Of the fields that can be looked up, what they are looked up by."""
        return {
            name: self.digest(name, text) for name, text in fields.items() if name in self._indexed
        }

    def digest(self, field: str, text: str) -> bytes:
        said = f"{field}\0{looked_up(field, text)}".encode()
        return hmac.new(self._index_key, said, sha256).digest()[:DIGEST_BYTES]

    def open(self, person_id: UUID, wrapped: bytes | None, sealed: str) -> dict[str, str]:
        """The fields in the clear; none for a person whose key was destroyed."""
        if wrapped is None:
            return {}
        cipher = AESGCM(self._key(person_id, wrapped))
        opened = {}
        for name, text in json.loads(sealed).items():
            raw = b64decode(text)
            opened[name] = cipher.decrypt(
                raw[:NONCE_BYTES], raw[NONCE_BYTES:], name.encode()
            ).decode()
        return opened

    def reseal(self, person_id: UUID, wrapped: bytes, fields: Fields) -> str:
        """`fields` under the key the person has already, as JSON."""
        return self._sealed(self._key(person_id, wrapped), fields)

    def _sealed(self, key: bytes, fields: Fields) -> str:
        cipher = AESGCM(key)
        sealed = {}
        for name, text in fields.items():
            nonce = os.urandom(NONCE_BYTES)
            sealed[name] = b64encode(
                nonce + cipher.encrypt(nonce, text.encode(), name.encode())
            ).decode()
        return json.dumps(sealed)

    def wrap(self, of: bytes, secret: bytes) -> bytes:
        """Seal under the newest root itself what is the secret of `of` and of nothing else."""
        nonce = os.urandom(NONCE_BYTES)
        return self.mark + nonce + self._roots[self.mark].encrypt(nonce, secret, of)

    def unwrap(self, of: bytes, wrapped: bytes) -> bytes:
        """What `wrap` sealed, under whichever root. Raises `Defect` when no root opens it."""
        mark, rest = wrapped[:MARK_BYTES], wrapped[MARK_BYTES:]
        cipher = self._roots.get(mark)
        try:
            if cipher is not None:
                return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], of)
        except InvalidTag:
            pass
        raise Defect("none of the root keys opens it")

    def _key(self, person_id: UUID, wrapped: bytes) -> bytes:
        try:
            return self.unwrap(person_id.bytes, wrapped)
        except Defect:
            raise Defect(f"none of the root keys opens the key of {person_id}") from None


def _derived(root: bytes, use: bytes) -> bytes:
    return HKDF(
        algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=b"jiceng " + use
    ).derive(root)


# In a transaction, on the driver's connection


async def keep(
    connection: asyncpg.Connection, vault: Vault, persons: Mapping[UUID, Fields]
) -> None:
    """Seal and store what is known of persons who are new here."""
    sealed = {person_id: vault.seal(person_id, fields) for person_id, fields in persons.items()}
    await connection.execute(
        KEEP_PERSONS,
        list(sealed),
        [s.key for s in sealed.values()],
        [s.sealed for s in sealed.values()],
    )
    index = [(f, digest, p) for p, s in sealed.items() for f, digest in s.digests.items()]
    await connection.execute(
        INDEX, *([list(column) for column in zip(*index, strict=True)] or [[], [], []])
    )


async def change(
    connection: asyncpg.Connection, vault: Vault, person_id: UUID, fields: Fields
) -> None:
    """Replace these fields of a known person. Nothing is kept of one who was erased."""
    wrapped = await connection.fetchval(LOCKED, person_id)
    if wrapped is None:
        return
    await connection.execute(RESEAL, person_id, vault.reseal(person_id, wrapped, fields))
    await connection.execute(UNINDEX, person_id, list(fields))
    digests = vault.digests(fields)
    await connection.execute(
        INDEX, list(digests), list(digests.values()), [person_id] * len(digests)
    )


async def shown(
    connection: asyncpg.Connection, vault: Vault, person_ids: Iterable[UUID]
) -> dict[UUID, dict[str, str]]:
    """Their fields, masked."""
    rows = await connection.fetch(KEYS, list(person_ids))
    return {
        row["person_id"]: {
            name: masked(name, text)
            for name, text in vault.open(row["person_id"], row["key"], row["sealed"]).items()
        }
        for row in rows
    }


async def read(
    connection: asyncpg.Connection,
    vault: Vault,
    person_ids: Iterable[UUID],
    *,
    actor: str,
    purpose: str,
    at: datetime,
    area: str,
    fields: Iterable[str] = (),
) -> dict[UUID, dict[str, str]]:
    """Their fields in the clear (all, or only `fields`), and the record that `actor` read them.

    `area` is where the persons are, so that those who audit that area see the record.
    """
    wanted = set(fields)
    rows = await connection.fetch(KEYS, list(person_ids))
    opened = {
        row["person_id"]: {
            name: text
            for name, text in vault.open(row["person_id"], row["key"], row["sealed"]).items()
            if not wanted or name in wanted
        }
        for row in rows
    }
    told = sorted({name for each in opened.values() for name in each})
    await record(connection, opened, actor=actor, fields=told, purpose=purpose, at=at, area=area)
    return opened


async def record(
    connection: asyncpg.Connection,
    person_ids: Iterable[UUID],
    *,
    actor: str,
    fields: Sequence[str],
    purpose: str,
    at: datetime,
    area: str,
) -> None:
    """Note that `actor` learned something of these persons other than by `read`."""
    ids = list(person_ids)
    if ids:
        await connection.execute(
            RECORD, [new_id() for _ in ids], ids, actor, list(fields), purpose, at, area
        )


async def find(connection: asyncpg.Connection, vault: Vault, field: str, text: str) -> list[UUID]:
    """Persons whose `field` says exactly `text`, but for spacing, width and case."""
    rows = await connection.fetch(FOUND, field, vault.digest(field, text))
    return [row["person_id"] for row in rows]


async def erase(connection: asyncpg.Connection, person_id: UUID, at: datetime) -> bool:
    """Destroy the person's key, fields and index entries; false when that was done before."""
    await connection.execute("DELETE FROM person_index WHERE person_id = $1", person_id)
    return bool(await connection.fetchval(ERASE, person_id, at))
