"""Booking commands a second over HTTP, against a bare endpoint with the same two inserts."""

import asyncio
import json
import sys
from itertools import count, islice
from pathlib import Path
from typing import Any

from ops.bench import office
from ops.bench.measure import Measured, paired, percentile
from ops.bench.stage import BARE, Stage, listening, until
from ops.embedded.nats import free_port
from ops.embedded.process import Program
from ops.embedded.service import ServiceProcess
from ops.services import BY_NAME

REQUESTS = 1500
CONNECTIONS = 16
_serial = count(1)


async def measure(stage: Stage) -> Measured:
    bare_dsn = stage.postgres.dsn(BARE)
    opened = await office.opened(stage.settings.database_dsn("bases"), bare_dsn)
    port, bare_port = free_port(), free_port()
    service = ServiceProcess(
        BY_NAME["bases"],
        host="127.0.0.1",
        port=port,
        settings=stage.environment(port) | {"JICENG_LOG_LEVEL": "info"},
        log=stage.folder / "bases.log",
    )
    service.launch()
    bare = Program(
        [sys.executable, "-m", "ops.bench.bare", bare_dsn, str(bare_port)],
        log=stage.folder / "bare.log",
    )
    try:
        await asyncio.to_thread(service.await_ready, 30)
        await until(listening, bare_port)
        ours = Load(stage, port, opened)
        bound = Load(stage, bare_port, opened)
        found = await paired(
            "booking command",
            unit="commands/s",
            what=f"POST /v1/bookings, {CONNECTIONS} connections, relay running",
            bound_is="FastAPI + asyncpg, two inserts in one transaction, same server settings",
            aim=0.5,
            ours=ours.run,
            bound=bound.run,
        )
    finally:
        service.stop()
        bare.stop(10)
    found.details.update({f"ours {k}": v for k, v in ours.latency().items()})
    found.details.update({f"bound {k}": v for k, v in bound.latency().items()})
    return found


class Load:
    """Sends booking requests to one port, always new ones."""

    def __init__(self, stage: Stage, port: int, opened: office.Office) -> None:
        self._folder, self._port = stage.folder, port
        self._token, self._bodies = stage.token(), opened.requests()
        self._took: list[float] = []

    async def run(self) -> float:
        """One turn: accepted bookings a second."""
        serial = next(_serial)
        plan = {
            "port": self._port,
            "connections": CONNECTIONS,
            "head": [
                "POST /v1/bookings HTTP/1.1",
                f"Authorization: Bearer {self._token}",
                f"Idempotency-Key: {serial}-{{n}}",
            ],
            "bodies": list(islice(self._bodies, REQUESTS)),
        }
        result = await sent(self._folder / f"plan-{serial}.json", plan)
        if result["statuses"] != {"201": REQUESTS}:
            raise RuntimeError(f"not every booking was accepted: {result['statuses']}")
        self._took = result["took"]
        return float(REQUESTS / result["seconds"])

    def latency(self) -> dict[str, float]:
        """Of the last turn, milliseconds."""
        return {
            f"p{share:.0%}".rstrip("%"): round(percentile(self._took, share) * 1000, 2)
            for share in (0.5, 0.99)
        }


async def sent(plan_file: Path, plan: dict[str, Any]) -> dict[str, Any]:
    """Have another process send what the plan says."""
    await asyncio.to_thread(plan_file.write_text, json.dumps(plan), "utf-8")
    client = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "ops.bench.load", str(plan_file)),
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await client.communicate()
    if client.returncode:
        raise RuntimeError(f"the client ended with {client.returncode}")
    result: dict[str, Any] = json.loads(told)
    return result
