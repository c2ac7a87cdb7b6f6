"""The storm over one venue once more, before the PostgreSQL that is deployed."""

import gc
import warnings
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest
from testcontainers.community.postgres import PostgresContainer

from ops.embedded.nats import EmbeddedNats
from services.bases.app import SERVICE
from services.chassis.migrate import ensure_database, migrate
from services.chassis.settings import Settings
from tests import storms
from tests.conftest import ISSUER, Issuer, Scene, Start
from tests.containers.conftest import POSTGRES
from tests.service.bases import storm
from tests.service.bases.contests import Venue
from tests.service.bases.storm import LEVELS, survived
from tests.service.office import open_office

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def server(engine: object) -> Iterator[str]:
    """A container's DSN; `{database}` in it becomes one of its databases."""
    made = PostgresContainer(POSTGRES, username="postgres", password="secret", driver=None)
    with made as running:
        with warnings.catch_warnings(action="ignore", category=ResourceWarning):
            gc.collect()  # asking whether it is ready leaves sockets open
        address = f"{running.get_container_host_ip()}:{running.get_exposed_port(5432)}"
        yield f"postgresql://postgres:secret@{address}/{{database}}"
    made.get_docker_client().client.close()


@pytest.fixture
async def scene(
    server: str, nats_server: EmbeddedNats, issuer: Issuer, level: str
) -> AsyncIterator[Scene]:
    """Bases alone, migrated by us into the container."""
    name = f"storm_{level.replace(' ', '_')}_bases"
    dsn = server.format(database=name)
    await ensure_database(dsn)
    await migrate(dsn, SERVICE.migrations)
    settings = Settings(
        database_url=dsn.replace("_bases", "_{service}"),
        nats_url=nats_server.url,
        issuer=ISSUER,
        jwks_url=f"file://{issuer.jwks}",
        log_level="warning",
    )
    admin = await asyncpg.connect(server.format(database="postgres"))
    yield Scene(settings, nats_server, issuer, admin, made={"bases": name})
    await admin.close()


@pytest.mark.parametrize("level", LEVELS)
async def test_on_the_deployed_postgresql_no_venue_is_booked_over_either(
    scene: Scene, start: Start, database: Any, level: str, monkeypatch: pytest.MonkeyPatch
):
    storm.isolate(scene, level, monkeypatch)
    office = await open_office(scene, start)

    rounds = storms.rounds("Venue", at_length=60)
    tally = await survived(Venue(office, await database("bases")), rounds, level)

    assert set(tally.answers) == {(201, None), (409, "slot-taken")}
    assert tally.followed > rounds * 3 // 4
