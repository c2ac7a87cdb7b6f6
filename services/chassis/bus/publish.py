"""Writing logged events to a stream: many at once or not at all."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from nats.aio.client import Client
from nats.js.errors import APIError

from contracts.event import CONTENT_TYPE
from services.chassis.bus.connection import FETCH_TIMEOUT_S
from services.chassis.ids import new_id

MAX_BATCH = 500
"""Events in one atomic batch; the server's limit is 1000."""


class PublishRefused(Exception):
    """The stream took nothing of the batch."""


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
    """Store all rows in order, or none; returns the stream sequence of the last.

    `after` is the sequence the stream must end with: the server refuses when it was made anew, or
    when somebody else wrote in between.

    JetStream atomic batch (ADR-50): one fsync before one acknowledgement. Raises `PublishRefused`
    when the server said no (a duplicate id among them, a missing or full stream), and
    `TimeoutError` when nobody knows: the caller must then look what the stream holds.
    """
    batch = str(new_id())
    last = len(rows)
    if last == 1:
        return await _publish_alone(client, stream, rows[0], after)
    for place, row in enumerate(rows, start=1):
        headers = row.headers() | {
            "Nats-Batch-Id": batch,
            "Nats-Batch-Sequence": str(place),
            "Nats-Expected-Stream": stream,
        }
        if place == 1 and after is not None:
            headers["Nats-Expected-Last-Sequence"] = str(after)
        if place < last:
            await client.publish(row.subject, row.body.encode(), headers=headers)
        else:
            headers["Nats-Batch-Commit"] = "1"
            reply = await client.request(
                row.subject, row.body.encode(), timeout=FETCH_TIMEOUT_S, headers=headers
            )
    answer = json.loads(reply.data)
    if "error" in answer:
        raise PublishRefused(json.dumps(answer["error"]))
    return int(answer["seq"])


async def _publish_alone(client: Client, stream: str, row: Outgoing, after: int | None) -> int:
    headers = row.headers()
    if after is not None:
        headers["Nats-Expected-Last-Sequence"] = str(after)
    try:
        ack = await client.jetstream(timeout=FETCH_TIMEOUT_S).publish(
            row.subject, row.body.encode(), headers=headers, stream=stream
        )
    except APIError as error:
        raise PublishRefused(str(error)) from error
    return ack.seq
