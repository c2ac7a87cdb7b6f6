"""Slots and duties as rows: written in sets, and never twice for one person at one time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.liaison import DutyKind, DutyOutcome
from contracts.kinds.members import HolderKind
from services.chassis.clock import whole_days
from services.chassis.database import driver, execute
from services.chassis.rows import missing
from services.membership.domain.liaison.duties import Duty, KeptDuty
from services.membership.domain.liaison.rotation import Span
from services.membership.domain.volunteering.holders import Holder

PLAN_LOCK = "SELECT pg_advisory_xact_lock(54)"
"""Rotas are laid out one after the other: each sees whom the others took."""

AREAS = """
SELECT area, 1 AS rank FROM member WHERE member_id = $1
UNION SELECT area, 1 FROM registrant WHERE registrant_id = $1
UNION SELECT r.area, 2 FROM rota_holder h JOIN duty_rota r USING (rota_id) WHERE h.holder_id = $1
 ORDER BY rank, area
"""
HOLDERS = f"""
SELECT area, member_id AS holder_id, '{HolderKind.MEMBER}' AS holder_kind
  FROM member WHERE member_id = ANY($1)
 UNION ALL SELECT area, registrant_id, '{HolderKind.REGISTRANT}'
  FROM registrant WHERE registrant_id = ANY($1)
"""  # noqa: S608  our own codes
SAY_HOLDERS = """
INSERT INTO rota_holder (rota_id, holder_id, holder_kind)
SELECT $1, holder_id, holder_kind
  FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS one (holder_id, holder_kind, n)
 WHERE NOT EXISTS (SELECT FROM rota_holder r WHERE r.rota_id = $1 AND r.holder_id = one.holder_id)
 ORDER BY n
"""
POOL = "SELECT holder_id, holder_kind FROM rota_holder WHERE rota_id = $1 ORDER BY position"
SERVED = """
SELECT holder_id FROM (
    SELECT DISTINCT ON (d.holder_id) d.holder_id, lower(d.during) AS since, d.duty_id
      FROM rota_duty d JOIN duty_slot s USING (slot_id)
     WHERE s.rota_id = $1 AND NOT d.released
     ORDER BY d.holder_id, since DESC) AS latest
 ORDER BY since, duty_id
"""
BUSY = """
SELECT holder_id, lower(during) AS since, upper(during) AS until FROM rota_duty
 WHERE holder_id = ANY($1) AND NOT released AND during && tstzrange($2, $3)
"""
ABSENT = """
SELECT holder_id, first_day, last_day FROM holder_absence
 WHERE holder_id = ANY($1) AND first_day <= $3::date AND last_day >= $2::date
"""
SLOTS = """
INSERT INTO duty_slot (rota_id, headcount, slot_id, kind, organisation_id, area, point_id,
                       visited_id, starts_at, ends_at)
SELECT $1, $2, one.*
  FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::uuid[], $8::uuid[],
              $9::timestamptz[], $10::timestamptz[]) AS one
"""
DUTIES = """
INSERT INTO rota_duty (duty_id, slot_id, holder_id, holder_kind, during, version)
SELECT duty_id, slot_id, holder_id, holder_kind, tstzrange(since, until, '[)'), 1
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::timestamptz[])
       AS one (duty_id, slot_id, holder_id, holder_kind, since, until)
"""
HELD = """
SELECT d.duty_id, d.slot_id, d.holder_id, d.holder_kind, d.outcome, d.released, d.version,
       d.revision, s.kind, s.area, s.organisation_id, s.point_id, s.visited_id, s.starts_at,
       s.ends_at
  FROM rota_duty d JOIN duty_slot s USING (slot_id)
"""
LOCK = f"{HELD} WHERE d.duty_id = ANY($1) ORDER BY d.duty_id FOR UPDATE OF d"
LOCK_AHEAD = f"""
{HELD} WHERE s.rota_id = $1 AND s.starts_at > $2 AND NOT d.released AND d.outcome IS NULL
 ORDER BY d.duty_id FOR UPDATE OF d
"""
RELEASE = "UPDATE rota_duty SET released = true, version = version + 1 WHERE duty_id = ANY($1)"
CANCEL = "UPDATE duty_slot SET cancelled = true WHERE rota_id = $1 AND starts_at > $2"
REASSIGN = """
UPDATE rota_duty SET holder_id = one.holder_id, holder_kind = one.holder_kind, version = version + 1
  FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS one (duty_id, holder_id, holder_kind)
 WHERE rota_duty.duty_id = one.duty_id
"""
RECORD = """
UPDATE rota_duty SET outcome = $2, version = version + 1,
       revision = revision + (outcome IS NOT NULL)::int
 WHERE duty_id = $1
"""
LISTED = """
SELECT s.slot_id, s.rota_id, s.kind, s.organisation_id, s.area, s.point_id, s.visited_id,
       s.starts_at, s.ends_at, s.headcount, p.label AS place, d.duty_id, d.holder_id,
       d.holder_kind, d.outcome, d.version
  FROM duty_slot s
  LEFT JOIN liaison_point p USING (point_id)
  LEFT JOIN rota_duty d ON d.slot_id = s.slot_id AND NOT d.released
 WHERE NOT s.cancelled AND s.starts_at >= :first AND s.starts_at < :until
   AND EXISTS (SELECT FROM unnest(CAST(:within AS text[])) AS a WHERE starts_with(s.area, a))
   AND (CAST(:point_id AS uuid) IS NULL OR s.point_id = :point_id)
   AND (CAST(:organisation_id AS uuid) IS NULL OR s.organisation_id = :organisation_id)
   AND (CAST(:kind AS text) IS NULL OR s.kind = :kind)
   AND (CAST(:holder_id AS uuid) IS NULL OR d.holder_id = :holder_id)
 ORDER BY s.starts_at, p.code, s.slot_id, d.duty_id
"""
FILTERS = ("point_id", "organisation_id", "kind", "holder_id")
DUE = """
SELECT rota_id FROM duty_rota
 WHERE ended_on IS NULL AND cardinality(weekdays) > 0
   AND effective_from <= :until AND (planned_until IS NULL OR planned_until < :until)
 ORDER BY rota_id LIMIT :limit FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A shift of a day, to be written with who is on duty then."""

    slot_id: UUID
    kind: DutyKind
    organisation_id: UUID
    area: str
    point_id: UUID | None
    visited_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    duties: Sequence[Duty]


async def unknown_holders(session: AsyncSession, holders: Iterable[Holder]) -> list[UUID]:
    """Those that are neither on the roll nor registered, in the order given."""
    asked = list(holders)
    rows = await (await driver(session)).fetch(HOLDERS, [each.holder_id for each in asked])
    known = [_holder(row) for row in rows]
    return [holder.holder_id for holder in asked if holder not in known]


async def add_to_pool(session: AsyncSession, rota_id: UUID, holders: Sequence[Holder]) -> None:
    await (await driver(session)).execute(
        SAY_HOLDERS, rota_id, *_columns(holders, "holder_id", "holder_kind")
    )


async def take_from_pool(session: AsyncSession, rota_id: UUID, holder_id: UUID) -> bool:
    done = await (await driver(session)).fetchval(
        "DELETE FROM rota_holder WHERE rota_id = $1 AND holder_id = $2 RETURNING true",
        rota_id,
        holder_id,
    )
    return bool(done)


async def pool(session: AsyncSession, rota_id: UUID) -> list[Holder]:
    """Who takes turns, in the order in which they were named."""
    rows = await (await driver(session)).fetch(POOL, rota_id)
    return [_holder(row) for row in rows]


async def say_absent(session: AsyncSession, holder_id: UUID, first: date, last: date) -> None:
    await (await driver(session)).execute(
        "INSERT INTO holder_absence VALUES ($1, $2, $3)"
        " ON CONFLICT (holder_id, first_day) DO UPDATE SET last_day = excluded.last_day",
        holder_id,
        first,
        last,
    )


async def areas_of(session: AsyncSession, holder_id: UUID) -> list[str]:
    """Where somebody belongs and, if elsewhere, where they take turns."""
    return [row[0] for row in await (await driver(session)).fetch(AREAS, holder_id)]


async def homes(
    connection: asyncpg.Connection, holder_ids: Iterable[UUID]
) -> dict[str, list[UUID]]:
    """By area, those of the holders who belong there."""
    found: dict[str, list[UUID]] = {}
    for row in await connection.fetch(HOLDERS, list(holder_ids)):
        found.setdefault(row["area"], []).append(row["holder_id"])
    return found


async def take_turns(session: AsyncSession) -> None:
    await (await driver(session)).execute(PLAN_LOCK)


async def served(session: AsyncSession, rota_id: UUID) -> list[UUID]:
    """Who was on duty by a rota, or is to be: whose latest turn is longest ago first."""
    return [row["holder_id"] for row in await (await driver(session)).fetch(SERVED, rota_id)]


async def away(
    session: AsyncSession, holders: Sequence[Holder], first: date, last: date
) -> dict[UUID, list[Span]]:
    """When each of `holders` cannot come between two days, both included."""
    connection, ids = await driver(session), [holder.holder_id for holder in holders]
    found: dict[UUID, list[Span]] = {}
    for row in await connection.fetch(BUSY, ids, *whole_days(first, last)):
        found.setdefault(row["holder_id"], []).append((row["since"], row["until"]))
    for row in await connection.fetch(ABSENT, ids, first, last):
        span = whole_days(row["first_day"], row["last_day"])
        found.setdefault(row["holder_id"], []).append(span)
    return found


async def write(
    session: AsyncSession, slots: Sequence[Slot], headcount: int, rota_id: UUID | None = None
) -> None:
    """Slots that ask for so many each, with their duties."""
    connection, duties = await driver(session), [duty for slot in slots for duty in slot.duties]
    *names, _ = (part.name for part in fields(Slot))
    await connection.execute(SLOTS, rota_id, headcount, *_columns(slots, *names))
    names = ["duty_id", "slot_id", "holder_id", "holder_kind", "starts_at", "ends_at"]
    await connection.execute(DUTIES, *_columns(duties, *names))


async def lock(session: AsyncSession, *duty_ids: UUID) -> list[KeptDuty]:
    """In the order asked, ours until the transaction ends. Raises `NotFound`."""
    rows = await (await driver(session)).fetch(LOCK, list(duty_ids))
    found = {row["duty_id"]: KeptDuty(**row) for row in rows}
    for duty_id in duty_ids:
        if duty_id not in found:
            raise missing("duty", duty_id, "值勤")
    return [found[duty_id] for duty_id in duty_ids]


async def release_ahead(session: AsyncSession, rota_id: UUID, now: datetime) -> list[KeptDuty]:
    """Give up what a rota has laid out and not begun; the duties as they were."""
    connection = await driver(session)
    held = [KeptDuty(**row) for row in await connection.fetch(LOCK_AHEAD, rota_id, now)]
    await connection.execute(RELEASE, [each.duty_id for each in held])
    await connection.execute(CANCEL, rota_id, now)
    return held


async def reassign(session: AsyncSession, duties: Sequence[Duty]) -> None:
    """One statement, so that two who swap never stand in each other's way."""
    await (await driver(session)).execute(
        REASSIGN, *_columns(duties, "duty_id", "holder_id", "holder_kind")
    )


async def record(session: AsyncSession, duty_id: UUID, outcome: DutyOutcome) -> None:
    await (await driver(session)).execute(RECORD, duty_id, outcome)


async def due(session: AsyncSession, until: date, limit: int) -> list[UUID]:
    """Rotas not laid out up to `until`, locked."""
    rows = await execute(session, DUE, {"until": until, "limit": limit})
    return list(rows.scalars())


async def listed(
    session: AsyncSession,
    within: Sequence[str],
    first: date,
    last: date,
    **filters: UUID | DutyKind | None,
) -> Sequence[Any]:
    """Slots and who is on duty, in order of time; one row a person, one for an empty slot.

    By any of `FILTERS`.
    """
    since, until = whole_days(first, last)
    values = dict.fromkeys(FILTERS) | filters
    values |= {"within": list(within), "first": since, "until": until}
    return (await execute(session, LISTED, values)).all()


def _holder(row: Mapping[str, Any]) -> Holder:
    return Holder(row["holder_id"], HolderKind(row["holder_kind"]))


def _columns(items: Sequence[Any], *names: str) -> list[list[Any]]:
    """As `unnest` takes them."""
    return [[getattr(each, name) for each in items] for name in names]
