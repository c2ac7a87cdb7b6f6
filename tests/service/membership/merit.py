"""A street with a branch and its members, written straight into the tables of membership."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from services.chassis.ids import new_id
from tests.conftest import Scene

STREET, COMMUNITY, ELSEWHERE = "410305001", "410305001001", "410305002"
LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)

ORGANISATION = """
INSERT INTO organisation (organisation_id, code, name, kind, category, area, version, recorded_at)
VALUES ($1, $2, '测试支部', 'branch', 'branch', $3, 1, $4)
"""
MEMBER = """
INSERT INTO member (member_id, code, organisation_id, area, state, since, education, work_status,
    occupation, version, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, 'unknown', 'unknown', 'unknown', 1, $7)
"""


@dataclass
class Roll:
    """Talks to membership; knows its branch and members by id."""

    scene: Scene
    client: httpx.AsyncClient
    pool: asyncpg.Pool
    branch: UUID
    members: list[UUID]

    async def post(self, path: str, body: dict[str, Any], **headers: str) -> httpx.Response:
        sent = self.scene.headers(**headers)
        return await self.client.post(path, json=body, headers=sent)

    async def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return await self.client.request(method, path, json=body, headers=self.scene.headers())

    async def get(self, path: str, role: str = "admin", **params: Any) -> httpx.Response:
        return await self.client.get(path, params=params, headers=self.scene.headers(role))

    async def add_member(self, branch: UUID, state: str = "full", area: str = COMMUNITY) -> UUID:
        made = new_id()
        await self.pool.execute(
            MEMBER, made, f"D{made}", branch, area, state, date(2015, 1, 1), LONG_AGO
        )
        return made

    async def add_branch(self, area: str = COMMUNITY) -> UUID:
        made = new_id()
        await self.pool.execute(ORGANISATION, made, f"B{made}", area, LONG_AGO)
        return made


async def open_roll(scene: Scene, client: httpx.AsyncClient, members: int = 3) -> Roll:
    """Areas, one branch of the community and its full members."""
    pool = client.app.state.context.database.pool  # type: ignore[attr-defined]  # tests look inside
    for code, level in (("410305", "district"), (STREET, "street"), (COMMUNITY, "community")):
        await pool.execute("INSERT INTO area VALUES ($1, '测试', $2, 1)", code, level)
    await pool.execute("INSERT INTO area VALUES ($1, '测试', 'street', 1)", ELSEWHERE)
    roll = Roll(scene, client, pool, new_id(), [])
    roll.branch = await roll.add_branch()
    roll.members = [await roll.add_member(roll.branch) for _ in range(members)]
    return roll
