"""A projector under test, and somebody who publishes what the other services would."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg
import httpx
import pytest
from nats.aio.client import Client

from contracts.event import CONTENT_TYPE, Event, stream_of
from services.chassis.database import Database
from services.chassis.event_log import Entry
from services.projector import model
from tests.conftest import Scene, Start
from tests.eventually import eventually
from tests.unit.projector.build import COMMUNITY, DISTRICT, JUNE, STREET, Log, area, base, branch

YEAR = {"area": DISTRICT, "from": "2019-01-01", "to": "2019-12-31"}


@dataclass
class Desk:
    """Publishes events, asks the projector, looks into its database."""

    scene: Scene
    client: httpx.AsyncClient
    database: Database
    nats: Client
    log: Log = field(default_factory=Log)
    sent: list[Entry] = field(default_factory=list)

    async def tell(self, event: Event, at: datetime = JUNE, **given: Any) -> Entry:
        entry = self.log.write(event, at, **given)
        self.sent.append(entry)
        await self.put(entry)
        return entry

    async def put(self, entry: Entry, body: bytes | None = None) -> None:
        """Store in the stream, without the id by which the server would drop a repetition."""
        await self.nats.jetstream().publish(
            entry.subject,
            body or entry.body.encode(),
            headers={"content-type": CONTENT_TYPE},
            stream=stream_of(entry.type.split(".")[1]),
        )

    async def get(self, path: str, role: str = "viewer", **asked: Any) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {self.scene.issuer.token(role)}"}
        period = {} if path == "/v1/figures" else YEAR
        return await self.client.get(path, params=period | asked, headers=bearer)

    async def figure(self, key: str, **asked: Any) -> dict[str, Any]:
        answer = await self.get(f"/v1/figures/{key}", **asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def value(self, key: str, **asked: Any) -> float | None:
        return (await self.figure(key, **asked))["value"]

    async def groups(self, key: str, by: str, **asked: Any) -> dict[str, float | None]:
        groups = (await self.figure(key, by=by, **asked))["groups"]
        return {group["label"]: group["value"] for group in groups}

    async def events(self, key: str, **asked: Any) -> list[dict[str, Any]]:
        """All pages."""
        items: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            answer = await self.get(f"/v1/figures/{key}/events", **asked, **cursor)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            items += page["items"]
            if page["next"] is None:
                return items
            cursor = {"cursor": page["next"]}

    async def settled(self) -> None:
        """Wait until the live model has read all there is in the streams."""

        async def caught_up() -> bool:
            if not await self.database.pool.fetchval("SELECT count(*) FROM generation"):
                return False
            for service in ("membership", "bases"):
                stream = stream_of(service)
                info = await self.nats.jetstream().stream_info(stream)
                at = await self.database.pool.fetchrow(
                    f"SELECT epoch, seq FROM {await self.m()}.position WHERE stream = $1", stream
                )
                if at is None or at["epoch"] != info.created:
                    return False
                if at["seq"] < info.state.last_seq:
                    return False
            return True

        await eventually(caught_up)

    async def m(self) -> str:
        async with self.database.pool.acquire() as connection:
            return model.schema_of(await model.live(connection))

    async def rows(self) -> dict[str, list[asyncpg.Record]]:
        """The whole live model, position excepted."""
        m = await self.m()
        return {
            table: sorted(await self.database.pool.fetch(f"TABLE {m}.{table}"), key=repr)
            for table in model.COMPARED
        }


@pytest.fixture
async def desk(
    scene: Scene, start: Start, database: Callable[[str], Awaitable[Database]]
) -> AsyncIterator[Desk]:
    """A projector that knows one district with one street and community, nothing else."""
    client = await start("projector")
    nats = await scene.connect("desk")
    made = Desk(scene, client, await database("projector"), nats)
    try:
        for code, name in ((DISTRICT, "涧西区"), (STREET, "测试街道"), (COMMUNITY, "唐村社区")):
            await made.tell(area(code, name))
        await made.settled()
        yield made
    finally:
        await made.nats.close()


@pytest.fixture
async def office(desk: Desk) -> Desk:
    """The same with a base and a branch."""
    await desk.tell(base("基地甲"))
    await desk.tell(branch("支部甲"))
    await desk.settled()
    return desk
