"""Brings one service's database to the newest schema. Safe to run from several places at once."""

from pathlib import Path
from urllib.parse import urlsplit

import asyncpg


def newest(versions: Path) -> str:
    """The revision a database must be at for this code to serve: what the last file begins with."""
    names = (file.name for file in versions.glob("[0-9]*.py"))
    return max(names, default="").partition("_")[0]


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
    connection = await asyncpg.connect(dsn, database="postgres")
    try:
        await connection.execute(f'CREATE DATABASE "{urlsplit(dsn).path.removeprefix("/")}"')
    except asyncpg.DuplicateDatabaseError:
        return False
    finally:
        await connection.close()
    return True


async def migrate(dsn: str, versions: Path) -> None:
    """Apply what is missing, if anything is."""
    if not await is_migrated(dsn, versions):
        from services.chassis.upgrade import upgrade  # noqa: PLC0415  Alembic is slow to import

        await upgrade(dsn, versions)


async def is_migrated(dsn: str, versions: Path) -> bool:
    connection = await asyncpg.connect(dsn)
    try:
        return await revision(connection) == newest(versions)
    finally:
        await connection.close()


async def revision(connection: asyncpg.Connection) -> str | None:
    """The revision a database is at, or `None` for an empty one."""
    try:
        found: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        return None
    return found
