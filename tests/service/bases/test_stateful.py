"""Random days of a base, held beside a simple model after every step, at two isolation levels.

Clients book, move, cancel and confirm; the base closes days and opens them again; people wait, are
offered what became free, answer or do not; nobody comes; the clock goes on.
"""

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    run_state_machine_as_test,
)

from services.chassis.database import SERVER_SETTINGS
from services.chassis.settings import Settings
from tests.conftest import ISSUER, Scene
from tests.profiles import examples
from tests.service.bases.days import AREA, days_of_a_base, serial
from tests.service.bases.running import Running

LEVELS = ("read committed", "repeatable read")


@pytest.fixture(params=LEVELS)
def running(request, postgres, templates, issuer, monkeypatch) -> Iterator[Running]:
    monkeypatch.setitem(SERVER_SETTINGS, "default_transaction_isolation", request.param)
    name = f"stateful{next(serial)}_bases"

    async def admin(*statements: str) -> None:
        connection = await asyncpg.connect(postgres.dsn())
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    asyncio.run(admin(f"CREATE DATABASE {name} TEMPLATE {templates['bases']}"))
    given = Settings(
        database_url=postgres.dsn(name.replace("_bases", "_{service}")),
        issuer=ISSUER,
        jwks_url=f"file://{issuer.jwks}",
        log_level="warning",
    )
    found = Running(Scene(given, None, issuer))
    assert found.fetch("SHOW transaction_isolation")[0][0] == request.param
    found.fetch("INSERT INTO area VALUES ($1, '唐村社区')", AREA)
    yield found
    found.close()
    asyncio.run(admin(f"DROP DATABASE {name} WITH (FORCE)"))


def test_random_days_of_a_base_come_to_what_the_model_says(running: Running) -> None:
    run_state_machine_as_test(
        days_of_a_base(running),
        settings=settings(
            max_examples=examples(25),
            stateful_step_count=40,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
