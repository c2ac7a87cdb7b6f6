"""A month of a base with twenty venues over HTTP, with 50,000 bookings and with 500."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from uuid import UUID

import asyncpg
import httpx

from ops.bench.measure import Measured, percentile
from ops.bench.occupancy import VENUES, occupy
from ops.bench.stage import Stage
from ops.embedded.nats import free_port
from ops.embedded.service import ServiceProcess
from ops.services import BY_NAME
from services.chassis.clock import business_date
from services.chassis.migrate import ensure_database, migrate

FEW, MANY = 500, 50_000
REQUESTS = 25
MOST = 3.0
"""Times as long with a hundred times as many bookings."""

MINUTES = 60


@dataclass(frozen=True)
class Office:
    """A database and the service before it."""

    client: httpx.AsyncClient
    base_id: UUID

    async def ask(self) -> float:
        """Milliseconds until the whole month was there."""
        first = business_date(datetime.now(UTC))
        started = perf_counter()
        answer = await self.client.get(
            "/v1/availability",
            params={
                "base_id": str(self.base_id),
                "from": str(first),
                "to": str(first + timedelta(days=30)),
                "minutes": MINUTES,
                "headcount": 20,
            },
        )
        took = perf_counter() - started
        answer.raise_for_status()
        if len(answer.json()["venues"]) != VENUES:
            raise RuntimeError("a venue is missing")
        return took * 1000


async def measure(stage: Stage) -> Measured:
    async with _office(stage, FEW) as small, _office(stage, MANY) as large:
        await small.ask()
        await large.ask()
        few, many = [], []
        for _ in range(REQUESTS):
            few.append(await small.ask())
            many.append(await large.ask())
    return Measured(
        "availability of a month",
        "ms",
        f"{VENUES} venues, {MANY:,} bookings in two years, starts of {MINUTES} minutes,"
        f" median of {REQUESTS} requests over HTTP",
        f"the same base with {FEW} bookings",
        ours=median(many),
        bound=median(few),
        ratio=median(many) / median(few),
        most=MOST,
        details={"ours p95": percentile(many, 0.95), "bound p95": percentile(few, 0.95)},
    )


@asynccontextmanager
async def _office(stage: Stage, bookings: int) -> AsyncIterator[Office]:
    url = stage.settings.database_url.replace("{service}", f"{{service}}_{bookings}")
    settings = stage.settings.model_copy(update={"database_url": url})
    base_id = await _filled(settings.database_dsn("bases"), bookings)
    port = free_port()
    service = ServiceProcess(
        BY_NAME["bases"],
        host="127.0.0.1",
        port=port,
        settings=stage.environment(port) | {"JICENG_DATABASE_URL": url},
        log=stage.folder / f"bases-{bookings}.log",
    )
    service.launch()
    try:
        await asyncio.to_thread(service.await_ready, 60)
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {stage.token()}"},
            timeout=60,
        ) as client:
            yield Office(client, base_id)
    finally:
        service.stop()


async def _filled(dsn: str, bookings: int) -> UUID:
    await ensure_database(dsn)
    await migrate(dsn, BY_NAME["bases"].migrations)
    connection = await asyncpg.connect(dsn)
    try:
        return await occupy(connection, bookings)
    finally:
        await connection.close()
