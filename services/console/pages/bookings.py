"""A day of a base: the timetable of its venues."""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.chassis.clock import business_date
from services.console import wording
from services.console.clients.bases import Base
from services.console.clients.upstream import Outage
from services.console.pages.asked import AskedArea, picked
from services.console.pages.route import PageRoute
from services.console.site import Visit, Visiting, outages, part, render
from services.console.views.timetable import SHOWN, DayPlan, day_plan

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@dataclass(frozen=True)
class DayLinks:
    """The same base on other days."""

    before: str
    after: str
    today: str


@router.get("/bookings")
async def bookings(
    visit: Visiting,
    area: AskedArea,
    base: Annotated[str | None, Query()] = None,
    day: Annotated[str | None, Query()] = None,
) -> Response:
    today = business_date(visit.site.clock())
    on, unreadable = _day(day, today)
    picker, bases = await asyncio.gather(
        picked(visit, area), part(visit.site.bases.bases(visit.caller, within=area))
    )
    chosen = None if isinstance(bases, Outage) else _chosen(bases, base)
    plan, more = None, False
    missing: Outage | None = None
    if chosen is not None:
        planned = await part(_plan(visit, chosen.base_id, on))
        if isinstance(planned, Outage):
            missing = planned
        else:
            plan, more = planned
    return render(
        visit.request,
        "bookings.html",
        session=visit.session,
        picker=picker,
        area=area,
        bases=[] if isinstance(bases, Outage) else bases,
        chosen=chosen,
        kind=wording.code_label("base_kind", chosen.kind) if chosen else "",
        on=on,
        unreadable=unreadable,
        today=today,
        links=_links(area, chosen, on, today),
        plan=plan,
        statuses=[(status.value, status.label) for status in SHOWN],
        more=more,
        seen=wording.instant_to_second(visit.site.clock()),
        outages=outages(picker, bases, missing),
    )


async def _plan(visit: Visit, base_id: UUID, on: date) -> tuple[DayPlan, bool]:
    bases, caller = visit.site.bases, visit.caller
    venues, (booked, more), closures = await asyncio.gather(
        bases.venues(caller, base_id),
        bases.bookings(caller, base_id, on),
        bases.closures(caller, base_id, on),
    )
    return day_plan(venues, booked, closures, on, visit.site.clock()), more


def _day(given: str | None, today: date) -> tuple[date, bool]:
    """Today where none is given, or where what is given is no date."""
    if not given:
        return today, False
    try:
        on = date.fromisoformat(given)
    except ValueError:
        return today, True
    readable = 1900 < on.year < 2200  # noqa: PLR2004  what bases can store
    return (on, False) if readable else (today, True)


def _chosen(bases: list[Base], base_id: str | None) -> Base | None:
    """The one asked for; after another area was chosen, the first there."""
    first = bases[0] if bases else None
    return next((base for base in bases if str(base.base_id) == base_id), first)


def _links(area: str, chosen: Base | None, on: date, today: date) -> DayLinks:
    def at(day: date) -> str:
        base = {"base": str(chosen.base_id)} if chosen else {}
        return "/bookings?" + urlencode({"area": area, **base, "day": day.isoformat()})

    return DayLinks(at(on - timedelta(days=1)), at(on + timedelta(days=1)), at(today))
