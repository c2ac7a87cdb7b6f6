"""How a slot is taken and given back. Double booking and overselling end here, in the database.

Three walls: writers of one venue take turns (advisory lock), the insert looks for an overlap, and a
constraint would refuse what both let through. Pending bookings hold their slot like confirmed ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from contracts.kinds import Sharing
from services.bases.domain.bookings.ask import held
from services.bases.domain.bookings.model import Booking
from services.bases.domain.bookings.refusals import SlotTaken, VenueFull
from services.bases.tables.next_free import BUCKET, next_free
from services.bases.tables.occasions import HOURS_VERSION, Asked
from services.bases.tables.rows import BookingRow
from services.chassis.clock import LOCAL
from services.chassis.unit_of_work import Transaction

LOCK_SLOTS = "SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 3))"

TAKEN = """
EXISTS (SELECT 1 FROM booking b
         WHERE int8range(b.venue_no, b.venue_no, '[]') = int8range(v.no, v.no, '[]')
           AND b.during && tstzrange($6, $8, '[)')
           AND b.holds AND b.exclusive AND b.booking_id <> $1)
"""
CLOSED = """
EXISTS (SELECT 1 FROM closure c
         WHERE c.base_id = v.base_id AND (c.venue_id IS NULL OR c.venue_id = v.venue_id)
           AND c.starts_at < $7 AND c.ends_at > $6
           AND (c.reopens_at IS NULL OR c.reopens_at > greatest($6, c.starts_at)))
"""
AS_SEEN = f"""
({HOURS_VERSION}) = {{}}
AND v.available_from IS NOT DISTINCT FROM {{}} AND v.available_to IS NOT DISTINCT FROM {{}}
"""
INSERT = f"""
WITH made AS (
    INSERT INTO booking (booking_id, base_id, base_kind, area, venue_id, venue_no, organisation_id,
                         starts_at, ends_at, during, headcount, channel, visitor_level,
                         on_behalf, off_day, menu_item_id, menu_item_kind, series_id,
                         package_booking_id, steps, has_contact, exclusive, status, version,
                         recorded_at)
    SELECT $1, v.base_id, $3, $4, v.venue_id, v.no, $5, $6, $7, tstzrange($6, $8, '[)'),
           $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23
      FROM venue v
     WHERE v.venue_id = $2 AND v.version = $24 AND {AS_SEEN.format("$26", "$27", "$28")}
       AND NOT {CLOSED} AND NOT ($20 AND {TAKEN})
    RETURNING booking_id, version, recorded_at
)
INSERT INTO booking_step (booking_id, version, step, actor, at)
SELECT booking_id, version, CASE $21 WHEN 'pending' THEN 'requested' ELSE $21 END, $25, recorded_at
  FROM made RETURNING booking_id
"""  # noqa: S608  our own constants, as below
MOVE = f"""
UPDATE booking o
   SET base_id = v.base_id, base_kind = $3, area = $4, venue_id = v.venue_id, venue_no = v.no,
       starts_at = $6, ends_at = $7, during = tstzrange($6, $8, '[)'), headcount = $9,
       menu_item_id = $10, menu_item_kind = $11, off_day = $12, exclusive = $13,
       holds = true, status = $18, steps = $19, version = o.version + 1
  FROM venue v
 WHERE o.booking_id = $1 AND v.venue_id = $2 AND o.organisation_id = $5 AND v.version = $14
   AND {AS_SEEN.format("$15", "$16", "$17")}
   AND NOT {CLOSED} AND NOT ($13 AND {TAKEN})
RETURNING o.booking_id
"""  # noqa: S608
CONFLICTS = """
SELECT lower(during) AS since, upper(during) AS until FROM booking
 WHERE venue_id = $1 AND during && tstzrange($2, $3, '[)')
   AND holds AND exclusive AND booking_id <> $4
 ORDER BY since
"""
TAKE = """
INSERT INTO venue_load AS l (venue_id, bucket, taken, capacity)
SELECT $1, bucket, $3, $4 FROM unnest($2::timestamptz[]) AS bucket
ON CONFLICT (venue_id, bucket) DO UPDATE SET taken = l.taken + excluded.taken
 WHERE l.taken + excluded.taken <= l.capacity
RETURNING bucket
"""
CAPACITY = "SELECT capacity FROM venue WHERE venue_id = $1"
FREE = "SELECT min(capacity - taken) FROM venue_load WHERE venue_id = $1 AND bucket = ANY($2)"
RELEASE = "UPDATE booking SET holds = false WHERE booking_id = ANY($1)"
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
class By:
    """Who writes a booking: staff of the base, or of the organisation that comes."""

    actor: str
    staff: bool = True
    has_contact: bool = False
    """Whom to call was said."""


async def lock_slots(work: Transaction, *venue_ids: UUID) -> None:
    """Writers of one venue's slots take turns until their transactions end."""
    connection = await work.driver()
    for venue_id in sorted(venue_ids):
        await connection.execute(LOCK_SLOTS, venue_id)


async def take(work: Transaction, booking: Booking, asked: Asked, by: By) -> bool:
    """Write the booking and take its slot. Raises `SlotTaken` or `VenueFull`.

    False when the venue was edited or closed, or its hours restated, after it was looked at and
    before it was locked: look again.
    """
    since, until = held(booking.starts_at, booking.ends_at, asked.venue)
    exclusive = asked.venue.sharing is Sharing.EXCLUSIVE
    given = (
        booking.booking_id, booking.venue_id, booking.base_kind, booking.area,
        booking.organisation_id, since, booking.ends_at, until, booking.headcount,
        booking.channel, booking.visitor_level, booking.on_behalf, booking.off_day,
        booking.menu_item_id, booking.menu_item_kind, booking.series_id,
        booking.package_booking_id, booking.steps, by.has_contact, exclusive, booking.status,
        booking.version, work.now, asked.venue_version, by.actor,
        asked.hours_version, *asked.available,
    )  # fmt: skip
    if not await _written(work, INSERT, given):
        await _refuse_taken(work, booking, asked, until)
        return False
    if not exclusive:
        await _take_places(work, booking, asked, until)
    return True


async def move(
    work: Transaction, row: BookingRow, booking: Booking, asked: Asked, *, released: bool = False
) -> bool:
    """Give `row` the slot of `booking`; it keeps its own until then, unless it is `released`.

    Both venues are locked. Raises like `take`. False when the venue was edited or closed meanwhile:
    look again.
    """
    since, until = held(booking.starts_at, booking.ends_at, asked.venue)
    exclusive = asked.venue.sharing is Sharing.EXCLUSIVE
    if not (row.exclusive or released):
        await _give_back_places(work, row)
    given = (
        booking.booking_id, booking.venue_id, booking.base_kind, booking.area,
        booking.organisation_id, since, booking.ends_at, until, booking.headcount,
        booking.menu_item_id, booking.menu_item_kind, booking.off_day, exclusive,
        asked.venue_version, asked.hours_version, *asked.available, booking.status, booking.steps,
    )  # fmt: skip
    if not await _written(work, MOVE, given):
        await _refuse_taken(work, booking, asked, until)
        return False
    if not exclusive:
        await _take_places(work, booking, asked, until)
    return True


async def _written(work: Transaction, statement: str, given: tuple[object, ...]) -> bool:
    try:
        return await (await work.driver()).fetchval(statement, *given) is not None
    except asyncpg.ExclusionViolationError as error:
        raise SlotTaken("Taken at this moment.", zh="该时段刚刚被预约。", taken=[]) from error


async def _refuse_taken(work: Transaction, booking: Booking, asked: Asked, until: datetime) -> None:
    """Raises `SlotTaken`, which says by what and what is free next; nothing when it is free."""
    rows = await (await work.driver()).fetch(
        CONFLICTS, booking.venue_id, booking.starts_at, until, booking.booking_id
    )
    if not rows:
        return
    free = await next_free(work, booking, asked)
    raise _taken([(row["since"], row["until"]) for row in rows], free_next=free)


def _taken(during: Sequence[tuple[datetime, datetime]], **facts: Any) -> SlotTaken:
    taken = [(since.astimezone(LOCAL), until.astimezone(LOCAL)) for since, until in during]
    shown = "、".join(f"{a:%m月%d日 %H:%M}–{b:%H:%M}" for a, b in taken)
    return SlotTaken(
        "Taken, buffer included: "
        + ", ".join(f"{a.isoformat()}/{b.isoformat()}" for a, b in taken),
        zh=f"该场馆 {shown}（含整理时间）已被预约。",
        taken=[{"from": a.isoformat(), "until": b.isoformat()} for a, b in taken],
        **facts,
    )


def _full(free: int, **facts: Any) -> VenueFull:
    return VenueFull(
        f"{free} places are left at that time.",
        zh=f"该时段仅剩 {free} 个名额。",
        free=free,
        **facts,
    )


async def _take_places(work: Transaction, booking: Booking, asked: Asked, until: datetime) -> None:
    venue, span = asked.venue, (booking.starts_at, until)
    free = await _short(work, venue.venue_id, venue.capacity, booking.headcount, span)
    if free is not None:
        raise _full(free, free_next=await next_free(work, booking, asked))


async def _short(
    work: Transaction,
    venue_id: UUID,
    capacity: int,
    headcount: int,
    span: tuple[datetime, datetime],
) -> int | None:
    """Take the places; if there are too few, how many there are at the fullest time."""
    connection, wanted = await work.driver(), buckets(*span)
    taken = await connection.fetch(TAKE, venue_id, wanted, headcount, capacity)
    refused = set(wanted) - {row["bucket"] for row in taken}
    return await connection.fetchval(FREE, venue_id, list(refused)) if refused else None


async def release(work: Transaction, rows: Sequence[BookingRow]) -> None:
    """Free the slots of bookings that `move` together, lest one stand in another's way.

    Their venues are locked. Before the transaction ends each has moved, or all is undone.
    """
    connection = await work.driver()
    await connection.execute(RELEASE, [row.booking_id for row in rows])
    for row in rows:
        if not row.exclusive:
            await _give_back_places(work, row)


async def give_back(work: Transaction, row: BookingRow) -> None:
    """Free the slot of a booking that will not be held."""
    await lock_slots(work, row.venue_id)
    row.holds = False
    if not row.exclusive:
        await _give_back_places(work, row)


async def take_back(work: Transaction, row: BookingRow) -> None:
    """Hold again the slot that `give_back` freed. Raises `SlotTaken` or `VenueFull`."""
    await lock_slots(work, row.venue_id)
    connection = await work.driver()
    until = await connection.fetchval(HELD_UNTIL, row.booking_id)
    if row.exclusive:
        held_by = await connection.fetch(
            CONFLICTS, row.venue_id, row.starts_at, until, row.booking_id
        )
        if held_by:
            raise _taken([(each["since"], each["until"]) for each in held_by])
    else:
        capacity = await connection.fetchval(CAPACITY, row.venue_id)
        span = row.starts_at, until
        free = await _short(work, row.venue_id, capacity, row.headcount, span)
        if free is not None:
            raise _full(free)
    row.holds = True


async def _give_back_places(work: Transaction, row: BookingRow) -> None:
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
