"""What a caller asks, checked: every refusal names the parameter and what would be right."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query
from pydantic import AwareDatetime

from contracts.access import Action
from contracts.areas import AreaCode
from services.chassis.errors import Invalid, NotFound
from services.chassis.http import Caller
from services.projector.declare import Dimension, Figure
from services.projector.figures import CATALOGUE
from services.projector.periods import Period
from services.projector.queries import AREA, MONTH, WHOLE, By
from services.projector.sql import Scope

MOST_MONTHS = 240
"""How many months one answer may be split into: twenty years."""


def asked_scope(
    caller: Caller,
    area: Annotated[AreaCode, Query()],
    first: Annotated[date, Query(alias="from", description="First day, Asia/Shanghai.")],
    last: Annotated[date, Query(alias="to", description="Last day, included; may lie ahead.")],
    as_of: Annotated[
        AwareDatetime | None,
        Query(description="Count only events recorded up to this instant."),
    ] = None,
) -> Scope:
    """Raises `Forbidden` outside the caller's areas, `Invalid` for a period that ends too early."""
    caller.require(Action.READ, area)
    if first > last:
        raise Invalid(
            f"`from` ({first}) is later than `to` ({last}).",
            zh=f"起始日期 {first} 晚于截止日期 {last}。",
            field="query.from",
            latest=str(last),
        )
    return Scope(area, Period(first, last), as_of)


AskedScope = Annotated[Scope, Depends(asked_scope)]


def asked_figure(key: str) -> Figure:
    """Raises `NotFound`, naming the figures there are."""
    figure = CATALOGUE.figures.get(key)
    if figure is None:
        raise NotFound(
            f"No figure {key}.", zh=f"没有指标 {key}。", figures=sorted(CATALOGUE.figures)
        )
    return figure


AskedFigure = Annotated[Figure, Depends(asked_figure)]


def asked_by(figure: Figure, by: str | None, period: Period) -> By:
    """Raises `Invalid`, naming what `figure` can be split by."""
    dimensions = CATALOGUE.dimensions_of(figure)
    if by is None:
        return WHOLE
    if by == MONTH and period.month_count > MOST_MONTHS:
        raise Invalid(
            f"At most {MOST_MONTHS} months fit into one answer.",
            zh=f"按月最多可查询 {MOST_MONTHS} 个月。",
            field="query.by",
            limit=MOST_MONTHS,
        )
    if by in (MONTH, AREA):
        return by
    if by not in dimensions:
        known = [MONTH, AREA, *dimensions]
        raise Invalid(
            f"{figure.key} cannot be split by {by}; it can by {', '.join(known)}.",
            zh=f"指标“{figure.name}”不能按“{by}”分组，可用：{'、'.join(known)}。",
            field="query.by",
            known=known,
        )
    return dimensions[by]


def asked_values(figure: Figure, given: Mapping[str, str]) -> dict[Dimension, str]:
    """Values of dimensions to narrow a list to. Raises `Invalid` for any other parameter."""
    dimensions = CATALOGUE.dimensions_of(figure)
    for name, value in given.items():
        if not value.isprintable():
            raise Invalid(
                f"`{name}` has characters that no code has.",
                zh=f"“{name}”含有无效字符。",
                field=f"query.{name}",
            )
        if name not in dimensions:
            raise Invalid(
                f"{figure.key} has no dimension {name}; it has {', '.join(dimensions) or 'none'}.",
                zh=f"指标“{figure.name}”没有维度“{name}”，可用：{'、'.join(dimensions) or '无'}。",
                field=f"query.{name}",
                known=list(dimensions),
            )
    return {dimensions[name]: value for name, value in given.items()}


def events_link(figure: Figure, scope: Scope) -> str:
    """Where the events behind `figure` in `scope` are listed."""
    asked = {"area": scope.area, "from": scope.period.first, "to": scope.period.last}
    if scope.as_of is not None:
        asked["as_of"] = scope.as_of.isoformat()
    return f"/v1/figures/{figure.key}/events?{urlencode(asked)}"
