"""A misspelt filter is refused by its name, on every route of every service that is asked."""

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from ops.services import BY_NAME
from services.chassis.http.parameters import depends_on, names_of, others
from services.chassis.service import create_app
from services.chassis.settings import Settings
from tests.conftest import ISSUER, Issuer

PLACE = re.compile(r"\{[^}]*\}")
KEY = "00000000-0000-7000-8000-000000000000"


ASKS_ITSELF = {"/v1/figures/{key}/events": "its dimensions: tests/service/projector"}
"""Routes that look at further parameters, and refuse by name those that are none."""


@pytest.fixture(scope="module")
def settings(issuer: Issuer) -> Settings:
    return Settings(issuer=ISSUER, jwks_url=f"file://{issuer.jwks}", log_level="error")


def questions(app: FastAPI) -> Iterator[tuple[str, APIRoute]]:
    """What is asked by GET and described; pages for people are left alone."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and "GET" in route.methods and route.include_in_schema:
            yield str(context.path), route


def asking(app: FastAPI, **headers: str) -> httpx.AsyncClient:
    """Of an app that was not started: what needs its database would fail."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers)


@pytest.mark.parametrize("service", BY_NAME)
async def test_every_question_refuses_what_it_does_not_know_by_name(service, settings, issuer):
    app = create_app(BY_NAME[service].load().SERVICE, settings)
    asked, wrong = 0, {}
    async with asking(app, Authorization=f"Bearer {issuer.token()}") as client:
        for path, route in questions(app):
            assert (path in ASKS_ITSELF) == depends_on(route.dependant, others)
            if path in ASKS_ITSELF:
                continue
            answer = await client.get(PLACE.sub(KEY, path), params={"nonsense": "1"})
            asked += 1
            errors = answer.json().get("errors", []) if answer.status_code == 422 else []
            reasons = [each["reason"] for each in errors if each["field"] == "query.nonsense"]
            if len(reasons) != 1 or any(name not in reasons[0] for name in names_of(route)):
                wrong[path] = (answer.status_code, answer.text[:200])

    assert wrong == {}
    assert asked >= 3


async def test_it_says_what_would_be_right_in_both_languages(settings, issuer):
    app = create_app(BY_NAME["bases"].load().SERVICE, settings)
    async with asking(app, Authorization=f"Bearer {issuer.token()}") as client:
        english = await client.get("/v1/bases", params={"kinds": "hall"})
        chinese = await client.get(
            "/v1/bases", params={"kinds": "hall"}, headers={"Accept-Language": "zh"}
        )
        none = await client.get("/healthz", params={"x": 1}, headers={"Accept-Language": "zh"})

    known = ["within", "kind", "code", "in_use", "limit", "cursor"]
    assert english.json()["errors"] == [
        {
            "field": "query.kinds",
            "reason": f"unknown parameter; known here: {', '.join(known)}",
            "value": "hall",
        }
    ]
    assert chinese.json()["detail"] == (
        f"query.kinds: 没有这个查询参数，可用的有：{'、'.join(known)}"
    )
    assert none.json()["errors"][0]["reason"] == "此地址不接受查询参数"


async def test_whoever_is_not_known_is_told_nothing(settings):
    app = create_app(BY_NAME["bases"].load().SERVICE, settings)
    async with asking(app) as client:
        answer = await client.get("/v1/bases", params={"nonsense": "1"})

    assert answer.status_code == 401
