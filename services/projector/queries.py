"""What a figure is: for an area and a period, whole or in groups, now or as it was known then.

Without an `as_of`, sums come from the rollups; with one, and by wide dimensions, from the facts.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

import asyncpg

from services.projector import model
from services.projector.declare import (
    Absent,
    Catalogue,
    Counted,
    Dimension,
    Family,
    Figure,
    Ratio,
    Stock,
    Variety,
)
from services.projector.figures import CATALOGUE
from services.projector.sql import Scope, Statement, value_of

Value = int | float | None
Values = dict[str, Value]
"""Group key to value; the whole has the empty key."""

WHOLE = ""
MONTH = "month"
AREA = "area"
By = Dimension | str
"""`WHOLE`, `MONTH`, `AREA` or a dimension."""

T = TypeVar("T")


@dataclass(frozen=True)
class View:
    """The live model at one instant: everything read through it belongs together."""

    connection: asyncpg.Connection
    m: str
    catalogue: Catalogue = CATALOGUE

    async def as_of(self) -> datetime | None:
        """When the newest event in the model was recorded; none before any."""
        found: datetime | None = await self.connection.fetchval(
            f"SELECT max(recorded_at) FROM {self.m}.position"  # noqa: S608
        )
        return found

    async def names(self, family: Family, ids: Iterable[str]) -> dict[str, str]:
        rows = await self.connection.fetch(
            f"SELECT id, name FROM {self.m}.name WHERE family = $1 AND id = ANY($2)",  # noqa: S608
            family.value,
            list(ids),
        )
        return {row["id"]: row["name"] for row in rows}

    async def area_name(self, area: str) -> str:
        """Its name, or its code where no event told the name."""
        return (await self.names(Family.AREA, [area])).get(area, area)

    async def children(self, scope: Scope) -> list[str]:
        """Codes of the known areas one level below."""
        statement = Statement()
        rows = await self.connection.fetch(
            f"SELECT id FROM {self.m}.name WHERE family = {statement.bind(Family.AREA.value)}"  # noqa: S608
            f" AND {statement.inside(scope.area).replace('area', 'id')}"
            f" AND length(id) = {statement.bind(scope.child_length)}",
            *statement.values,
        )
        return [row["id"] for row in rows]

    async def values(self, figure: Figure, scope: Scope, by: By = WHOLE) -> Values:
        """The figure by groups. Groups without any fact are missing, but months are complete."""
        match figure:
            case Stock():
                return _in_units(figure, await self._stock(figure, scope, by))
            case Counted():
                sums = (await self._sums([figure], scope, by))[figure.key]
                return _in_units(figure, _complete(by, scope, sums, 0))
            case Ratio():
                return await self._ratio(figure, scope, by)
            case Absent():
                return await self._absent(figure, scope, by)
            case Variety():
                return await self._variety(figure, scope, by)
            case _:
                raise TypeError(figure)

    async def whole(self, figure: Figure, scope: Scope) -> Value:
        values = await self.values(figure, scope)
        return values.get(WHOLE, None if isinstance(figure, Ratio) else 0)

    async def _sums(
        self, figures: Sequence[Counted], scope: Scope, by: By
    ) -> dict[str, dict[str, int]]:
        keys = [figure.key for figure in figures]
        wide = isinstance(by, Dimension) and by.wide
        statement = Statement()
        if scope.as_of is not None or wide:
            key = _key(by, scope, figures)
            source = statement.facts(self.m, keys, scope)
        else:
            key = "area" if by == AREA else _key(by, scope, figures)
            source = statement.rollups(self.m, keys, scope, children=by == AREA)
        rows = await self.connection.fetch(
            f"SELECT figure, {key} AS key, sum(amount)::bigint AS amount {source} GROUP BY 1, 2",
            *statement.values,
        )
        sums: dict[str, dict[str, int]] = {key: {} for key in keys}
        for row in rows:
            sums[row["figure"]][row["key"]] = row["amount"]
        if by == AREA and scope.as_of is None:
            await self._add_own_level(sums, figures, scope)
        return sums

    async def _add_own_level(
        self, sums: dict[str, dict[str, int]], figures: Sequence[Counted], scope: Scope
    ) -> None:
        """What belongs to the area itself and to none below it, so that the groups add up."""
        totals = await self._sums(figures, scope, WHOLE)
        for key, groups in sums.items():
            own = totals[key].get(WHOLE, 0) - sum(groups.values())
            if own:
                groups[scope.area] = own

    async def _stock(self, figure: Counted, scope: Scope, by: By) -> Values:
        sums = (await self._sums([figure], scope.since_ever(), by))[figure.key]
        if by != MONTH:
            return {key: amount for key, amount in sums.items() if amount}
        return {
            month: sum(amount for other, amount in sums.items() if other <= month)
            for month, _ in scope.period.months()
        }

    async def _ratio(self, figure: Ratio, scope: Scope, by: By) -> Values:
        parts = [self.catalogue.of(part, Counted) for part in figure.parts]
        sums = await self._sums(parts, scope, by)
        keys = {key for groups in sums.values() for key in groups}
        divided: Values = {}
        for key in keys:
            over = sum(sums[part].get(key, 0) for part in figure.over)
            under = sum(sums[part].get(key, 0) for part in figure.under)
            divided[key] = divide(over * figure.scale, under, figure.digits)
        return _complete(by, scope, divided, None)

    async def _absent(self, figure: Absent, scope: Scope, by: By) -> Values:
        if by == MONTH:
            return {
                month: await self.whole(figure, scope.within(days))
                for month, days in scope.period.months()
            }
        flow = self.catalogue.of(figure.without, Counted)
        among = self.catalogue.of(figure.among, Counted)
        statement = Statement()
        rows = await self.connection.fetch(
            "SELECT key, count(*) AS entities FROM ("  # noqa: S608  text of our own making
            + statement.absent(self.m, figure, flow, scope, _key(by, scope, [among]))
            + ") AS absent GROUP BY key",
            *statement.values,
        )
        return {row["key"]: row["entities"] for row in rows}

    async def _variety(self, figure: Variety, scope: Scope, by: By) -> Values:
        of = self.catalogue.of(figure.of, Counted)
        split = next(d for d in of.rolled if d.key == figure.split)

        async def kinds(within: Scope) -> int:
            values = await self.values(of, within, split)
            return sum(1 for key, value in values.items() if key and value)

        if by == MONTH:
            months = scope.period.months()
            return {month: await kinds(scope.within(days)) for month, days in months}
        if by == AREA:
            children = await self.children(scope)
            found = {area: await kinds(replace(scope, area=area)) for area in children}
            return {area: count for area, count in found.items() if count}
        return {WHOLE: await kinds(scope)}

    async def absentees(self, figure: Absent, scope: Scope, limit: int) -> list[str]:
        """Names of those an absent figure counts, in order of their codes, at most `limit`."""
        flow = self.catalogue.of(figure.without, Counted)
        statement = Statement()
        rows = await self.connection.fetch(
            "WITH absent AS ("  # noqa: S608  text of our own making
            + statement.absent(self.m, figure, flow, scope, "''")
            + f") SELECT name FROM absent JOIN {self.m}.name ON id = aggregate_id::text"  # noqa: S608
            f" ORDER BY code, id LIMIT {statement.bind(limit)}",
            *statement.values,
        )
        return [row["name"] for row in rows]


async def look(pool: asyncpg.Pool, read: Callable[[View], Awaitable[T]]) -> T:
    """Read from the live model at one instant; once more where it was replaced meanwhile."""
    try:
        return await _look(pool, read)
    except (asyncpg.UndefinedTableError, asyncpg.DeadlockDetectedError):
        return await _look(pool, read)


async def _look(pool: asyncpg.Pool, read: Callable[[View], Awaitable[T]]) -> T:
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        return await read(View(connection, model.schema_of(await model.live(connection))))


def divide(over: int, under: int, digits: int) -> float | None:
    """Rounded half up, as people do; none where there is nothing to divide by."""
    if under == 0:
        return None
    step = Decimal(1).scaleb(-digits)
    return float((Decimal(over) / Decimal(under)).quantize(step, ROUND_HALF_UP))


def _in_units(figure: Counted, values: Values) -> Values:
    if figure.per == 1:
        return values
    return {
        key: divide(int(value or 0), figure.per, figure.digits) for key, value in values.items()
    }


def _key(by: By, scope: Scope, figures: Sequence[Counted]) -> str:
    """The expression that says which group a fact is in."""
    if isinstance(by, Dimension):
        return value_of(by, figures)
    if by == MONTH:
        return "to_char(day, 'YYYY-MM')"
    if by == AREA:
        return f"left(area, {scope.child_length or len(scope.area)})"
    return "''"


def _complete(by: By, scope: Scope, values: dict[str, int] | Values, empty: Value) -> Values:
    if by != MONTH:
        return {**values}
    return {month: values.get(month, empty) for month, _ in scope.period.months()}
