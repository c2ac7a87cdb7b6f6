"""How a slot is taken and given back. Double booking and overselling end here, in the database.

Three walls: writers of one venue take turns (advisory lock), the insert looks for an overlap, and a
constraint would refuse what both let through. Pending bookings hold their slot like confirmed ones.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.bases import BookingRequested
from contracts.kinds import BookingStatus, Sharing
from services.bases.domain.bookings import SlotTaken, Venue, VenueFull
from services.bases.tables.rows import (
    BaseRow,
    BookingRow,
    OrganisationRow,
    VenueRow,
    venue_to_book,
)
from services.chassis.clock import LOCAL
from services.chassis.database import execute, sqlstate

BUCKET = timedelta(minutes=15)
"""Shared venues count places by quarter of an hour."""

EXCLUSION_VIOLATION = "23P01"

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(CAST(:venue_id AS text), 3))"

INSERT = """
INSERT INTO booking (booking_id, base_id, base_kind, area, venue_id, venue_no, organisation_id,
                     starts_at, ends_at, during, headcount, channel, visitor_level,
                     exclusive, status, version, recorded_at)
SELECT :booking_id, :base_id, :base_kind, :area, v.venue_id, v.no, :organisation_id,
       :starts_at, :ends_at, tstzrange(:starts_at, :held_until, '[)'), :headcount, :channel,
       :visitor_level, :exclusive, 'pending', 1, :recorded_at
  FROM venue v
 WHERE v.venue_id = :venue_id
   AND NOT (:exclusive AND EXISTS (
        SELECT 1 FROM booking b
         WHERE int8range(b.venue_no, b.venue_no, '[]') = int8range(v.no, v.no, '[]')
           AND b.during && tstzrange(:starts_at, :held_until, '[)')
           AND b.holds AND b.exclusive))
RETURNING booking_id
"""
CONFLICTS = """
SELECT lower(during) AS since, upper(during) AS until FROM booking
 WHERE venue_id = :venue_id AND during && tstzrange(:starts_at, :held_until, '[)')
   AND holds AND exclusive
 ORDER BY since
"""
TAKE = """
INSERT INTO venue_load AS l (venue_id, bucket, taken, capacity)
SELECT :venue_id, bucket, :places, :capacity FROM unnest(CAST(:buckets AS timestamptz[])) AS bucket
ON CONFLICT (venue_id, bucket) DO UPDATE SET taken = l.taken + excluded.taken
 WHERE l.taken + excluded.taken <= l.capacity
RETURNING bucket
"""
FREE = """
SELECT min(capacity - taken) FROM venue_load
 WHERE venue_id = :venue_id AND bucket = ANY(:buckets)
"""
HELD_UNTIL = "SELECT upper(during) FROM booking WHERE booking_id = :id"
GIVE_BACK = """
UPDATE venue_load SET taken = taken - :places
 WHERE venue_id = :venue_id AND bucket = ANY(:buckets)
"""


@dataclass(frozen=True)
class Asked:
    """What a booking refers to; the venue's slots are ours until the transaction ends."""

    venue: Venue
    venue_row: VenueRow
    base: BaseRow
    organisation: OrganisationRow | None


async def lock_slots(session: AsyncSession, venue_id: UUID) -> None:
    """Writers of one venue's slots take turns until their transactions end."""
    await execute(session, LOCK, {"venue_id": str(venue_id)})


async def lock_venue(session: AsyncSession, venue_id: UUID, organisation_id: UUID) -> Asked | None:
    """`None` when there is no such venue."""
    await lock_slots(session, venue_id)
    found = await session.exec(
        select(VenueRow, BaseRow, OrganisationRow)
        .join(BaseRow, col(BaseRow.base_id) == VenueRow.base_id)
        .join(
            OrganisationRow, col(OrganisationRow.organisation_id) == organisation_id, isouter=True
        )
        .where(VenueRow.venue_id == venue_id)
    )
    row = found.first()
    if row is None:
        return None
    venue, base, organisation = row
    return Asked(venue_to_book(venue, base), venue, base, organisation)


async def take(
    session: AsyncSession, event: BookingRequested, venue: Venue, recorded_at: datetime
) -> BookingRow:
    """Write the booking and take its slot. Raises `SlotTaken` or `VenueFull`."""
    held_until = event.ends_at + venue.buffer
    exclusive = venue.sharing is Sharing.EXCLUSIVE
    given = event.model_dump() | {
        "held_until": held_until,
        "exclusive": exclusive,
        "recorded_at": recorded_at,
    }
    try:
        inserted = await execute(session, INSERT, given)
    except DBAPIError as error:
        if sqlstate(error) != EXCLUSION_VIOLATION:
            raise
        await (
            session.rollback()
        )  # a failed statement ended the transaction; reading needs a new one
        raise await _taken(session, event, held_until) from error
    if inserted.first() is None:
        raise await _taken(session, event, held_until)
    if not exclusive:
        await _take_places(session, event, venue, held_until)
    return BookingRow(
        **event.model_dump(),
        actual_headcount=None,
        exclusive=exclusive,
        holds=True,
        status=BookingStatus.PENDING,
        version=1,
        recorded_at=recorded_at,
    )


async def _taken(session: AsyncSession, event: BookingRequested, held_until: datetime) -> SlotTaken:
    rows = await execute(
        session,
        CONFLICTS,
        {"venue_id": event.venue_id, "starts_at": event.starts_at, "held_until": held_until},
    )
    taken = [
        (row["since"].astimezone(LOCAL), row["until"].astimezone(LOCAL)) for row in rows.mappings()
    ]
    shown = "、".join(f"{a:%m月%d日 %H:%M}–{b:%H:%M}" for a, b in taken)
    return SlotTaken(
        "Taken, buffer included: "
        + ", ".join(f"{a.isoformat()}/{b.isoformat()}" for a, b in taken),
        zh=f"该场馆 {shown}（含整理时间）已被预约。",
        taken=[{"from": a.isoformat(), "until": b.isoformat()} for a, b in taken],
    )


async def _take_places(
    session: AsyncSession, event: BookingRequested, venue: Venue, held_until: datetime
) -> None:
    wanted = buckets(event.starts_at, held_until)
    given = {"venue_id": venue.venue_id, "buckets": wanted}
    rows = await execute(
        session, TAKE, given | {"places": event.headcount, "capacity": venue.capacity}
    )
    if len(rows.all()) < len(wanted):
        free = (await execute(session, FREE, given)).scalar()
        raise VenueFull(
            f"{free} places are left at that time.",
            zh=f"该时段仅剩 {free} 个名额。",
            free=free,
        )


async def give_back(session: AsyncSession, row: BookingRow) -> None:
    """Free the slot of a booking that will not be held."""
    await lock_slots(session, row.venue_id)
    row.holds = False
    if row.exclusive:
        return
    held = await execute(session, HELD_UNTIL, {"id": row.booking_id})
    until: datetime = held.scalar_one()
    await execute(
        session,
        GIVE_BACK,
        {
            "venue_id": row.venue_id,
            "places": row.headcount,
            "buckets": buckets(row.starts_at, until),
        },
    )


async def busiest(session: AsyncSession, venue_id: UUID, now: datetime) -> int:
    """The most people that bookings not yet over bring to the venue at one time."""
    shared = (
        await execute(
            session,
            "SELECT max(taken) FROM venue_load WHERE venue_id = :id AND bucket >= :now",
            {"id": venue_id, "now": now - BUCKET},
        )
    ).scalar()
    alone = (
        await execute(
            session,
            "SELECT max(headcount) FROM booking"
            " WHERE venue_id = :id AND holds AND upper(during) > :now",
            {"id": venue_id, "now": now},
        )
    ).scalar()
    return max(shared or 0, alone or 0)


async def set_capacity(session: AsyncSession, venue_id: UUID, capacity: int, now: datetime) -> None:
    """Let the counters of what lies ahead follow the venue's new capacity."""
    await execute(
        session,
        (
            "UPDATE venue_load SET capacity = :capacity"
            " WHERE venue_id = :id AND bucket >= :now AND taken <= :capacity"
        ),
        {"id": venue_id, "capacity": capacity, "now": now - BUCKET},
    )


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
