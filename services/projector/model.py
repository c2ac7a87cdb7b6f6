"""The read model: its tables, in a schema of their own for each generation, and which one is live.

A generation is disposable: it can be built from the streams at any time (`rebuild`). Nothing in its
tables depends on the clock or on how the events arrived, except `position`.
"""

import hashlib
from functools import cache

import asyncpg

from services.chassis.errors import Unavailable
from services.projector.declare import Catalogue
from services.projector.figures import CATALOGUE

TABLES = """
CREATE TABLE {m}.fact (
    figure       text COLLATE "C" NOT NULL,
    day          date             NOT NULL,
    event_id     uuid             NOT NULL,
    line         smallint         NOT NULL,
    type         text COLLATE "C" NOT NULL,
    aggregate_id uuid             NOT NULL,
    area         text COLLATE "C" NOT NULL,
    dims         text COLLATE "C" NOT NULL,
    refs         text COLLATE "C" NOT NULL,
    amount       bigint           NOT NULL,
    occurred_at  timestamptz      NOT NULL,
    recorded_at  timestamptz      NOT NULL
);
CREATE TABLE {m}.rollup (
    day    date             NOT NULL,
    area   text COLLATE "C" NOT NULL,
    figure text COLLATE "C" NOT NULL,
    dims   text COLLATE "C" NOT NULL,
    amount bigint           NOT NULL
);
CREATE TABLE {m}.aggregate (
    aggregate_id uuid NOT NULL,
    version      int  NOT NULL
);
CREATE TABLE {m}.name (
    family text COLLATE "C" NOT NULL,
    id     text COLLATE "C" NOT NULL,
    code   text COLLATE "C" NOT NULL,
    name   text COLLATE "C" NOT NULL
);
CREATE TABLE {m}.parked (
    key          text COLLATE "C" NOT NULL,
    stream       text COLLATE "C" NOT NULL,
    aggregate_id uuid,
    version      int  NOT NULL,
    problem      text,
    body         bytea NOT NULL
);
CREATE TABLE {m}.position (
    stream      text COLLATE "C" PRIMARY KEY,
    epoch       timestamptz NOT NULL,
    seq         bigint      NOT NULL,
    recorded_at timestamptz
);
"""
"""`position` says how far a stream was folded: `epoch` is when the stream was created (one that was
wiped counts from 1 again), `recorded_at` the newest recorded time of its folded events."""

KEYS = {
    "fact": ("fact_key", "figure, day, event_id, line"),
    "rollup": ("rollup_key", "day, area, figure, dims"),
    "aggregate": ("aggregate_key", "aggregate_id"),
    "name": ("name_key", "family, id"),
    "parked": ("parked_key", "key"),
}
"""Primary keys, apart from the tables: a bulk build adds them last, over everything at once.

Rollups are keyed by day first: what is folded is mostly recent, so their index grows at one end,
which halves the cost of folding. Reading skips from day to day (PostgreSQL 18) within microseconds.
"""

COMPARED = ("fact", "rollup", "aggregate", "name", "parked")
"""The tables in which two generations folded from the same events are equal, row for row."""

LIVE = "SELECT id, declaration FROM generation WHERE state = 'live'"
CREATION_LOCK = 4_301


class Disowned(Exception):  # another release took over
    """The live model was folded by other declarations than this process has."""


@cache
def fingerprint(catalogue: Catalogue = CATALOGUE) -> str:
    """Changes with the tables and with what is folded into them, not with mere wording.

    Kept, because every fold compares it and a catalogue is never changed.
    """
    told = [TABLES, repr(KEYS), *(repr(naming) for naming in catalogue.names)]
    for figure in catalogue.counted:
        told += [figure.key, repr(figure.reads)]
        told += [f"{d.key} {d.read} {d.wide}" for d in figure.dimensions]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def schema_of(generation: int) -> str:
    return f"model_{generation}"


async def live(connection: asyncpg.Connection) -> int:
    """The generation that answers. Raises `Unavailable` before the first was made."""
    row = await connection.fetchrow(LIVE)
    if row is None:
        raise Unavailable("The read model is being made.", zh="统计数据正在准备，请稍候。")
    return int(row["id"])


async def hold_live(connection: asyncpg.Connection) -> int:
    """The live generation, kept live until the transaction ends.

    Raises `Disowned` when it was folded by other declarations than ours.
    """
    row = await connection.fetchrow(f"{LIVE} FOR SHARE")
    if row is None or row["declaration"] != fingerprint():
        raise Disowned("the live read model belongs to other figure declarations")
    return int(row["id"])


async def add_key(connection: asyncpg.Connection, m: str, table: str) -> None:
    """The index first: while it is built the table can be read, which a bulk build does."""
    name, columns = KEYS[table]
    await connection.execute(f"CREATE UNIQUE INDEX {name} ON {m}.{table} ({columns})")
    await connection.execute(
        f"ALTER TABLE {m}.{table} ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name}"
    )


async def create(connection: asyncpg.Connection, state: str, *, keys: bool = True) -> int:
    """An empty generation. Call it in a transaction, which it ends no sooner than needed."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", CREATION_LOCK)
    generation = int(await connection.fetchval("SELECT coalesce(max(id), 0) + 1 FROM generation"))
    await connection.execute(f"CREATE SCHEMA {schema_of(generation)}")
    await connection.execute(TABLES.format(m=schema_of(generation)))
    if keys:
        for table in KEYS:
            await add_key(connection, schema_of(generation), table)
    await connection.execute(
        "INSERT INTO generation (id, state, declaration) VALUES ($1, $2, $3)",
        generation,
        state,
        fingerprint(),
    )
    return generation


async def ensure_live(connection: asyncpg.Connection) -> bool:
    """Make the first generation where there is none. False when the live one is not ours."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", CREATION_LOCK)
        row = await connection.fetchrow(LIVE)
        if row is None:
            await create(connection, "live")
            return True
    return bool(row["declaration"] == fingerprint())


async def discard(connection: asyncpg.Connection, generation: int) -> None:
    """Drop a generation unless it is live. Waits for readers that still look at it."""
    async with connection.transaction():
        gone = await connection.fetchval(
            "DELETE FROM generation WHERE id = $1 AND state <> 'live' RETURNING id", generation
        )
        if gone is not None:
            await connection.execute(f"DROP SCHEMA {schema_of(generation)} CASCADE")
