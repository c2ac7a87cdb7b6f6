"""From the answer to a booking until its figure shows it, one booking after another."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

import asyncpg
import httpx
from nats.aio.msg import Msg

from ops.bench import office
from ops.bench.measure import Measured, percentile
from ops.bench.stage import AREA, Stage
from ops.embedded.nats import free_port
from ops.embedded.service import ServiceProcess
from ops.services import BY_NAME
from services.chassis.bus.connection import connect
from services.chassis.clock import LOCAL

BOOKINGS = 200
POLL_S = 0.002
FIGURE = "/v1/figures/bases.bookings"
FILED_WITHIN = timedelta(days=20)
"""Longer than any holiday lasts: bookings are filed on the last working day."""
GIVE_UP_S = 30.0


async def measure(stage: Stage) -> Measured:
    opened = await office.opened(stage.settings.database_dsn("bases"))
    async with AsyncExitStack() as stack:
        bases = await _started(stage, "bases", stack)
        projector = await _started(stage, "projector", stack)
        bodies = opened.requests()
        await _seen(bases, projector, bodies, 0)  # the first one pays for everybody
        numbers = range(1, BOOKINGS + 1)
        took = [await _seen(bases, projector, bodies, number) for number in numbers]
        shortest = await _shortest(stage)
    ours, bound = percentile(took, 0.5), percentile(shortest, 0.5)
    return Measured(
        "commit to figure",
        "ms (p50)",
        f"{BOOKINGS} bookings, from 201 until GET {FIGURE} counts them; p99 in the details",
        "one acknowledged publish, one callback, one committed row, seen",
        ours=ours * 1000,
        bound=bound * 1000,
        ratio=bound / ours,
        details={
            "p50": round(ours * 1000, 1),
            "p99": round(percentile(took, 0.99) * 1000, 1),
            "bound p99": round(percentile(shortest, 0.99) * 1000, 1),
        },
    )


async def _started(stage: Stage, name: str, stack: AsyncExitStack) -> httpx.AsyncClient:
    port = free_port()
    service = ServiceProcess(
        BY_NAME[name],
        host="127.0.0.1",
        port=port,
        settings=stage.environment(port),
        log=stage.folder / f"{name}.log",
    )
    service.launch()
    stack.callback(service.stop)
    await asyncio.to_thread(service.await_ready, 30)
    headers = {"Authorization": f"Bearer {stage.token()}"}
    client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=10)
    return await stack.enter_async_context(client)


async def _seen(
    bases: httpx.AsyncClient, projector: httpx.AsyncClient, bodies: Iterator[str], before: int
) -> float:
    """Seconds from the answer until the figure is one more than `before`."""
    today = datetime.now(LOCAL).date()
    first = today - FILED_WITHIN
    asked: dict[str, Any] = {"area": AREA, "from": str(first), "to": str(today)}
    booked = await bases.post(
        "/v1/bookings",
        json=json.loads(next(bodies)),
        headers={"Idempotency-Key": f"latency-{before}"},
    )
    started = perf_counter()
    booked.raise_for_status()
    async with asyncio.timeout(GIVE_UP_S):
        while True:
            answer = await projector.get(FIGURE, params=asked)
            answer.raise_for_status()
            if answer.json()["value"] > before:
                return perf_counter() - started
            await asyncio.sleep(POLL_S)


async def _shortest(stage: Stage) -> list[float]:
    """The same way with nothing on it."""
    client = await connect(stage.nats.url, "bench-shortest")
    connection = await asyncpg.connect(stage.settings.database_dsn("projector"))
    await connection.execute("CREATE TABLE plain_seen (n int PRIMARY KEY)")
    written = asyncio.Event()

    async def write(msg: Msg) -> None:
        await connection.execute("INSERT INTO plain_seen VALUES ($1)", int(msg.data))
        written.set()

    jetstream = client.jetstream()
    await jetstream.add_stream(name="JICENG_RAW", subjects=["raw.>"])
    await jetstream.subscribe("raw.>", cb=write)
    took = []
    for number in range(BOOKINGS):
        written.clear()
        started = perf_counter()
        await jetstream.publish("raw.seen", str(number).encode())
        await asyncio.wait_for(written.wait(), GIVE_UP_S)
        await connection.fetchval("SELECT count(*) FROM plain_seen WHERE n = $1", number)
        took.append(perf_counter() - started)
    await client.close()
    await connection.close()
    return took
