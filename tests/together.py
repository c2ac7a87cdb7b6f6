"""Many who want something at the same time, and what they were answered."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterable
from typing import TypeVar

import httpx

from services.chassis.settings import Settings

IN_FLIGHT: int = Settings.model_fields["database_pool"].default
T = TypeVar("T")


async def together(attempts: Iterable[Awaitable[T]]) -> list[T]:
    """All at once, as many at a time as a service has connections; what came of each, in order.

    However slow the machine is, nobody is sent away (503) for having waited for a connection.
    """
    turn = asyncio.Semaphore(IN_FLIGHT)

    async def one(attempt: Awaitable[T]) -> T:
        async with turn:
            return await attempt

    return await asyncio.gather(*map(one, attempts))


def outcome(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json()["code"] if answer.is_error else None


def outcomes(answers: Iterable[httpx.Response]) -> Counter[tuple[int, str | None]]:
    return Counter(map(outcome, answers))
