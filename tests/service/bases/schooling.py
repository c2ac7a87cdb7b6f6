"""A hall with a course, as tests hold its sessions."""

from typing import Any

import httpx

from tests.clock import tomorrow
from tests.service.office import Office


class School:
    """A hall with a course; sessions are announced by a test."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.hall: dict[str, Any] = {}
        self.course: dict[str, Any] = {}

    async def open(self, **given: Any) -> None:
        said = {
            "code": "JT-1",
            "name": "唐村新时代大讲堂",
            "kind": "grand-hall",
            "base_id": self.office.base_id,
            "opened_on": "2020-01-01",
        }
        self.hall = await made(self.office, "/v1/lecture-halls", **said | given)
        self.course = await self.publish()

    async def publish(self, **given: Any) -> dict[str, Any]:
        said = {
            "hall_id": self.hall["hall_id"],
            "code": "KC-1",
            "name": "身边的家风",
            "kind": "morals",
        }
        return await made(self.office, "/v1/courses", **said | given)

    async def announce(self, **given: Any) -> dict[str, Any]:
        said = {
            "course_id": self.course["course_id"],
            "starts_at": tomorrow(14),
            "ends_at": tomorrow(16),
            "place": "二楼报告厅",
            "seats": 10,
        }
        return await made(self.office, "/v1/sessions", **said | given)

    async def sign_up(self, session: dict[str, Any], **given: Any) -> httpx.Response:
        said = {"headcount": 4, "channel": "phone"} | given
        return await self.office.post(f"/v1/sessions/{session['session_id']}/sign-ups", said)

    async def session(self, session: dict[str, Any]) -> dict[str, Any]:
        return await got(self.office, f"/v1/sessions/{session['session_id']}")


async def made(office: Office, path: str, **said: Any) -> dict[str, Any]:
    answer = await office.post(path, said)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def got(office: Office, path: str, **params: Any) -> Any:
    answer = await office.bases.get(path, headers=office.scene.headers(), params=params or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def patched(office: Office, path: str, version: int, **changes: Any) -> httpx.Response:
    headers = office.scene.headers(**{"If-Match": f'"{version}"'})
    return await office.bases.patch(path, json=changes, headers=headers)


def said(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("code") if answer.is_error else None


async def told(database, key: str) -> list[str]:
    """Events of an aggregate in order; their versions are dense."""
    bases = await database("bases")
    rows = await bases.pool.fetch(
        "SELECT type, aggregate_version FROM event_log WHERE aggregate_id = $1 ORDER BY id", key
    )
    assert [row["aggregate_version"] for row in rows] == list(range(1, len(rows) + 1))
    return [row["type"].removeprefix("jiceng.bases.").removesuffix(".v1") for row in rows]
