"""Brings one service's database to the newest schema. Safe to run from several places at once."""

from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from services.chassis.database import sqlalchemy_url

MIGRATION_LOCK = 4_201
LOCK_TIMEOUT = "5s"
"""A migration that cannot get its table lock in time gives up instead of blocking everybody."""


def _config(versions: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic"))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "newline")
    return config


def newest(versions: Path) -> str | None:
    """The revision a database must be at for this code to serve."""
    return ScriptDirectory.from_config(_config(versions)).get_current_head()


async def ensure_database(dsn: str) -> bool:
    """Create the database a DSN names unless it is there; true when created.

    The role needs CREATEDB only for that. Databases made by an administrator are left alone.
    """
    try:
        connection = await asyncpg.connect(dsn)
    except asyncpg.InvalidCatalogNameError:
        pass
    else:
        await connection.close()
        return False
    url = sqlalchemy_url(dsn)
    admin = url.set(database="postgres", drivername="postgresql")
    connection = await asyncpg.connect(admin.render_as_string(hide_password=False))
    try:
        await connection.execute(f'CREATE DATABASE "{url.database}"')
    except asyncpg.DuplicateDatabaseError:
        return False
    finally:
        await connection.close()
    return True


async def migrate(dsn: str, versions: Path) -> None:
    """Apply what is missing, one process at a time; each migration in a transaction of its own."""
    config = _config(versions)

    def upgrade(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    engine = create_async_engine(sqlalchemy_url(dsn))
    try:
        async with engine.connect() as guard, engine.connect() as connection:
            await guard.execute(text(f"SELECT pg_advisory_lock({MIGRATION_LOCK})"))
            await connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
            await connection.commit()
            await connection.run_sync(upgrade)
            await connection.commit()
    finally:
        await engine.dispose()


async def revision(connection: asyncpg.Connection) -> str | None:
    """The revision a database is at, or `None` for an empty one."""
    try:
        found: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        return None
    return found
