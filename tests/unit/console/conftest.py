"""The console with the other services' published answers behind it, and no service running."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.chassis.service import create_app
from services.chassis.settings import Settings
from services.console import assets, site
from services.console.app import SERVICE
from tests.conftest import DISTRICT, ISSUER, Issuer

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
FIGURE = {
    "key": "bases.visit_batches",
    "name": "接待批次",
    "unit": "批次",
    "kind": "flow",
    "dimensions": [],
    "describes": "本期实际接待的批次数",
}
AREA = {"code": DISTRICT, "name": "涧西区", "level": "district", "parent": "4103", "version": 1}
Answer = Callable[[httpx.Request], httpx.Response]


def page(*items: object) -> httpx.Response:
    return httpx.Response(200, json={"items": items, "next": None})


def figure(request: httpx.Request) -> httpx.Response:
    told = FIGURE | {
        "area": request.url.params["area"],
        "area_name": "涧西区",
        "as_of": "2026-11-21T03:31:56Z",
        "value": 29,
        "groups": [] if "by" in request.url.params else None,
    }
    return httpx.Response(200, json=told)


@dataclass
class Interfaces:
    """What the other services answer, by path; a test replaces what it is about."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        for path, answer in {**self.answers, **DEFAULTS}.items():
            if request.url.path.startswith(path):
                return self.answers.get(path, answer)(request)
        return httpx.Response(404, json={"detail": "没有。"})


DEFAULTS: dict[str, Answer] = {
    f"/v1/areas/{DISTRICT}": lambda _: httpx.Response(200, json=AREA),
    "/v1/areas": lambda _: page(),
    "/v1/figures/bases.visit_batches/events": lambda _: page(),
    "/v1/figures/": figure,
    "/v1/figures": lambda _: page(FIGURE),
    "/v1/bases": lambda _: page(),
}


@pytest.fixture
def interfaces() -> Interfaces:
    return Interfaces()


@pytest.fixture
def app(interfaces: Interfaces, issuer: Issuer) -> FastAPI:
    settings = Settings(issuer=ISSUER, jwks_url=f"file://{issuer.jwks}", log_level="error")
    made = create_app(SERVICE, settings, clock=lambda: NOW)
    made.state.site = site.build(
        made.state.context,
        assets.Versioned({"static": assets.OURS, "vendor": assets.htmx_folder()}),
        httpx.AsyncClient(transport=httpx.MockTransport(interfaces)),
    )
    return made


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Nobody is logged in."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://console") as client:
        yield client


@pytest.fixture
async def visitor(browser: httpx.AsyncClient, token: Callable[..., str]) -> httpx.AsyncClient:
    browser.cookies.set("jiceng_token", token())
    return browser


@pytest.fixture
def token(issuer: Issuer) -> Callable[..., str]:
    """Valid around `NOW`, the console's clock in these tests."""

    def make(role: str = "viewer", area: str = DISTRICT, **claims: Any) -> str:
        now = int(NOW.timestamp())
        return issuer.token(role, area, **({"iat": now, "exp": now + 3600} | claims))

    return make
