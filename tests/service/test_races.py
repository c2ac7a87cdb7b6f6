"""The two races that every guard of the platform is about, in SQL alone: they do happen.

Of our own commands, with their guards off, `test_storm.py` and its neighbours show the same.
"""

import asyncio
from functools import partial

import asyncpg
import pytest

from services.chassis.database import Database
from tests import storms

CLIENTS, SEATS = 24, 10


@pytest.fixture
async def bases(database) -> Database:
    return await database("bases")


async def test_looking_before_inserting_books_twice_when_nothing_guards_it(bases):
    await bases.pool.execute("CREATE TABLE unguarded (round int, during int4range NOT NULL)")

    async def look_then_insert(at_round: int, connection: asyncpg.Connection, place: int) -> None:
        span = at_round, place, place + 60
        overlap = await connection.fetchval(
            "SELECT count(*) FROM unguarded WHERE round = $1 AND during && int4range($2, $3)", *span
        )
        if not overlap:
            await connection.execute("INSERT INTO unguarded VALUES ($1, int4range($2, $3))", *span)

    async def one(at_round: int) -> bool:
        await storms.compete(bases.dsn, CLIENTS, partial(look_then_insert, at_round))
        held = "SELECT count(*) > 1 FROM unguarded WHERE round = $1"
        return await bases.pool.fetchval(held, at_round)

    await storms.until_seen("look, then insert", one)


async def test_reading_before_adding_oversells_when_nothing_guards_it(bases):
    await bases.pool.execute("CREATE TABLE unguarded (round int PRIMARY KEY, taken int NOT NULL)")

    async def read_then_add(at_round: int, connection: asyncpg.Connection, _: int) -> None:
        taken = await connection.fetchval("SELECT taken FROM unguarded WHERE round = $1", at_round)
        await asyncio.sleep(0)
        if taken < SEATS:
            await connection.execute(
                "UPDATE unguarded SET taken = taken + 1 WHERE round = $1", at_round
            )

    async def one(at_round: int) -> bool:
        await bases.pool.execute("INSERT INTO unguarded VALUES ($1, 0)", at_round)
        await storms.compete(bases.dsn, CLIENTS, partial(read_then_add, at_round))
        oversold = "SELECT taken > $2 FROM unguarded WHERE round = $1"
        return await bases.pool.fetchval(oversold, at_round, SEATS)

    await storms.until_seen("read, then add", one)
