"""The service of bases in the hands of a test that has its own clock and event loop."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from typing import Any, TypeVar

import asyncpg
import httpx

from ops.services import BY_NAME
from services.bases.handlers.bookings import clock as booking_clock
from services.bases.handlers.waitlist import clock as waitlist_clock
from services.chassis import sweeps
from services.chassis.service import create_app
from tests.clock import OPENING
from tests.conftest import Scene

SWEEPS = (*booking_clock.SWEEPS, *waitlist_clock.SWEEPS[:2])
T = TypeVar("T")


class Running:
    """The service with a clock of ours and one database, on an event loop of its own."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.now = scene, OPENING
        self.loop = asyncio.new_event_loop()
        self.app = create_app(BY_NAME["bases"].load().SERVICE, scene.settings, clock=self.clock)
        self.context = self.app.state.context
        self.run(self.context.database.open())
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://bases")

    def clock(self) -> datetime:
        return self.now

    def run(self, work: Awaitable[T]) -> T:
        return self.loop.run_until_complete(work)

    def ask(self, method: str, path: str, json: Any = None, **headers: str) -> httpx.Response:
        return self.run(
            self.client.request(method, path, json=json, headers=self.scene.headers(**headers))
        )

    def fetch(self, statement: str, *given: Any) -> list[asyncpg.Record]:
        return self.run(self.context.database.pool.fetch(statement, *given))

    def sweep(self) -> None:
        for sweep in SWEEPS:
            self.run(sweeps.once(self.context, sweep))

    def close(self) -> None:
        self.run(self.client.aclose())
        self.run(self.context.database.close())
        self.loop.close()
