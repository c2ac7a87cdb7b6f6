"""Words for tests about series."""

from datetime import datetime
from typing import Any

import httpx

from services.chassis.clock import LOCAL
from services.chassis.database import Database
from tests.service.office import Office

REPEAT = ("every", "interval", "weekdays", "until", "times")

LOAD_DISAGREES = """
SELECT l.bucket, l.taken, coalesce(sum(b.headcount), 0) AS booked
  FROM venue_load l LEFT JOIN booking b
    ON b.venue_id = l.venue_id AND b.holds
   AND b.during && tstzrange(l.bucket, l.bucket + interval '15 minutes')
 GROUP BY l.venue_id, l.bucket, l.taken, l.capacity
HAVING l.taken <> coalesce(sum(b.headcount), 0) OR coalesce(sum(b.headcount), 0) > l.capacity
"""


def series_request(office: Office, **given: Any) -> dict[str, Any]:
    """A valid request, daily unless a test says otherwise."""
    repeat = {"every": "day"} | {name: given.pop(name) for name in REPEAT if name in given}
    return office.booking(repeat=repeat, **given)


async def series(office: Office, **given: Any) -> dict[str, Any]:
    """Made, which must succeed."""
    answer = await office.post("/v1/series", series_request(office, **given))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def moved(office: Office, made: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Changed, which must succeed."""
    path = f"/v1/series/{made['series_id']}/change"
    answer = await office.post(path, given, **{"If-Match": f'"{made["version"]}"'})
    assert answer.status_code == 200, answer.text
    return answer.json()


def days_of(made: dict[str, Any]) -> list[str]:
    return [f"{_local(each['starts_at']):%m-%d}" for each in made["occurrences"]]


def hours_of(made: dict[str, Any]) -> list[str]:
    return [
        f"{_local(each['starts_at']):%H:%M}–{_local(each['ends_at']):%H:%M}"
        for each in made["occurrences"]
    ]


def refused(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("code")


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(LOCAL)


async def events(db: Database, key: str) -> list[tuple[str, int]]:
    rows = await db.pool.fetch(
        "SELECT body::jsonb ->> 'type' AS type, aggregate_version FROM event_log"
        " WHERE aggregate_id = $1 ORDER BY id",
        key,
    )
    return [(row["type"].split(".")[3], row["aggregate_version"]) for row in rows]


async def overlapping(db: Database) -> int:
    return await db.pool.fetchval(
        "SELECT count(*) FROM booking a JOIN booking b"
        " ON a.venue_id = b.venue_id AND a.booking_id < b.booking_id AND a.during && b.during"
        " WHERE a.holds AND b.holds AND a.exclusive AND b.exclusive"
    )


async def get(office: Office, path: str) -> httpx.Response:
    answer = await office.bases.get(path, headers=office.scene.headers())
    assert answer.status_code == 200, answer.text
    return answer


async def found(office: Office, made: dict[str, Any]) -> dict[str, Any]:
    return (await get(office, f"/v1/series/{made['series_id']}")).json()
