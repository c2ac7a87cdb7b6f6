"""What happens around every handler: FastStream middlewares that make each effect happen once.

From outside in: `Delivery` tries again, parks and answers the server; `Once` opens the transaction
of the effect, in which the event is recorded as heard, too. Versions of an aggregate are dense, so
the inbox knows a repetition from a gap: a repetition is acknowledged, a gap waits for what is
missing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated, Any, cast

import asyncpg
import structlog
from faststream import BaseMiddleware, Depends
from faststream.message import StreamMessage
from opentelemetry.trace import SpanKind
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.chassis import faults, telemetry
from services.chassis.bus import inbox, parking
from services.chassis.bus.connection import Down
from services.chassis.bus.message import EventMessage
from services.chassis.clock import Clock
from services.chassis.database import Database, sqlstate
from services.chassis.errors import Defect, Refusal
from services.chassis.event_log import Cause
from services.chassis.unit_of_work import Ring, UnitOfWork, unit_of_work

log = structlog.get_logger()

BACKOFF_S = (0.2, 1.0, 3.0, 8.0)
"""Pauses between tries in place; their sum stays below the durable's ack wait."""
AWAY_S, AWAY_MAX_S = 0.2, 3.0
"""Pauses, doubled each time, while the database is away: that is not counted as a try."""
GAP_DELAYS_S = (0.1, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
GAP_DELIVERIES = 20
"""How often an early event is put back before it is parked: two minutes, four times what the server
waits before it redelivers what a crashed process held."""
CRASH_DELIVERIES = 5
"""An event that was delivered this often without an outcome kills its handler's process."""

PERMANENT = (Refusal, ValidationError)
"""Failures that time will not cure: a refusal, and data that is not what it claims to be."""

CallNext = Callable[[Any], Awaitable[Any]]


@dataclass(frozen=True)
class Hearing:
    """What a process lends to the deliveries of one inlet."""

    database: Database
    clock: Clock
    ring: Ring
    beat: Callable[[], None]


hearing: ContextVar[Hearing] = ContextVar("hearing")
"""Of the task that delivers. Not in FastStream's context: that is the broker's, and an inlet that
two brokers of one process include is in the context of the later one."""

_work: ContextVar[UnitOfWork | None] = ContextVar("work", default=None)


async def _current_work() -> UnitOfWork:
    """A coroutine, like every dependency of ours: a plain function costs a thread a message."""
    work = _work.get()
    if work is None:
        raise Defect("no event is being handled")
    return work


Work = Annotated[UnitOfWork, Depends(_current_work, cast=False)]
"""The transaction of the event being handled, for a handler to ask for."""


@contextmanager
def within(work: UnitOfWork) -> Iterator[None]:
    """Have events handled in a transaction that is open already, an operator's or a test's.

    Both middlewares stand back: what the handler raises is raised to whoever delivers.
    """
    token = _work.set(work)
    try:
        yield
    finally:
        _work.reset(token)


class Delivery(BaseMiddleware[Any, Any]):
    """Has one message handled, or puts it back, or parks it, and tells the server. Never raises."""

    async def consume_scope(self, call_next: CallNext, msg: StreamMessage[Any]) -> Any:
        event = cast("EventMessage", msg)
        if _work.get() is not None:
            return await call_next(event)
        self._lent = hearing.get()
        telemetry.LAG.labels(event.consumer).set(event.at.pending)
        if event.envelope is None:
            await self._park(event, event.nonsense, 1)
        elif event.at.delivered > CRASH_DELIVERIES + GAP_DELIVERIES:
            await self._park(event, "delivered too often without an outcome", event.at.delivered)
        else:
            about, parent = event.envelope.type, event.envelope.traceparent
            with telemetry.span(f"consume {about}", SpanKind.CONSUMER, parent):
                await self._try(call_next, event, about)
        return None

    async def _try(self, call_next: CallNext, event: EventMessage, about: str) -> None:
        tries = waits = 0
        while True:
            try:
                outcome = await call_next(event)
            except PERMANENT as failure:
                return await self._park(event, repr(failure), tries + 1)
            except Exception as failure:  # noqa: BLE001  whatever a handler raises is retried
                if _passing(failure):
                    pause = min(AWAY_S * 2**waits, AWAY_MAX_S)
                    waits = min(waits + 1, 10)
                elif tries == len(BACKOFF_S):
                    return await self._park(event, repr(failure), tries + 1)
                else:
                    pause = BACKOFF_S[tries]
                    tries += 1
                log.warning("event.retried", type=about, error=repr(failure))
                telemetry.CONSUMED.labels(event.consumer, "retried").inc()
                await self._tell(event, event.in_progress())
                self._lent.beat()
                await asyncio.sleep(pause)
            else:
                return await self._settle(event, outcome)

    async def _settle(self, event: EventMessage, outcome: inbox.Claim) -> None:
        telemetry.CONSUMED.labels(event.consumer, outcome.value).inc()
        delivered = event.at.delivered
        match outcome:
            case inbox.Claim.GAP if delivered >= GAP_DELIVERIES:
                await self._park(event, "an earlier event never came", delivered)
            case inbox.Claim.GAP:
                delay = GAP_DELAYS_S[min(delivered, len(GAP_DELAYS_S)) - 1]
                await self._tell(event, event.nack(delay=delay))
            case inbox.Claim.BEHIND_PARKED:
                await self._park(event, "waits behind a parked event", delivered)
            case _:
                faults.point("after_effect")
                await self._tell(event, event.ack())

    async def _park(self, event: EventMessage, reason: str, attempts: int) -> None:
        """Set the message aside; while that is impossible it stays unacknowledged and returns."""
        msg = event.raw_message
        about = (self._lent.database.pool, event.consumer, msg, event.envelope)
        try:
            await parking.park(*about, reason=reason, attempts=attempts)
        except Exception as failure:  # noqa: BLE001  the database is away: redelivery tries again
            log.warning("event.parking_failed", error=repr(failure))
            return
        telemetry.CONSUMED.labels(event.consumer, "parked").inc()
        log.error("event.parked", subject=msg.subject, reason=reason)
        await self._tell(event, event.ack())

    async def _tell(self, event: EventMessage, answer: Awaitable[None]) -> None:
        """Answer the server; unheard, it delivers again, and the inbox knows what was done."""
        try:
            await answer
        except Down as failure:
            log.info("event.answer_unheard", consumer=event.consumer, error=repr(failure))


class Once(BaseMiddleware[Any, Any]):
    """Runs the handler once an event, in the transaction that records it as heard."""

    async def consume_scope(self, call_next: CallNext, msg: StreamMessage[Any]) -> Any:
        event = cast("EventMessage", msg)
        envelope = event.envelope
        if envelope is None or _work.get() is not None:
            return await call_next(event)
        lent = hearing.get()
        cause = Cause(envelope.correlationid, str(envelope.id), telemetry.traceparent())
        with structlog.contextvars.bound_contextvars(correlation_id=envelope.correlationid):
            async with unit_of_work(lent.database.sessions, cause, lent.clock(), lent.ring) as uow:
                claim = await inbox.claim(uow.session, event.consumer, envelope)
                if claim is inbox.Claim.FIRST:
                    with within(uow):
                        await call_next(event)
            return claim


TRANSIENT = ("08", "40", "53", "57P", "58", "25006", "25P03", "55P03")
"""SQLSTATEs, or how they begin: connection lost, deadlock, resources short, server starting or
stopping, disk trouble, a read-only standby, our own time-outs."""


def _passing(failure: Exception) -> bool:
    """True when nothing is wrong with the event: the database is away or busy."""
    if isinstance(failure, DBAPIError) and failure.connection_invalidated:
        return True
    state = sqlstate(failure)
    if state is not None:
        return state.startswith(TRANSIENT)
    if isinstance(failure, asyncpg.InterfaceError):
        return not isinstance(failure, ValueError)  # else our own data did not fit a column
    return isinstance(failure, InterfaceError | PoolTimeout | OSError)
