"""A number opened: the events behind it, page by page, as a drawer or as a page of its own."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.chassis.errors import NotFound
from services.console import wording
from services.console.clients.projector import Declared, Figure
from services.console.pages.asked import AskedArea, AskedPeriod
from services.console.pages.names import names_of
from services.console.pages.route import PageRoute
from services.console.period import PeriodInvalid
from services.console.site import Visit, Visiting, render
from services.console.views import figure as view
from services.console.views.links import Here
from services.console.views.overview import BASIS

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/figures/{key}")
async def events_behind(
    *,
    visit: Visiting,
    key: str,
    area: AskedArea,
    period: AskedPeriod,
    as_of: Annotated[datetime | None, Query()] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    if isinstance(period, PeriodInvalid):
        raise period
    here = Here(area, period)
    catalogue = await visit.site.projector.catalogue(visit.caller)
    declared = _declared(catalogue, key)
    where = _narrowing(visit, declared)
    by = next(iter(where)) if len(where) == 1 else None
    at = as_of.isoformat() if as_of else None
    projector, caller = visit.site.projector, visit.caller
    figure, events = await asyncio.gather(
        projector.figure(caller, key, area, period, by=by, as_of=at),
        projector.events(caller, key, area, period, as_of=at, cursor=cursor, where=where),
    )
    names = await names_of(visit, declared, events.items, catalogue)
    number = _number(figure, where)
    known_at = as_of or figure.as_of
    following = None
    if events.next is not None:
        following = here.figure(key, as_of=known_at, where=where, cursor=events.next)
    return render(
        visit.request,
        "_figure.html" if visit.fragment else "figure.html",
        session=visit.session,
        fragment=visit.fragment,
        area=area,
        here=here,
        figure=figure,
        describes=declared.describes,
        basis=BASIS[figure.kind],
        number=wording.number(number),
        area_name=figure.area_name or area,
        as_of=wording.instant_to_second(known_at) if known_at else "",
        narrowed=view.narrowed(declared, where, names),
        table=view.event_table(declared, events, names, number, first_page=cursor is None),
        first=here.figure(key, as_of=known_at, where=where) if cursor else None,
        following=following,
        alone=here.figure(key, as_of=known_at, where=where, cursor=cursor),
    )


def _declared(catalogue: Sequence[Declared], key: str) -> Declared:
    for entry in catalogue:
        if entry.key == key:
            return entry
    raise NotFound(f"No figure {key}.", zh="没有这个指标，它可能已停用。")


def _narrowing(visit: Visit, declared: Declared) -> dict[str, str]:
    """The dimensions of the figure that the address names."""
    asked = visit.request.query_params
    return {d.key: asked[d.key] for d in declared.dimensions if d.key in asked}


def _number(figure: Figure, where: Mapping[str, str]) -> float | None:
    """The number the list explains: the whole, or the one group it is narrowed to."""
    if not where:
        return figure.value
    [value] = where.values() if len(where) == 1 else [None]
    return next((group.value for group in figure.groups or [] if group.key == value), 0)
