"""Alembic, which is loaded only by who has migrations to apply."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from services.chassis.database import sqlalchemy_url

MIGRATION_LOCK = 4_201
LOCK_TIMEOUT = "5s"
"""A migration that cannot get its table lock in time gives up instead of blocking everybody."""


def config_of(versions: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic"))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "newline")
    return config


async def upgrade(dsn: str, versions: Path) -> None:
    """Apply what is missing, one process at a time; each migration in a transaction of its own."""
    config = config_of(versions)

    def to_head(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    engine = create_async_engine(sqlalchemy_url(dsn))
    try:
        async with engine.connect() as guard, engine.connect() as connection:
            await guard.execute(text(f"SELECT pg_advisory_lock({MIGRATION_LOCK})"))
            await connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
            await connection.commit()
            await connection.run_sync(to_head)
            await connection.commit()
    finally:
        await engine.dispose()
