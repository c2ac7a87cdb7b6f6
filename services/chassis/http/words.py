"""What a file says for ids and codes: names of things, labels of kinds, days of the week."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy import inspect

from services.chassis.clock import WEEKDAYS, business_date
from services.chassis.http import sealed
from services.chassis.http.context import ServiceContext
from services.chassis.http.export import Cell
from services.chassis.http.lists import Written

LABELS = "SELECT code, label FROM kind WHERE code = ANY($1) AND family = ANY($2)"
"""Those out of use as well: what was recorded under them goes on saying it."""


def called(*columns: Any) -> Written:
    """Names by id, of rows that have one key: `called(BaseRow.name)`.

    Several columns where one field has the ids of several tables.
    """
    return _looked_up(" UNION ALL ".join(map(_names, columns)))


def of_family(*families: str) -> Written:
    """Codes of kinds that a district edits; several families where one field has codes of each."""
    return _looked_up(LABELS, list(families))


def _names(column: Any) -> str:
    kept = inspect(column.class_)
    (key,) = kept.primary_key
    return (
        f"SELECT {key.name}, {column.key} FROM {kept.local_table.name} WHERE {key.name} = ANY($1)"  # noqa: S608  names of our own rows
    )


def _looked_up(statement: str, *more: object) -> Written:
    async def lookup(context: ServiceContext, values: Collection[Any]) -> Mapping[Any, Cell]:
        return dict(await context.database.pool.fetch(statement, list(values), *more))

    return Written(lookup)


def masked(field: str) -> Written:
    """What is sealed under an id as `field`, masked; nothing once it is erased."""

    async def lookup(context: ServiceContext, ids: Collection[Any]) -> Mapping[Any, Cell]:
        shown = await sealed.masked(context, ids)
        return {each: shown.get(each, {}).get(field) for each in ids}

    return Written(lookup)


def as_cell(show: Callable[[Any], Cell]) -> Written:
    """What a file shows for the value, without asking anybody."""

    async def lookup(_: ServiceContext, values: Collection[Any]) -> Mapping[Any, Cell]:
        return {value: show(value) for value in values}

    return Written(lookup)


Month = Annotated[date, as_cell(lambda day: f"{day:%Y-%m}")]
"""Any day of it."""
Weekday = Annotated[int, as_cell(lambda day: f"周{WEEKDAYS[day - 1]}")]
"""1 to 7, from Monday on."""
OfDay = Annotated[datetime, as_cell(business_date)]
"""An instant of which only the day is said."""
Fen = Annotated[int, as_cell(lambda fen: fen / 100 or None)]
"""An amount that is said in yuan; nothing for none."""
