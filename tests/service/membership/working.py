"""A community that receives working members: two communities, one grid, two employers."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from tests.conftest import Scene, Start

DISTRICT, STREET = "410305", "410305001"
COMMUNITY, NEXT = "410305001001", "410305001002"
GRID = "410305001001002"


@dataclass
class Community:
    """Says only what a test is about; the rest is valid."""

    scene: Scene
    client: httpx.AsyncClient
    university: str = ""
    hospital: str = ""
    serial: Any = field(default_factory=lambda: count(1))

    async def post(self, path: str, body: dict[str, Any], **given: str) -> httpx.Response:
        return await self.client.post(path, json=body, headers=self.scene.headers(**given))

    async def get(
        self, path: str, role: str = "admin", area: str = DISTRICT, **asked: Any
    ) -> httpx.Response:
        headers = self.scene.headers(role, area)
        return await self.client.get(path, params=asked, headers=headers)

    async def patch(self, path: str, seen: dict[str, Any], body: dict[str, Any]) -> httpx.Response:
        headers = self.scene.headers(**{"If-Match": f'"{seen["version"]}"'})
        return await self.client.patch(path, json=body, headers=headers)

    async def done(self, path: str, body: dict[str, Any], status: int = 201) -> dict[str, Any]:
        """A command that must succeed."""
        answer = await self.post(path, body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def person(self, **given: Any) -> dict[str, Any]:
        number = next(self.serial)
        return {
            "community": COMMUNITY,
            "employer_id": self.university,
            "occupation": "teacher",
            "skills": ["teaching"],
            "name": f"测试甲{number}",
            "phone": f"1390000{number:04}",
        } | given

    async def register(self, **given: Any) -> dict[str, Any]:
        return await self.done("/v1/registrants", self.person(**given))

    async def open(self, **given: Any) -> dict[str, Any]:
        number = next(self.serial)
        body = {
            "code": f"GW-{number:03}",
            "title": f"岗位{number}",
            "kind": "elderly-care",
            "community": COMMUNITY,
            "places": 3,
            "starts_on": "2019-01-01",
        }
        return await self.done("/v1/posts", body | given)

    async def claim(
        self, post: dict[str, Any], who: dict[str, Any], **given: Any
    ) -> httpx.Response:
        body = {"registrant_id": who["registrant_id"]} | given
        return await self.post(f"/v1/posts/{post['post_id']}/claims", body)

    async def claimed(
        self, post: dict[str, Any], who: dict[str, Any], **given: Any
    ) -> dict[str, Any]:
        answer = await self.claim(post, who, **given)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def serve(self, *who: dict[str, Any], **given: Any) -> dict[str, Any]:
        body = {
            "community": COMMUNITY,
            "kind": "elderly-care",
            "held_on": "2019-06-08",
            "minutes": 90,
            "registrant_ids": [each["registrant_id"] for each in who],
        }
        return await self.done("/v1/service-records", body | given)

    async def value(self, query: str, *given: Any) -> Any:
        """Straight from the database."""
        return await self.client.app.state.context.database.pool.fetchval(query, *given)  # type: ignore[attr-defined]

    async def events(self, *names: str) -> list[str]:
        """Names of what was announced, in order, of the aggregates `names`."""
        rows = await self.client.app.state.context.database.pool.fetch(  # type: ignore[attr-defined]
            "SELECT type FROM event_log ORDER BY id"
        )
        told = [row["type"].split(".")[2:4] for row in rows]
        return [f"{aggregate}.{name}" for aggregate, name in told if aggregate in names]


async def open_community(scene: Scene, start: Start, **given: Any) -> Community:
    client = await start("membership", background=False, **given)
    made = Community(scene, client)
    for code, name in (
        (DISTRICT, "涧西区"),
        (STREET, "湖北路街道"),
        (COMMUNITY, "唐村社区"),
        (NEXT, "科大社区"),
        (GRID, "唐村第二网格"),
    ):
        answer = await client.put(f"/v1/areas/{code}", json={"name": name}, headers=scene.headers())
        assert answer.status_code in {200, 201}, answer.text
    for code, name in (("DW-01", "测试大学"), ("DW-02", "测试医院")):
        body = {"code": code, "name": name, "area": DISTRICT}
        found = (await made.done("/v1/employers", body))["employer_id"]
        made.university, made.hospital = made.university or found, found
    return made
