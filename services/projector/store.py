"""Folding a batch into a read model: one transaction, set-based, and never twice.

The position row is the fence. Whoever holds it knows what was folded; a second process that read
the same messages finds them at or below the position and drops them.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import asyncpg

from contracts.areas import CODE_LENGTH
from services.chassis import faults
from services.projector import model
from services.projector.fold import Fact, Told, tell
from services.projector.order import Known, Outcome, settle
from services.projector.reader import Delivery

LEVELS = list(CODE_LENGTH.values())

FACT_COLUMNS = list(Fact._fields)

SLICE = 100
"""Events decoded, within about a millisecond, before others have their turn."""

ROLL_UP = """
INSERT INTO {m}.rollup AS r (day, area, figure, dims, amount)
SELECT day, left(area, level), figure, dims, sum(amount)::bigint
  FROM unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::bigint[])
         AS u (day, area, figure, dims, amount)
 CROSS JOIN unnest($6::int[]) AS level
 WHERE level <= length(area)
 GROUP BY 1, 2, 3, 4
 ORDER BY 1, 2, 3, 4
    ON CONFLICT (day, area, figure, dims) DO UPDATE SET amount = r.amount + excluded.amount
"""
"""Every level of the area tree from one row a place. Sorted as the key is: that is cheaper, and two
streams folded at the same time take their row locks in one order."""

ADVANCE = """
UPDATE {m}.aggregate AS a SET version = u.version
  FROM unnest($1::uuid[], $2::int[]) AS u (aggregate_id, version)
 WHERE a.aggregate_id = u.aggregate_id
"""
NAME = """
INSERT INTO {m}.name (family, id, code, name)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
    ON CONFLICT (family, id) DO UPDATE SET code = excluded.code, name = excluded.name
"""
PARK = """
INSERT INTO {m}.parked (key, stream, aggregate_id, version, problem, body)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (key) DO NOTHING
"""
FENCE = "SELECT epoch, seq FROM {m}.position WHERE stream = $1 FOR UPDATE"
MOVE = """
UPDATE {m}.position SET seq = $2, recorded_at = greatest(recorded_at, $3) WHERE stream = $1
"""
REWIND = """
INSERT INTO {m}.position (stream, epoch, seq) VALUES ($1, $2, 0)
    ON CONFLICT (stream) DO UPDATE SET epoch = excluded.epoch, seq = 0
"""


class Overtaken(Exception):  # another process moved the position: read from there
    """The batch does not follow what the model has folded."""


@dataclass(frozen=True)
class Batch:
    """Consecutive messages of one life of a stream, read after message `after`."""

    stream: str
    epoch: datetime
    after: int
    last: int
    told: Sequence[tuple[int, Told]]
    """Each with its sequence in the stream."""

    def precedes(self, other: "Batch") -> bool:
        return self.epoch == other.epoch and self.last == other.after

    def joined(self, other: "Batch") -> "Batch":
        """Both as one. Only for a batch that precedes the other."""
        return replace(self, last=other.last, told=[*self.told, *other.told])


async def batch_of(stream: str, delivery: Delivery) -> Batch:
    """A delivery, decoded and folded to facts: the costly part, before any transaction is open.

    Pauses now and then: the transaction of the batch before it waits for the same event loop.
    """
    told = []
    for seq, msg in delivery.numbered():
        told.append((seq, tell(msg.data)))
        if len(told) % SLICE == 0:
            await asyncio.sleep(0)
    return Batch(stream, delivery.epoch, delivery.after, delivery.last, told)


async def start(
    connection: asyncpg.Connection, generation: int, stream: str, epoch: datetime, last: int
) -> int:
    """The sequence after which to read `stream`, created at `epoch` and now ending at `last`.

    A stream that was created anew, or that lost its end, is read again from its beginning: the
    versions of the aggregates tell what is new.
    """
    m = model.schema_of(generation)
    async with connection.transaction():
        row = await connection.fetchrow(FENCE.format(m=m), stream)
        if row is not None and row["epoch"] == epoch and row["seq"] <= last:
            return int(row["seq"])
        if row is not None and row["epoch"] > epoch:
            raise Overtaken(f"{stream} was created anew in the meantime")
        await connection.execute(REWIND.format(m=m), stream, epoch)
    return 0


async def fold_live(connection: asyncpg.Connection, batch: Batch) -> Outcome:
    """Fold into the live generation. Raises `model.Disowned`, or `Overtaken`."""
    async with connection.transaction():
        outcome = await _fold(connection, await model.hold_live(connection), batch)
        faults.point("inside_fold")
        return outcome


async def fold_building(connection: asyncpg.Connection, generation: int, batch: Batch) -> Outcome:
    async with connection.transaction():
        return await _fold(connection, generation, batch)


async def _fold(connection: asyncpg.Connection, generation: int, batch: Batch) -> Outcome:
    m = model.schema_of(generation)
    # The position travels in the same transaction: what a crash loses is read again.
    await connection.execute("SET LOCAL synchronous_commit = off")
    row = await connection.fetchrow(FENCE.format(m=m), batch.stream)
    if row is None or row["epoch"] != batch.epoch or row["seq"] < batch.after:
        raise Overtaken(f"{batch.stream}: the model is not where this batch begins")
    fresh = [told for seq, told in batch.told if seq > row["seq"]]
    known = await known_of(connection, m, {t.aggregate_id for t in fresh if t.aggregate_id})
    old = set(known.versions)
    outcome = settle(fresh, known)
    await write(connection, m, batch.stream, outcome, old)
    recorded = max((t.recorded_at for t in outcome.folded if t.recorded_at), default=None)
    await connection.execute(MOVE.format(m=m), batch.stream, max(batch.last, row["seq"]), recorded)
    return outcome


async def known_of(connection: asyncpg.Connection, m: str, aggregates: Iterable[UUID]) -> Known:
    ids = list(aggregates)
    rows = await connection.fetch(
        f"SELECT aggregate_id, version FROM {m}.aggregate WHERE aggregate_id = ANY($1)",  # noqa: S608
        ids,
    )
    known = Known({row["aggregate_id"]: row["version"] for row in rows})
    for row in await connection.fetch(
        f"SELECT body FROM {m}.parked WHERE aggregate_id = ANY($1)",  # noqa: S608
        ids,
    ):
        told = tell(row["body"])
        if told.aggregate_id is not None:
            known.parked.setdefault(told.aggregate_id, {})[told.version] = told
    known.waived = await waived(connection)
    return known


async def waived(connection: asyncpg.Connection) -> dict[UUID, frozenset[int]]:
    rows = await connection.fetch("SELECT aggregate_id, version FROM waived")
    found: dict[UUID, set[int]] = {}
    for row in rows:
        found.setdefault(row["aggregate_id"], set()).add(row["version"])
    return {aggregate_id: frozenset(versions) for aggregate_id, versions in found.items()}


async def write(
    connection: asyncpg.Connection, m: str, stream: str, outcome: Outcome, old: AbstractSet[UUID]
) -> None:
    """Bring an outcome into the tables of schema `m`, which knows the aggregates `old` already.

    Part of the caller's transaction, which holds the fence of `stream`.
    """
    facts = outcome.facts
    if facts:
        await connection.copy_records_to_table(
            "fact", schema_name=m, records=facts, columns=FACT_COLUMNS
        )
        await connection.execute(ROLL_UP.format(m=m), *_places(facts), LEVELS)
    await _advance(connection, m, outcome.versions, old)
    if names := outcome.names:
        await connection.execute(NAME.format(m=m), *map(list, zip(*names, strict=True)))
    if outcome.freed:
        await connection.execute(
            f"DELETE FROM {m}.parked WHERE key = ANY($1)",  # noqa: S608
            list(outcome.freed),
        )
    if outcome.parked:
        await connection.executemany(
            PARK.format(m=m), [_parked(told, stream) for told in outcome.parked.values()]
        )


async def _advance(
    connection: asyncpg.Connection, m: str, versions: Mapping[UUID, int], old: AbstractSet[UUID]
) -> None:
    """Aggregates belong to one stream, whose fence we hold: what is new here is new to all."""
    fresh = [(key, version) for key, version in versions.items() if key not in old]
    if fresh:
        await connection.copy_records_to_table("aggregate", schema_name=m, records=fresh)
    changed = [(key, version) for key, version in versions.items() if key in old]
    if changed:
        await connection.execute(ADVANCE.format(m=m), *map(list, zip(*changed, strict=True)))


def _parked(told: Told, stream: str) -> tuple[object, ...]:
    return told.key, stream, told.aggregate_id, told.version, told.problem, told.body


def _places(facts: Iterable[Fact]) -> tuple[list[object], ...]:
    """Facts summed by (day, area, figure, dims), as columns."""
    sums: dict[tuple[object, ...], int] = {}
    for fact in facts:
        place = (fact.day, fact.area, fact.figure, fact.dims)
        sums[place] = sums.get(place, 0) + fact.amount
    columns = map(list, zip(*sums, strict=True))
    return (*columns, list(sums.values()))
