"""What is free of a venue, read while its slots are locked."""

from datetime import datetime
from uuid import UUID

from services.bases.domain.waitlist.vacancies import BUCKET, Vacancies
from services.bases.tables import opening
from services.bases.tables.occasions import venue_of
from services.chassis.clock import business_date
from services.chassis.unit_of_work import Transaction

VENUE = """
SELECT v.venue_id, v.base_id, b.kind AS base_kind, b.area, v.kind, v.capacity, v.sharing,
       v.buffer_minutes, v.retired_at IS NOT NULL AS retired
  FROM venue v JOIN base b USING (base_id) WHERE v.venue_id = $1
"""
TAKEN = """
SELECT lower(during) AS since, upper(during) AS until FROM booking
 WHERE venue_id = $1 AND holds AND exclusive AND during && tstzrange($2, $3, '[)')
"""
PLACES = """
SELECT bucket, capacity - taken AS left FROM venue_load
 WHERE venue_id = $1 AND bucket > $2 AND bucket < $3 AND taken > 0
"""


async def look(work: Transaction, venue_id: UUID, since: datetime, until: datetime) -> Vacancies:
    """The venue over `[since, until)`, its buffer behind it included."""
    connection = await work.driver()
    venue = venue_of(await connection.fetchrow(VENUE, venue_id))
    last = until + venue.buffer
    first_day, last_day = business_date(since), business_date(until)
    found = await opening.timetables(connection, [venue_id], first_day, last_day)
    taken = await connection.fetch(TAKEN, venue_id, since, last)
    places = await connection.fetch(PLACES, venue_id, since - BUCKET, last)
    return Vacancies(
        venue=venue,
        timetable=found[venue_id],
        taken=[(row["since"], row["until"]) for row in taken],
        places={row["bucket"]: row["left"] for row in places},
    )
