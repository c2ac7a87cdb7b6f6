"""What is asked of venues all day reads indexes of bookings, as the rooms send it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from ops.bench.occupancy import occupy
from services.bases.domain.availability import Wanted
from services.bases.tables import utilisation
from services.bases.tables.availability.venues import Of, stocked
from services.chassis.clock import business_date
from services.chassis.database import Database
from tests.service.plans import filled, nodes

BOOKINGS = 20_000
GROWING = {"booking", "venue_load"}
NOW = datetime.now(UTC)
FIRST = business_date(NOW)
MONTH = Wanted(first=FIRST, last=FIRST + timedelta(days=30), at=NOW, minutes=60)

Ask = Callable[[asyncpg.Connection, UUID, list[UUID]], Awaitable[Any]]
QUESTIONS: dict[str, tuple[Ask, set[str]]] = {
    "month of a base": (
        lambda c, base, _: stocked(c, Of.BASE, base, MONTH),
        {"one_booking_at_a_time", "venue_load_pkey"},
    ),
    "month of a venue": (
        lambda c, _, venues: stocked(c, Of.VENUE, venues[0], MONTH),
        {"one_booking_at_a_time", "venue_load_pkey"},
    ),
    "month of an area": (
        lambda c, *_: stocked(c, Of.AREA, "4103", MONTH),
        {"one_booking_at_a_time", "venue_load_pkey"},
    ),
    "utilisation of a venue": (
        lambda c, _, venues: utilisation.uses(c, venues[:1], MONTH.first, MONTH.last),
        {"booking_venue_day", "booking_area"},
    ),
}


@pytest.fixture(scope="module")
def occupied(postgres, templates) -> str:
    return filled(postgres, templates["bases"], "occupied", lambda c: occupy(c, BOOKINGS))


@pytest.fixture
async def pool(occupied) -> asyncpg.Pool:
    database = Database(occupied)
    await database.open()
    yield database.pool
    await database.close()


async def scans(connection: asyncpg.Connection, ask: Ask) -> list[dict]:
    """How the tables that grow are read by the statements that `ask` sends."""
    base = await connection.fetchval("SELECT base_id FROM base")
    venues = [row[0] for row in await connection.fetch("SELECT venue_id FROM venue ORDER BY code")]
    sent: list[tuple[str, tuple[Any, ...]]] = []
    with connection.query_logger(lambda told: sent.append((told.query, told.args))):
        await ask(connection, base, venues)
        await asyncio.sleep(0)  # the driver tells in the loop's next round
    plans = [
        json.loads(await connection.fetchval(f"EXPLAIN (FORMAT json) {statement}", *given))
        for statement, given in sent
        if "pg_catalog" not in statement  # how the driver learns of types
    ]
    return [
        node for plan in plans for node in nodes(plan[0]["Plan"]) if "Scan" in node["Node Type"]
    ]


@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_question_reads_bookings_by_an_index_and_never_from_end_to_end(pool, name):
    ask, indexes = QUESTIONS[name]

    async with pool.acquire() as connection:
        read = await scans(connection, ask)

    of_bookings = [node for node in read if node.get("Relation Name", "booking") in GROWING]
    used = {node["Index Name"] for node in of_bookings if "Index Name" in node}
    assert used & indexes
    assert not [
        node
        for node in read
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING
    ]


async def test_all_that_bears_upon_a_month_of_venues_comes_in_one_statement(pool):
    async with pool.acquire() as connection:
        base = await connection.fetchval("SELECT base_id FROM base")
        await stocked(connection, Of.BASE, base, MONTH)  # the driver has learnt of types
        sent: list[str] = []
        with connection.query_logger(lambda told: sent.append(told.query)):
            found = await stocked(connection, Of.BASE, base, MONTH)
            await asyncio.sleep(0)

    assert (len(sent), len(found)) == (1, 20)
    assert all(each.supply.held or each.supply.places for each in found)
