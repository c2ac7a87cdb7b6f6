"""Lecturers, told of in a word: what tests of the room begin with."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from tests.service.office import COMMUNITY, Office

serial = count(1)
NAME, NUMBER = "测试讲师甲", "13800001234"


@dataclass
class Team:
    """The lecturers of an office, over HTTP."""

    office: Office

    async def join(self, **given: Any) -> str:
        """The id of a new lecturer of the community, with the first of all skills."""
        answer = await self.register(**given)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["lecturer_id"])

    async def register(self, **given: Any) -> httpx.Response:
        body = {
            "code": f"JS-{next(serial):03}",
            "name": NAME,
            "phone": NUMBER,
            "area": COMMUNITY,
            "roles": ["lecturer"],
            "skills": ["party-history"],
            "engagement": "volunteer",
            "engaged_on": "2026-01-01",
        }
        return await self.office.post("/v1/lecturers", body | given)

    async def put(self, path: str, json: Any, **headers: str) -> httpx.Response:
        return await self.office.bases.put(
            path, json=json, headers=self.office.scene.headers(**headers)
        )

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.office.bases.get(path, headers=self.office.scene.headers(**headers))

    async def assign(
        self, booking: dict[str, Any] | str, lecturer: str, **given: Any
    ) -> httpx.Response:
        booking_id = booking if isinstance(booking, str) else booking["booking_id"]
        return await self.put(f"/v1/bookings/{booking_id}/lecturers/{lecturer}", given)

    async def assigned(
        self, booking: dict[str, Any], lecturer: str, **given: Any
    ) -> dict[str, Any]:
        """Assign, which must succeed."""
        answer = await self.assign(booking, lecturer, **given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def release(self, booking: dict[str, Any], lecturer: str) -> httpx.Response:
        return await self.office.bases.delete(
            f"/v1/bookings/{booking['booking_id']}/lecturers/{lecturer}",
            headers=self.office.scene.headers(),
        )

    async def act(self, path: str, version: int, **body: Any) -> httpx.Response:
        """A command on something that was seen at `version`."""
        headers = self.office.scene.headers(**{"If-Match": f'"{version}"'})
        return await self.office.bases.post(path, json=body, headers=headers)

    async def shift(self, lecturer: str, **given: Any) -> httpx.Response:
        body = {
            "base_id": self.office.base_id,
            "lecturer_id": lecturer,
            "day": "2026-06-11",
            "begins": "09:00",
            "ends": "12:00",
        }
        return await self.office.post("/v1/guide-shifts", body | given)

    async def planned(self, lecturer: str, **given: Any) -> dict[str, Any]:
        """Plan one shift, which must succeed."""
        answer = await self.shift(lecturer, **given)
        assert answer.status_code == 201, answer.text
        return answer.json()["planned"][0]

    async def base(self, code: str, area: str = COMMUNITY) -> tuple[str, str]:
        """Another base and a shared square of it."""
        made = await self.office.post(
            "/v1/bases", {"code": code, "name": f"基地{code}", "kind": "red", "area": area}
        )
        assert made.status_code == 201, made.text
        base_id = made.json()["base_id"]
        venue = await self.office.post(
            f"/v1/bases/{base_id}/venues",
            {
                "code": f"{code}-1",
                "name": "广场",
                "kind": "square",
                "capacity": 1000,
                "sharing": "shared",
                "buffer_minutes": 0,
            },
        )
        assert venue.status_code == 201, venue.text
        return base_id, str(venue.json()["venue_id"])
