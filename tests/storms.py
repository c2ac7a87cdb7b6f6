"""Races in proportion: rounds until the race was seen ten times with its guards off, then as many
with its guards on.
"""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg

from tests.profiles import LONG

SEEN = 10
MOST = 100
_took: dict[str, int] = {}


async def until_seen(race: str, unguarded: Callable[[int], Awaitable[int]]) -> None:
    """Run rounds, with the guards off, until ten things were given away twice.

    `unguarded` is given the number of its round, and says how many were in it.
    """
    seen = 0
    for number in range(MOST):
        seen += await unguarded(number)
        if seen >= SEEN:
            _took[race] = number + 1
            return
    raise AssertionError(
        f"{race}: in {MOST} rounds without guards the race was seen {seen} times:"
        " that it is not seen with them proves nothing"
    )


def rounds(race: str, *, at_length: int) -> int:
    """As many as `until_seen` took, ten where it did not run in this process."""
    return at_length if LONG else _took.get(race, SEEN)


async def compete(
    dsn: str, clients: int, attempt: Callable[[asyncpg.Connection, int], Awaitable[None]]
) -> None:
    """Run `attempt` in transactions of as many connections, begun together."""
    connections = await asyncio.gather(*(asyncpg.connect(dsn) for _ in range(clients)))
    gate = asyncio.Barrier(clients)

    async def one(place: int, connection: asyncpg.Connection) -> None:
        await gate.wait()
        async with connection.transaction():
            await attempt(connection, place)

    try:
        await asyncio.gather(*(one(i, c) for i, c in enumerate(connections)))
    finally:
        await asyncio.gather(*(connection.close() for connection in connections))
