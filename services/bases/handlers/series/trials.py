"""What is tried under a savepoint: refused, it is as if it had never been tried."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.chassis.errors import Conflict, Invalid
from services.chassis.unit_of_work import Transaction

T = TypeVar("T")


async def tried(work: Transaction, attempt: Callable[[], Awaitable[T]]) -> T | Conflict | Invalid:
    """What `attempt` gives, or why it was refused.

    Locks that it takes are lost with it: take those that matter before. It writes plain SQL, for a
    session would still hold what was undone.
    """
    announced = len(work.staged)
    try:
        async with (await work.driver()).transaction():
            return await attempt()
    except (Conflict, Invalid) as refusal:
        del work.staged[announced:]
        return refusal
