"""One database transaction: the state changed and the events announcing it, or neither."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.event import Event
from services.chassis import database, event_log, faults
from services.chassis.database import Sessions
from services.chassis.event_log import Answer, Cause, Entry

Ring = Callable[[], None]
"""Wakes the relay after a commit."""


@dataclass
class UnitOfWork:
    """What a handler works with. `now` is the recorded time of everything it does."""

    session: AsyncSession
    cause: Cause
    now: datetime
    staged: list[Entry] = field(default_factory=list)
    answer: Answer | None = None
    _driver: asyncpg.Connection | None = None

    async def driver(self) -> asyncpg.Connection:
        """The same transaction at the driver's price, for statements of hot paths."""
        if self._driver is None:
            self._driver = await database.driver(self.session)
        return self._driver

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


@asynccontextmanager
async def unit_of_work(
    sessions: Sessions, cause: Cause, now: datetime, ring: Ring
) -> AsyncIterator[UnitOfWork]:
    """Commits on a clean exit and rolls back on any exception; nothing else in the repo commits."""
    async with sessions() as session:
        uow = UnitOfWork(session, cause, now)
        yield uow
        await session.flush()
        if uow.staged or uow.answer:
            await event_log.append(await uow.driver(), uow.staged, uow.answer)
        faults.point("before_commit")
        await session.commit()
        faults.point("after_commit")
    if uow.staged:
        ring()
