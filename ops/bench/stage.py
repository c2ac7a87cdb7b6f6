"""Where benchmarks run: a PostgreSQL, a NATS and an issuer of their own, in a temporary folder."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ParamSpec

from ops.deployment import durables
from ops.embedded.issuer import DevelopmentIssuer
from ops.embedded.nats import EmbeddedNats
from ops.embedded.postgres import EmbeddedPostgres
from ops.services import BY_NAME, SERVICES
from services.chassis.bus.connection import connect
from services.chassis.bus.streams import provision
from services.chassis.migrate import ensure_database, migrate
from services.chassis.settings import Settings

AREA = "410305"
BARE = "jiceng_bare"
"""A second database with the tables of bases, for the bound of the booking command."""


@dataclass(frozen=True)
class Stage:
    """Databases are migrated and empty, streams provisioned."""

    folder: Path
    settings: Settings
    postgres: EmbeddedPostgres
    nats: EmbeddedNats

    def token(self, area: str = AREA) -> str:
        return DevelopmentIssuer(self.folder, self.settings).token(
            roles=["admin"],
            areas=[area],
            subject="bench",
            lifetime=timedelta(hours=6),
            now=datetime.now(UTC),
        )

    def environment(self, port: int) -> dict[str, str]:
        """For a service of its own process, listening on `port`."""
        given = self.settings.model_dump(mode="json", exclude_none=True) | {
            "port": port,
            "personal_keys": self.settings.personal_keys.get_secret_value(),
        }
        return {f"JICENG_{name.upper()}": str(value) for name, value in given.items()}


def _folder() -> Path:
    made = Path(tempfile.mkdtemp(prefix="jiceng-bench-"))
    made.chmod(0o711)  # PostgreSQL is another user when root starts it
    return made


@asynccontextmanager
async def staged() -> AsyncIterator[Stage]:
    folder = await asyncio.to_thread(_folder)
    try:
        with (
            EmbeddedPostgres(folder / "pg" / "data") as postgres,
            EmbeddedNats(folder / "nats") as nats,
        ):
            yield await _prepared(folder, postgres, nats)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _prepared(folder: Path, postgres: EmbeddedPostgres, nats: EmbeddedNats) -> Stage:
    settings = Settings(
        database_url=postgres.url_template,
        nats_url=nats.url,
        jwks_url=f"file://{folder / 'jwks.json'}",
        log_level="warning",
    )
    DevelopmentIssuer(folder, settings).ensure_key()
    targets = [(settings.database_dsn(s.name), s.name) for s in SERVICES if s.database]
    for dsn, name in [*targets, (postgres.dsn(BARE), "bases")]:
        await ensure_database(dsn)
        await migrate(dsn, BY_NAME[name].migrations)
    client = await connect(settings.nats_url, "bench")
    await provision(client, settings, durables())
    await client.close()
    return Stage(folder, settings, postgres, nats)


P = ParamSpec("P")
POLL_S = 0.005


async def until(done: Callable[P, Awaitable[bool]], *args: P.args, **kwargs: P.kwargs) -> None:
    """Ask until it is done; give up after two minutes."""
    async with asyncio.timeout(120):
        while not await done(*args, **kwargs):  # noqa: ASYNC110  others do it
            await asyncio.sleep(POLL_S)


async def listening(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
