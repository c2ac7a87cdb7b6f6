"""Organisational life to test: a street, two branches and a group, members written as rows."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

import httpx

from services.chassis import sweeps
from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.ids import new_id
from services.membership.handlers.cadence import ASSESS, FOLLOW
from tests.conftest import Scene, Start

DISTRICT, STREET, COMMUNITY = "410305", "410305001", "410305001001"
FOUNDED = "2019-01-01T09:00:00+08:00"
MEMBER = """
INSERT INTO member (member_id, code, organisation_id, area, state, since, education, work_status,
                    occupation, health, version, recorded_at)
VALUES ($1, $2, $3, $4, $5, '2010-01-01', 'unknown', 'unknown', 'unknown', $6, 1, now())
"""


@dataclass
class Now:
    """A clock that a test moves."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def move(self, text: str) -> None:
        self.at = datetime.fromisoformat(text)


@dataclass
class Life:
    """Says only what a test is about; the rest is valid."""

    scene: Scene
    client: httpx.AsyncClient
    database: Database
    branch: dict[str, Any] = field(default_factory=dict)
    serial: Any = field(default_factory=lambda: count(1))

    async def post(self, path: str, body: dict[str, Any], **headers: str) -> httpx.Response:
        return await self.client.post(path, json=body, headers=self.scene.headers(**headers))

    async def done(self, path: str, body: dict[str, Any], status: int = 201) -> dict[str, Any]:
        """A command that must succeed."""
        answer = await self.post(path, body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def correct(self, seen: dict[str, Any], **changes: Any) -> httpx.Response:
        return await self.client.patch(
            f"/v1/activities/{seen['activity_id']}",
            json=changes,
            headers=self.scene.headers(**{"If-Match": f'"{seen["version"]}"'}),
        )

    async def get(
        self, path: str, role: str = "admin", area: str = DISTRICT, **asked: Any
    ) -> httpx.Response:
        headers = self.scene.headers(role, area)
        return await self.client.get(path, params=asked, headers=headers)

    async def organisation(self, code: str, kind: str = "branch", **given: Any) -> dict[str, Any]:
        body = {"code": code, "name": f"{code}支部", "kind": kind, "area": COMMUNITY}
        return await self.done("/v1/organisations", body | {"occurred_at": FOUNDED} | given)

    def meeting(self, **given: Any) -> dict[str, Any]:
        return {
            "organisation_id": self.branch["organisation_id"],
            "kind": "members-meeting",
            "starts_at": "2019-06-08T09:00:00+08:00",
        } | given

    async def held(self, **given: Any) -> dict[str, Any]:
        return await self.done("/v1/activities", self.meeting(**given))

    async def member(self, state: str = "full", health: str = "able", **given: Any) -> str:
        """A member written as if room members had registered one; the id."""
        member_id, number = new_id(), next(self.serial)
        organisation_id = given.get("organisation_id", self.branch["organisation_id"])
        await self.database.pool.execute(
            MEMBER, member_id, f"DY-{number}", organisation_id, COMMUNITY, state, health
        )
        return str(member_id)

    async def events(self, *names: str) -> list[tuple[str, str, dict[str, Any]]]:
        """What was announced under these `aggregate.event` names: name, business day, data."""
        rows = await self.database.pool.fetch("SELECT body FROM event_log ORDER BY id")
        told = [json.loads(row["body"]) for row in rows]
        return [
            (name, each["time"], each["data"])
            for each in told
            if (name := each["type"].removeprefix("jiceng.membership.").removesuffix(".v1"))
            in names
        ]

    async def clockwork(self) -> tuple[int, int]:
        """Let the clock do all that is due: how many organisations and periods it looked at."""
        context = self.client.app.state.context  # type: ignore[attr-defined]
        return await sweeps.once(context, FOLLOW), await sweeps.once(context, ASSESS)


async def begin(
    scene: Scene, start: Start, database: Any, clock: Clock | None = None, **given: Any
) -> Life:
    clocked = {"clock": clock} if clock else {}
    client = await start("membership", **{"background": False} | clocked | given)
    life = Life(scene, client, await database("membership"))
    for code, name in ((DISTRICT, "涧西区"), (STREET, "湖北路街道"), (COMMUNITY, "唐村社区")):
        answer = await client.put(f"/v1/areas/{code}", json={"name": name}, headers=scene.headers())
        assert answer.status_code == 201, answer.text
    life.branch = await life.organisation("ZB-1")
    return life
