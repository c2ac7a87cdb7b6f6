"""How a slot is taken and given back. Double booking and overselling end here, in the database.

Three walls: writers of one venue take turns (advisory lock), the insert looks for an overlap, and a
constraint would refuse what both let through. Pending bookings hold their slot like confirmed ones.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from contracts.bases.bookings import BookingRequested
from contracts.kinds import Sharing
from services.bases.domain.bookings import SlotTaken, Venue, VenueFull
from services.bases.tables.rows import BookingRow
from services.chassis.clock import LOCAL
from services.chassis.unit_of_work import Transaction

BUCKET = timedelta(minutes=15)
"""Shared venues count places by quarter of an hour."""

LOCK = "pg_advisory_xact_lock(hashtextextended(v.venue_id::text, 3))"
LOCK_SLOTS = f"SELECT {LOCK} FROM venue v WHERE v.venue_id = $1"  # noqa: S608  our own constant

ASK = f"""
SELECT v.venue_id, v.base_id, b.kind AS base_kind, b.area, v.capacity, v.sharing,
       v.buffer_minutes, v.version, v.name, o.name AS organisation_name, {LOCK}
  FROM venue v JOIN base b USING (base_id)
  LEFT JOIN organisation o ON o.organisation_id = $2
 WHERE v.venue_id = $1
"""  # noqa: S608
"""Looks and locks in one trip. What it saw may be older than the lock, so the insert looks again:
at the venue's version and, as a statement of its own begins with a fresh snapshot, for overlaps."""
INSERT = """
INSERT INTO booking (booking_id, base_id, base_kind, area, venue_id, venue_no, organisation_id,
                     starts_at, ends_at, during, headcount, channel, visitor_level,
                     exclusive, status, version, recorded_at)
SELECT $1, v.base_id, $3, $4, v.venue_id, v.no, $5, $6, $7, tstzrange($6, $8, '[)'),
       $9, $10, $11, $12, 'pending', 1, $13
  FROM venue v
 WHERE v.venue_id = $2 AND v.version = $14
   AND NOT ($12 AND EXISTS (
        SELECT 1 FROM booking b
         WHERE int8range(b.venue_no, b.venue_no, '[]') = int8range(v.no, v.no, '[]')
           AND b.during && tstzrange($6, $8, '[)')
           AND b.holds AND b.exclusive))
RETURNING booking_id
"""
CONFLICTS = """
SELECT lower(during) AS since, upper(during) AS until FROM booking
 WHERE venue_id = $1 AND during && tstzrange($2, $3, '[)')
   AND holds AND exclusive
 ORDER BY since
"""
TAKE = """
INSERT INTO venue_load AS l (venue_id, bucket, taken, capacity)
SELECT $1, bucket, $3, $4 FROM unnest($2::timestamptz[]) AS bucket
ON CONFLICT (venue_id, bucket) DO UPDATE SET taken = l.taken + excluded.taken
 WHERE l.taken + excluded.taken <= l.capacity
RETURNING bucket
"""
FREE = "SELECT min(capacity - taken) FROM venue_load WHERE venue_id = $1 AND bucket = ANY($2)"
HELD_UNTIL = "SELECT upper(during) FROM booking WHERE booking_id = $1"
GIVE_BACK = "UPDATE venue_load SET taken = taken - $3 WHERE venue_id = $1 AND bucket = ANY($2)"
BUSIEST = """
SELECT greatest(
    (SELECT max(taken) FROM venue_load WHERE venue_id = $1 AND bucket >= $3),
    (SELECT max(headcount) FROM booking WHERE venue_id = $1 AND holds AND upper(during) > $2), 0)
"""
SET_CAPACITY = """
UPDATE venue_load SET capacity = $2 WHERE venue_id = $1 AND bucket >= $3 AND taken <= $2
"""


@dataclass(frozen=True)
class Asked:
    """What a booking refers to; the venue's slots are ours until the transaction ends."""

    venue: Venue
    venue_version: int
    venue_name: str
    organisation_name: str | None
    """`None` when there is no such organisation."""


async def lock_slots(work: Transaction, venue_id: UUID) -> None:
    """Writers of one venue's slots take turns until their transactions end."""
    await (await work.driver()).execute(LOCK_SLOTS, venue_id)


async def lock_venue(work: Transaction, venue_id: UUID, organisation_id: UUID) -> Asked | None:
    """`None` when there is no such venue."""
    row = await (await work.driver()).fetchrow(ASK, venue_id, organisation_id)
    if row is None:
        return None
    venue = Venue(
        venue_id=row["venue_id"],
        base_id=row["base_id"],
        base_kind=row["base_kind"],
        area=row["area"],
        capacity=row["capacity"],
        sharing=Sharing(row["sharing"]),
        buffer=timedelta(minutes=row["buffer_minutes"]),
    )
    return Asked(venue, row["version"], row["name"], row["organisation_name"])


async def take(work: Transaction, event: BookingRequested, asked: Asked) -> bool:
    """Write the booking and take its slot. Raises `SlotTaken` or `VenueFull`.

    False when the venue was edited after it was looked at and before it was locked: look again.
    """
    venue = asked.venue
    held_until = event.ends_at + venue.buffer
    exclusive = venue.sharing is Sharing.EXCLUSIVE
    try:
        inserted = await (await work.driver()).fetchval(
            INSERT, event.booking_id, event.venue_id, event.base_kind, event.area,
            event.organisation_id, event.starts_at, event.ends_at, held_until, event.headcount,
            event.channel, event.visitor_level, exclusive, work.now, asked.venue_version,
        )  # fmt: skip
    except asyncpg.ExclusionViolationError as error:
        raise SlotTaken("Taken at this moment.", zh="该时段刚刚被预约。", taken=[]) from error
    if inserted is None:
        await _refuse_taken(work, event, held_until)
        return False
    if not exclusive:
        await _take_places(work, event, venue, held_until)
    return True


async def _refuse_taken(work: Transaction, event: BookingRequested, held_until: datetime) -> None:
    """Raises `SlotTaken`, which says by what; nothing when the slot is free."""
    rows = await (await work.driver()).fetch(CONFLICTS, event.venue_id, event.starts_at, held_until)
    if not rows:
        return
    taken = [(row["since"].astimezone(LOCAL), row["until"].astimezone(LOCAL)) for row in rows]
    shown = "、".join(f"{a:%m月%d日 %H:%M}–{b:%H:%M}" for a, b in taken)
    raise SlotTaken(
        "Taken, buffer included: "
        + ", ".join(f"{a.isoformat()}/{b.isoformat()}" for a, b in taken),
        zh=f"该场馆 {shown}（含整理时间）已被预约。",
        taken=[{"from": a.isoformat(), "until": b.isoformat()} for a, b in taken],
    )


async def _take_places(
    work: Transaction, event: BookingRequested, venue: Venue, held_until: datetime
) -> None:
    connection = await work.driver()
    wanted = venue.venue_id, buckets(event.starts_at, held_until)
    counted = await connection.fetch(TAKE, *wanted, event.headcount, venue.capacity)
    if len(counted) < len(wanted[1]):
        free = await connection.fetchval(FREE, *wanted)
        raise VenueFull(
            f"{free} places are left at that time.",
            zh=f"该时段仅剩 {free} 个名额。",
            free=free,
        )


async def give_back(work: Transaction, row: BookingRow) -> None:
    """Free the slot of a booking that will not be held."""
    await lock_slots(work, row.venue_id)
    row.holds = False
    if row.exclusive:
        return
    connection = await work.driver()
    until = await connection.fetchval(HELD_UNTIL, row.booking_id)
    await connection.execute(GIVE_BACK, row.venue_id, buckets(row.starts_at, until), row.headcount)


async def busiest(work: Transaction, venue_id: UUID) -> int:
    """The most people that bookings not yet over bring to the venue at one time."""
    found: int = await (await work.driver()).fetchval(
        BUSIEST, venue_id, work.now, work.now - BUCKET
    )
    return found


async def set_capacity(work: Transaction, venue_id: UUID, capacity: int) -> None:
    """Let the counters of what lies ahead follow the venue's new capacity."""
    await (await work.driver()).execute(SET_CAPACITY, venue_id, capacity, work.now - BUCKET)


def buckets(start: datetime, end: datetime) -> list[datetime]:
    """Every quarter of an hour that `[start, end)` touches, in order (so locks are, too)."""
    size = BUCKET.total_seconds()
    first = start.timestamp() // size
    found = []
    at = datetime.fromtimestamp(first * size, tz=start.tzinfo)
    while at < end:
        found.append(at)
        at += BUCKET
    return found
