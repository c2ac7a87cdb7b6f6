"""What is booked in benchmarks: venues, and requests that never meet one another."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import asyncpg

from services.chassis.clock import LOCAL
from services.chassis.ids import new_id
from services.chassis.published_days import published_calendar
from services.chassis.working_days import ONE_DAY, weekday_rule

COMMUNITY = "410305001001"
VENUES = 20

SEED = """
WITH a AS (INSERT INTO area VALUES ($1, '社区')),
     y AS (INSERT INTO calendar_year SELECT generate_series($5::int, $5 + 2)
           ON CONFLICT DO NOTHING),
     o AS (INSERT INTO organisation (organisation_id, code, name, kind, area)
           VALUES ($2, 'B1', '第一党支部', 'branch', $1)),
     b AS (INSERT INTO base VALUES ($3, 'JD-1', '基地', 'red', $1, 1, now()) RETURNING base_id)
INSERT INTO venue (venue_id, base_id, code, name, kind, capacity, sharing, buffer_minutes, themes,
                   version, recorded_at)
SELECT venue_id, base_id, 'CG-' || n, '展厅' || n, 'hall', 60, 'exclusive', 15, '[]', 1, now()
  FROM b, unnest($4::uuid[]) WITH ORDINALITY AS v (venue_id, n)
"""


@dataclass
class Office:
    """Stands in the databases it was opened in, with the same ids in each."""

    organisation_id: UUID
    base_id: UUID
    venues: list[UUID]

    def requests(self) -> Iterator[str]:
        """Bodies of booking requests, an hour of one venue each, for more than a year."""
        first = datetime.now(LOCAL).replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
        hour, filed = 0, _last_working_day().isoformat()
        while True:
            starts_at = first + timedelta(hours=hour)
            for venue_id in self.venues:
                yield json.dumps(
                    {
                        "venue_id": str(venue_id),
                        "organisation_id": str(self.organisation_id),
                        "starts_at": starts_at.isoformat(),
                        "ends_at": (starts_at + timedelta(minutes=45)).isoformat(),
                        "headcount": 20,
                        "channel": "web",
                        "visitor_level": "district",
                        "occurred_at": filed,
                    }
                )
            hour += 1


async def opened(*dsns: str) -> Office:
    """One office in every database, as if membership had told of it."""
    office = Office(new_id(), new_id(), [new_id() for _ in range(VENUES)])
    for dsn in dsns:
        connection = await asyncpg.connect(dsn)
        await connection.execute(
            SEED, COMMUNITY, office.organisation_id, office.base_id, office.venues, _today().year
        )
        await connection.close()
    return office


def _last_working_day() -> datetime:
    """Ten o'clock of it: bookings for weekends are filed on one."""
    known, day = published_calendar(), _today() - ONE_DAY
    while not (known.works(day) if day.year in known.years else weekday_rule(day)):
        day -= ONE_DAY
    return datetime.combine(day, time(10), LOCAL)


def _today() -> date:
    return datetime.now(LOCAL).date()
