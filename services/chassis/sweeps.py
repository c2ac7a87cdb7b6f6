"""What the clock brings about: deadlines that pass, lists that grow due. Nobody sends a command.

A sweep is run by one replica at a time, in one unit of work, and must be safe to repeat.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from uuid_utils import uuid7

from services.chassis.database import execute
from services.chassis.event_log import Cause
from services.chassis.http.context import ServiceContext
from services.chassis.unit_of_work import UnitOfWork, unit_of_work

log = structlog.get_logger()

LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 77))"


@dataclass(frozen=True)
class Sweep:
    """`run` does the work that is due at `uow.now`, at most a bounded batch of it.

    It returns how much it did; while that is more than nothing it is run again at once.
    """

    name: str
    run: Callable[[UnitOfWork], Awaitable[int]]
    every: timedelta = timedelta(minutes=1)


async def once(context: ServiceContext, sweep: Sweep) -> int:
    """Run `sweep` until nothing is due; how much was done, 0 when another replica is at it."""
    done = 0
    while True:
        cause = Cause(str(uuid7()), None, None)
        async with unit_of_work(
            context.database.sessions, cause, context.clock(), context.ring
        ) as uow:
            mine = (await execute(uow.session, LOCK, {"name": sweep.name})).scalar_one()
            part = await sweep.run(uow) if mine else 0
        if not part:
            return done
        done += part


def worker(*sweeps: Sweep) -> Callable[[ServiceContext], Awaitable[None]]:
    """A worker of a service that runs each of `sweeps` in its rhythm until cancelled."""

    async def clockwork(context: ServiceContext) -> None:
        async with asyncio.TaskGroup() as group:
            for sweep in sweeps:
                group.create_task(_regularly(context, sweep), name=sweep.name)

    return clockwork


async def _regularly(context: ServiceContext, sweep: Sweep) -> None:
    while True:
        try:
            done = await once(context, sweep)
        except Exception as error:  # noqa: BLE001  the next round tries again
            log.warning("sweep.failed", sweep=sweep.name, error=repr(error))
        else:
            if done:
                log.info("sweep.done", sweep=sweep.name, done=done)
        await asyncio.sleep(sweep.every.total_seconds())
