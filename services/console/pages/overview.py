"""The first page: the figures of an area and a period."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Response

from services.chassis.clock import business_date
from services.console import wording
from services.console.clients.projector import Declared, Figure
from services.console.clients.upstream import Outage
from services.console.pages.asked import AskedArea, AskedPeriod, picked
from services.console.pages.names import names_of
from services.console.pages.route import PageRoute
from services.console.period import PeriodInvalid, Preset, year_of
from services.console.site import Visit, Visiting, outages, part, parts, render
from services.console.views import overview as view
from services.console.views.areas import Picker
from services.console.views.links import Here

router = APIRouter(route_class=PageRoute, include_in_schema=False)
MOST_ABSENTEES = 12
UNPROCESSABLE = 422


@dataclass(frozen=True)
class Answers:
    """All that was asked for one overview; what is missing stands as its outage."""

    figures: dict[str, Figure]
    shelves: list[view.Shelf]
    trends: list[view.Trend]
    breakdowns: list[view.Breakdown]
    absentees: list[view.Absentees]
    outages: list[Outage]


@router.get("/")
async def overview(visit: Visiting, area: AskedArea, period: AskedPeriod) -> Response:
    if isinstance(period, PeriodInvalid):
        this_year = Here(area, year_of(business_date(visit.site.clock())))
        picker = await picked(visit, area)
        return _page(visit, this_year, picker, None, refusal=period)
    here = Here(area, period)
    picker, answers = await asyncio.gather(picked(visit, area), _ask(visit, here))
    return _page(visit, here, picker, answers)


@router.get("/areas")
async def area_lists(visit: Visiting, area: AskedArea) -> Response:
    """The drop-down lists alone, after a wider area was chosen in one."""
    return render(visit.request, "_picker.html", picker=await picked(visit, area), area=area)


def _page(
    visit: Visit,
    here: Here,
    picker: Picker | Outage,
    answers: Answers | None,
    *,
    refusal: PeriodInvalid | None = None,
) -> Response:
    figures = answers.figures if answers else {}
    as_of = view.oldest_as_of(figures)
    asked = visit.request.query_params
    return render(
        visit.request,
        "overview.html",
        status=UNPROCESSABLE if refusal else 200,
        session=visit.session,
        here=here,
        picker=picker,
        area=here.area,
        area_name=_name(here.area, picker, figures),
        presets=[preset for preset in Preset if preset is not Preset.CHOSEN],
        dates=(asked.get("from", ""), asked.get("to", "")) if refusal else None,
        refusal=refusal,
        answers=answers,
        as_of=wording.instant_to_second(as_of) if as_of else "",
        as_of_short=wording.instant(as_of) if as_of else "",
        idle=view.nothing_happened(figures),
        outages=outages(picker, *(answers.outages if answers else ())),
    )


def _name(area: str, picker: Picker | Outage, figures: dict[str, Figure]) -> str:
    if not isinstance(picker, Outage):
        return picker.path
    return next((figure.area_name for figure in figures.values()), area)


async def _ask(visit: Visit, here: Here) -> Answers:
    catalogue = await part(visit.site.projector.catalogue(visit.caller))
    if isinstance(catalogue, Outage):
        return Answers({}, [], [], [], [], [catalogue])
    figures, trends, breakdowns, absentees = await asyncio.gather(
        _figures(visit, here, catalogue),
        _trends(visit, here),
        _breakdowns(visit, here),
        _absentees(visit, here, catalogue),
    )
    known = {figure.key: figure for figure in figures if isinstance(figure, Figure)}
    return Answers(
        figures=known,
        shelves=view.shelves(catalogue, known, here),
        trends=[trend for trend in trends if isinstance(trend, view.Trend)],
        breakdowns=[split for split in breakdowns if isinstance(split, view.Breakdown)],
        absentees=[told for told in absentees if isinstance(told, view.Absentees)],
        outages=outages(*figures, *trends, *breakdowns, *absentees),
    )


async def _figures(
    visit: Visit, here: Here, catalogue: Sequence[Declared]
) -> list[Figure | Outage]:
    ask = visit.site.projector.figure
    return await parts(ask(visit.caller, entry.key, here.area, here.period) for entry in catalogue)


async def _trends(visit: Visit, here: Here) -> list[view.Trend | Outage]:
    async def one(key: str) -> view.Trend:
        shown = here.period.trend
        figure = await visit.site.projector.figure(visit.caller, key, here.area, shown, by="month")
        return view.trend(figure, here)

    return await parts([one(view.BATCHES), one(view.PERSONS)])


async def _breakdowns(visit: Visit, here: Here) -> list[view.Breakdown | Outage]:
    async def one(by: str, title: str) -> view.Breakdown:
        ask = visit.site.projector.figure
        batches, persons = await asyncio.gather(
            ask(visit.caller, view.BATCHES, here.area, here.period, by=by),
            ask(visit.caller, view.PERSONS, here.area, here.period, by=by),
        )
        return view.breakdown(title, by, batches, persons, here)

    splits = [split for split in view.SPLITS if split[0] != "area" or here.has_children]
    return await parts([one(by, title) for by, title in splits])


async def _absentees(
    visit: Visit, here: Here, catalogue: Sequence[Declared]
) -> list[view.Absentees | Outage]:
    declared = {entry.key: entry for entry in catalogue}

    async def one(key: str, title: str) -> view.Absentees:
        projector, caller = visit.site.projector, visit.caller
        figure, events = await asyncio.gather(
            projector.figure(caller, key, here.area, here.period),
            projector.events(caller, key, here.area, here.period, limit=MOST_ABSENTEES),
        )
        names = await names_of(visit, declared[key], events.items)
        known = [*names.bases.values(), *names.organisations.values()]
        return view.absentees(title, figure, known, here)

    return await parts([one(key, title) for key, title in view.ABSENTEES if key in declared])
