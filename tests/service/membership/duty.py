"""An office with a branch, a liaison point, and members to be on duty there."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx

from services.chassis import personal
from services.chassis.ids import new_id
from tests.conftest import Scene, Start
from tests.service.membership.test_tree_over_http import COMMUNITY, STREET, Registry

GRID, NEXT_GRID = COMMUNITY + "001", COMMUNITY + "002"
MONDAY = date(2026, 6, 8)
SATURDAY = datetime(2026, 6, 6, 2, tzinfo=UTC)
"""10 o'clock in Shanghai, two days before `MONDAY`."""
WEEK = "2026-W24"
SHIFTS = [{"starts": "09:00", "ends": "11:00"}, {"starts": "14:30", "ends": "16:30"}]

NEW_MEMBER = """
INSERT INTO member (member_id, code, organisation_id, area, state, since, education, work_status,
                    occupation, health, version, recorded_at)
VALUES ($1, $2, $3, $4, 'full', '2020-01-01', 'other', 'other', 'other', 'good', 1, now())
"""


@dataclass
class Clock:
    """The office's clock, which a test turns forward."""

    now: datetime = SATURDAY

    def __call__(self) -> datetime:
        return self.now


@dataclass
class DutyOffice:
    scene: Scene
    client: httpx.AsyncClient
    clock: Clock
    branch: str = ""
    other: str = ""
    point: dict[str, Any] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)

    async def post(self, path: str, role: str = "admin", **body: Any) -> httpx.Response:
        match = {"If-Match": f'"{body.pop("version")}"'} if "version" in body else {}
        headers = self.scene.headers(role, **match)
        return await self.client.post(path, json=body, headers=headers)

    async def send(self, method: str, path: str, **body: Any) -> httpx.Response:
        match = {"If-Match": f'"{body.pop("version")}"'} if "version" in body else {}
        headers = self.scene.headers(**match)
        return await self.client.request(method, path, json=body, headers=headers)

    async def get(self, path: str, role: str = "admin", **params: Any) -> httpx.Response:
        return await self.client.get(path, params=params, headers=self.scene.headers(role))

    async def made(self, path: str, **body: Any) -> dict[str, Any]:
        answer = await self.post(path, **body)
        assert answer.status_code in {200, 201}, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def open(self, code: str = "LL-1", **given: Any) -> dict[str, Any]:
        body = {
            "code": code,
            "label": f"{code}联络点",
            "organisation_id": self.branch,
            "area": COMMUNITY,
            "estate_code": "XQ-1",
            "opened_on": "2026-01-05",
        }
        return await self.made("/v1/liaison-points", **(body | given))

    async def adopt(self, code: str = "ZB-1", **given: Any) -> dict[str, Any]:
        body = {
            "code": code,
            "organisation_id": self.branch,
            "area": COMMUNITY,
            "point_id": self.point.get("point_id"),
            "weekdays": [1, 2, 3, 4, 5],
            "shifts": SHIFTS,
            "effective_from": "2026-01-05",
        }
        return await self.made("/v1/duty-rotas", **(body | given))

    async def staff(self, rota: dict[str, Any], *people: str) -> None:
        holders = [{"holder_id": each} for each in people or self.people]
        await self.made(f"/v1/duty-rotas/{rota['rota_id']}/holders", holders=holders)

    async def plan(self, rota: dict[str, Any], until: str = "2026-06-14") -> dict[str, Any]:
        return await self.made(f"/v1/duty-rotas/{rota['rota_id']}/plan", until=until)

    async def week(self, week: str = WEEK, **params: Any) -> list[dict[str, Any]]:
        answer = await self.get("/v1/duty-table", week=week, **{"within": COMMUNITY} | params)
        assert answer.status_code == 200, answer.text
        slots: list[dict[str, Any]] = answer.json()["slots"]
        return slots

    async def enrol(self, name: str) -> str:
        """A member of the branch, written as if it had been on the roll."""
        context = self.client.app.state.context  # type: ignore[attr-defined]
        member_id = new_id()
        async with context.database.pool.acquire() as connection:
            await connection.execute(
                NEW_MEMBER, member_id, f"DY-{len(self.people)}", UUID(self.branch), COMMUNITY
            )
            await personal.keep(connection, context.vault, {member_id: {"name": name}})
        self.people.append(str(member_id))
        return str(member_id)

    async def log(self, type_part: str) -> list[dict[str, Any]]:
        """The data of the events whose type contains `type_part`, in order."""
        pool = self.client.app.state.context.database.pool  # type: ignore[attr-defined]
        rows = await pool.fetch(
            "SELECT body FROM event_log WHERE type LIKE $1 ORDER BY id", f"%{type_part}%"
        )
        return [json.loads(row["body"])["data"] for row in rows]


async def open_duty_office(scene: Scene, start: Start, people: int = 4) -> DutyOffice:
    clock = Clock()
    office = DutyOffice(scene, await start("membership", background=False, clock=clock), clock)
    registry = Registry(scene, office.client)
    for code, name in (
        ("410305", "涧西区"),
        (STREET, "湖北路街道"),
        (COMMUNITY, "唐村社区"),
        (GRID, "第一网格"),
        (NEXT_GRID, "第二网格"),
    ):
        assert (await registry.put_area(code, name)).status_code == 201
    office.branch = (await registry.register("B1")).json()["organisation_id"]
    office.other = (await registry.register("B2")).json()["organisation_id"]
    office.point = await office.open()
    for n in range(people):
        await office.enrol(f"测试{'甲乙丙丁戊己庚辛'[n]}")
    return office


def on_duty(slots: list[dict]) -> list[str]:
    return [each["holder_id"] for slot in slots for each in slot["on_duty"]]
