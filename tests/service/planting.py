"""Rows out of nothing: whatever a table demands, in one area, and what stands above it."""

from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any, get_origin
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import Table

from services.chassis.rows import Coded, Structured

AREA = "410305001001"

CHECKS = """
SELECT conrelid::regclass::text AS table, conname AS name FROM pg_constraint
 WHERE contype IN ('c', 'x') AND connamespace = 'public'::regnamespace
"""
COLUMNS = """
SELECT a.attname AS name, t.typname AS type
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
 WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped
   AND a.attgenerated = '' AND a.attidentity = '' AND (a.attnotnull OR a.attname = 'area')
   AND NOT a.atthasdef
"""
ABOVE = """
SELECT c.confrelid::regclass::text AS table, a.attname AS name, b.attname AS key
  FROM pg_constraint c
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
  JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
 WHERE c.contype = 'f' AND c.conrelid = $1::regclass AND c.confrelid <> c.conrelid
   AND a.attname <> 'area'
"""
SAMPLES: dict[str, Any] = {
    "bool": False,
    "date": date(2026, 6, 1),
    "timestamptz": datetime(2026, 6, 1, tzinfo=UTC),
    "time": time(9),
    "bytea": b"x",
    "jsonb": "{}",
    "list": "[]",
    "tstzrange": asyncpg.Range(
        datetime(2026, 6, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, 2, tzinfo=UTC)
    ),
}
serial = count(2000)


class Garden:
    """A database that takes any row: its checks are gone, its triggers sleep."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection

    @classmethod
    async def of(cls, connection: asyncpg.Connection) -> "Garden":
        await connection.execute("SET session_replication_role = replica")
        for check in await connection.fetch(CHECKS):
            await connection.execute(
                f'ALTER TABLE {check["table"]} DROP CONSTRAINT "{check["name"]}"'
            )
        return cls(connection)

    async def plant(self, table: Table | str) -> dict[str, Any]:
        """A new row, as it was inserted, after new rows of what it refers to."""
        name = str(table)
        known = table.metadata.tables if isinstance(table, Table) else {}
        values = {}
        for above in await self.connection.fetch(ABOVE, name):
            planted = await self.plant(known.get(above["table"], above["table"]))
            values[above["name"]] = planted[above["key"]]
        for column in await self.connection.fetch(COLUMNS, name):
            values.setdefault(column["name"], _sample(table, column["name"], column["type"]))
        places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
        names = ", ".join(f'"{each}"' for each in values)
        insert = f"INSERT INTO {name} ({names}) VALUES ({places}) RETURNING *"
        return dict(await self.connection.fetchrow(insert, *values.values()))


def _sample(table: Table | str, name: str, type_: str) -> Any:
    if name == "area":
        return AREA
    kept = table.columns[name].type if isinstance(table, Table) and name in table.columns else None
    if isinstance(kept, Coded):
        return str(next(iter(kept.codes)))
    if isinstance(kept, Structured) and get_origin(kept.of) is list:
        type_ = "list"
    if type_ == "uuid":
        return uuid4()
    if type_ in {"text", "varchar"}:
        return f"x{next(serial)}"
    if type_ in {"int2", "int4", "int8", "numeric"}:
        return 1 if name == "version" else next(serial)
    return [] if type_.startswith("_") else SAMPLES[type_]


def filled(path: str, **known: UUID) -> str:
    """An address with its places filled: those that are known, and of the rest something."""
    for name, value in known.items():
        path = path.replace(f"{{{name}}}", str(value))
    while "{" in path:
        before, _, rest = path.partition("{")
        name, _, after = rest.partition("}")
        path = f"{before}{_place(name)}{after}"
    return path


def _place(name: str) -> str:
    if name.endswith("_id"):
        return str(uuid4())
    return {"year": "2026", "day": "2026-06-01"}.get(name, "x")
