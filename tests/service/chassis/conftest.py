from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from nats.aio.client import Client

from services.chassis.bus import handling
from services.chassis.bus.connection import Nats
from services.chassis.bus.inlet import Inlet
from services.chassis.clock import system_clock
from services.chassis.database import Database
from services.chassis.health import Health
from tests.conftest import Scene
from tests.service.chassis import probe


@pytest.fixture
async def writer(database) -> Database:
    """Membership's database with the probe's tallies: it publishes."""
    opened: Database = await database("membership")
    await probe.furnish(opened.pool)
    return opened


@pytest.fixture
async def reader(database) -> Database:
    """The database of bases, which hears membership."""
    opened: Database = await database("bases")
    await probe.furnish(opened.pool)
    return opened


@pytest.fixture
async def nats(scene: Scene) -> AsyncIterator[Nats]:
    connection = Nats(await scene.broker(), "probe")
    await connection.open()
    yield connection
    await connection.close()


@pytest.fixture
async def client(scene: Scene) -> AsyncIterator[Client]:
    """A connection of the test's own, to look at the streams and to write into them."""
    opened = await scene.connect()
    yield opened
    await opened.close()


@pytest.fixture
def health() -> Health:
    return Health(system_clock)


@pytest.fixture
def impatient(monkeypatch) -> None:
    monkeypatch.setattr(handling, "BACKOFF_S", (0.05, 0.1, 0.2))
    monkeypatch.setattr(handling, "AWAY_MAX_S", 0.2)


@pytest.fixture
def listen(reader, nats, health) -> Callable[[Inlet], Awaitable[None]]:
    return lambda inlet: probe.hear(inlet, reader, nats, health)
