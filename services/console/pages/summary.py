"""The work summary: to read, and to take away."""

import asyncio
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path, Response

from services.chassis.clock import business_date
from services.console.clients.projector import Summary
from services.console.clients.upstream import Outage
from services.console.pages.asked import AskedArea, AskedPeriod, picked
from services.console.pages.route import PageRoute
from services.console.period import PeriodInvalid, Preset, year_of
from services.console.site import Visit, Visiting, outages, part, render
from services.console.views.links import Here
from services.console.views.summary import document

router = APIRouter(route_class=PageRoute, include_in_schema=False)
MEDIA_TYPE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
}
UNPROCESSABLE = 422


@router.get("/summary")
async def summary(visit: Visiting, area: AskedArea, period: AskedPeriod) -> Response:
    refusal = period if isinstance(period, PeriodInvalid) else None
    if isinstance(period, PeriodInvalid):
        period = year_of(business_date(visit.site.clock()))
    here = Here(area, period)
    picker, found = await asyncio.gather(picked(visit, area), _told(visit, here, refusal))
    asked = visit.request.query_params
    return render(
        visit.request,
        "summary.html",
        status=UNPROCESSABLE if refusal else 200,
        session=visit.session,
        here=here,
        area=area,
        picker=picker,
        presets=[preset for preset in Preset if preset is not Preset.CHOSEN],
        dates=(asked.get("from", ""), asked.get("to", "")) if refusal else None,
        refusal=refusal,
        document=None if found is None or isinstance(found, Outage) else document(found, here),
        outages=outages(picker, found),
    )


async def _told(visit: Visit, here: Here, refusal: PeriodInvalid | None) -> Summary | Outage | None:
    """Nothing is asked for an impossible period."""
    if refusal is not None:
        return None
    return await part(visit.site.projector.summary(visit.caller, here.area, here.period))


@router.get("/summary/download.{form}")
async def download(
    visit: Visiting,
    area: AskedArea,
    period: AskedPeriod,
    form: Annotated[Literal["docx", "md"], Path()],
) -> Response:
    """The projector's document, under a name that says what it is."""
    if isinstance(period, PeriodInvalid):
        raise period
    projector = visit.site.projector
    told, written = await asyncio.gather(
        projector.summary(visit.caller, area, period),
        projector.summary_file(visit.caller, area, period, form),
    )
    name = quote(f"{told.title}.{form}", safe="")
    return Response(
        written.content,
        media_type=MEDIA_TYPE[form],
        headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
    )
