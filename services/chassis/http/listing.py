"""Lists of rows as declarations: what may be asked, cut to areas, turned page by page.

A field of the filters is a column that must be equal, unless it is annotated with another test.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, TypeDecorator, and_, inspect, or_, true
from sqlmodel import select

from contracts.access import Action
from contracts.areas import AreaCode
from services.chassis.auth import Principal
from services.chassis.clock import days_between
from services.chassis.http.callers import Caller
from services.chassis.http.context import Context, ServiceContext
from services.chassis.http.fields import Day, instant_of
from services.chassis.http.pages import Cursor, Limit, Page, key_of, page_of
from services.chassis.http.scopes import areas_to_list
from services.chassis.rows import Row, behind, inside

R = TypeVar("R", bound=Row)
V = TypeVar("V", bound=BaseModel)

Columns = Mapping[str, Any]
Condition = ColumnElement[bool]


@dataclass(frozen=True)
class By:
    """Annotates a field of filters: what its value demands of the columns."""

    test: Callable[[Columns, Any], Condition]


def since(column: str) -> By:
    """From this business day on; the column is a day or an instant."""
    return By(lambda columns, day: columns[column] >= _limits(columns[column], day)[0])


def until(column: str) -> By:
    """Up to this business day, inclusive."""
    return By(lambda columns, day: columns[column] < _limits(columns[column], day)[1])


def on(column: str) -> By:
    """On this business day."""
    first, last = since(column), until(column)
    return By(lambda columns, day: and_(first.test(columns, day), last.test(columns, day)))


def equals(column: str) -> By:
    """What a column of another name must be."""
    return By(lambda columns, value: columns[column] == value)


def unset(column: str) -> By:
    """Whether the column is empty, as the day is on which something ended."""
    return By(lambda columns, wanted: columns[column].is_(None) == wanted)


def with_past(column: str) -> By:
    """Whether also those are wanted in which the column is set, as the day it ended on."""
    return By(lambda columns, wanted: true() if wanted else columns[column].is_(None))


def without_past(column: str) -> By:
    """Whether only those are wanted in which the column is empty."""
    return By(lambda columns, wanted: columns[column].is_(None) if wanted else true())


FirstDay = Annotated[Day | None, Field(alias="from", description="First day.")]
LastDay = Annotated[Day | None, Field(alias="to", description="Last day, inclusive.")]
"""What a span is asked by: `first: Annotated[FirstDay, since("starts_at")] = None`."""

BY_ROUTE = By(lambda _, __: true())
"""The route says what its value demands."""


def part_of(column: str) -> By:
    """A text within the column's."""
    return By(lambda columns, text: columns[column].contains(text, autoescape=True))


class Filters(BaseModel):
    """Subclass with a field a filter; what is not given asks for nothing."""

    within: AreaCode | None = Field(default=None, description="Only in this area.")


def after_cursor(filters: type[Filters]) -> Any:
    """For a contract that has always named the cursor before the filters."""

    async def read(question: Annotated[filters, Query()]) -> Filters:  # type: ignore[valid-type]
        return question

    return Depends(read)


@dataclass(frozen=True)
class PageQuery:
    """What every list is asked: by whom, from where on, for how many."""

    context: ServiceContext
    caller: Principal
    cursor: Sequence[str] | None
    limit: int

    async def rows(
        self,
        table: type[R],
        filters: Filters,
        *,
        order: str | Sequence[str] = (),
        action: Action | None = Action.READ,
        newest_first: bool = False,
        area: Any = None,
        everywhere: bool = False,
        where: Sequence[Condition] = (),
    ) -> Page[R]:
        """A page of rows in ascending `order` of columns; without, of the key.

        With `newest_first` the order is turned round.

        `area` is the column that is cut to the caller's areas where the table has none, or a tuple
        of those of which one is enough; `where` adds what filters cannot say, and joins what it
        names. With `everywhere` whoever may read anything reads all of it; with no `action`
        anybody does.
        Raises `Forbidden`, `OutOfScope`, `Invalid` for a cursor of another list.
        """
        columns = inspect(table).columns
        names = [order] if isinstance(order, str) else order or [inspect(table).primary_key[0].name]
        key = [columns[name] for name in names]
        areas: Sequence[str] = (filters.within or "",)
        if action is not None:
            granted = areas_to_list(self.caller, None if everywhere else filters.within, action)
            areas = areas if everywhere else granted
        query = select(table).where(*conditions(table, filters, areas, area), *where)
        after = key_of(self.cursor, *(READ[_kind(column)] for column in key))
        query = query.where(*behind(after, *key, back=newest_first))
        query = query.order_by(*([each.desc() for each in key] if newest_first else key))
        async with self.context.database.sessions() as session:
            rows = (await session.exec(query.limit(self.limit + 1))).all()
        return page_of(
            rows, self.limit, lambda row: row, lambda row: [getattr(row, n) for n in names]
        )

    async def shown(self, table: type[R], view: type[V], filters: Filters, **how: Any) -> Page[V]:
        """`rows`, each as its view."""
        page = await self.rows(table, filters, **how)
        return page.of([row.shown(view) for row in page.items])


async def _paging(context: Context, caller: Caller, cursor: Cursor, limit: Limit = 50) -> PageQuery:
    return PageQuery(context, caller, cursor, limit)


Paging = Annotated[PageQuery, Depends(_paging)]
"""Stands where the parameters of a list name its `limit`: behind filters, or before those that
follow the cursor."""


async def listed(
    context: ServiceContext,
    caller: Principal,
    table: type[R],
    filters: Filters,
    cursor: Sequence[str] | None,
    limit: int,
    **how: Any,
) -> Page[R]:
    """For lists that take what pages need one by one."""
    return await PageQuery(context, caller, cursor, limit).rows(table, filters, **how)


def conditions(
    table: type[Row], filters: Filters, areas: Sequence[str], area: Any = None
) -> Iterator[Condition]:
    """What rows of `areas` fulfil that the filters ask for; `area` as in `PageQuery.rows`."""
    columns = inspect(table).columns
    cut = area if isinstance(area, tuple) else (columns["area"] if area is None else area,)
    yield or_(*(inside(each, areas) for each in cut))
    for name, info in type(filters).model_fields.items():
        value = getattr(filters, name)
        if name != "within" and value is not None:
            by = next((each for each in info.metadata if isinstance(each, By)), None)
            yield by.test(columns, value) if by else columns[name] == value


def _limits(column: Any, day: date) -> tuple[Any, Any]:
    """`[first, next)` of the day, in the terms of the column."""
    return days_between(day, day) if _kind(column) is datetime else (day, day + timedelta(days=1))


READ: dict[type, Callable[[str], Any]] = {
    UUID: UUID, str: str, int: int, date: date.fromisoformat, datetime: instant_of,
}  # fmt: skip
"""A part of a cursor as its column has it; each raises `ValueError`."""


def _kind(column: Any) -> type:
    kept = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return kept.python_type
