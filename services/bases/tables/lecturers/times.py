"""When lecturers can come, as rows."""

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

import asyncpg

from contracts.kinds.bases import DayKind
from contracts.kinds.lecturers import AbsenceKind
from services.bases.domain.lecturers.times import Times, day
from services.bases.domain.opening import Hours, Range, Spans
from services.bases.tables.opening import calendar_within

STATE = """
INSERT INTO lecturer_hours (lecturer_id, effective_from, hours, recorded_at)
VALUES ($1, $2, $3::text::jsonb, $4)
ON CONFLICT (lecturer_id, effective_from) DO UPDATE
   SET hours = excluded.hours, recorded_at = excluded.recorded_at
"""
STATED = """
SELECT lecturer_id, effective_from, hours::text AS hours FROM lecturer_hours
 WHERE lecturer_id = ANY($1) ORDER BY lecturer_id, effective_from
"""
AWAY = """
SELECT lecturer_id, kind, starts_at, ends_at FROM lecturer_absence
 WHERE lecturer_id = ANY($1) AND withdrawn_at IS NULL AND ends_at > $2 AND starts_at < $3
 ORDER BY starts_at
"""


async def times(
    connection: asyncpg.Connection, ids: Collection[UUID], first: date, last: date
) -> dict[UUID, Times]:
    """When each can come, good for questions about `first` to `last`, both included."""
    calendar = await calendar_within(connection, first, last)
    hours = await stated(connection, ids)
    away: dict[tuple[UUID, str], list[Range]] = {}
    for row in await connection.fetch(AWAY, list(ids), *day(first, last)):
        found = away.setdefault((row["lecturer_id"], row["kind"]), [])
        found.append((row["starts_at"], row["ends_at"]))
    return {
        lecturer_id: Times(
            calendar=calendar,
            hours=hours.get(lecturer_id, ()),
            extras=away.get((lecturer_id, AbsenceKind.EXTRA), ()),
            leaves=away.get((lecturer_id, AbsenceKind.LEAVE), ()),
        )
        for lecturer_id in ids
    }


async def stated(connection: asyncpg.Connection, ids: Collection[UUID]) -> dict[UUID, list[Hours]]:
    """All weekly times that each ever stated, the oldest first."""
    found: dict[UUID, list[Hours]] = {}
    for row in await connection.fetch(STATED, list(ids)):
        spans = {
            DayKind(kind): tuple((begins, ends) for begins, ends in each)
            for kind, each in json.loads(row["hours"]).items()
        }
        found.setdefault(row["lecturer_id"], []).append(Hours(row["effective_from"], spans))
    return found


async def state(
    connection: asyncpg.Connection,
    lecturer_id: UUID,
    effective_from: date,
    spans: Mapping[DayKind, Spans],
    at: datetime,
) -> None:
    """What was stated for the same day before is replaced."""
    hours = json.dumps({kind.value: each for kind, each in spans.items()})
    await connection.execute(STATE, lecturer_id, effective_from, hours, at)
