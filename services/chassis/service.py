"""A service as one declaration, and the process that serves it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from fastapi import APIRouter, Depends, FastAPI

from contracts.publishers import PUBLISHERS
from services.chassis import kinds, readings, rulebook, telemetry
from services.chassis.auth import Verifier
from services.chassis.bus.connection import Nats
from services.chassis.clock import Clock, system_clock
from services.chassis.database import Database
from services.chassis.health import Health
from services.chassis.http import description, middleware, parameters, problems
from services.chassis.http.context import ServiceContext
from services.chassis.http.operations import operations, tracing
from services.chassis.migrate import newest, revision
from services.chassis.relay import Relay
from services.chassis.rules import Rule
from services.chassis.settings import Settings

if TYPE_CHECKING:
    from services.chassis.bus.inlet import Inlet

log = structlog.get_logger()

Worker = Callable[[ServiceContext], Awaitable[None]]
"""Runs beside the HTTP server until cancelled."""
Parts = list[tuple[str, Callable[[], Awaitable[None]]]]
"""What runs beside the HTTP server, by name."""

VERSION = "0.1.0"
CHECK_TIMEOUT_S = 2.0
CANCEL_AGAIN_S = 0.5


@dataclass(frozen=True)
class Service:
    """Everything that makes one service differ from another."""

    name: str
    title: str
    routers: tuple[APIRouter, ...]
    migrations: Path | None = None
    """Alembic versions of its database; `None` for a service that keeps nothing."""
    inlets: "tuple[Inlet, ...]" = ()
    workers: tuple[Worker, ...] = ()
    has_kinds: bool = False
    rules: tuple[type[Rule], ...] = ()
    """Rules with numbers that it keeps as data; its database has their first versions."""
    keeps_persons: bool = False
    """It seals personal data, so it does not start without root keys."""
    large_bodies: Mapping[str, int] = field(default_factory=dict)
    """Paths of commands that carry many rows, and how many bytes those may have."""
    configure: Callable[[FastAPI], None] = field(default=lambda _: None)
    """For what only this service mounts, such as static files."""
    furnish: Callable[[FastAPI], None] = field(default=lambda _: None)
    """For what only this service makes out of its context, once the app has one."""

    @property
    def publishes(self) -> bool:
        return self.name in PUBLISHERS


def create_app(
    service: Service, settings: Settings | None = None, *, clock: Clock = system_clock
) -> FastAPI:
    """HTTP, relay, consumers and workers of one service, on one event loop."""
    settings = settings or Settings()
    app = assemble(service, settings.max_body_bytes)
    equip(app, service, settings, clock)
    return app


def assemble(service: Service, max_body_bytes: int) -> FastAPI:
    """Everything that is the same wherever the service runs; it serves once it is equipped."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with _running(service, app.state.context):
            yield

    app = FastAPI(
        title=f"Jiceng {service.name}",
        summary=service.title,
        version=VERSION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(parameters.known)],
        telemetry={"tracing": False},  # the middleware's span is the one that events continue
    )
    app.add_middleware(
        middleware.Observed, max_body_bytes=max_body_bytes, larger=service.large_bodies
    )
    problems.install(app)
    for router in (*service.routers, *_standards(service)):  # in order: these before the rest
        app.include_router(router)
    if service.publishes:
        app.include_router(tracing)
    app.include_router(operations)
    service.configure(app)
    description.install(app)
    return app


def equip(app: FastAPI, service: Service, settings: Settings, clock: Clock) -> None:
    """Give an assembled service its database, its connections and its time."""
    telemetry.configure(service.name, settings)
    context = _context(service, settings, clock)
    if service.keeps_persons:
        _ = context.vault
    app.state.context = context
    app.state.check = lambda health: _check(service, context, health)
    service.furnish(app)


def _standards(service: Service) -> Iterator[APIRouter]:
    if service.has_kinds:
        yield from kinds.routers(service.name)
    if service.rules:
        yield from rulebook.routers(service.name, service.rules)
    if service.keeps_persons:
        yield readings.router


def _context(service: Service, settings: Settings, clock: Clock) -> ServiceContext:
    database = None
    if service.migrations is not None:
        database = Database(settings.database_dsn(service.name), size=settings.database_pool)
    return ServiceContext(
        service=service.name,
        settings=settings,
        clock=clock,
        health=Health(clock),
        verifier=Verifier(settings, clock),
        nats=Nats(settings.nats_url, service.name),
        keeps_persons=service.keeps_persons,
        _database=database,
    )


@asynccontextmanager
async def _running(service: Service, context: ServiceContext) -> AsyncIterator[None]:
    """Start what runs beside HTTP; at the end stop it, finishing the event in hand."""
    hears = service.publishes or service.inlets or service.workers
    if context.has_database:
        await context.database.open()
    if hears and context.has_database:
        await context.nats.open()
    work = _work(service, context)
    if service.inlets:
        work += await _feeds(service, context)
    tasks = [asyncio.create_task(_guarded(name, run), name=name) for name, run in work]
    log.info("service.started", parts=[task.get_name() for task in tasks])
    try:
        yield
    finally:
        context.health.draining = True
        await _stop(tasks)
        await context.nats.close()
        if context.has_database:
            await context.database.close()
        log.info("service.stopped")


def _work(service: Service, context: ServiceContext) -> Parts:
    work: Parts = []
    if service.publishes:
        relay = Relay(service.name, context.database, context.nats, context.health)
        context.ring = relay.ring
        work.append(("relay", relay.run))
    work += [(worker.__name__, partial(worker, context)) for worker in service.workers]
    return work


async def _feeds(service: Service, context: ServiceContext) -> Parts:
    from services.chassis.bus.broker import EventBroker, Feed  # noqa: PLC0415  slow to import

    await EventBroker(*service.inlets).start()
    lent = (context.database, context.nats, context.health, context.clock, context.ring)
    return [(inlet.consumer, Feed(inlet, *lent).run) for inlet in service.inlets]


async def _stop(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel until it is heard: `asyncio.wait_for` of Python 3.11 loses a cancellation that comes
    together with its result, and the clients we use wait by it.
    """
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=CANCEL_AGAIN_S)


async def _guarded(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """A worker that falls over is a defect: say so, and start it again after a pause."""
    while True:
        try:
            await run()
        except Exception as error:
            log.exception("worker.failed", worker=name, error=repr(error))
        await asyncio.sleep(1)


async def _check(service: Service, context: ServiceContext, health: Health) -> None:
    """Readiness of what is looked at only when asked: the database and its schema."""
    if service.migrations is None:
        return
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S), context.database.pool.acquire() as connection:
            at, needed = await revision(connection), newest(service.migrations)
    except Exception as error:  # noqa: BLE001  whatever it is, we are not ready
        health.set("database", False, repr(error))
        return
    # A newer schema serves an older release: it only adds, until that release is gone.
    fits = at is not None and at >= needed
    health.set("database", fits, "" if fits else f"schema is at {at}, this release needs {needed}")
