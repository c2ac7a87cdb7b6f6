"""What the clock brings about: deadlines that pass, lists that grow due. Nobody sends a command.

A sweep is run by one replica at a time, in one unit of work, and must be safe to repeat.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from sqlalchemy import inspect
from uuid_utils import uuid7

from services.chassis import faults, telemetry
from services.chassis.database import execute
from services.chassis.event_log import Cause
from services.chassis.http.context import ServiceContext
from services.chassis.unit_of_work import UnitOfWork, unit_of_work

log = structlog.get_logger()

R = TypeVar("R")

LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 77))"

AGAIN = timedelta(minutes=1)
"""After a failure, also of a sweep that otherwise runs once in hours."""

STANDSTILL = timedelta(minutes=10)
"""When nothing has succeeded for so long, it is no single sweep that is broken."""

LONGEST_REASON = 200


@dataclass(frozen=True)
class Part:
    """Of a batch: how many rows were done, and what was wrong with each of the others."""

    done: int
    failures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sweep:
    """`run` does the work that is due at `uow.now`, at most a bounded batch of it.

    It returns how much it did; while that is more than nothing it is run again at once.
    """

    name: str
    run: Callable[[UnitOfWork], Awaitable[int | Part]]
    every: timedelta = timedelta(minutes=1)


class RowsFailedError(Exception):
    """All that was due is done but for rows that cannot be; they are tried again next time."""

    def __init__(self, failures: Sequence[str], done: int) -> None:
        rows = "1 row" if len(failures) == 1 else f"{len(failures)} rows"
        super().__init__(f"{rows} left over: {failures[0]}")
        self.done = done


async def one_by_one(
    uow: UnitOfWork, rows: Iterable[R], do: Callable[[R], Awaitable[object]]
) -> Part:
    """`do` each row in a savepoint: what fails is undone alone and holds back none after it.

    Should a whole batch of rows fail, those behind it do wait: sweeps take the oldest first.
    """
    done, failures = 0, []
    for row in rows:
        name, staged = _named(row), len(uow.staged)
        try:
            async with uow.session.begin_nested():
                await do(row)
        except Exception as error:  # noqa: BLE001  whatever it is, the others go on
            del uow.staged[staged:]
            failures.append(f"{name}: {_reason(error)}")
        else:
            done += 1
    return Part(done, tuple(failures))


def _named(row: object) -> str:
    state = inspect(row, raiseerr=False)
    identity = getattr(state, "identity", None)
    return "/".join(map(str, identity)) if identity else str(row)


def _reason(error: Exception) -> str:
    """One line: readiness is asked for without a token, and a statement would say too much."""
    first = next(iter(str(error).splitlines()), "")
    return f"{type(error).__name__}: {first}"[:LONGEST_REASON]


async def once(context: ServiceContext, sweep: Sweep) -> int:
    """Run `sweep` until nothing is due; how much was done, 0 when another replica is at it.

    Raises `RowsFailedError` at the end, when what could be done is committed.
    """
    return await _round(context, sweep) or 0


async def _round(context: ServiceContext, sweep: Sweep) -> int | None:
    done = 0
    while True:
        cause = Cause(str(uuid7()), None, None)
        with faults.spared():
            async with unit_of_work(
                context.database.sessions, cause, context.clock(), context.ring
            ) as uow:
                if not (await execute(uow.session, LOCK, {"name": sweep.name})).scalar_one():
                    return done or None
                said = await sweep.run(uow)
        part = said if isinstance(said, Part) else Part(said)
        done += part.done
        if not part.done:
            if part.failures:
                raise RowsFailedError(part.failures, done)
            return done


class Clockwork:
    """What became of the rounds of all sweeps of a process, for metrics and readiness."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context
        self._succeeded = context.clock()
        self._failing: dict[str, tuple[datetime, str]] = {}
        """Since when, and why; the one that failed last stands last."""

    def went_well(self, sweep: str) -> None:
        self._succeeded = self._context.clock()
        self._failing.pop(sweep, None)
        telemetry.SWEPT.labels(sweep, "done").inc()
        telemetry.SWEPT_AT.labels(sweep).set(self._succeeded.timestamp())
        self._tell()

    def went_wrong(self, sweep: str, error: Exception) -> None:
        """A round that left only single rows behind did succeed in the rest."""
        now, partly = self._context.clock(), isinstance(error, RowsFailedError)
        if partly:
            self._succeeded = now
        since, _ = self._failing.pop(sweep, (now, ""))
        self._failing[sweep] = (since, _reason(error))
        telemetry.SWEPT.labels(sweep, "partly" if partly else "failed").inc()
        self._tell()

    def _tell(self) -> None:
        """One failing sweep is told of; not ready is only a clock that stands still."""
        if not self._failing:
            self._context.health.set("clock", True)
            return
        now = self._context.clock()
        oldest = min(since for since, _ in self._failing.values())
        still = now - oldest >= STANDSTILL and now - self._succeeded >= STANDSTILL
        name, (since, reason) = list(self._failing.items())[-1]
        others = f", and {len(self._failing) - 1} more" if len(self._failing) > 1 else ""
        detail = f"{name} fails since {since:%Y-%m-%dT%H:%M:%SZ}{others}: {reason}"
        self._context.health.set("clock", not still, detail)


def worker(*sweeps: Sweep) -> Callable[[ServiceContext], Awaitable[None]]:
    """A worker of a service that runs each of `sweeps` in its rhythm until cancelled."""

    async def clockwork(context: ServiceContext) -> None:
        works = Clockwork(context)
        for sweep in sweeps:
            telemetry.SWEPT_AT.labels(sweep.name)
        async with asyncio.TaskGroup() as group:
            for sweep in sweeps:
                group.create_task(_regularly(context, sweep, works), name=sweep.name)

    return clockwork


async def _regularly(context: ServiceContext, sweep: Sweep, works: Clockwork) -> None:
    while True:
        pause = await attend(context, sweep, works)
        await asyncio.sleep(pause.total_seconds())


async def attend(context: ServiceContext, sweep: Sweep, works: Clockwork) -> timedelta:
    """One round, told of; how long to wait for the next."""
    try:
        done = await _round(context, sweep)
    except Exception as error:  # noqa: BLE001  the next round tries again
        log.warning("sweep.failed", sweep=sweep.name, error=repr(error))
        works.went_wrong(sweep.name, error)
        return min(sweep.every, AGAIN)
    if done is None:  # another replica is at it, and tells of it
        return sweep.every
    works.went_well(sweep.name)
    if done:
        log.info("sweep.done", sweep=sweep.name, done=done)
    return sweep.every
