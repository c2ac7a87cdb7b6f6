"""Members a second by roster over HTTP, against COPY of the same rows into the same tables."""

import asyncio
from datetime import date, timedelta
from itertools import count
from time import perf_counter
from typing import Any

import asyncpg
import httpx

from ops.bench.measure import Measured, paired
from ops.bench.stage import AREA, Stage
from ops.embedded.nats import free_port
from ops.embedded.service import ServiceProcess
from ops.services import BY_NAME
from services.chassis.migrate import migrate
from services.membership.domain.members.identity import check_digit

ROWS = 4000
BATCH = 500
AT_ONCE = 4
BRANCHES = 40
TABLES = ("member", "member_history", "person", "person_index", "event_log", "outbox")
"""In an order that foreign keys allow."""
COLUMNS = """
SELECT attname FROM pg_attribute
 WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
   AND attidentity = '' ORDER BY attnum
"""
_serial = count(1)


async def measure(stage: Stage) -> Measured:
    port = free_port()
    service = ServiceProcess(
        BY_NAME["membership"],
        host="127.0.0.1",
        port=port,
        settings=stage.environment(port),
        log=stage.folder / "membership.log",
    )
    service.launch()
    try:
        await asyncio.to_thread(service.await_ready, 60)
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {stage.token()}"},
            timeout=60,
        ) as client:
            await _branches(client)
            bound = Bare(stage)
            await _entered(client)
            await bound.learn()
            return await paired(
                "roster",
                unit="members/s",
                what=f"POST /v1/rosters, {BATCH} rows a command, {AT_ONCE} at once, relay running",
                bound_is="asyncpg COPY of the same rows into the same tables with their indexes",
                aim=0.1,
                ours=lambda: _entered(client),
                bound=bound.copied,
                rounds=3,
            )
    finally:
        service.stop()


async def _branches(client: httpx.AsyncClient) -> None:
    street, community = f"{AREA}001", f"{AREA}001001"
    for code in (AREA, street, community):
        await _sent(client, "PUT", f"/v1/areas/{code}", {"name": code})
    for number in range(BRANCHES):
        body = {"code": f"B-{number}", "name": f"B-{number}", "kind": "branch", "area": community}
        since = {"occurred_at": "2010-01-01T00:00:00+08:00"}
        await _sent(client, "POST", "/v1/organisations", body | since)


async def _sent(client: httpx.AsyncClient, method: str, path: str, body: dict[str, Any]) -> Any:
    key = f"bench-{next(_serial)}"
    answer = await client.request(method, path, json=body, headers={"Idempotency-Key": key})
    answer.raise_for_status()
    return answer.json()


def _row(number: int) -> dict[str, Any]:
    born = date(1950, 1, 1) + timedelta(days=number // 1000)
    first = f"990000{born:%Y%m%d}{number % 1000:03d}"
    return {
        "code": f"M-{number:08d}",
        "organisation_code": f"B-{number % BRANCHES}",
        "state": "full",
        "name": f"测试{number}",
        "phone": f"139{number:08d}",
        "identity_number": first + check_digit(first),
        "education": "college",
        "joined_on": "2001-07-01",
        "occurred_at": "2019-01-02T00:00:00+08:00",
    }


async def _entered(client: httpx.AsyncClient) -> float:
    """One turn: members registered a second."""
    rows = [_row(next(_serial)) for _ in range(ROWS)]
    batches = iter([rows[n : n + BATCH] for n in range(0, ROWS, BATCH)])

    async def office() -> int:
        done = 0
        for batch in batches:
            told = await _sent(client, "POST", "/v1/rosters", {"rows": batch})
            done += len(told["registered"])
        return done

    started = perf_counter()
    done = sum(await asyncio.gather(*(office() for _ in range(AT_ONCE))))
    seconds = perf_counter() - started
    if done != ROWS:
        raise RuntimeError(f"{done} of {ROWS} rows were registered")
    return ROWS / seconds


class Bare:
    """The rows that a turn of ours wrote, copied into fresh databases."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}
        self._template = ""

    async def learn(self) -> None:
        """Take down what was written, and what it refers to."""
        connection = await asyncpg.connect(self._stage.settings.database_dsn("membership"))
        for table in ("area", "organisation", *TABLES):
            columns = [row["attname"] for row in await connection.fetch(COLUMNS, table)]
            if table == "event_log":
                columns = [name for name in columns if name != "id"]
            listed = ", ".join(columns)
            rows = await connection.fetch(f"SELECT {listed} FROM {table}")  # noqa: S608
            self._rows[table] = (columns, [tuple(row) for row in rows])
        await connection.close()

    async def copied(self) -> float:
        """One turn: members copied a second."""
        name = f"bare_roster{next(_serial)}"
        admin = await asyncpg.connect(self._stage.postgres.dsn())
        await admin.execute(f"CREATE DATABASE {name}")
        await admin.close()
        dsn = self._stage.postgres.dsn(name)

        await migrate(dsn, BY_NAME["membership"].migrations)
        connection = await asyncpg.connect(dsn)
        for table in ("area", "organisation"):
            columns, rows = self._rows[table]
            await connection.copy_records_to_table(table, records=rows, columns=columns)
        started = perf_counter()
        async with connection.transaction():
            for table in TABLES:
                columns, rows = self._rows[table]
                await connection.copy_records_to_table(table, records=rows, columns=columns)
        seconds = perf_counter() - started
        await connection.close()
        return len(self._rows["member"][1]) / seconds
