"""Writing logged events to a stream: many at once or not at all."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from nats.aio.client import Client

from contracts.event import CONTENT_TYPE
from services.chassis.bus.connection import FETCH_TIMEOUT_S
from services.chassis.ids import new_id

MAX_BATCH = 500
"""Events in one atomic batch; the server's limit is 1000."""


class PublishRefused(Exception):  # noqa: N818  the server's answer, not our error
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


async def publish_batch(client: Client, stream: str, rows: Sequence[Outgoing]) -> int:
    """Store all rows in order, or none; returns the stream sequence of the last.

    JetStream atomic batch (ADR-50): one fsync before one acknowledgement. Raises `PublishRefused`
    when the server said no (a duplicate id among them, a missing or full stream), and
    `TimeoutError` when nobody knows: the caller must then look what the stream holds.
    """
    batch = str(new_id())
    last = len(rows)
    for place, row in enumerate(rows, start=1):
        headers = row.headers() | {
            "Nats-Batch-Id": batch,
            "Nats-Batch-Sequence": str(place),
            "Nats-Expected-Stream": stream,
        }
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


async def publish_one(client: Client, stream: str, row: Outgoing) -> int:
    """Store one row; a duplicate id answers with the sequence it already has."""
    ack = await client.jetstream(timeout=FETCH_TIMEOUT_S).publish(
        row.subject, row.body.encode(), headers=row.headers(), stream=stream
    )
    return ack.seq
