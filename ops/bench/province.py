"""What staff ask of a province, with ten thousand members and with a million: how much slower.

Some 56,000 areas with an organisation each, in two databases that differ in the number of members;
a membership service serves each. The same question goes to one and to the other in turn.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from uuid import UUID

import asyncpg
import httpx

from ops.bench.measure import Measured, percentile
from ops.bench.populace import PROVINCE, identity, populate
from ops.bench.stage import Stage
from ops.embedded.nats import free_port
from ops.embedded.service import ServiceProcess
from ops.services import BY_NAME
from services.chassis.http.pages import encode
from services.chassis.migrate import ensure_database, migrate
from services.chassis.personal import Vault
from services.chassis.settings import Settings

SMALL, LARGE = 10_000, 1_000_000
REQUESTS = 15
MOST = 3.0
"""Times as long with a hundred times as many members."""

PLACES = """
SELECT m.code, m.area, m.member_id, m.organisation_id, d.organisation_id AS district_id,
       (SELECT organisation_id FROM organisation WHERE parent_id IS NULL) AS province_id
  FROM member m JOIN organisation d ON d.code = 'O-' || left(m.area, 6)
 WHERE m.code = ANY($1) ORDER BY m.code
"""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a question is asked: around one member, who is there in both provinces."""

    code: str
    area: str
    member_id: UUID
    organisation_id: UUID
    district_id: UUID
    province_id: UUID
    members: int
    """In the whole province."""

    @property
    def city(self) -> str:
        return self.area[:4]

    @property
    def district(self) -> str:
        return self.area[:6]

    @property
    def hundreds(self) -> str:
        """An area of some hundred members: a street of the large one, a city of the small."""
        return self.area[:9] if self.members == LARGE else self.city

    @property
    def cursor(self) -> str:
        """Somewhere in the middle of the province."""
        return encode((self.area, self.member_id))


@dataclass(frozen=True)
class Asked:
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] | None = None


Question = Callable[[Place], Asked]

MEMBERS, OVERDUE = "/v1/members", "/v1/cadence/overdue"
QUESTIONS: dict[str, Question] = {
    "members of a city": lambda p: Asked(MEMBERS, {"within": p.city}),
    "members, page in the middle": lambda p: Asked(MEMBERS, {"cursor": p.cursor}),
    "members by state": lambda p: Asked(MEMBERS, {"within": p.city, "state": "probationary"}),
    "members by education": lambda p: Asked(
        MEMBERS, {"within": p.city, "education": "postgraduate"}
    ),
    "members by occupation, nobody": lambda p: Asked(
        MEMBERS, {"within": p.city, "occupation": "official"}
    ),
    "mobile members": lambda p: Asked(MEMBERS, {"within": p.city, "whereabouts": "away"}),
    "members below an organisation": lambda p: Asked(MEMBERS, {"below": str(p.district_id)}),
    "member by code": lambda p: Asked(MEMBERS, {"code": p.code}),
    "exact lookup": lambda p: Asked(
        f"{MEMBERS}/lookup", body={"identity_number": identity(p.code)}
    ),
    "one member": lambda p: Asked(f"{MEMBERS}/{p.member_id}"),
    "subtree of the province": lambda p: Asked(f"/v1/organisations/{p.province_id}/subtree"),
    "subtree of a district": lambda p: Asked(f"/v1/organisations/{p.district_id}/subtree"),
    "structure of a district": lambda p: Asked(
        f"{MEMBERS}/structure", {"within": p.district, "by": "education"}
    ),
    "organisations of a district": lambda p: Asked("/v1/organisations", {"within": p.district}),
    "overdue in the province": lambda _: Asked(OVERDUE),
    "overdue in a district": lambda p: Asked(OVERDUE, {"within": p.district}),
    "owed by an organisation": lambda p: Asked(f"/v1/organisations/{p.organisation_id}/cadence"),
    "activities of a district": lambda p: Asked("/v1/activities", {"within": p.district}),
    "alerts of the province": lambda _: Asked("/v1/alerts"),
    "alerts of a district": lambda p: Asked("/v1/alerts", {"within": p.district}),
    "cleared alerts, too": lambda p: Asked("/v1/alerts", {"within": p.district, "cleared": "true"}),
    "roster as a file": lambda p: Asked(
        f"{MEMBERS}/export", {"within": p.hundreds, "format": "csv"}
    ),
}


@dataclass(frozen=True)
class Province:
    """A database and the service before it."""

    client: httpx.AsyncClient
    places: Sequence[Place]

    async def ask(self, question: Question, place: Place) -> float:
        """Milliseconds until the whole answer was there."""
        asked = question(place)
        started = perf_counter()
        answer = await self.client.request(
            "GET" if asked.body is None else "POST",
            asked.path,
            params=asked.params,
            json=asked.body,
        )
        took = perf_counter() - started
        answer.raise_for_status()
        return took * 1000


async def measure(stage: Stage) -> list[Measured]:
    async with _province(stage, SMALL) as small, _province(stage, LARGE) as large:
        return [
            await _compared(name, question, small, large) for name, question in QUESTIONS.items()
        ]


async def _compared(name: str, question: Question, small: Province, large: Province) -> Measured:
    for province in (small, large):
        await province.ask(question, province.places[-1])
    few, many = [], []
    for here, there in zip(small.places, large.places, strict=True):
        few.append(await small.ask(question, here))
        many.append(await large.ask(question, there))
    return Measured(
        name,
        "ms",
        f"{LARGE:,} members in the province, median of {REQUESTS} requests over HTTP",
        f"the same with {SMALL:,} members",
        ours=median(many),
        bound=median(few),
        ratio=median(many) / median(few),
        most=MOST,
        details={"ours p95": percentile(many, 0.95), "bound p95": percentile(few, 0.95)},
    )


@asynccontextmanager
async def _province(stage: Stage, members: int) -> AsyncIterator[Province]:
    """Filled, served, and asked by somebody who may see all of it."""
    url = stage.settings.database_url.replace("{service}", f"{{service}}_{members}")
    settings = stage.settings.model_copy(update={"database_url": url})
    places = await _filled(settings.database_dsn("membership"), settings, members)
    port = free_port()
    service = ServiceProcess(
        BY_NAME["membership"],
        host="127.0.0.1",
        port=port,
        settings=stage.environment(port) | {"JICENG_DATABASE_URL": url},
        log=stage.folder / f"membership-{members}.log",
    )
    service.launch()
    try:
        await asyncio.to_thread(service.await_ready, 60)
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {stage.token(PROVINCE)}"},
            timeout=60,
        ) as client:
            yield Province(client, places)
    finally:
        service.stop()


async def _filled(dsn: str, settings: Settings, members: int) -> list[Place]:
    await ensure_database(dsn)
    await migrate(dsn, BY_NAME["membership"].migrations)
    connection = await asyncpg.connect(dsn)
    try:
        await populate(connection, members, Vault(settings.root_keys()))
        asked = [f"M-{number}" for number in range(1, REQUESTS + 1)]
        rows = await connection.fetch(PLACES, asked)
    finally:
        await connection.close()
    return [Place(**row, members=members) for row in rows]
