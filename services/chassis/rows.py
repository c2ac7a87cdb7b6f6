"""What all tables do in one way: rows by key, codes that are free, lists cut to areas and paged.

Names of tables and columns come from the rows; a service's own statements stay in its tables.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Self, TypeVar

import sqlmodel
from pydantic import BaseModel, TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Dialect,
    Enum,
    Select,
    Text,
    TypeDecorator,
    and_,
    event,
    inspect,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapper
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis import known
from services.chassis.database import execute
from services.chassis.errors import Defect, NotFound
from services.chassis.state import State

R = TypeVar("R", bound=SQLModel)
S = TypeVar("S", bound=State)
V = TypeVar("V", bound=BaseModel)
Q = TypeVar("Q", bound=Select[*tuple[Any, ...]])

TURN = "SELECT pg_advisory_xact_lock(hashtextextended(:key, 4))"
AFTER_DIGITS = ":"
"""Follows "9" in ASCII: codes that begin with `area` lie before `area` and this."""


class Row(SQLModel):
    """Base of all tables; a service subclasses it once, with a registry of its own.

    `class WishRow(Wish, Row, table=True)` keeps the fields of its state and adds its own. Codes
    (`StrEnum`) are kept as text and come back as codes; instants have an offset and come in UTC.
    """

    @classmethod
    def of(cls, said: BaseModel, **kept: Any) -> Self:
        """The row of a state, or of the fact it begins with, and of what only rows have.

        What neither says is empty. Raises `Defect` for an unknown field.
        """
        empty = [name for name, info in cls.model_fields.items() if info.is_required()]
        return cls(**dict.fromkeys(empty) | _known(cls, dict(said) | kept))

    def as_state(self, state: type[S], **changes: Any) -> S:
        """What rules look at, apart from the row, and with `changes` as it would be."""
        return state.model_validate(self.model_dump() | _known(type(self), changes))

    def shown(self, view: type[V], **more: Any) -> V:
        """What callers see of it, with what `more` only the view has."""
        return view(**self.model_dump(), **more)

    def change(self, **changes: Any) -> None:
        """Raises `Defect` for a field that the row does not have."""
        self.sqlmodel_update(_known(type(self), changes))


class Versioned(BaseModel):
    """What a row has whose events count its versions: `class WishRow(Wish, Versioned, Row)`."""

    version: int = 1
    recorded_at: datetime


def _known(table: type[SQLModel], values: dict[str, Any]) -> dict[str, Any]:
    """SQLModel drops a misspelt name without a word."""
    unknown = values.keys() - table.model_fields.keys()
    if unknown:
        raise Defect(f"{table.__name__} has no {', '.join(sorted(unknown))}")
    return values


class Coded(TypeDecorator[StrEnum]):
    """A closed set of codes, kept as text."""

    impl = Text
    cache_ok = True

    def __init__(self, codes: type[StrEnum]) -> None:
        super().__init__()
        self.codes = codes

    def process_bind_param(self, value: str | None, _: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, _: Dialect) -> StrEnum | None:
        return None if value is None else self.codes(value)


class Structured(TypeDecorator[Any]):
    """A value of types that pydantic knows, kept as JSON."""

    impl = JSONB
    cache_ok = True

    def __init__(self, of: Any) -> None:
        super().__init__()
        self.of, self._adapter = of, TypeAdapter(of)

    def process_bind_param(self, value: Any, _: Dialect) -> Any:
        return self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, _: Dialect) -> Any:
        return self._adapter.validate_python(value)


@event.listens_for(Row, "instrument_class", propagate=True)
def _code(mapper: Mapper[Any], _: type[Row]) -> None:
    """SQLModel would make a type of the database out of every `StrEnum`."""
    for column in mapper.local_table.columns:
        codes = column.type.enum_class if isinstance(column.type, Enum) else None
        if codes is not None and issubclass(codes, StrEnum):
            column.type = Coded(codes)


def missing(called: str, key: object, zh: str) -> NotFound:
    """The refusal for a key that stands for nothing; `zh` is what it is called in Chinese."""
    return NotFound(f"No {called} {key}.", zh=f"没有该编号的{zh}。", key=key)


async def one(
    session: AsyncSession,
    table: type[R],
    key: object,
    called: str,
    zh: str,
    *,
    lock: bool = False,
    fresh: bool = False,
) -> R:
    """The row. Raises `NotFound` in the words of `missing`.

    With `lock` it is ours until the transaction ends, as it is then: a row that was read before its
    lock would keep its old version in the session. `fresh` reads it again without a lock.
    """
    row = await session.get(
        table, key, with_for_update=lock or None, populate_existing=lock or fresh
    )
    if row is None:
        raise missing(called, key, zh)
    return row


async def by_key(
    session: AsyncSession, table: type[R], keys: Sequence[object], *, lock: bool = False
) -> dict[Any, R]:
    """Of those that are there; with `lock` held in the order of keys: two callers never cross."""
    (key,) = inspect(table).primary_key
    query: Any = sqlmodel.select(table).where(key.in_(keys)).order_by(key)
    rows = (await session.exec(for_update(query) if lock else query)).all()
    return {getattr(row, key.name): row for row in rows}


async def insert_once(session: AsyncSession, row: SQLModel) -> bool:
    """False when the same stands already, also what another client just committed: then nothing
    was written. The session does not follow the row.
    """
    statement = insert(type(row)).values(**row.model_dump()).on_conflict_do_nothing()
    done = await execute(session, statement.returning(*inspect(type(row)).primary_key))
    return done.first() is not None


def for_update(query: Q, *, skip_locked: bool = False, of: type[SQLModel] | None = None) -> Q:
    """The rows of `query` ours until the transaction ends, as they are then, like those of `one`.

    What this session changed in them and did not flush is lost.
    """
    held = query.with_for_update(skip_locked=skip_locked, of=of)
    return held.execution_options(populate_existing=True)


async def batch(
    session: AsyncSession, table: type[R], order: str, *where: Any, limit: int
) -> Sequence[R]:
    """What the clock finds due, ours until the transaction ends, first by column `order`.

    Rows that another transaction holds wait for the next round.
    """
    query: Any = sqlmodel.select(table).where(*where)
    query = query.order_by(inspect(table).columns[order]).limit(limit)
    found: Sequence[R] = (await session.exec(for_update(query, skip_locked=True))).all()
    return found


async def take_turn(session: AsyncSession, *key: object) -> None:
    """Nobody else goes on with the same key before the transaction ends."""
    await execute(session, TURN, {"key": "/".join(map(str, key))})


async def check_code(
    session: AsyncSession,
    table: type[SQLModel],
    code: str,
    zh: str = "代码",
    *,
    field: str = "code",
) -> None:
    """Nobody else can take it before the transaction ends. Raises `CodeTaken`."""
    kept = inspect(table)
    await take_turn(session, kept.local_table.key, code)
    column = kept.columns[field]
    if (await execute(session, select(column).where(column == code))).first() is not None:
        raise known.code_taken(code, zh, field=field)


async def check_area(
    session: AsyncSession, table: type[SQLModel], code: str, field: str = "area"
) -> None:
    """That the `table` of areas has it. Raises `AreaUnknown`."""
    if await session.get(table, code) is None:
        raise known.area_unknown(code, field=field)


def inside(column: Any, areas: Sequence[str]) -> ColumnElement[bool]:
    """In one of the areas, as ranges that an index serves whatever the plan; LIKE needs to know
    its pattern when it is planned.
    """
    return or_(*(and_(column >= area, column < area + AFTER_DIGITS) for area in areas))


def behind(
    cursor: tuple[object, ...] | None, *key: Any, back: bool = False
) -> Iterable[ColumnElement[bool]]:
    """The rows that follow the one whose `key` is `cursor`, in the order of `key`; all without.

    With `back` in the order turned round.
    """
    if cursor is None:
        return []
    return [tuple_(*key) < cursor if back else tuple_(*key) > cursor]
