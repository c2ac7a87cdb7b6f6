"""What tests of co-building begin with, and how they speak to it."""

import json
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

import httpx

from services.chassis import sweeps
from services.chassis.clock import LOCAL
from services.chassis.ids import new_id
from services.cobuilding.sweeps import SWEEPS
from services.cobuilding.tables.rows import AreaRow, EmployerRow, OrganisationRow
from tests.conftest import Scene, Start

STREET = "410305001"
COMMUNITY = "410305001001"
ELSEWHERE = "410305002"
serial = count(1)


@dataclass
class Hands:
    """A clock that a test moves."""

    now: datetime = datetime(2026, 3, 2, 9, tzinfo=LOCAL)

    def __call__(self) -> datetime:
        return self.now

    def to(self, day: str, hour: int = 9) -> None:
        self.now = datetime.fromisoformat(day).replace(hour=hour, tzinfo=LOCAL)


@dataclass
class Town:
    scene: Scene
    client: httpx.AsyncClient
    clock: Hands
    organisation_id: str
    employer_id: str

    @property
    def context(self) -> Any:
        return self.client.app.state.context

    async def ask(self, method: str, path: str, json: Any = None, **given: Any) -> httpx.Response:
        """`given` are the role and area of the token, and further headers."""
        role, area = given.pop("role", "organisation-clerk"), given.pop("area", STREET)
        headers = self.scene.headers(role, area, **given)
        return await self.client.request(method, path, json=json, headers=headers)

    async def done(self, method: str, path: str, json: Any = None, **given: Any) -> Any:
        """Which must succeed."""
        answer = await self.ask(method, path, json, **given)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    async def post(self, path: str, json: Any = None, **given: Any) -> Any:
        return await self.done("POST", path, json or {}, **given)

    async def refused(self, status: int, code: str, method: str, path: str, **given: Any) -> Any:
        """The problem document."""
        answer = await self.ask(method, path, **given)
        assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
        return answer.json()

    async def unit(self, **given: Any) -> dict[str, Any]:
        n = next(serial)
        unit = {"code": f"DW-{n}", "name": f"示例单位{n}", "kind": "state-firm", "area": COMMUNITY}
        return await self.post("/v1/units", unit | given)

    async def tick(self) -> int:
        """All that is due by the clock."""
        return sum([await sweeps.once(self.context, sweep) for sweep in SWEEPS])

    async def events(self, key: str) -> list[dict[str, Any]]:
        """What was announced about an aggregate, oldest first: name and data."""
        rows = await self.context.database.pool.fetch(
            "SELECT type, body FROM event_log WHERE aggregate_id = $1::uuid"
            " ORDER BY aggregate_version",
            key,
        )
        return [json.loads(row["body"])["data"] | {"_type": row["type"]} for row in rows]

    async def told(self, key: str) -> list[str]:
        """The last part of the types of what was announced about an aggregate."""
        return [each["_type"].split(".")[3] for each in await self.events(key)]


async def open_town(scene: Scene, start: Start) -> Town:
    """Area, organisation and employer written as if membership had told of them."""
    clock = Hands()
    client = await start("cobuilding", background=False, clock=clock)
    town = Town(scene, client, clock, str(new_id()), str(new_id()))
    async with client.app.state.context.database.sessions() as session:
        for code, name in ((STREET, "示例街道"), (COMMUNITY, "示例社区"), (ELSEWHERE, "邻街道")):
            session.add(AreaRow(code=code, name=name))
        session.add(
            OrganisationRow(
                organisation_id=town.organisation_id, code="D1", name="示例街道党工委",
                kind="committee", area=STREET,
            )
        )  # fmt: skip
        session.add(
            EmployerRow(employer_id=town.employer_id, code="LY-1", name="示例研究院", area=STREET)
        )
        await session.commit()
    return town
