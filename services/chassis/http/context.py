"""What a running service hands to its routes and workers."""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, cast

from fastapi import Depends, Request

from services.chassis.auth import Verifier
from services.chassis.bus.connection import Nats
from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.health import Health
from services.chassis.personal import Vault
from services.chassis.settings import Settings
from services.chassis.unit_of_work import Ring


@dataclass
class ServiceContext:
    """One per process. `database` is missing only in services that keep nothing (the console)."""

    service: str
    settings: Settings
    clock: Clock
    health: Health
    verifier: Verifier
    nats: Nats
    ring: Ring = lambda: None
    keeps_persons: bool = False
    """There are personal data in its commands, hence a `vault`."""
    _database: Database | None = None

    @property
    def database(self) -> Database:
        if self._database is None:
            raise RuntimeError(f"{self.service} keeps no database")
        return self._database

    @cached_property
    def vault(self) -> Vault:
        """Seals and opens personal data."""
        return Vault(self.settings.root_keys())

    @property
    def has_database(self) -> bool:
        return self._database is not None


def context_of(request: Request) -> ServiceContext:
    return cast("ServiceContext", request.app.state.context)


async def _context(request: Request) -> ServiceContext:
    """A coroutine, like every dependency of ours: FastAPI gives plain functions a thread each."""
    return context_of(request)


Context = Annotated[ServiceContext, Depends(_context)]


async def _clock(request: Request) -> Clock:
    return context_of(request).clock


Clocked = Annotated[Clock, Depends(_clock)]
