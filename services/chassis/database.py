"""The service's own database: one engine for commands, two asyncpg pools for the hot paths."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import asyncpg
from sqlalchemy import URL, CursorResult, Executable, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

Sessions = async_sessionmaker[AsyncSession]

STATEMENT_TIMEOUT_MS = 15_000
IDLE_TRANSACTION_TIMEOUT_MS = 30_000
SERVER_SETTINGS = {
    "synchronous_commit": "on",
    "default_transaction_isolation": "read committed",
    "statement_timeout": str(STATEMENT_TIMEOUT_MS),
    "idle_in_transaction_session_timeout": str(IDLE_TRANSACTION_TIMEOUT_MS),
    "timezone": "UTC",
    "jit": "off",
}
"""An answered command must survive a crash, and no statement may hold locks for ever. Whatever the
database's own default is: what is looked at under a lock must not be older than the lock.
"""
PLANNED_EACH = {"plan_cache_mode": "force_custom_plan"}
"""A list is about a whole province or about one community: a plan made for both serves neither."""
SESSION_SETTINGS = {"application_name": "jiceng", **PLANNED_EACH}


def sqlalchemy_url(dsn: str) -> URL:
    """The same database for SQLAlchemy: a socket folder in the query becomes asyncpg's `host`."""
    parts = urlsplit(dsn)
    return URL.create(
        "postgresql+asyncpg",
        username=parts.username,
        password=parts.password,
        host=parts.hostname,
        port=parts.port,
        database=parts.path.lstrip("/"),
        query=dict(parse_qsl(parts.query)),
    )


async def execute(
    session: AsyncSession, statement: str | Executable, given: Mapping[str, Any] | None = None
) -> CursorResult[Any]:
    """Run SQL that is no query of model rows, in the session's transaction."""
    connection = await session.connection()
    return await connection.execute(
        text(statement) if isinstance(statement, str) else statement, given
    )


async def driver(session: AsyncSession) -> asyncpg.Connection:
    """The driver's connection under the session, in its transaction: for hot paths.

    A statement costs a third there. What the session holds in memory is not flushed by it.
    """
    connection = await session.connection()
    found: asyncpg.Connection = (await connection.get_raw_connection()).driver_connection
    if not found.is_in_transaction():
        await connection.exec_driver_sql("SELECT")  # SQLAlchemy begins with its first statement
    return found


def sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's five characters, through SQLAlchemy or straight from the driver."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    found = getattr(cause, "sqlstate", None)
    return found if isinstance(found, str) else None


async def _keep(_: asyncpg.Connection) -> None:
    """Nobody sets anything for longer than a transaction: there is nothing to reset."""


class Database:
    """Connections of one service. `open` before use, `close` at the end."""

    pool: asyncpg.Pool
    """For questions: each is planned for what it asks."""
    write_pool: asyncpg.Pool
    """For the few statements of a hot path, which are planned once and run a million times."""

    def __init__(self, dsn: str, *, size: int = 8) -> None:
        self.dsn = dsn
        self._size = size
        self.engine: AsyncEngine = create_async_engine(
            sqlalchemy_url(dsn),
            pool_size=size,
            max_overflow=0,
            pool_timeout=5,
            pool_pre_ping=False,
            connect_args={"server_settings": {**SERVER_SETTINGS, **SESSION_SETTINGS}},
        )
        self.sessions: Sessions = async_sessionmaker(
            self.engine, class_=AsyncSession, expire_on_commit=False, autoflush=False
        )

    async def open(self) -> None:
        self.pool = await self._opened(PLANNED_EACH)
        self.write_pool = await self._opened({})

    async def _opened(self, settings: Mapping[str, str]) -> asyncpg.Pool:
        return await asyncpg.create_pool(
            self.dsn,
            min_size=0,
            max_size=self._size,
            server_settings={**SERVER_SETTINGS, **settings},
            reset=_keep,
        )

    async def close(self) -> None:
        if hasattr(self, "pool"):
            await self.pool.close()
            await self.write_pool.close()
        await self.engine.dispose()

    async def connect(
        self,
        *,
        timeout: float = 60,  # noqa: ASYNC109  passed on to the driver
        command_timeout: float | None = None,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> asyncpg.Connection:
        """A connection outside the pool, for session locks and LISTEN; times in seconds."""
        return await asyncpg.connect(
            self.dsn,
            timeout=timeout,
            command_timeout=command_timeout,
            server_settings={**SERVER_SETTINGS, **settings},
        )
