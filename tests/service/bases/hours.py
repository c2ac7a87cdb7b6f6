"""Hours and closures as tests state them."""

from typing import Any

import httpx

from tests.clock import OPENING, tomorrow
from tests.service.office import Office

TODAY = OPENING.date()
WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
NINE_TO_FIVE: dict[str, Any] = {day: [["09:00", "17:00"]] for day in WORKDAYS}


async def put(office: Office, hours: Any, **given: Any) -> httpx.Response:
    """Hours of the base from today on, unless `given` says otherwise."""
    headers = given.pop("headers", {})
    path = given.pop("path", f"/v1/bases/{office.base_id}/opening-hours")
    body = {"effective_from": TODAY.isoformat(), "hours": hours} | given
    return await office.bases.put(path, json=body, headers=office.scene.headers(**headers))


async def state(office: Office, hours: Any, **given: Any) -> dict[str, Any]:
    answer = await put(office, hours, **given)
    assert answer.is_success, answer.text
    return answer.json()


async def get(office: Office, path: str, **asked: Any) -> Any:
    answer = await office.bases.get(path, params=asked, headers=office.scene.headers())
    assert answer.status_code == 200, answer.text
    return answer.json()


async def close(office: Office, **given: Any) -> httpx.Response:
    """A closure of the whole base tomorrow, all day."""
    body = {
        "base_id": office.base_id,
        "starts_at": tomorrow(0),
        "ends_at": tomorrow(0, days=2),
        "reason_kind": "maintenance",
    }
    return await office.post("/v1/closures", body | given)


async def closed(office: Office, **given: Any) -> dict[str, Any]:
    answer = await close(office, **given)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def refused(office: Office, **given: Any) -> dict[str, Any]:
    """The problem that a booking meets."""
    answer = await office.post("/v1/bookings", office.booking(**given))
    assert answer.is_error, answer.text
    return answer.json()
