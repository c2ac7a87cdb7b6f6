"""Real PostgreSQL and real NATS, started once; every test gets databases and streams of its own."""

import asyncio
import json
import shutil
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import httpx
import pytest
from asgi_lifespan import LifespanManager
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey
from nats.aio.client import Client
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from ops.deployment import durables
from ops.embedded.nats import EmbeddedNats
from ops.embedded.postgres import EmbeddedPostgres
from ops.services import BY_NAME
from services.chassis.bus import streams
from services.chassis.bus.connection import connect
from services.chassis.clock import LOCAL, Clock, system_clock
from services.chassis.database import Database
from services.chassis.migrate import ensure_database, migrate
from services.chassis.service import Service, assemble, equip
from services.chassis.settings import Settings
from tests.clock import begin, unpublished
from tests.profiles import pytest_collection_modifyitems  # noqa: F401  a hook of pytest's
from tests.stack import Stack, free_port_base

ISSUER = "https://issuer.jiceng.invalid/test"
DISTRICT = "410305"
FAR_AHEAD = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())
MEMORY = Path("/dev/shm")  # noqa: S108  ours is a folder of our own in it
ROOM = 4 << 30
"""Bytes; a process of tests has used 1 GiB at most."""
serial = count(1)


@pytest.fixture(autouse=True)
def morning() -> None:
    begin()


@pytest.fixture(scope="session")
def memory() -> Iterator[Path]:
    """A folder for what servers keep: in memory where there is room, else on the disk.

    Not below pytest's folder: a second run would shut the server's own user out of it.
    """
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM
    with TemporaryDirectory(
        prefix="jiceng-test-", dir=MEMORY if roomy else None, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres(memory: Path) -> Iterator[EmbeddedPostgres]:
    # We kill processes, never the power, and a test's databases are made and dropped all the time.
    with EmbeddedPostgres(memory / "postgres", settings={"fsync": "off"}) as server:
        yield server


@pytest.fixture
def nats_store(memory: Path) -> Iterator[EmbeddedNats]:
    """A server that nobody has started."""
    server = EmbeddedNats(memory / f"nats-{next(serial)}")
    yield server
    server.stop()
    shutil.rmtree(server.store, ignore_errors=True)


@pytest.fixture
def nats_server(nats_store: EmbeddedNats) -> EmbeddedNats:
    """Running, with the streams once somebody asks `Scene.broker`."""
    if nats_store.program is None:
        nats_store.start()
    return nats_store


ONE_PROCESS = {"browser": "stack", "system": "stack", "containers": "containers"}
"""Levels whose tests share what is started once: they stay in one process."""


class ByLevel(LoadScopeScheduling):
    """Several processes take the tests file by file, but for levels that are taken as a whole."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return ONE_PROCESS.get(Path(file).parts[1], file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByLevel:
    return ByLevel(config, log)


class Issuer:
    """Signs tokens as an identity provider would; its JWKS lies in a file."""

    def __init__(self, folder: Path) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "test", "use": "sig"})
        self.jwks = folder / "jwks.json"
        self.jwks.write_text(json.dumps({"keys": [self.key.as_dict(private=False)]}))

    def token(self, role: str = "admin", area: str = DISTRICT, **claims: Any) -> str:
        """Good at any time: tests set the clocks of services."""
        body = {
            "iss": ISSUER,
            "aud": "jiceng",
            "sub": f"test-{role}",
            "iat": 0,
            "exp": FAR_AHEAD,
            "grants": [{"role": role, "area": area}],
        }
        return jwt.encode({"alg": "ES256", "kid": "test"}, body | claims, self.key)


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    return Issuer(tmp_path_factory.mktemp("issuer"))


@pytest.fixture(scope="session")
def templates(postgres: EmbeddedPostgres) -> dict[str, str]:
    """One migrated database a service, to be copied: migrations run once a session."""

    async def make() -> dict[str, str]:
        made = {}
        for entry in BY_NAME.values():
            if entry.database:
                made[entry.name] = f"template_{entry.name}"
                dsn = postgres.dsn(made[entry.name])
                await ensure_database(dsn)
                await migrate(dsn, entry.migrations)
        return made

    return asyncio.run(make())


@dataclass
class Scene:
    """Settings for one test: what they name is there once it is asked for."""

    settings: Settings
    nats: EmbeddedNats
    issuer: Issuer
    admin: asyncpg.Connection | None = None
    templates: dict[str, str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    """Databases by service."""

    async def ensure(self, service: str) -> None:
        """Copy the migrated template of `service`, unless that was done or there is none."""
        if self.admin is None or service not in self.templates or service in self.made:
            return
        name = self.settings.database_dsn(service).partition("?")[0].rpartition("/")[2]
        self.made[service] = name
        await self.copy(self.templates[service], name)

    async def copy(self, template: str, name: str) -> None:
        """By file: a database in memory is copied faster than its log is written."""
        await self.admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")

    def headers(self, role: str = "admin", area: str = DISTRICT, **more: str) -> dict[str, str]:
        """Headers of a command: token and a fresh key."""
        bearer = f"Bearer {self.issuer.token(role, area)}"
        return {"Authorization": bearer, "Idempotency-Key": f"key-{next(serial)}", **more}

    async def broker(self) -> str:
        """The address of the broker, which runs and has its streams from the first call on."""
        if self.nats.program is None:
            self.nats.start()
        if not self.provisioned:
            await self.provision()
        return self.settings.nats_url

    async def connect(self, name: str = "test") -> Client:
        """A connection of the test's own."""
        return await connect(await self.broker(), name)

    provisioned: bool = False

    async def provision(self) -> None:
        self.provisioned = True
        client = await connect(self.settings.nats_url, "test")
        await streams.provision(client, self.settings, durables())
        await client.close()


@pytest.fixture
async def scene(
    postgres: EmbeddedPostgres, templates: dict[str, str], nats_store: EmbeddedNats, issuer: Issuer
) -> AsyncIterator[Scene]:
    """No broker runs until somebody asks for it: most tests speak HTTP and SQL alone."""
    prefix = f"t{next(serial)}"
    admin = await asyncpg.connect(postgres.dsn())
    settings = Settings(
        database_url=postgres.dsn(f"{prefix}_{{service}}"),
        nats_url=nats_store.url,
        issuer=ISSUER,
        jwks_url=f"file://{issuer.jwks}",
        log_level="warning",
    )
    made = Scene(settings, nats_store, issuer, admin, dict(templates))
    yield made
    for name in made.made.values():
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def database(scene: Scene) -> AsyncIterator[Callable[[str], Awaitable[Database]]]:
    """Opens the database of a service by name, closed at the end of the test."""
    async with AsyncExitStack() as stack:

        async def opened(service: str) -> Database:
            await scene.ensure(service)
            found = Database(scene.settings.database_dsn(service))
            await found.open()
            stack.push_async_callback(found.close)
            return found

        yield opened


IDLE: dict[str, list[FastAPI]] = defaultdict(list)
"""Assembled services, to be lent again: making their routes takes longer than most tests."""

Start = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def start(scene: Scene) -> AsyncIterator[Start]:
    """Starts a service in this process, relay and consumers included; gives a client for it.

    `start("bases", background=False)` serves HTTP alone: nothing is published or heard.
    """
    async with AsyncExitStack() as stack:
        yield partial(serve, scene, stack)


async def serve(
    scene: Scene,
    stack: AsyncExitStack,
    name: str | Service,
    *,
    background: bool = True,
    clock: Clock = system_clock,
) -> httpx.AsyncClient:
    """A client for a service that runs until the stack ends."""
    service = BY_NAME[name].load().SERVICE if isinstance(name, str) else name
    await scene.ensure(service.name)
    idle = IDLE[name] if isinstance(name, str) else []
    app = idle.pop() if idle else assemble(service, scene.settings.max_body_bytes)
    stack.callback(idle.append, app)
    equip(app, service, scene.settings, clock)
    if background:
        await scene.broker()
        await stack.enter_async_context(
            LifespanManager(app, startup_timeout=30, shutdown_timeout=30)
        )
    else:
        await app.state.context.database.open()
        stack.push_async_callback(app.state.context.database.close)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url=f"http://{service.name}")
    client.app = app  # type: ignore[attr-defined]  # tests look inside
    return await stack.enter_async_context(client)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole product with its demo year, shared by all tests that look from the outside."""
    running = Stack(tmp_path_factory.mktemp("stack") / "data", free_port_base())
    try:
        running.run("up", "--detach", "--demo", "--data", str(running.data))
        running.know_years(years := unpublished())
        if (datetime.now(LOCAL) + timedelta(days=1)).year in years:  # it placed no bookings
            running.run("demo", "--data", str(running.data))
        yield running
    finally:
        running.run("down", "--data", str(running.data), check=False)
