"""The permanent event log, and the outbox that says which of its events still await publication."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from contracts.event import MAX_EVENT_BYTES, Envelope, Event, subject_of
from services.chassis.errors import Defect
from services.chassis.ids import new_id


@dataclass(frozen=True)
class Cause:
    """Why a unit of work runs: the request or message that started it."""

    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True)
class Entry:
    """One event as it is logged and published; `body` is its CloudEvent, never serialised again."""

    event_id: UUID
    type: str
    aggregate_id: UUID
    aggregate_version: int
    subject: str
    traceparent: str | None
    occurred_at: datetime
    recorded_at: datetime
    body: str


class _Wire(msgspec.Struct, omit_defaults=True):
    """Mirror of `contracts.event.Envelope`, for speed; a test keeps the two alike."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str
    dataschema: str
    recordedtime: datetime
    aggregateversion: int
    correlationid: str
    data: msgspec.Raw
    causationid: str | None = None
    traceparent: str | None = None


_encoder = msgspec.json.Encoder()


def entry(
    event: Event, *, version: int, occurred_at: datetime, recorded_at: datetime, cause: Cause
) -> Entry:
    """Wrap `event` for log and wire; `version` counts its aggregate's events from 1, densely."""
    event_id, key = new_id(), event.key
    wire = _Wire(
        specversion="1.0",
        id=str(event_id),
        source=f"/jiceng/{event.names()[0]}",
        type=event.type,
        subject=str(key),
        time=occurred_at,
        datacontenttype="application/json",
        dataschema=f"/contracts/schemas/{event.type}.json",
        recordedtime=recorded_at,
        aggregateversion=version,
        correlationid=cause.correlation_id,
        data=msgspec.Raw(event.model_dump_json().encode()),
        causationid=cause.causation_id,
        traceparent=cause.traceparent,
    )
    body = _encoder.encode(wire)
    if len(body) > MAX_EVENT_BYTES:
        raise Defect(f"{event.type} has {len(body)} bytes, more than {MAX_EVENT_BYTES}")
    return Entry(
        event_id=event_id,
        type=event.type,
        aggregate_id=key,
        aggregate_version=version,
        subject=subject_of(event),
        traceparent=cause.traceparent,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        body=body.decode(),
    )


_LOGGED = """
logged AS (
    INSERT INTO event_log (event_id, type, aggregate_id, aggregate_version, subject, traceparent,
                           occurred_at, recorded_at, body)
    SELECT event_id, type, aggregate_id, aggregate_version, subject, traceparent,
           occurred_at, recorded_at, body
      FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::text[], $6::text[],
                  $7::timestamptz[], $8::timestamptz[], $9::text[]) WITH ORDINALITY
        AS e (event_id, type, aggregate_id, aggregate_version, subject, traceparent,
              occurred_at, recorded_at, body, place)
     ORDER BY place
    RETURNING id
)
INSERT INTO outbox (id) SELECT id FROM logged
"""
_ANSWERED = """
answered AS (
    UPDATE idempotency SET status = $12, headers = $13::jsonb, body = $14
     WHERE actor = $10 AND key = $11
),
"""
APPEND = f"WITH {_LOGGED}"
"""Log and queue in one round trip. The statement comes last in its transaction: the aggregate's row
is locked by then, so ids of one aggregate follow its versions."""
APPEND_AND_ANSWER = f"WITH {_ANSWERED} {_LOGGED}"


@dataclass(frozen=True)
class Answer:
    """What a command answered, kept for whoever repeats its key."""

    actor: str
    key: str
    status: int
    headers: str
    body: str


def columns(entries: Sequence[Entry]) -> tuple[list[object], ...]:
    """The entries as the first parameters of `APPEND`."""
    return (
        [e.event_id for e in entries],
        [e.type for e in entries],
        [e.aggregate_id for e in entries],
        [e.aggregate_version for e in entries],
        [e.subject for e in entries],
        [e.traceparent for e in entries],
        [e.occurred_at for e in entries],
        [e.recorded_at for e in entries],
        [e.body for e in entries],
    )


async def append(
    connection: asyncpg.Connection, entries: Sequence[Entry], answer: Answer | None = None
) -> None:
    """Part of the caller's transaction."""
    if answer is None:
        await connection.execute(APPEND, *columns(entries))
    else:
        kept = (answer.actor, answer.key, answer.status, answer.headers, answer.body)
        await connection.execute(APPEND_AND_ANSWER, *columns(entries), *kept)


async def find(connection: asyncpg.Connection | asyncpg.Pool, event_id: UUID) -> Envelope | None:
    """One event out of the log, for whoever traces a figure."""
    body = await connection.fetchval("SELECT body FROM event_log WHERE event_id = $1", event_id)
    return None if body is None else Envelope.model_validate_json(body)
