"""A branch whose members volunteer; a test says only what it is about."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import asyncpg
import httpx

from tests.conftest import Scene, Start
from tests.service.membership.roll import Roll, opened

JUNE = datetime(2019, 6, 3, 1, 0, tzinfo=UTC)
"""A Monday, nine in the morning of the office."""


class Clock:
    """Says what a test wants it to be."""

    def __init__(self, now: datetime = JUNE) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def after(self, **given: float) -> datetime:
        self.now += timedelta(**given)
        return self.now


class Service:
    def __init__(self, roll: Roll, clock: Clock) -> None:
        self.roll, self.clock = roll, clock
        self.serial = count(1)

    @property
    def context(self) -> Any:
        return self.roll.client.app.state.context  # type: ignore[attr-defined]

    @property
    def pool(self) -> asyncpg.Pool:
        return self.context.database.pool

    async def post(self, path: str, **body: Any) -> httpx.Response:
        return await self.roll.send("POST", path, **body)

    async def done(self, path: str, status: int = 200, **body: Any) -> dict[str, Any]:
        """A command that must succeed."""
        answer = await self.post(path, **body)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    async def members(self, number: int = 1) -> list[str]:
        made = [await self.roll.register() for _ in range(number)]
        return [member["member_id"] for member in made]

    async def member(self) -> str:
        return (await self.members())[0]

    async def team(self, **given: Any) -> dict[str, Any]:
        body = {
            "code": f"ZY-{next(self.serial)}",
            "name": "关爱志愿服务队",
            "kind": "care",
            "organisation_id": self.roll.branch,
        }
        return await self.done("/v1/volunteer-teams", 201, **body | given)

    async def item(self, **given: Any) -> dict[str, Any]:
        if not given.keys() & {"team_id", "member_id"}:
            given["team_id"] = (await self.team())["team_id"]
        body = {"code": f"FW-{next(self.serial)}", "name": "小家电维修", "service_kind": "repair"}
        return await self.done("/v1/service-items", 201, **body | given)

    async def request(self, item: dict[str, Any], **given: Any) -> dict[str, Any]:
        return await self.done("/v1/service-requests", 201, item_id=item["item_id"], **given)

    def file(self, **given: Any) -> dict[str, Any]:
        return {
            "code": f"MQ-{next(self.serial)}",
            "organisation_id": self.roll.branch,
            "grade": "first",
            "difficulty": "empty-nest",
            "consent_reference": "TY-1",
            "consented_on": "2019-06-01",
            "household": {"name": "测试户甲", "phone": "13800000000", "situation": "独自居住"},
        } | given

    async def opened(self, **given: Any) -> dict[str, Any]:
        return await self.done("/v1/help-files", 201, **self.file(**given))

    async def wish(self, **given: Any) -> dict[str, Any]:
        body = {
            "wish_kind": "companionship",
            "difficulty": "empty-nest",
            "organisation_id": self.roll.branch,
            "contact": {"name": "测试户乙", "phone": "13900000000", "wish": "有人陪着读报"},
        }
        return await self.done("/v1/wishes", 201, **body | given)

    async def logged(self, kind: str) -> list[dict[str, Any]]:
        """The data of the events of an aggregate, in order."""
        rows = await self.pool.fetch(
            "SELECT type, body::jsonb -> 'data' AS data FROM event_log"
            " WHERE split_part(type, '.', 3) = $1 ORDER BY id",
            kind,
        )
        return [{"type": row["type"].split(".")[3], "data": row["data"]} for row in rows]


async def serving(
    scene: Scene, start: Start, clock: Callable[[], datetime] | None = None, **given: Any
) -> Service:
    made = clock if isinstance(clock, Clock) else Clock()
    return Service(await opened(scene, start, clock=made, **given), made)
