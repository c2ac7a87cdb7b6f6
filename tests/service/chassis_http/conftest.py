from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from services.chassis.database import Database
from tests.conftest import Scene, Start
from tests.service.office import Office, open_office


@pytest.fixture
async def office(scene: Scene, start: Start) -> Office:
    return await open_office(scene, start)


@pytest.fixture
async def bases(database: Callable[[str], Any]) -> Database:
    return await database("bases")


WRITTEN = (
    "SELECT (SELECT count(*) FROM booking), (SELECT count(*) FROM visit),"
    " (SELECT count(*) FROM base), (SELECT count(*) FROM venue),"
    " (SELECT count(*) FROM event_log), (SELECT count(*) FROM outbox),"
    " (SELECT count(*) FROM idempotency)"
)


@pytest.fixture
async def nothing_written(office: Office, bases: Database) -> AsyncIterator[None]:
    """The test may be refused as often as it likes: no row may be left behind by it."""
    before = await bases.pool.fetchrow(WRITTEN)
    yield
    assert await bases.pool.fetchrow(WRITTEN) == before


def problem_of(answer: httpx.Response) -> dict[str, Any]:
    """The problem document of a refusal, after everything was checked that all have in common."""
    assert answer.status_code >= 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert answer.headers["x-correlation-id"]
    body: dict[str, Any] = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"].endswith(body["code"])
    assert body["title"]
    assert body["detail"]
    return body


def fields_of(problem: dict[str, Any]) -> set[str]:
    """Names of the fields that a refusal blames."""
    named = {error["field"].rpartition(".")[2] for error in problem.get("errors") or ()}
    return named | ({problem["field"]} if "field" in problem else set())
