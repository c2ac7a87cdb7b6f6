"""Two committees with branches and members, and a clock that a test turns."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import asyncpg
import httpx

from services.chassis import sweeps
from services.chassis.clock import LOCAL
from services.chassis.sweeps import Sweep
from tests.conftest import DISTRICT, Scene, Start
from tests.conftest import serial as key

STREET, OTHER_STREET = "410305001", "410305002"
COMMUNITY, OTHER_COMMUNITY = "410305001001", "410305002001"
SUMMER = datetime(2026, 7, 1, 9, tzinfo=LOCAL)


@dataclass
class Town:
    """Says only what a test is about; the rest is valid."""

    scene: Scene
    now: datetime
    client: httpx.AsyncClient = field(init=False)
    committee: str = ""
    other_committee: str = ""
    first: str = ""
    """Branch in `COMMUNITY`, under `committee`."""
    second: str = ""
    """Branch beside it."""
    far: str = ""
    """Branch in `OTHER_COMMUNITY`, under `other_committee`."""
    functional: str = ""
    serial: Any = field(default_factory=lambda: count(1))

    def headers(self, role: str = "admin", area: str = DISTRICT, **more: str) -> dict[str, str]:
        """As a caller of that day: the token lives by the test's clock, too."""
        exp = int((self.now + timedelta(hours=1)).timestamp())
        token = self.scene.issuer.token(role, area, iat=exp - 7200, exp=exp)
        return {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": f"town-{next(key)}",
            **more,
        }

    async def post(
        self, path: str, body: dict[str, Any], role: str = "admin", area: str = DISTRICT
    ) -> httpx.Response:
        return await self.client.post(path, json=body, headers=self.headers(role, area))

    async def done(self, path: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
        """A command that must succeed."""
        answer = await self.post(path, body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def put(self, path: str, body: dict[str, Any], **more: str) -> httpx.Response:
        return await self.client.put(path, json=body, headers=self.headers(**more))

    async def get(
        self, path: str, role: str = "admin", area: str = DISTRICT, **asked: Any
    ) -> httpx.Response:
        return await self.client.get(path, params=asked, headers=self.headers(role, area))

    async def seen(self, path: str, **asked: Any) -> Any:
        answer = await self.get(path, **asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def pool(self) -> asyncpg.Pool:
        return self.client.app.state.context.database.pool  # type: ignore[attr-defined]

    async def sweep(self, sweep: Sweep) -> int:
        return await sweeps.once(self.client.app.state.context, sweep)  # type: ignore[attr-defined]

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)

    async def organisation(self, kind: str, area: str, parent: str | None = None) -> str:
        number = next(self.serial)
        body = {
            "code": f"ZZ-{number}",
            "name": f"测试党组织{number}",
            "kind": kind,
            "area": area,
            "parent_id": parent,
            "occurred_at": "2020-01-01T09:00:00+08:00",
        }
        return (await self.done("/v1/organisations", body, 201))["organisation_id"]

    async def member(self, branch: str = "", state: str = "full", **given: Any) -> str:
        number = next(self.serial)
        body = {
            "code": f"DY-{number}",
            "organisation_id": branch or self.first,
            "state": state,
            "name": f"测试{number}",
            "occurred_at": "2020-06-01T09:00:00+08:00",
        } | given
        return (await self.done("/v1/members", body, 201))["member_id"]

    async def send(self, member: str, to: str | None = None, **given: Any) -> dict[str, Any]:
        body = {"member_id": member, "to_id": to or self.second, "cause": "work"} | given
        return await self.done("/v1/transfers", body, 201)

    async def step(self, transfer: dict[str, Any], step: str, **body: Any) -> httpx.Response:
        return await self.post(f"/v1/transfers/{transfer['transfer_id']}/{step}", body)

    async def branch_of(self, member: str) -> str:
        return str(
            await self.pool.fetchval(
                "SELECT organisation_id FROM member WHERE member_id = $1", member
            )
        )

    async def events(self, aggregate: str) -> list[str]:
        """Names of the facts about one aggregate, in order; their versions must be dense."""
        rows = await self.pool.fetch(
            "SELECT type, aggregate_version FROM event_log WHERE aggregate_id = $1 ORDER BY id",
            aggregate,
        )
        assert [row["aggregate_version"] for row in rows] == list(range(1, len(rows) + 1))
        return [row["type"].split(".")[3] for row in rows]

    async def alerts(self, subject: str) -> set[str]:
        rows = await self.pool.fetch(
            "SELECT kind, key FROM alert WHERE subject_id = $1 AND cleared_at IS NULL", subject
        )
        return {f"{row['kind']}{row['key']}" for row in rows}


async def open_town(scene: Scene, start: Start, now: datetime = SUMMER) -> Town:
    town = Town(scene, now.astimezone(UTC))
    town.client = await start("membership", background=False, clock=lambda: town.now)
    for code in (DISTRICT, STREET, OTHER_STREET, COMMUNITY, OTHER_COMMUNITY):
        assert (await town.put(f"/v1/areas/{code}", {"name": "某地"})).status_code == 201
    town.committee = await town.organisation("committee", STREET)
    town.other_committee = await town.organisation("committee", OTHER_STREET)
    town.first = await town.organisation("community-branch", COMMUNITY, town.committee)
    town.second = await town.organisation("community-branch", COMMUNITY, town.committee)
    town.far = await town.organisation("community-branch", OTHER_COMMUNITY, town.other_committee)
    town.functional = await town.organisation("functional-branch", COMMUNITY, town.committee)
    return town


async def counted(town: Town) -> dict[str, int]:
    """Full members by organisation, as the roll shows them."""
    page = await town.seen("/v1/members", limit=100)
    found: dict[str, int] = {}
    for member in page["items"]:
        if member["state"] == "full":
            found[member["organisation_id"]] = found.get(member["organisation_id"], 0) + 1
    return found
