"""How a service listens: one durable an upstream service, each effect exactly once and in order.

The effect and its entry in the inbox are one transaction. Versions of an aggregate are dense, so
the inbox knows a repetition from a gap: a repetition is acknowledged, a gap waits for what is
missing.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import aclosing, suppress
from typing import Any, TypeVar

import asyncpg
import structlog
from nats.aio.msg import Msg
from opentelemetry.trace import SpanKind
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from contracts.event import Envelope, Event
from services.chassis import faults, telemetry
from services.chassis.bus import inbox, parking, streams
from services.chassis.bus.connection import Down, Nats
from services.chassis.bus.parking import Parked
from services.chassis.bus.pull import PullLoop, position
from services.chassis.clock import Clock
from services.chassis.database import Database, sqlstate
from services.chassis.errors import Refusal
from services.chassis.event_log import Cause
from services.chassis.health import Health
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
BATCH = 50
FINISH_S = 5.0
"""How long the event in hand may take when the process is asked to stop."""

PERMANENT = (Refusal, ValidationError)
"""Failures that time will not cure: a refusal, and data that is not what it claims to be."""

E = TypeVar("E", bound=Event)
Handler = Callable[[E, UnitOfWork], Awaitable[None]]


class Inlet:
    """Everything `service` hears from one upstream service, and which handler gets it.

    Event types without a handler are acknowledged; their versions are counted all the same.
    """

    def __init__(self, service: str, upstream: str) -> None:
        self.durable = streams.durable(service, upstream)
        self.handlers: dict[str, tuple[type[Event], Handler[Event]]] = {}

    @property
    def consumer(self) -> str:
        return self.durable.name

    def on(self, event: type[E]) -> Callable[[Handler[E]], Handler[E]]:
        def register(handler: Handler[E]) -> Handler[E]:
            self.handlers[event.type] = (event, handler)  # type: ignore[assignment]  # E is its key
            return handler

        return register


class Consumer:
    """Runs one inlet of one process until cancelled."""

    def __init__(
        self,
        inlet: Inlet,
        database: Database,
        nats: Nats,
        health: Health,
        clock: Clock,
        ring: Ring,
    ) -> None:
        self._inlet, self._database, self._nats = inlet, database, nats
        self._health, self._clock, self._ring = health, clock, ring
        self._part = f"hears {inlet.consumer}"
        health.set(self._part, False, "starting")

    async def run(self) -> None:
        loop = PullLoop(
            self._nats,
            self._inlet.durable.stream,
            self._prepare,
            lambda ok, detail: self._health.set(self._part, ok, detail),
            batch=BATCH,
            beat=lambda: self._health.beat(self._part),
        )
        waiting: deque[Msg] = deque()
        try:
            async with aclosing(loop.batches()) as batches:
                async for batch in batches:
                    waiting.extend(batch)
                    while waiting:
                        await _finished(self.deliver(waiting.popleft()))
                        self._health.beat(self._part)
        finally:
            # Put back, for the next process, which else would wait as long as for a crashed one.
            # Only now that nothing asks for more: we would be given them again.
            for msg in (*waiting, *loop.left()):
                await self._tell(msg.nak())

    async def _prepare(self) -> str:
        place = self._inlet.durable
        if await streams.ensure_durable(self._nats.jetstream, place):
            log.warning("consumer.restored", durable=place.name)
        return place.name

    async def deliver(self, msg: Msg) -> None:
        """Handle, skip, put back or park one message, then tell the server. Never raises."""
        at = position(msg)
        telemetry.LAG.labels(self._inlet.consumer).set(at.pending)
        try:
            envelope = Envelope.model_validate_json(msg.data)
        except ValidationError as error:
            await self._park(msg, None, f"not an event: {error.errors()[0]['msg']}", 1)
            return
        if at.delivered > CRASH_DELIVERIES + GAP_DELIVERIES:
            await self._park(msg, envelope, "delivered too often without an outcome", at.delivered)
            return
        with telemetry.span(f"consume {envelope.type}", SpanKind.CONSUMER, envelope.traceparent):
            await self._try(msg, envelope, at.delivered)

    async def _try(self, msg: Msg, envelope: Envelope, delivered: int) -> None:
        tries = waits = 0
        while True:
            try:
                outcome = await self.handle(envelope)
            except PERMANENT as failure:
                return await self._park(msg, envelope, repr(failure), tries + 1)
            except Exception as failure:  # noqa: BLE001  whatever a handler raises is retried
                if _passing(failure):
                    pause = min(AWAY_S * 2**waits, AWAY_MAX_S)
                    waits = min(waits + 1, 10)
                elif tries == len(BACKOFF_S):
                    return await self._park(msg, envelope, repr(failure), tries + 1)
                else:
                    pause = BACKOFF_S[tries]
                    tries += 1
                log.warning("event.retried", type=envelope.type, error=repr(failure))
                telemetry.CONSUMED.labels(self._inlet.consumer, "retried").inc()
                await self._tell(msg.in_progress())
                self._health.beat(self._part)
                await asyncio.sleep(pause)
            else:
                return await self._settle(msg, envelope, outcome, delivered)

    async def _settle(
        self, msg: Msg, envelope: Envelope, outcome: inbox.Claim, delivered: int
    ) -> None:
        telemetry.CONSUMED.labels(self._inlet.consumer, outcome.value).inc()
        match outcome:
            case inbox.Claim.GAP if delivered >= GAP_DELIVERIES:
                await self._park(msg, envelope, "an earlier event never came", delivered)
            case inbox.Claim.GAP:
                delay = GAP_DELAYS_S[min(delivered, len(GAP_DELAYS_S)) - 1]
                await self._tell(msg.nak(delay=delay))
            case inbox.Claim.BEHIND_PARKED:
                await self._park(msg, envelope, "waits behind a parked event", delivered)
            case _:
                faults.point("after_effect")
                await self._tell(msg.ack())

    async def handle(self, envelope: Envelope) -> inbox.Claim:
        """Run the handler once per event, in the transaction that records it as heard."""
        cause = Cause(envelope.correlationid, str(envelope.id), telemetry.traceparent())
        with structlog.contextvars.bound_contextvars(correlation_id=envelope.correlationid):
            async with unit_of_work(
                self._database.sessions, cause, self._clock(), self._ring
            ) as uow:
                claim = await inbox.claim(uow.session, self._inlet.consumer, envelope)
                if claim is inbox.Claim.FIRST:
                    await run_handler(self._inlet, envelope, uow)
            return claim

    async def _park(self, msg: Msg, envelope: Envelope | None, reason: str, attempts: int) -> None:
        """Set the message aside; while that is impossible it stays unacknowledged and returns."""
        try:
            await parking.park(
                self._database.pool,
                self._inlet.consumer,
                msg,
                envelope,
                reason=reason,
                attempts=attempts,
            )
        except Exception as failure:  # noqa: BLE001  the database is away: redelivery tries again
            log.warning("event.parking_failed", error=repr(failure))
            return
        telemetry.CONSUMED.labels(self._inlet.consumer, "parked").inc()
        log.error("event.parked", subject=msg.subject, reason=reason)
        await self._tell(msg.ack())

    async def _tell(self, answer: Awaitable[None]) -> None:
        """Answer the server; unheard, it delivers again, and the inbox knows what was done."""
        try:
            await answer
        except Down as failure:
            log.info("event.answer_unheard", consumer=self._inlet.consumer, error=repr(failure))


async def run_handler(inlet: Inlet, envelope: Envelope, uow: UnitOfWork) -> None:
    """Give the event's data to the handler of its type; types nobody handles pass by."""
    if envelope.type in inlet.handlers:
        event, handler = inlet.handlers[envelope.type]
        await handler(event.model_validate(envelope.data), uow)


async def retry_parked(inlet: Inlet, parked: Parked, uow: UnitOfWork) -> None:
    """Run the handler for a parked event and take it out of the lot, in one transaction."""
    envelope = Envelope.model_validate_json(parked.body)
    if await parking.take(await uow.session.connection(), parked):
        await run_handler(inlet, envelope, uow)


async def _finished(work: Coroutine[Any, Any, None]) -> None:
    """Await `work`; cancelled meanwhile, even repeatedly, let it come to its end first."""
    task = asyncio.create_task(work)
    clock = asyncio.get_running_loop().time
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        until = clock() + FINISH_S
        while not task.done() and clock() < until:
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task], timeout=until - clock())
        task.cancel()
        raise


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
