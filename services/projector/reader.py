"""Reading a stream in order from a position that PostgreSQL keeps, not the server.

The consumer is ephemeral and acknowledges nothing: there is no redelivery, so nothing overtakes.
After any anomaly a new one is made behind the last message that was folded.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime

from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from services.chassis.bus.connection import Nats
from services.chassis.bus.pull import Anomaly, PullLoop, Report, position

BATCH = 2000
"""Messages folded in one transaction at most: what a backlog is read in."""

INACTIVE_S = 30.0
"""How long the server keeps a consumer that nobody reads any more."""

Start = Callable[[datetime, int], Awaitable[int]]
"""Given when the stream was created and its last sequence: the sequence to read after."""


@dataclass(frozen=True)
class Delivery:
    """Consecutive messages of one life of a stream."""

    epoch: datetime
    after: int
    first: int
    last: int
    pending: int
    """Messages of the stream behind the last of these."""
    messages: list[Msg]

    def numbered(self) -> Iterator[tuple[int, Msg]]:
        """The messages with their sequences in the stream."""
        if self.last - self.first == len(self.messages) - 1:
            return enumerate(self.messages, start=self.first)
        return ((position(msg).stream_seq, msg) for msg in self.messages)


class StreamReader:
    """Yields what a stream holds and what is added, for ever, each message once and in order."""

    def __init__(
        self,
        nats: Nats,
        stream: str,
        start: Start,
        report: Report,
        *,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        self._nats, self._stream, self._start = nats, stream, start
        self._loop = PullLoop(nats, stream, self._prepare, report, batch=BATCH, beat=beat)
        self._epoch = datetime.min.replace(tzinfo=UTC)
        self._after = 0
        self._expected = 1

    def restart(self) -> None:
        """Ask `start` again where to read."""
        self._loop.restart()

    async def deliveries(self) -> AsyncGenerator[Delivery, None]:
        async with aclosing(self._loop.batches()) as batches:
            async for messages in batches:
                first, last = position(messages[0]), position(messages[-1])
                if first.consumer_seq != self._expected or (
                    last.consumer_seq - first.consumer_seq != len(messages) - 1
                ):
                    self._loop.restart()  # the client dropped some: it was flooded
                    continue
                self._expected = last.consumer_seq + 1
                delivery = Delivery(
                    self._epoch,
                    self._after,
                    first.stream_seq,
                    last.stream_seq,
                    last.pending,
                    messages,
                )
                self._after = last.stream_seq
                yield delivery

    async def _prepare(self) -> str:
        jetstream = self._nats.jetstream
        info = await jetstream.stream_info(self._stream)
        if info.created is None:
            raise Anomaly("the server does not say when the stream was created")
        self._epoch = info.created
        self._after = await self._start(info.created, info.state.last_seq)
        self._expected = 1
        consumer = await jetstream.add_consumer(
            self._stream,
            ConsumerConfig(
                ack_policy=AckPolicy.NONE,
                deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
                opt_start_seq=self._after + 1,
                mem_storage=True,
                num_replicas=1,
                inactive_threshold=INACTIVE_S,
            ),
        )
        return consumer.name
