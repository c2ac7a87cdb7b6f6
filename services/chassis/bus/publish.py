"""Writing logged events to a stream: many at once or not at all, a few one behind the other."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from nats.aio.client import Client
from nats.aio.msg import Msg

from contracts.event import CONTENT_TYPE
from services.chassis import faults
from services.chassis.bus.connection import FETCH_TIMEOUT_S, Down
from services.chassis.ids import new_id

MAX_BATCH = 500
"""Events in one atomic batch; the server's limit is 1000."""
FEW = 4
"""So many are published each by itself: the server stages a batch in files of its own, which takes
some 15 ms however small it is, and a publication half a millisecond."""


class PublishRefused(Exception):
    """The stream did not take all that was to be published."""


@dataclass(frozen=True)
class Outgoing:
    """One row of the log as it goes on the wire."""

    id: int
    event_id: UUID
    subject: str
    body: str
    traceparent: str | None

    def headers(self) -> dict[str, str]:
        headers = {"Nats-Msg-Id": str(self.event_id), "content-type": CONTENT_TYPE}
        if self.traceparent:
            headers["traceparent"] = self.traceparent
        return headers


async def publish_batch(
    client: Client, stream: str, rows: Sequence[Outgoing], *, after: int | None = None
) -> int:
    """Store all rows in order; returns the stream sequence of the last.

    `after` is the sequence the stream must end with: the server refuses when it was made anew, or
    when somebody else wrote in between.

    Raises `PublishRefused` when the server said no (a duplicate id in a batch, a missing or full
    stream), and `TimeoutError` when nobody knows: the caller must then look what the stream holds.
    Of more than `FEW` rows it holds all or none, of a few perhaps only the first ones.
    """
    first = {} if after is None else {"Nats-Expected-Last-Sequence": str(after)}
    publish = _publish_each if len(rows) <= FEW else _publish_atomically
    return await publish(client, stream, rows, first)


async def _publish_atomically(
    client: Client, stream: str, rows: Sequence[Outgoing], first: dict[str, str]
) -> int:
    """JetStream atomic batch (ADR-50): one fsync before one acknowledgement."""
    batch = str(new_id())
    for place, row in enumerate(rows, start=1):
        headers = row.headers() | {
            "Nats-Batch-Id": batch,
            "Nats-Batch-Sequence": str(place),
            "Nats-Expected-Stream": stream,
        }
        if place == 1:
            headers |= first
        if place < len(rows):
            await client.publish(row.subject, row.body.encode(), headers=headers)
        else:
            headers["Nats-Batch-Commit"] = "1"
            answer = await client.request(
                row.subject, row.body.encode(), timeout=FETCH_TIMEOUT_S, headers=headers
            )
    return _stored(answer)


async def _publish_each(
    client: Client, stream: str, rows: Sequence[Outgoing], first: dict[str, str]
) -> int:
    """All on their way at once, each to be stored right behind the one before it or not at all.

    By sequence alone a later one would be stored where a stranger took the place of an earlier one.
    """
    inbox = client.new_inbox()
    answers = await client.subscribe(inbox)
    expected = first
    try:
        for row in rows:
            headers = row.headers() | expected | {"Nats-Expected-Stream": stream}
            await client.publish(row.subject, row.body.encode(), reply=inbox, headers=headers)
            await asyncio.sleep(0)  # it leaves while the next one is written
            faults.point("between_publications")
            expected = {"Nats-Expected-Last-Msg-Id": str(row.event_id)}
        return max([_stored(await answers.next_msg(FETCH_TIMEOUT_S)) for _ in rows])
    finally:
        with suppress(*Down):
            await answers.unsubscribe()


def _stored(answer: Msg) -> int:
    """The sequence that an acknowledgement tells; it is empty where there is no stream."""
    told = json.loads(answer.data or '{"error": "no stream takes this subject"}')
    if "error" in told:
        raise PublishRefused(json.dumps(told["error"]))
    return int(told["seq"])
