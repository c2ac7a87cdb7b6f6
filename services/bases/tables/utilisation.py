"""Hours of venues: open, booked, used; set against one another in the database."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg

from services.bases.domain.opening import Range
from services.bases.domain.utilisation import BOOKED, Cell, Use, VenueUse, opened_between, total
from services.bases.tables.opening import timetables
from services.chassis.clock import midnight
from services.chassis.working_days import ONE_DAY

OF_BASE = "SELECT venue_id FROM venue WHERE base_id = $1 ORDER BY code"
OF_AREAS = """
SELECT v.venue_id FROM venue v JOIN base b USING (base_id)
 WHERE EXISTS (SELECT FROM unnest($1::text[]) AS a WHERE starts_with(b.area, a)) ORDER BY v.code
"""
SPREAD = """
WITH opened AS (
    SELECT venue_id, range_agg(tstzrange(since, until, '[)')) AS ranges
      FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS o (venue_id, since, until)
     GROUP BY venue_id
), booked AS (
    SELECT venue_id, range_agg(tstzrange(starts_at, ends_at, '[)')) AS ranges FROM booking
     WHERE venue_id = ANY($1) AND status = ANY($6)
       AND starts_at > $4::timestamptz - interval '24 hours' AND starts_at < $5
     GROUP BY venue_id
), used AS (
    SELECT v.venue_id, range_agg(tstzrange(
               v.started_at, greatest(v.started_at, least(v.ended_at, b.ends_at)), '[)')) AS ranges
      FROM visit v LEFT JOIN booking b USING (booking_id)
     WHERE v.base_id IN (SELECT base_id FROM venue WHERE venue_id = ANY($1))
       AND v.venue_id = ANY($1) AND v.withdrawn_at IS NULL
       AND v.started_at > $4::timestamptz - interval '24 hours' AND v.started_at < $5
     GROUP BY v.venue_id
), sorted AS (
    SELECT venue_id, 'opened' AS sort, ranges FROM opened
     UNION ALL
    SELECT venue_id, 'booked', o.ranges * b.ranges FROM opened o JOIN booked b USING (venue_id)
     UNION ALL
    SELECT venue_id, 'used', o.ranges * u.ranges FROM opened o JOIN used u USING (venue_id)
), ranges AS (
    SELECT venue_id, sort, unnest(ranges) AS during FROM sorted
), hours AS (
    SELECT venue_id, sort, hour AT TIME ZONE 'Asia/Shanghai' AS local,
           least(upper(during), hour + interval '1 hour') - greatest(lower(during), hour) AS lasts
      FROM ranges, generate_series(date_trunc('hour', lower(during)),
                                   upper(during) - interval '1 microsecond', '1 hour') AS hour
)
SELECT venue_id, extract(isodow FROM local)::int AS weekday, extract(hour FROM local)::int AS hour,
       (extract(epoch FROM sum(lasts) FILTER (WHERE sort = 'opened')) / 60)::int AS opened,
       (extract(epoch FROM sum(lasts) FILTER (WHERE sort = 'booked')) / 60)::int AS booked,
       (extract(epoch FROM sum(lasts) FILTER (WHERE sort = 'used')) / 60)::int AS used
  FROM hours GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
"""A visit lasts as long as was entered, a booked one until its booking ended at most: visitors are
ticked off when somebody finds the time. Without an end, it used no time that is known."""

CAME = """
SELECT venue_id, count(*)::int AS batches, sum(actual_headcount)::int AS persons FROM visit
 WHERE base_id IN (SELECT base_id FROM venue WHERE venue_id = ANY($1))
   AND venue_id = ANY($1) AND withdrawn_at IS NULL AND started_at >= $2 AND started_at < $3
 GROUP BY venue_id
"""


async def venues_of(
    connection: asyncpg.Connection, base_id: UUID | None, within: Sequence[str]
) -> list[UUID]:
    """In order of code; retired ones, too, which were open before."""
    asked = (OF_BASE, base_id) if base_id else (OF_AREAS, list(within))
    return [row["venue_id"] for row in await connection.fetch(*asked)]


async def cells(
    connection: asyncpg.Connection, venue_ids: Collection[UUID], first: date, last: date
) -> list[Cell]:
    """Those hours of the week in which a venue was ever open, in order."""
    hours: Mapping[UUID, Sequence[Range]] = {
        venue_id: opened_between(timetable, first, last)
        for venue_id, timetable in (await timetables(connection, venue_ids, first, last)).items()
    }
    flat = [(venue_id, *each) for venue_id, ranges in hours.items() for each in ranges]
    columns = [list(column) for column in zip(*flat, strict=True)] or [[], [], []]
    rows = await connection.fetch(SPREAD, *columns, *_span(first, last), [*BOOKED])
    return [
        Cell(
            venue_id=row["venue_id"],
            weekday=row["weekday"],
            hour=row["hour"],
            use=Use(opened=row["opened"] or 0, booked=row["booked"] or 0, used=row["used"] or 0),
        )
        for row in rows
    ]


async def uses(
    connection: asyncpg.Connection, venue_ids: Collection[UUID], first: date, last: date
) -> list[VenueUse]:
    """In the order of `venue_ids`."""
    minutes = total(await cells(connection, venue_ids, first, last))
    rows = await connection.fetch(CAME, list(venue_ids), *_span(first, last))
    came = {row["venue_id"]: (row["batches"], row["persons"]) for row in rows}
    return [
        VenueUse(
            venue_id=venue_id,
            use=minutes.get(venue_id, Use()),
            batches=came.get(venue_id, (0, 0))[0],
            persons=came.get(venue_id, (0, 0))[1],
        )
        for venue_id in venue_ids
    ]


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    return midnight(first), midnight(last + ONE_DAY)
