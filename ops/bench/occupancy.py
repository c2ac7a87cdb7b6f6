"""A base with twenty venues and its bookings of two years, as the service leaves them, by SQL."""

from uuid import UUID

import asyncpg

from ops.bench.office import COMMUNITY

VENUES = 20

PLACES = """
WITH a AS (INSERT INTO area VALUES ($1, '社区')),
     o AS (INSERT INTO organisation (organisation_id, code, name, kind, area)
           SELECT md5('O-' || n)::uuid, 'B' || n, '第' || n || '党支部', 'branch', $1
             FROM generate_series(1, 50) n),
     b AS (INSERT INTO base (base_id, code, name, kind, area, version, recorded_at)
           VALUES (md5('base')::uuid, 'JD-1', '基地', 'red', $1, 1, now()) RETURNING base_id),
     h AS (INSERT INTO opening_hours (opening_hours_id, base_id, effective_from, hours, version,
                                      recorded_at)
           SELECT md5('hours')::uuid, base_id, '2020-01-01', json_object_agg(day, $3::json), 1,
                  now()
             FROM b, unnest($4::text[]) AS day GROUP BY base_id),
     v AS (INSERT INTO venue (venue_id, base_id, code, name, kind, capacity, sharing,
                              buffer_minutes, themes, version, recorded_at)
           SELECT md5('V-' || n)::uuid, base_id, 'CG-' || lpad(n::text, 2, '0'), '展厅' || n,
                  'hall', 60,
                  CASE WHEN n % 10 = 0 THEN 'shared' ELSE 'exclusive' END, 15, '[]', 1, now()
             FROM b, generate_series(1, $2) n)
INSERT INTO closure (closure_id, base_id, venue_id, area, starts_at, ends_at, reason_kind,
                     cancelled, version, recorded_at)
SELECT md5('C-' || n)::uuid, base_id, NULL, $1, at, at + interval '3 hours', 'maintenance', 0, 1,
       now()
  FROM b, generate_series(-12, 12) n,
       LATERAL (SELECT date_trunc('day', now()) + n * interval '30 days' AS at) t
"""
BOOKINGS = """
WITH wanted AS (
    SELECT k, v.venue_id, v.no, v.base_id, v.sharing = 'exclusive' AS exclusive,
           ((k / $1) * (730 * $3::bigint * $1) / $2)::int AS slot
      FROM generate_series(0, $2::bigint - 1) k
      JOIN venue v ON v.code = 'CG-' || lpad((k % $1 + 1)::text, 2, '0')
), placed AS (
    SELECT *, (date_trunc('day', now() AT TIME ZONE 'Asia/Shanghai') + interval '8 hours'
               + (slot / $3 - 365) * interval '1 day' + slot % $3 * interval '100 minutes')
              AT TIME ZONE 'Asia/Shanghai' AS at,
           45 + k % 4 * 10 AS minutes, k / $1 % 10 = 9 AS gone
      FROM wanted
)
INSERT INTO booking (booking_id, base_id, base_kind, area, venue_id, venue_no, organisation_id,
                     starts_at, ends_at, during, headcount, channel, visitor_level, exclusive,
                     holds, status, version, recorded_at)
SELECT md5('K-' || k)::uuid, base_id, 'red', $4, venue_id, no, md5('O-' || k % 50 + 1)::uuid,
       at, at + minutes * interval '1 minute',
       tstzrange(at, at + (minutes + 15) * interval '1 minute', '[)'), 10 + k % 20, 'web',
       'district', exclusive, NOT gone,
       CASE WHEN gone THEN 'cancelled' WHEN at < now() THEN 'completed' ELSE 'confirmed' END, 2,
       at - interval '7 days'
  FROM placed ORDER BY at
"""
LOADS = """
INSERT INTO venue_load (venue_id, bucket, taken, capacity)
SELECT b.venue_id, bucket, sum(b.headcount), 60
  FROM booking b, generate_series(
           to_timestamp(floor(extract(epoch FROM lower(b.during)) / 900) * 900),
           upper(b.during) - interval '1 microsecond', interval '15 minutes') bucket
 WHERE b.holds AND NOT b.exclusive
 GROUP BY b.venue_id, bucket
"""
SLOTS = 6
"""That a venue could be had in a day, one after the other: 4,380 in two years."""

HOURS = "[[480, 1080]]"
OPEN_ON = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


async def occupy(connection: asyncpg.Connection, bookings: int) -> UUID:
    """The base. Its bookings are spread evenly over two years, now in the middle of them."""
    await connection.execute(PLACES, COMMUNITY, VENUES, HOURS, list(OPEN_ON))
    await connection.execute(BOOKINGS, VENUES, bookings, SLOTS, COMMUNITY)
    await connection.execute(LOADS)
    await connection.execute("ANALYZE")
    found: UUID = await connection.fetchval("SELECT base_id FROM base")
    return found
