"""A small office to test in: one street, one community, one branch, one base, two venues."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

import asyncpg
import httpx

from services.chassis.ids import new_id
from tests.clock import office_clock, tomorrow
from tests.conftest import Scene, Start, serve

STREET = "410305001"
COMMUNITY = "410305001001"
serial = count(1)


@dataclass
class Office:
    """Clients for membership and bases, and the ids of what stands ready."""

    scene: Scene
    bases: httpx.AsyncClient
    organisation_id: str
    base_id: str
    hall: str
    """Takes one booking at a time, 40 people, 15 minutes of buffer."""
    square: str
    """Shared, 100 places."""

    def booking(self, **given: Any) -> dict[str, Any]:
        """A valid request; a test says only what it is about."""
        return {
            "venue_id": self.hall,
            "organisation_id": self.organisation_id,
            "starts_at": tomorrow(9),
            "ends_at": tomorrow(10),
            "headcount": 20,
            "channel": "web",
            "visitor_level": "district",
        } | given

    async def post(self, path: str, json: Any, **headers: str) -> httpx.Response:
        return await self.bases.post(path, json=json, headers=self.scene.headers(**headers))

    async def book(self, **given: Any) -> dict[str, Any]:
        """Book, which must succeed."""
        answer = await self.post("/v1/bookings", self.booking(**given))
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def step(self, booking: dict[str, Any], step: str, **body: Any) -> dict[str, Any]:
        seen = {"If-Match": f'"{booking["version"]}"'} if step == "reschedule" else {}
        answer = await self.post(f"/v1/bookings/{booking['booking_id']}/{step}", body, **seen)
        assert answer.status_code == 200, answer.text
        return answer.json()


Ids = tuple[str, str, str, str]
"""Organisation, base, hall, square."""

TEMPLATE = "template_office"
standing: list[Ids] = []
"""Of the office in `TEMPLATE`, once it is made."""


async def open_office(
    scene: Scene, start: Start, *, background: bool = False, **given: Any
) -> Office:
    """Bases with a base and two venues; area and organisation written as if membership had told.

    Opened by commands once a session, and copied since; also by commands in a database that was
    there before.
    """
    ids = None
    if "bases" in scene.templates and "bases" not in scene.made:
        if not standing:
            standing.append(await _template(scene))
        ids = standing[0]
        scene.templates["bases"] = TEMPLATE
    bases = await start("bases", background=background, **{"clock": office_clock} | given)
    return Office(scene, bases, *(ids or await _furnished(scene, bases)))


async def _template(scene: Scene) -> Ids:
    async with AsyncExitStack() as stack:
        bases = await serve(scene, stack, "bases", background=False, clock=office_clock)
        ids = await _furnished(scene, bases)
    await scene.copy(name := scene.made.pop("bases"), TEMPLATE)
    await scene.admin.execute(f"DROP DATABASE {name}")
    return ids


async def _furnished(scene: Scene, bases: httpx.AsyncClient) -> Ids:
    organisation_id = str(new_id())
    connection = await asyncpg.connect(scene.settings.database_dsn("bases"))
    await connection.execute("INSERT INTO area VALUES ($1, '唐村社区')", COMMUNITY)
    await connection.execute(
        "INSERT INTO organisation (organisation_id, code, name, kind, area)"
        " VALUES ($1, 'B1', '唐村社区第一党支部', 'branch', $2)",
        organisation_id,
        COMMUNITY,
    )
    await connection.close()
    made = Office(scene, bases, organisation_id, "", "", "")
    base = await made.post(
        "/v1/bases", {"code": "JD-1", "name": "测试基地", "kind": "red", "area": COMMUNITY}
    )
    assert base.status_code == 201, base.text
    made.base_id = base.json()["base_id"]
    hall = await _venue(made, "CG-1", "一号展厅", "hall", 40, "exclusive", 15)
    square = await _venue(made, "CG-2", "文化广场", "square", 100, "shared", 0)
    return organisation_id, made.base_id, hall, square


async def _venue(
    office: Office, code: str, name: str, kind: str, capacity: int, sharing: str, buffer: int
) -> str:
    answer = await office.post(
        f"/v1/bases/{office.base_id}/venues",
        {
            "code": code,
            "name": name,
            "kind": kind,
            "capacity": capacity,
            "sharing": sharing,
            "buffer_minutes": buffer,
        },
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["venue_id"])


def noon() -> datetime:
    return office_clock().replace(hour=4, minute=0, second=0, microsecond=0)
