"""Which events are behind a number: exactly its facts, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg

from contracts.catalogue import EVENTS
from services.chassis.errors import Invalid
from services.chassis.http import pages
from services.projector.declare import Absent, Counted, Dimension, Figure, Flow
from services.projector.figures import CATALOGUE
from services.projector.fold import SEPARATOR
from services.projector.queries import View
from services.projector.sql import Scope, Statement, value_of

COLUMNS = (
    "figure, day, event_id, line, type, aggregate_id, area, dims, refs, amount, occurred_at,"
    " recorded_at"
)
MOST_LINES = 2**15 - 1
Key = tuple[date, UUID, str, int]


@dataclass(frozen=True)
class Contribution:
    """One fact, as it is shown. `amount` is what it adds to `figure`, in its unit, not rounded."""

    event_id: UUID
    type: str
    type_name: str
    figure: str
    aggregate_id: UUID
    occurred_at: datetime
    recorded_at: datetime
    area: str
    amount: int | float
    dimensions: dict[str, str]
    key: Key


async def contributions(
    view: View,
    figure: Figure,
    scope: Scope,
    *,
    only: Mapping[Dimension, str],
    after: Key | None,
    limit: int,
) -> list[Contribution]:
    """The facts behind `figure` in `scope`, by business day; `limit` and one more if there are.

    Their amounts add up to a flow or a stock. Of a ratio they are the facts of its parts; of an
    absent figure those that put the ones it counts into the stock; of a variety those of
    the figure it tells apart.
    """
    counted = view.catalogue.facts_of(figure)
    statement = Statement()
    reach = scope if isinstance(counted[0], Flow) else scope.since_ever()
    where = [statement.facts(view.m, [part.key for part in counted], reach)]
    where += [f"{value_of(d, counted)} = {statement.bind(value)}" for d, value in only.items()]
    if isinstance(figure, Absent):
        flow = view.catalogue.of(figure.without, Counted)
        absent = statement.absent(view.m, figure, flow, scope, "''")
        where.append(f"aggregate_id IN (SELECT aggregate_id FROM ({absent}) AS absent)")  # noqa: S608
    if after is not None:
        marks = ", ".join(statement.bind(value) for value in after)
        where.append(f"(day, event_id, figure, line) > ({marks})")
    rows = await view.connection.fetch(
        f"SELECT {COLUMNS} {' AND '.join(where)}"
        f" ORDER BY day, event_id, figure, line LIMIT {statement.bind(limit + 1)}",
        *statement.values,
    )
    return [_contribution(row, counted) for row in rows]


def _contribution(row: asyncpg.Record, counted: Sequence[Counted]) -> Contribution:
    figure = next(part for part in counted if part.key == row["figure"])
    values = zip(
        (*figure.rolled, *figure.wide),
        (*_split(row["dims"], figure.rolled), *_split(row["refs"], figure.wide)),
        strict=True,
    )
    known = EVENTS.get(row["type"])
    return Contribution(
        event_id=row["event_id"],
        type=row["type"],
        type_name=known.called() if known else row["type"],
        figure=row["figure"],
        aggregate_id=row["aggregate_id"],
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        area=row["area"],
        amount=row["amount"] if figure.per == 1 else row["amount"] / figure.per,
        dimensions={dimension.key: value for dimension, value in values},
        key=(row["day"], row["event_id"], row["figure"], row["line"]),
    )


def _split(joined: str, dimensions: Sequence[Dimension]) -> list[str]:
    return joined.split(SEPARATOR) if dimensions else []


def key_of(cursor: Sequence[str] | None) -> Key | None:
    """The key a page starts after, out of its cursor. Raises `Invalid` for another list's."""
    key = pages.key_of(
        cursor, date.fromisoformat, UUID, lambda figure: CATALOGUE.figures[figure].key, int
    )
    if key is not None and not 0 <= key[-1] <= MOST_LINES:
        raise Invalid("`cursor` was altered.", zh="cursor 已被改动。", field="cursor")
    return key
