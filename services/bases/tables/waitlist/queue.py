"""Who is next: plain SQL, for whatever transaction a slot becomes free in."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.bases.domain.waitlist.entries import Entry, Offer
from services.chassis.unit_of_work import Transaction

ENTRY = """
e.entry_id, e.base_id, e.base_kind, e.area, e.venue_id, e.menu_item_id, e.menu_item_kind,
e.organisation_id, e.starts_at, e.ends_at, e.earliest_at, e.latest_at, e.headcount, e.channel,
e.visitor_level, e.on_behalf, e.status, e.booking_id
"""
WAITING = f"""
SELECT {ENTRY} FROM waitlist_entry e JOIN venue v ON v.venue_id = $1
 WHERE e.base_id = v.base_id AND e.status = 'waiting' AND e.latest_at > $4
   AND (e.venue_id = v.venue_id
        OR e.venue_id IS NULL AND (e.venue_kinds = '{{}}' OR v.kind = ANY(e.venue_kinds)))
   AND ($2::timestamptz IS NULL OR e.latest_at + v.buffer_minutes * interval '1 minute' > $2)
   AND ($3::timestamptz IS NULL OR e.earliest_at < $3 + v.buffer_minutes * interval '1 minute')
 ORDER BY e.no
"""  # noqa: S608  our own constant
CLAIM = """
SELECT true FROM waitlist_entry WHERE entry_id = $1 AND status = 'waiting' FOR UPDATE SKIP LOCKED
"""
"""Ours until the transaction ends, unless it waits no more or somebody is at it."""
HOLD = """
UPDATE waitlist_entry SET status = 'offered', booking_id = $2, version = version + 1
 WHERE entry_id = $1 RETURNING version
"""
KEEP = """
INSERT INTO waitlist_offer (booking_id, entry_id, offered_at, expires_at) VALUES ($1, $2, $3, $4)
"""
VENUES = """
SELECT DISTINCT v.venue_id FROM waitlist_entry e JOIN venue v USING (base_id)
 WHERE e.status = 'waiting' AND e.latest_at > $1 AND v.retired_at IS NULL
   AND (e.venue_id = v.venue_id
        OR e.venue_id IS NULL AND (e.venue_kinds = '{}' OR v.kind = ANY(e.venue_kinds)))
 ORDER BY v.venue_id
"""


async def waiting(
    work: Transaction, venue_id: UUID, since: datetime | None, until: datetime | None
) -> Sequence[Entry]:
    """Those who wish for the venue at some time of `[since, until)`, in order of joining."""
    rows = await (await work.driver()).fetch(WAITING, venue_id, since, until, work.now)
    return [Entry(**row) for row in rows]


async def claim(work: Transaction, entry_id: UUID) -> bool:
    return bool(await (await work.driver()).fetchval(CLAIM, entry_id))


async def keep(work: Transaction, entry_id: UUID, offer: Offer) -> int:
    """The entry's new version; a unique index refuses a second live offer."""
    connection, booking_id = await work.driver(), offer.booking.booking_id
    await connection.execute(KEEP, booking_id, entry_id, work.now, offer.expires_at)
    version: int = await connection.fetchval(HOLD, entry_id, booking_id)
    return version


async def venues(work: Transaction) -> Sequence[UUID]:
    """Those that anybody waits for, in the order in which they are locked."""
    return [row["venue_id"] for row in await (await work.driver()).fetch(VENUES, work.now)]
