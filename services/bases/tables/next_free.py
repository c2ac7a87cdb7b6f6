"""What a refused request is told: when the venue could be had instead."""

from datetime import datetime, timedelta

from services.bases.domain.bookings.model import Booking
from services.bases.domain.opening import Range, subtracted
from services.bases.tables.occasions import Asked
from services.chassis.clock import LOCAL, business_date
from services.chassis.unit_of_work import Transaction
from services.chassis.working_days import CalendarMissing

AHEAD = timedelta(days=14)
BUCKET = timedelta(minutes=15)
"""Shared venues count places by quarter of an hour."""

BUSY = """
SELECT lower(during) AS since, upper(during) AS until FROM booking
 WHERE venue_id = $1 AND holds AND exclusive AND booking_id <> $4
   AND during && tstzrange($2, $3, '[)')
UNION ALL
SELECT c.starts_at, least(c.ends_at, c.reopens_at) FROM closure c JOIN venue v USING (base_id)
 WHERE v.venue_id = $1 AND (c.venue_id IS NULL OR c.venue_id = $1)
   AND c.ends_at > $2 AND c.starts_at < $3
   AND (c.reopens_at IS NULL OR c.reopens_at > c.starts_at)
UNION ALL
SELECT bucket, bucket + $6::interval FROM venue_load
 WHERE venue_id = $1 AND bucket > $2 - $6::interval AND bucket < $3 AND taken + $5 > capacity
"""


async def next_free(work: Transaction, booking: Booking, asked: Asked) -> dict[str, str] | None:
    """`from` and `until` of the first such slot within two weeks of the one that was asked for."""
    first = booking.starts_at
    rows = await (await work.driver()).fetch(
        BUSY, booking.venue_id, first, first + AHEAD, booking.booking_id, booking.headcount, BUCKET
    )
    busy = [(row["since"], row["until"]) for row in rows]
    found = _first(booking, asked, busy)
    if found is None:
        return None
    since, until = (each.astimezone(LOCAL).isoformat() for each in found)
    return {"from": since, "until": until}


def _first(booking: Booking, asked: Asked, busy: list[Range]) -> Range | None:
    lasts = booking.ends_at - booking.starts_at
    whole = lasts + asked.venue.buffer
    day = business_date(booking.starts_at)
    try:
        hours = asked.occasion.timetable.open_between(day, day + AHEAD)
    except CalendarMissing:
        return None
    for opens, closes in subtracted(hours, busy):
        since = max(opens, booking.starts_at)
        if since + lasts <= closes and not _met(busy, since, since + whole):
            return since, since + lasts
    return None


def _met(busy: list[Range], since: datetime, until: datetime) -> bool:
    return any(a < until and since < b for a, b in busy)
