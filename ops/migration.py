"""`python -m ops.migration SERVICE NAME`: a migration for what rows declare and no migration made.

It migrates an empty database, compares, and writes tables and columns that are missing. Whatever a
row does not say (indexes, constraints, COLLATE "C" of a new table's area, data) is added by hand.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import asyncpg
from sqlalchemy import Column, MetaData, Table, literal
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from ops.embedded.postgres import EmbeddedPostgres
from ops.services import SERVICES, ServiceEntry
from services.chassis.migrate import ensure_database, migrate, newest

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
COLUMNS = "SELECT table_name, column_name FROM information_schema.columns"

TEXT = '''"""{title}."""

from alembic import op

revision = "{revision}"
down_revision = "{before}"

STATEMENTS = (
{statements}
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
'''


class NoDefaultError(Exception):
    """The release before goes on beside it, and inserts rows without the new column."""


async def missing(service: ServiceEntry, dsn: str) -> list[str]:
    """Statements for what its rows have and the database lacks. Raises `NoDefaultError`."""
    connection = await asyncpg.connect(dsn)
    try:
        found = {(row["table_name"], row["column_name"]) for row in await connection.fetch(COLUMNS)}
    finally:
        await connection.close()
    return [one for table in _declared(service).sorted_tables for one in _lacking(table, found)]


def write(service: ServiceEntry, name: str, statements: list[str]) -> Path:
    """The newest migration of the service, by its number and `name`."""
    folder = service.migrations
    before = newest(folder) or "0000"
    revision = f"{int(before) + 1:04}"
    path = folder / f"{revision}_{name.lower().replace(' ', '_').replace('-', '_')}.py"
    lines = "\n".join(f'    """{one}""",' for one in statements)
    title = name.replace("_", " ").replace("-", " ").capitalize()
    path.write_text(TEXT.format(title=title, revision=revision, before=before, statements=lines))
    return path


def _declared(service: ServiceEntry) -> MetaData:
    service.load()
    metadata: MetaData = import_module(f"services.{service.name}.tables.rows").Row.metadata
    return metadata


def _lacking(table: Table, found: set[tuple[str, str]]) -> Iterator[str]:
    if not any(name == table.name for name, _ in found):
        yield str(CreateTable(table).compile(dialect=DIALECT)).strip()
        return
    for column in table.columns:
        if (table.name, column.name) not in found:
            yield f"ALTER TABLE {table.name} ADD COLUMN {_column(column)}"


def _column(column: Column[object]) -> str:
    kind = column.type.compile(dialect=DIALECT)
    default = column.default
    given = default.arg if isinstance(default, ScalarElementColumnDefault) else None
    if given is None and column.nullable:
        return f"{column.name} {kind}"
    if given is None:
        raise NoDefaultError(f"{column.table.name}.{column.name} needs a default")
    value = literal(given, column.type).compile(
        dialect=DIALECT, compile_kwargs={"literal_binds": True}
    )
    return f"{column.name} {kind} NOT NULL DEFAULT {value}"


async def _missing_in_new(service: ServiceEntry) -> list[str]:
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "data") as server:
        dsn = server.dsn(service.name)
        await ensure_database(dsn)
        await migrate(dsn, service.load().SERVICE.migrations)
        return await missing(service, dsn)


def main(arguments: list[str] | None = None) -> int:
    """1 where the migrations make all that is declared."""
    keeping = {entry.name: entry for entry in SERVICES if entry.publishes}
    parser = argparse.ArgumentParser(prog="python -m ops.migration", description=__doc__)
    parser.add_argument("service", choices=keeping)
    parser.add_argument("name", help="what it is about, in a word or three")
    chosen = parser.parse_args(arguments)
    statements = asyncio.run(_missing_in_new(keeping[chosen.service]))
    if not statements:
        print("Its migrations make all that its rows declare.")
        return 1
    print(write(keeping[chosen.service], chosen.name, statements))
    return 0


if __name__ == "__main__":
    sys.exit(main())
