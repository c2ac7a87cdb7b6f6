"""A pull loop that survives restart, deleted consumer, wiped stream and closed connection.

`nats-py`'s `fetch` awaits once a message (four times slower), and FastStream's loop spins or
freezes when its consumer or connection is gone. This one keeps one inbox subscription with a
callback, asks for the next batch before the last is worked off, and treats silence as a fault.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from time import monotonic

import structlog
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js.errors import Error as JetStreamError

from services.chassis.bus.connection import Down, Nats

log = structlog.get_logger()

EXPIRES_S = 3.0
SILENCE_S = EXPIRES_S + 2.0
"""The server heartbeats every half `EXPIRES_S`; nothing for this long means it is frozen."""
RETRY_S = 0.25
RETRY_MAX_S = 2.0

HEARTBEAT = "100"
EXPIRED = ("404", "408")
"""Statuses by which the server ends a request in good health."""

Prepare = Callable[[], Awaitable[str]]
"""Make sure the consumer exists and return its name. Called before the first pull and after every
anomaly; what it raises is retried with a pause."""

Report = Callable[[bool, str], None]
"""Told whether the loop can read, and what hinders it."""


class Anomaly(Exception):
    """The consumer can no longer be read as it was: prepare it again."""


@dataclass(frozen=True)
class Position:
    """Where a message stands, read from its reply subject."""

    stream_seq: int
    consumer_seq: int
    delivered: int
    pending: int
    """Messages of the stream that follow this one and were not delivered yet: the lag."""


def position(msg: Msg) -> Position:
    """`$JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<delivered>.<sseq>.<cseq>.<time>.<pending>`."""
    tokens = msg.reply.split(".")
    at = 2 if len(tokens) < 11 else 4  # noqa: PLR2004  the long form carries domain and account
    return Position(
        delivered=int(tokens[at + 2]),
        stream_seq=int(tokens[at + 3]),
        consumer_seq=int(tokens[at + 4]),
        pending=int(tokens[at + 6]),
    )


class PullLoop:
    """Yields batches of messages in the order the consumer delivers them, for ever.

    What it yields is the caller's to acknowledge. After an anomaly the caller may see messages
    again (a durable redelivers) and `prepare` runs before anything new is read.
    """

    def __init__(
        self,
        nats: Nats,
        stream: str,
        prepare: Prepare,
        report: Report,
        *,
        batch: int = 500,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        self._nats, self._stream, self._prepare = nats, stream, prepare
        self._report, self._batch, self._beat = report, batch, beat
        self._arrived: deque[Msg] = deque()
        self._wake = asyncio.Event()
        self._anomaly: str | None = None
        self._heard = 0.0
        self._asked = 0
        self._restart = False

    def restart(self) -> None:
        """Have `prepare` run again before anything more is yielded."""
        self._restart = True

    def left(self) -> list[Msg]:
        """What arrived and was not yielded, for whoever stops reading and wants to put it back."""
        left, self._arrived = list(self._arrived), deque()
        return left

    async def batches(self) -> AsyncGenerator[list[Msg], None]:
        pause = RETRY_S
        while True:
            try:
                async with aclosing(self._read()) as reading:
                    async for batch in reading:
                        pause = RETRY_S
                        yield batch
            except (Anomaly, JetStreamError, *Down) as error:
                self._report(False, str(error) or type(error).__name__)
                log.info("pull.interrupted", stream=self._stream, reason=repr(error))
            self._beat()
            await asyncio.sleep(pause)
            pause = min(pause * 2, RETRY_MAX_S)

    async def _read(self) -> AsyncGenerator[list[Msg], None]:
        """One life of the subscription; raises at the first anomaly."""
        if not self._nats.connected:
            raise Anomaly("not connected")
        client = self._nats.client
        name = await self._prepare()
        self._arrived.clear()
        self._wake.clear()
        self._anomaly, self._asked, self._restart = None, 0, False
        inbox = client.new_inbox()
        subscription = await client.subscribe(inbox, cb=self._take)
        try:
            with self._nats.watched(self._disconnected):
                while True:
                    await self._ask(f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{name}", inbox)
                    if not self._arrived and not self._anomaly:
                        await self._wait()
                    if self._restart:
                        raise Anomaly("asked to start again")
                    if self._arrived:
                        self._report(True, "")
                        yield self._next_batch()
                    if self._anomaly and not self._arrived:
                        raise Anomaly(self._anomaly)
        finally:
            await self._leave(subscription)

    def _disconnected(self) -> None:
        self._anomaly = "disconnected"
        self._wake.set()

    async def _ask(self, subject: str, inbox: str) -> None:
        """Keep one batch on its way beyond what has arrived."""
        if self._asked + len(self._arrived) >= self._batch or self._anomaly:
            return
        request = {
            "batch": self._batch,
            "expires": int(EXPIRES_S * 1e9),
            "idle_heartbeat": int(EXPIRES_S / 2 * 1e9),
        }
        await self._nats.client.publish(subject, json.dumps(request).encode(), reply=inbox)
        self._asked += self._batch
        self._heard = monotonic()

    async def _wait(self) -> None:
        """Until something arrives; silence beyond what the server promised is an anomaly."""
        self._wake.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(EXPIRES_S):
                await self._wake.wait()
        self._beat()  # woken by the server's heartbeats, too, when nothing else happens
        if not self._nats.connected:
            raise Anomaly("disconnected")
        if monotonic() - self._heard > SILENCE_S:
            raise Anomaly("the server is silent")
        if not self._arrived and not self._anomaly:
            self._report(True, "")

    async def _take(self, msg: Msg) -> None:
        self._heard = monotonic()
        headers = msg.headers or {}
        status = None if msg.reply else headers.get("Status")
        if msg.reply:
            self._arrived.append(msg)
            self._asked -= 1
        elif status in EXPIRED or "Batch Completed" in headers.get("Description", ""):
            self._asked -= int(headers.get("Nats-Pending-Messages", self._asked))
        elif status != HEARTBEAT:
            self._anomaly = f"{status} {headers.get('Description', '')}".strip()
        self._asked = max(0, self._asked)
        self._wake.set()

    def _next_batch(self) -> list[Msg]:
        self._beat()
        size = min(len(self._arrived), self._batch)
        return [self._arrived.popleft() for _ in range(size)]

    async def _leave(self, subscription: Subscription) -> None:
        with suppress(Exception):
            await subscription.unsubscribe()
