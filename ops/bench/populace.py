"""A province of organisations, members, duties and alerts in a membership database, set by set.

Rows as the service leaves them after years, without the events that led to them: the tree and its
history by the tables' own triggers, tallies that add up, a line of history for every member.
Ids come out of digests, so rows that belong together lie scattered, as they do in life.
"""

from dataclasses import dataclass

import asyncpg

from services.chassis.personal import Vault, keep
from services.membership.tables.cadence import REVISION

PROVINCE = "41"
PERSONS = 64
"""Members who have a name and a number that can be looked up."""


@dataclass(frozen=True)
class Shape:
    """How many of each there are in one of the next wider."""

    cities: int = 18
    districts: int = 9
    streets: int = 15
    communities: int = 22


AREAS = """
WITH city AS (SELECT $1 || lpad(n::text, 2, '0') AS code FROM generate_series(1, $2::int) n),
     district AS (SELECT city.code || lpad(n::text, 2, '0') AS code
                    FROM city, generate_series(1, $3::int) n),
     street AS (SELECT district.code || lpad(n::text, 3, '0') AS code
                  FROM district, generate_series(1, $4::int) n),
     community AS (SELECT street.code || lpad(n::text, 3, '0') AS code
                     FROM street, generate_series(1, $5::int) n)
INSERT INTO area (code, name, level, version)
SELECT $1, '某省', 'province', 1
UNION ALL SELECT code, '市' || code, 'city', 1 FROM city
UNION ALL SELECT code, '区' || code, 'district', 1 FROM district
UNION ALL SELECT code, '街道' || code, 'street', 1 FROM street
UNION ALL SELECT code, '社区' || code, 'community', 1 FROM community
"""
ORGANISATIONS = """
INSERT INTO organisation (organisation_id, code, name, kind, category, area, parent_id, founded_on,
                          since, version, recorded_at)
SELECT md5('O-' || code)::uuid, 'O-' || code, name || '党组织', $2, $3, code,
       (SELECT organisation_id FROM organisation WHERE code = 'O-' || left(a.code, $4)),
       '2012-07-01', '2012-07-01', 1, '2020-01-01'
  FROM area a WHERE level = $1 ORDER BY code
"""
LEVELS = (
    ("province", "committee", "committee", 0),
    ("city", "committee", "committee", 2),
    ("district", "committee", "committee", 4),
    ("street", "working-committee", "working-committee", 6),
    ("community", "community-branch", "branch", 9),
)
"""Level, kind, its topmost kind, digits of the code above."""

BRANCHES = """
CREATE TEMPORARY TABLE branch AS
SELECT row_number() OVER (ORDER BY code) - 1 AS no, organisation_id, area FROM organisation
 WHERE category = 'branch'
"""
# Prime steps spread every feature over all areas, independently of the others.
MEMBERS = """
INSERT INTO member (member_id, code, organisation_id, area, state, leaving, since, education,
                    work_status, occupation, whereabouts, whereabouts_since, birth_year,
                    joined_on, full_on, version, recorded_at)
SELECT md5('M-' || n)::uuid, 'M-' || n, b.organisation_id, b.area, s.state,
       CASE WHEN s.state = 'left' THEN 'deceased' END, '2021-07-01',
       (ARRAY['primary', 'junior', 'senior', 'senior', 'college', 'college', 'bachelor',
              'bachelor', 'postgraduate', 'unknown'])[1 + n * 7919 / 100 % 10],
       (ARRAY['employed', 'retired', 'farming', 'self-employed'])[1 + n * 104729 / 100 % 4],
       (ARRAY['worker', 'farmer', 'professional', 'other'])[1 + n * 15485863 / 100 % 4],
       w.whereabouts, CASE WHEN w.whereabouts <> 'here' THEN current_date - 20 END,
       1940 + n * 611953 / 100 % 65,
       CASE WHEN s.state IN ('full', 'probationary', 'left') THEN date '2008-07-01' END,
       CASE WHEN s.state IN ('full', 'left') THEN date '2009-07-01' END, 1, '2021-07-01'
  FROM generate_series(1::bigint, $1) n
  JOIN branch b ON b.no = n * 48611 % (SELECT count(*) FROM branch)
 CROSS JOIN LATERAL (SELECT (ARRAY['probationary', 'probationary', 'applicant', 'activist',
                                   'target', 'left'])[n * 1299709 / 100 % 100 + 1] AS rarely) r
 CROSS JOIN LATERAL (SELECT coalesce(r.rarely, 'full') AS state) s
 CROSS JOIN LATERAL (SELECT CASE n * 32452843 / 100 % 100 WHEN 0 THEN 'away' WHEN 1 THEN 'away'
                                 WHEN 2 THEN 'lost' ELSE 'here' END AS whereabouts) w
"""
HISTORY = """
INSERT INTO member_history (member_id, version, effective_on, state, leaving, organisation_id,
                            whereabouts, reason, recorded_at)
SELECT member_id, 1, since, state, leaving, organisation_id, whereabouts, 'entered', recorded_at
  FROM member
"""
TALLIES = """
INSERT INTO organisation_tally (organisation_id, full_members, probationary)
SELECT organisation_id, count(*) FILTER (WHERE state = 'full'),
       count(*) FILTER (WHERE state = 'probationary')
  FROM member WHERE counted GROUP BY organisation_id
"""
# Nobody can open these, as if their keys were destroyed: here they only make the index large.
SEALED = """
INSERT INTO person (person_id, key, sealed) SELECT member_id, NULL, '{}' FROM member
 WHERE NOT member_id = ANY($1)
"""
DIGESTS = """
INSERT INTO person_index (field, digest, person_id)
SELECT 'identity_number', decode(md5(person_id::text), 'hex'), person_id
  FROM person WHERE NOT person_id = ANY($1)
"""
# This year by quarters: a fifth is not held.
DUTIES = """
INSERT INTO duty (duty_id, organisation_id, cadence_id, code, organisation_kind, area, kind, every,
                  first_on, due_on, remind_on, needed, held, assessed, version)
SELECT md5('D-' || b.no || q)::uuid, b.organisation_id, c.cadence_id, c.code, 'community-branch',
       b.area, c.activity_kind, c.every, q, q + interval '3 months - 1 day',
       q + interval '3 months - 15 days', 1,
       ((b.no * 7919 + extract(doy FROM q)::int) % 5 > 0)::int,
       q + interval '3 months' <= current_date, 1
  FROM branch b, cadence c,
       generate_series(date_trunc('year', current_date), current_date, '3 months') q
 WHERE c.code = 'members-meeting'
"""
FOLLOWED = f"""
INSERT INTO duty_followed (organisation_id, version, revision, since, through)
SELECT organisation_id, version, ({REVISION}), '2020-01-01', current_date + 400 FROM organisation
"""  # noqa: S608  our own constants
ACTIVITIES = """
INSERT INTO activity (activity_id, organisation_id, organisation_kind, area, status, kind,
                      group_kind, starts_at, ends_at, stated_headcount, headcount, version,
                      recorded_at)
SELECT md5('A-' || duty_id)::uuid, organisation_id, organisation_kind, area, 'held', kind,
       'three-meetings', first_on + interval '10 days 7 hours',
       first_on + interval '10 days 9 hours', 12, 12, 1, first_on + interval '11 days'
  FROM duty WHERE held > 0
"""
# Every branch has held its rounds: the clock has nothing to be reminded of.
APPRAISED = """
INSERT INTO appraisal_round (round_id, organisation_id, area, year, state, version, opened_at,
                             closed_at)
SELECT md5('R-' || no || '-' || year)::uuid, organisation_id, area, year, 'closed', 2, now(), now()
  FROM branch, generate_series(extract(year FROM current_date)::int - 1,
                               extract(year FROM current_date)::int) year
"""
ALERTS = """
INSERT INTO alert (alert_id, kind, subject_id, key, area, organisation_id, severity, due_on,
                   version, raised_at, cleared_at)
SELECT md5('W-' || organisation_id)::uuid, 'election-due', organisation_id, 'party', area,
       organisation_id, 'warn', current_date + 60, 1, now(), NULL
  FROM branch WHERE no % 10 = 0
UNION ALL
SELECT md5('W-' || member_id)::uuid, 'dues-overdue', member_id, '', area, organisation_id, 'hint',
       NULL, 1, now(), CASE WHEN birth_year % 3 = 0 THEN now() END
  FROM member WHERE counted AND birth_year % 20 = 0
"""


async def populate(
    connection: asyncpg.Connection, members: int, vault: Vault, shape: Shape | None = None
) -> None:
    """Fill an empty database; its owner must be a superuser."""
    shape = shape or Shape()
    sizes = (shape.cities, shape.districts, shape.streets, shape.communities)
    async with connection.transaction():
        await connection.execute(AREAS, PROVINCE, *sizes)
        for level in LEVELS:
            await connection.execute(ORGANISATIONS, *level)
        await connection.execute(BRANCHES)
        # What follows refers to nothing but what these statements have read.
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(MEMBERS, members)
        await _persons(connection, vault)
        for statement in (HISTORY, TALLIES, DUTIES, FOLLOWED, ACTIVITIES, APPRAISED, ALERTS):
            await connection.execute(statement)
        await connection.execute("DROP TABLE branch")
    await connection.execute("VACUUM (ANALYZE)")


async def _persons(connection: asyncpg.Connection, vault: Vault) -> None:
    """Everybody has an entry in the index; `PERSONS` of them one that can be found."""
    named = await connection.fetch(
        "SELECT member_id, code FROM member WHERE code = ANY($1)",
        [f"M-{number}" for number in range(1, PERSONS + 1)],
    )
    said = {row["member_id"]: {"identity_number": identity(row["code"])} for row in named}
    await keep(connection, vault, said)
    for statement in (SEALED, DIGESTS):
        await connection.execute(statement, list(said))


def identity(code: str) -> str:
    """What is sealed as the number of the member with this code; no valid number of anybody."""
    return f"990000{int(code.removeprefix('M-')):012d}"
