"""A branch with a roll to test on: areas, a committee, two branches, and members of them."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from services.membership.domain.members.identity import check_digit
from tests.conftest import Scene, Start

DISTRICT, STREET, COMMUNITY = "410305", "410305001", "410305001001"
OTHER = "410305001002"
serial = count(1)


def identity_number(born: str = "19700101", order: int | None = None) -> str:
    """A number with a fitting check digit, of nobody: its division does not exist."""
    first = f"990000{born}{order or next(serial):03d}"
    return first + check_digit(first)


def noon(day: str) -> str:
    return f"{day}T12:00:00+08:00"


@dataclass
class Roll:
    scene: Scene
    client: httpx.AsyncClient
    branches: list[str] = field(default_factory=list)
    committee: str = ""

    @property
    def branch(self) -> str:
        return self.branches[0]

    async def send(
        self,
        method: str,
        path: str,
        *,
        role: str = "admin",
        granted: str = DISTRICT,
        key: str | None = None,
        version: int | None = None,
        **body: Any,
    ) -> httpx.Response:
        headers = self.scene.headers(role, granted)
        if key:
            headers["Idempotency-Key"] = key
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return await self.client.request(method, path, json=body, headers=headers)

    async def get(
        self, path: str, *, role: str = "admin", granted: str = DISTRICT, **params: Any
    ) -> httpx.Response:
        headers = self.scene.headers(role, granted)
        return await self.client.get(path, params=params, headers=headers)

    async def organise(self, code: str, area: str, kind: str, parent: str | None = None) -> str:
        answer = await self.send(
            "POST",
            "/v1/organisations",
            code=code,
            name=f"{code}组织",
            kind=kind,
            area=area,
            parent_id=parent,
            occurred_at=noon("2010-07-01"),
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["organisation_id"])

    async def ask(self, **given: Any) -> httpx.Response:
        """Ask to register; a test says only what it is about."""
        number = next(serial)
        body = {
            "code": f"D-{number:05d}",
            "organisation_id": self.branch,
            "state": "full",
            "name": f"测试{number}",
            "occurred_at": noon("2019-01-02"),
        } | given
        return await self.send("POST", "/v1/members", **body)

    async def register(self, **given: Any) -> dict[str, Any]:
        """Register, which must succeed."""
        answer = await self.ask(**given)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def step(
        self, member: dict[str, Any], step: str, day: str, **more: Any
    ) -> httpx.Response:
        path = f"/v1/members/{member['member_id']}/steps"
        return await self.send("POST", path, step=step, occurred_at=noon(day), **more)

    async def act(self, member: dict[str, Any], deed: str, day: str, **more: Any) -> httpx.Response:
        path = f"/v1/members/{member['member_id']}/{deed}"
        return await self.send("POST", path, occurred_at=noon(day), **more)


async def opened(scene: Scene, start: Start, **given: Any) -> Roll:
    """Membership alone, with a committee in a street and a branch in each of two communities."""
    roll = Roll(scene, await start("membership", **({"background": False} | given)))
    for code in (DISTRICT, STREET, COMMUNITY, OTHER):
        answer = await roll.send("PUT", f"/v1/areas/{code}", name=f"区划{code}")
        assert answer.status_code == 201, answer.text
    roll.committee = await roll.organise("DW-1", STREET, "committee")
    for place, area in enumerate((COMMUNITY, OTHER), 1):
        roll.branches.append(await roll.organise(f"ZB-{place}", area, "branch", roll.committee))
    return roll
