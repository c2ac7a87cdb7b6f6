"""Large databases, filled once for a file whose tests only ask, and the plans of what is asked."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
from sqlalchemy import event

from ops.embedded.postgres import EmbeddedPostgres
from services.chassis.database import Database

Fill = Callable[[asyncpg.Connection], Awaitable[Any]]


def filled(postgres: EmbeddedPostgres, template: str, name: str, fill: Fill) -> str:
    """The DSN of a copy of a migrated database with what `fill` puts into it."""

    async def make() -> None:
        admin = await asyncpg.connect(postgres.dsn())
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        await admin.close()
        connection = await asyncpg.connect(postgres.dsn(name))
        await fill(connection)
        await connection.close()

    asyncio.run(make())
    return postgres.dsn(name)


@contextmanager
def noted(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements that sessions send meanwhile, with what is given to them."""
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        sent.append((statement, given))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in nodes(child))]
