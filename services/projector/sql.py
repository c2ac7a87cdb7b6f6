"""The statements that read a model, put together from the declaration. No value enters the text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from contracts.areas import CODE_LENGTH
from services.projector.declare import Absent, Counted, Dimension
from services.projector.periods import FIRST_DAY, Period

LEVELS = sorted(CODE_LENGTH.values())
AFTER_DIGITS = ":"
"""Sorts right after the digits: codes within `41` lie from `41` up to `41:`."""


@dataclass(frozen=True)
class Scope:
    """Which facts count: where, when, and as far as they were known at `as_of`."""

    area: str
    period: Period
    as_of: datetime | None = None

    def since_ever(self) -> "Scope":
        return Scope(self.area, Period(FIRST_DAY, self.period.last), self.as_of)

    def within(self, period: Period) -> "Scope":
        return Scope(self.area, period, self.as_of)

    @property
    def child_length(self) -> int | None:
        """Digits of the areas one level below, or nothing below a grid."""
        below = [length for length in LEVELS if length > len(self.area)]
        return below[0] if below else None


@dataclass
class Statement:
    """Text with numbered parameters, and their values."""

    values: list[object] = field(default_factory=list)

    def bind(self, value: object) -> str:
        self.values.append(value)
        return f"${len(self.values)}"

    def days(self, period: Period) -> str:
        return f"day BETWEEN {self.bind(period.first)} AND {self.bind(period.last)}"

    def inside(self, area: str) -> str:
        return f"area >= {self.bind(area)} AND area < {self.bind(area + AFTER_DIGITS)}"

    def known(self, as_of: datetime | None) -> str:
        return "true" if as_of is None else f"recorded_at <= {self.bind(as_of)}"

    def of(self, figures: Sequence[str]) -> str:
        """One figure by equality: only then the order of the facts' key is an order to read in."""
        if len(figures) == 1:
            return f"figure = {self.bind(figures[0])}"
        return f"figure = ANY({self.bind(list(figures))})"

    def facts(self, m: str, figures: Sequence[str], scope: Scope) -> str:
        """`FROM ... WHERE ...` of the facts of `figures` in `scope`."""
        return (
            f"FROM {m}.fact WHERE {self.of(figures)}"
            f" AND {self.inside(scope.area)} AND {self.days(scope.period)}"
            f" AND {self.known(scope.as_of)}"
        )

    def rollups(self, m: str, figures: Sequence[str], scope: Scope, *, children: bool) -> str:
        """The same from the rollups: of the area itself, or of those one level below it."""
        if children:
            where = f"{self.inside(scope.area)} AND length(area) = {self.bind(scope.child_length)}"
        else:
            where = f"area = {self.bind(scope.area)}"
        return f"FROM {m}.rollup WHERE {self.of(figures)} AND {where} AND {self.days(scope.period)}"

    def absent(self, m: str, figure: Absent, flow: Counted, scope: Scope, key: str) -> str:
        """Rows `(aggregate_id, key)` of what `figure` counts."""
        named_by = next(d for d in flow.wide if d.key == figure.named_by)
        there = self.facts(m, [figure.among], scope.since_ever())
        visits = (
            f"SELECT {value_of(named_by, (flow,))} FROM {m}.fact"  # noqa: S608
            f" WHERE figure = {self.bind(flow.key)} AND {self.days(scope.period)}"
            f" AND {self.known(scope.as_of)}"
        )
        return (
            f"SELECT aggregate_id, key FROM (SELECT aggregate_id, {key} AS key {there}"  # noqa: S608
            " GROUP BY 1, 2 HAVING sum(amount) > 0) AS there"
            f" WHERE aggregate_id::text NOT IN ({visits})"
        )


def value_of(dimension: Dimension, figures: Sequence[Counted]) -> str:
    """The expression that reads a dimension out of a fact (or rollup) of any of `figures`."""
    cases: Mapping[str, list[str]] = {}
    for figure in figures:
        column, place = ("refs", figure.wide) if dimension.wide else ("dims", figure.rolled)
        index = place.index(dimension) + 1
        expression = f"split_part({column}, chr(31), {index})"
        cases = {**cases, expression: [*cases.get(expression, []), figure.key]}
    if len(cases) == 1:
        return next(iter(cases))
    whens = " ".join(
        f"WHEN figure IN ({', '.join(repr(key) for key in keys)}) THEN {expression}"
        for expression, keys in cases.items()
    )
    return f"CASE {whens} END"
