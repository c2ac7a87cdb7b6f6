"""A crowd of organisations that wait for what the office has."""

from collections import Counter
from typing import Any
from uuid import UUID

import httpx

from services.chassis.database import Database
from services.chassis.ids import new_id
from services.chassis.sweeps import Sweep, once
from tests.clock import tomorrow
from tests.service.office import COMMUNITY, Office


async def crowd(bases: Database, size: int) -> list[str]:
    """Organisations as if membership had told of them."""
    ids = [new_id() for _ in range(size)]
    await bases.pool.executemany(
        "INSERT INTO organisation (organisation_id, code, name, kind, area)"
        " VALUES ($1, $2, $3, 'branch', $4)",
        [(key, f"W{place}", f"候补支部{place}", COMMUNITY) for place, key in enumerate(ids)],
    )
    return [str(key) for key in ids]


def wish(office: Office, **given: Any) -> dict[str, Any]:
    return {
        "venue_id": office.hall,
        "organisation_id": office.organisation_id,
        "starts_at": tomorrow(9),
        "ends_at": tomorrow(10),
        "headcount": 20,
        "channel": "phone",
        "visitor_level": "district",
    } | given


async def wait(office: Office, **given: Any) -> dict[str, Any]:
    """Join, which must succeed."""
    answer = await office.post("/v1/waitlist", wish(office, **given))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def entry(office: Office, joined: dict[str, Any]) -> dict[str, Any]:
    answer = await office.bases.get(
        f"/v1/waitlist/{joined['entry_id']}", headers=office.scene.headers()
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def statuses(office: Office, *joined: dict[str, Any]) -> list[str]:
    return [(await entry(office, each))["status"] for each in joined]


async def answered(office: Office, joined: dict[str, Any], answer: str) -> httpx.Response:
    return await office.post(f"/v1/waitlist/{joined['entry_id']}/{answer}", {})


async def told(bases: Database, entry_id: str) -> list[tuple[str, int]]:
    """The events of an entry: last part of the type, and version."""
    rows = await bases.pool.fetch(
        "SELECT split_part(type, '.', 4) AS name, aggregate_version FROM event_log"
        " WHERE aggregate_id = $1 ORDER BY id",
        UUID(entry_id),
    )
    return [(row["name"], row["aggregate_version"]) for row in rows]


async def live_offers(bases: Database) -> Counter[UUID]:
    """Offers that nobody has answered, by entry."""
    rows = await bases.pool.fetch("SELECT entry_id FROM waitlist_offer WHERE ended_at IS NULL")
    return Counter(row["entry_id"] for row in rows)


async def notices(office: Office, **sought: Any) -> list[dict[str, Any]]:
    answer = await office.bases.get("/v1/notices", params=sought, headers=office.scene.headers())
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def run(office: Office, sweep: Sweep) -> int:
    return await once(office.bases.app.state.context, sweep)
