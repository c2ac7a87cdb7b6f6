"""Events of the live read model that were set aside, for operators: list, try again, do without."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from services.chassis.errors import NotFound
from services.projector import model, store
from services.projector.order import Known, Outcome, follow

LIST = """
SELECT p.key, p.stream, p.aggregate_id, p.version, p.problem, p.body,
       coalesce(a.version, 0) AS known
  FROM {m}.parked p LEFT JOIN {m}.aggregate a USING (aggregate_id)
 ORDER BY p.stream, p.aggregate_id, p.version, p.key
"""
WAIVE = """
INSERT INTO waived (aggregate_id, version, reason)
SELECT $1, version, $4 FROM generate_series($2::int, $3::int) AS version
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Parked:
    """One event that waits. `key` is its id, or a digest where it could not be read at all."""

    key: str
    stream: str
    aggregate_id: UUID | None
    version: int
    reason: str
    body: bytes


async def list_parked(pool: asyncpg.Pool) -> list[Parked]:
    """All of them, those of one aggregate in order."""
    async with pool.acquire() as connection:
        m = model.schema_of(await model.live(connection))
        rows = await connection.fetch(LIST.format(m=m))
    return [_parked(row) for row in rows]


def _parked(row: asyncpg.Record) -> Parked:
    told = (row["key"], row["stream"], row["aggregate_id"], row["version"])
    return Parked(*told, _reason(row), row["body"])


def _reason(row: asyncpg.Record) -> str:
    if row["problem"] is not None:
        return str(row["problem"])
    return f"version {row['version']} waits for version {row['known'] + 1} of its aggregate"


async def retry_parked(pool: asyncpg.Pool) -> int:
    """Fold whatever can be folded now, after a release that reads it; returns how many events."""
    folded = 0
    for parked in await list_parked(pool):
        async with pool.acquire() as connection, connection.transaction():
            m = await _locked(connection, parked.stream)
            if parked.aggregate_id is not None:
                outcome = await _follow(connection, m, parked.stream, parked.aggregate_id)
                folded += len(outcome.folded)
    return folded


async def drop_parked(pool: asyncpg.Pool, key: str, reason: str) -> int:
    """Do without this event, and without those of its aggregate that never came before it.

    What waits behind it is folded. The decision is kept, so a rebuild comes out the same. Returns
    how many events were folded. Raises `NotFound` for a key that nothing is parked under.
    """
    found = {parked.key: parked for parked in await list_parked(pool)}.get(key)
    if found is None:
        raise NotFound(f"Nothing is parked as {key}.", zh=f"没有编号为 {key} 的搁置事件。")
    async with pool.acquire() as connection, connection.transaction():
        m = await _locked(connection, found.stream)
        await connection.execute(f"DELETE FROM {m}.parked WHERE key = $1", key)  # noqa: S608
        if found.aggregate_id is None:
            return 0
        known = await connection.fetchval(
            f"SELECT version FROM {m}.aggregate WHERE aggregate_id = $1",  # noqa: S608
            found.aggregate_id,
        )
        first = (known or 0) + 1
        await connection.execute(WAIVE, found.aggregate_id, first, found.version, reason)
        outcome = await _follow(connection, m, found.stream, found.aggregate_id)
    return len(outcome.folded)


async def _locked(connection: asyncpg.Connection, stream: str) -> str:
    """The live schema, with the stream's fence held against the folder."""
    m = model.schema_of(await model.hold_live(connection))
    await connection.fetchrow(store.FENCE.format(m=m), stream)
    return m


async def _follow(
    connection: asyncpg.Connection, m: str, stream: str, aggregate_id: UUID
) -> Outcome:
    known: Known = await store.known_of(connection, m, [aggregate_id])
    old, outcome = set(known.versions), Outcome()
    follow(aggregate_id, known, outcome)
    await store.write(connection, m, stream, outcome, old)
    return outcome
