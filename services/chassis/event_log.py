"""The permanent event log, and the outbox that says which of its events still await publication."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
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


_COLUMNS = """event_id, type, aggregate_id, aggregate_version, subject, traceparent,
           occurred_at, recorded_at, body"""
_WIDTH = 9
_FEW = 4
"""Up to so many events are sent value by value: arrays cost driver and server more than that."""
_MANY = f"""
    SELECT {_COLUMNS}
      FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::text[], $6::text[],
                  $7::timestamptz[], $8::timestamptz[], $9::text[]) WITH ORDINALITY
        AS e ({_COLUMNS}, place)
     ORDER BY place
"""  # noqa: S608  our own constants, as below
_ANSWER = """
UPDATE idempotency SET status = $3, headers = $4::jsonb, body = $5 WHERE actor = $1 AND key = $2
"""
_PARAMETER = re.compile(r"\$(\d+)")

Write = tuple[str, tuple[object, ...]]
"""A statement that answers nothing, and what it is given."""


@lru_cache(maxsize=256)
def _statement(events: int, writes: tuple[tuple[str, int], ...]) -> str:
    """Log, queue and do all `writes` (statement, number of parameters) in one round trip.

    It comes last in its transaction: the aggregate's row is locked by then, so ids of one aggregate
    follow its versions.
    """
    few = 1 <= events <= _FEW
    rows, taken = (_values(events), events * _WIDTH) if few else (_MANY, _WIDTH)
    before = []
    for place, (statement, parameters) in enumerate(writes):
        before.append(f"write_{place} AS ({_renumbered(statement, taken)}), ")
        taken += parameters
    return f"""
WITH {"".join(before)} logged AS (
    INSERT INTO event_log ({_COLUMNS}) {rows} RETURNING id
)
INSERT INTO outbox (id) SELECT id FROM logged
"""  # noqa: S608


def _values(events: int) -> str:
    return "VALUES " + ", ".join(
        "(" + ", ".join(f"${first + n}" for n in range(1, _WIDTH + 1)) + ")"
        for first in range(0, events * _WIDTH, _WIDTH)
    )


def _renumbered(statement: str, by: int) -> str:
    return _PARAMETER.sub(lambda found: f"${int(found[1]) + by}", statement)


APPEND = _statement(0, ())
"""Of any number of events, as `columns` gives them."""


@dataclass(frozen=True)
class Answer:
    """What a command answered, kept for whoever repeats its key."""

    actor: str
    key: str
    status: int
    headers: str
    body: str


def _fields(entry: Entry) -> tuple[object, ...]:
    """In the order of `_COLUMNS`."""
    return (
        entry.event_id,
        entry.type,
        entry.aggregate_id,
        entry.aggregate_version,
        entry.subject,
        entry.traceparent,
        entry.occurred_at,
        entry.recorded_at,
        entry.body,
    )


def columns(entries: Sequence[Entry]) -> tuple[object, ...]:
    """The entries as the first parameters of `APPEND`."""
    if not entries:
        return ([],) * 9
    return tuple(map(list, zip(*map(_fields, entries), strict=True)))


async def append(
    connection: asyncpg.Connection,
    entries: Sequence[Entry],
    answer: Answer | None = None,
    writes: Sequence[Write] = (),
) -> None:
    """Part of the caller's transaction, in one trip with whatever else it has to write."""
    count = len(entries)
    given: list[object] = []
    if 1 <= count <= _FEW:
        for each in entries:
            given += _fields(each)
    else:
        given += columns(entries)
    if answer is not None:
        kept = (answer.actor, answer.key, answer.status, answer.headers, answer.body)
        writes = [(_ANSWER, kept), *writes]
    shapes = tuple((statement, len(values)) for statement, values in writes)
    for _, values in writes:
        given += values
    await connection.execute(_statement(min(count, _FEW + 1), shapes), *given)


async def find(connection: asyncpg.Connection | asyncpg.Pool, event_id: UUID) -> Envelope | None:
    """One event out of the log, for whoever traces a figure."""
    body = await connection.fetchval("SELECT body FROM event_log WHERE event_id = $1", event_id)
    return None if body is None else Envelope.model_validate_json(body)
