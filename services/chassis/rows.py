"""What all tables do in one way: rows by key, codes that are free, lists cut to areas and paged.

Names of tables and columns come from the rows; a service's own statements stay in its tables.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, inspect, or_, select, tuple_
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.database import execute
from services.chassis.errors import NotFound

R = TypeVar("R", bound=SQLModel)
Q = TypeVar("Q", bound=Select[*tuple[Any, ...]])

LOCK_CODE = "SELECT pg_advisory_xact_lock(hashtextextended(:code, 4))"
AFTER_DIGITS = ":"
"""Follows "9" in ASCII: codes that begin with `area` lie before `area` and this."""


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


def for_update(query: Q, *, skip_locked: bool = False, of: type[SQLModel] | None = None) -> Q:
    """The rows of `query` ours until the transaction ends, as they are then, like those of `one`.

    What this session changed in them and did not flush is lost.
    """
    held = query.with_for_update(skip_locked=skip_locked, of=of)
    return held.execution_options(populate_existing=True)


async def code_taken(session: AsyncSession, table: type[SQLModel], code: str) -> bool:
    """Whether the code is in use; nobody else can take it before the transaction ends."""
    kept = inspect(table)
    await execute(session, LOCK_CODE, {"code": f"{kept.local_table.key}/{code}"})
    column = kept.columns["code"]
    return (await execute(session, select(column).where(column == code))).first() is not None


def inside(column: Any, areas: Sequence[str]) -> ColumnElement[bool]:
    """In one of the areas, as ranges that an index serves whatever the plan; LIKE needs to know
    its pattern when it is planned.
    """
    return or_(*(and_(column >= area, column < area + AFTER_DIGITS) for area in areas))


def behind(cursor: tuple[object, ...] | None, *key: Any) -> Iterable[ColumnElement[bool]]:
    """The rows that follow the one whose `key` is `cursor`, in the order of `key`; all without."""
    return [] if cursor is None else [tuple_(*key) > cursor]
