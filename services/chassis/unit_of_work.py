"""One database transaction: the state changed and the events announcing it, or neither."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

import asyncpg
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.event import Event
from services.chassis import database, event_log, faults
from services.chassis.database import Sessions
from services.chassis.event_log import Answer, Cause, Entry, Write

Ring = Callable[[], None]
"""Wakes the relay after a commit."""


class Aggregate(Protocol):
    """A row whose events count its versions."""

    version: int

    def change(self, **changes: Any) -> None: ...


A = TypeVar("A", bound=Aggregate)

ACQUIRE_S = 5.0
"""How long a command waits for a connection before it is told to come again."""


@dataclass(kw_only=True)
class Transaction(ABC):
    """What a handler works in. `now` is the recorded time of everything it does."""

    cause: Cause
    now: datetime
    staged: list[Entry] = field(default_factory=list)
    answer: Answer | None = None
    writes: list[Write] = field(default_factory=list)
    """What is still to be written with the log."""

    @abstractmethod
    async def driver(self) -> asyncpg.Connection:
        """The driver's connection, inside the transaction: for plain SQL on hot paths."""

    def announce(self, event: Event, *, version: int, occurred_at: datetime | None = None) -> None:
        """Log and publish `event` if, and only if, this transaction commits.

        Lock the aggregate's row first and count its `version` up by one an event: that keeps the
        facts of one aggregate in order (a unique constraint refuses the second of two equals).
        """
        self.staged.append(
            event_log.entry(
                event,
                version=version,
                occurred_at=occurred_at or self.now,
                recorded_at=self.now,
                cause=self.cause,
            )
        )

    async def write(self, statement: str, *given: object) -> None:
        """Run plain SQL of which nobody needs the answer, nor its effect in this transaction."""
        await (await self.driver()).execute(statement, *given)

    async def record(self) -> None:
        """Log what was announced and keep the answer: the last statement before the commit."""
        if self.staged or self.answer or self.writes:
            await event_log.append(await self.driver(), self.staged, self.answer, self.writes)
        faults.point("before_commit")


@dataclass(kw_only=True)
class UnitOfWork(Transaction):
    """A transaction with a session in it, for handlers that work with rows as objects."""

    session: AsyncSession
    _driver: asyncpg.Connection | None = None

    def begin(self, row: A, event: Event, at: datetime) -> A:
        """A new row, and the fact of it at business time `at`. Flush before SQL that needs it."""
        self.session.add(row)
        self.announce(event, version=row.version, occurred_at=at)
        return row

    def step(self, row: A, event: Event, at: datetime, **changes: Any) -> A:
        """A locked row with its `changes`, at its next version, and the fact of them."""
        row.change(**changes, version=row.version + 1)
        self.announce(event, version=row.version, occurred_at=at)
        return row

    async def driver(self) -> asyncpg.Connection:
        if self._driver is None:
            self._driver = await database.driver(self.session)
        return self._driver


@asynccontextmanager
async def unit_of_work(
    sessions: Sessions, cause: Cause, now: datetime, ring: Ring
) -> AsyncIterator[UnitOfWork]:
    """Commits on a clean exit and rolls back on any exception; nothing but this module commits."""
    async with sessions() as session:
        uow = UnitOfWork(session=session, cause=cause, now=now)
        yield uow
        await session.flush()
        await uow.record()
        await session.commit()
        faults.point("after_commit")
    if uow.staged:
        ring()


@dataclass(kw_only=True)
class Direct(Transaction):
    """A transaction without a session, begun when it is first used: a command at half the price."""

    pool: asyncpg.Pool
    stack: AsyncExitStack
    _connection: asyncpg.Connection | None = None

    async def driver(self) -> asyncpg.Connection:
        if self._connection is None:
            lent = self.pool.acquire(timeout=ACQUIRE_S)
            connection: asyncpg.Connection = await self.stack.enter_async_context(lent)
            await self.stack.enter_async_context(connection.transaction())
            self._connection = connection
        return self._connection

    async def write(self, statement: str, *given: object) -> None:
        """With the log, in one trip."""
        self.writes.append((statement, given))


@asynccontextmanager
async def direct(
    pool: asyncpg.Pool, cause: Cause, now: datetime, ring: Ring
) -> AsyncIterator[Direct]:
    """Like `unit_of_work`, for commands whose statements are all plain SQL."""
    async with AsyncExitStack() as stack:  # its end commits, or rolls back, and gives back
        work = Direct(pool=pool, stack=stack, cause=cause, now=now)
        yield work
        await work.record()
    faults.point("after_commit")
    if work.staged:
        ring()
