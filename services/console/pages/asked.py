"""The area and the period a page was asked for, and the lists to choose others from."""

import asyncio
from typing import Annotated

from fastapi import Depends, Query

from contracts.areas import CODE_LENGTH, AreaLevel
from services.chassis.clock import business_date
from services.console.clients.membership import Area
from services.console.clients.upstream import Outage
from services.console.period import Period, PeriodInvalid, Preset, chosen_period, preset_period
from services.console.period import recognised as as_preset
from services.console.site import Visit, Visiting, part
from services.console.views.areas import Picker, deepest, picker

DISTRICT, STREET = CODE_LENGTH[AreaLevel.DISTRICT], CODE_LENGTH[AreaLevel.STREET]


async def asked_area(
    visit: Visiting,
    area: Annotated[str | None, Query()] = None,
    district: Annotated[str | None, Query()] = None,
    street: Annotated[str | None, Query()] = None,
    community: Annotated[str | None, Query()] = None,
) -> str:
    """Raises `OutOfScope`. With nothing chosen, the widest area the visitor may see."""
    chosen = deepest([district, street, community]) or area or visit.session.areas[0]
    visit.session.require(chosen)
    return chosen


AskedArea = Annotated[str, Depends(asked_area)]


async def asked_period(
    visit: Visiting,
    area: AskedArea,
    preset: Annotated[Preset | None, Query(alias="period")] = None,
    first: Annotated[str | None, Query(alias="from")] = None,
    last: Annotated[str | None, Query(alias="to")] = None,
) -> Period | PeriodInvalid:
    """Dates where given, else the preset, else this year. An impossible period is for the form."""
    today = business_date(visit.site.clock())
    if first is not None or last is not None:
        try:
            return as_preset(chosen_period(first or "", last or ""), today)
        except PeriodInvalid as refusal:
            return refusal
    built = None
    if preset is Preset.SINCE_BUILT:
        found = await part(visit.site.projector.first_day(visit.caller, area, today))
        built = None if isinstance(found, Outage) else found
    return preset_period(preset or Preset.THIS_YEAR, today, built)


AskedPeriod = Annotated[Period | PeriodInvalid, Depends(asked_period)]


async def picked(visit: Visit, area: str) -> Picker | Outage:
    """The drop-down lists around `area`, within what the visitor may see."""

    async def listed(level: AreaLevel, above: str | None) -> list[Area]:
        if above is None:
            return []
        return await visit.site.membership.areas(visit.caller, within=above, level=level)

    async def districts() -> list[Area]:
        wide = [code for code in visit.session.areas if len(code) < DISTRICT]
        own = {code[:DISTRICT] for code in visit.session.areas if len(code) >= DISTRICT}
        lists = await asyncio.gather(*(listed(AreaLevel.DISTRICT, code) for code in wide))
        single = await asyncio.gather(
            *(visit.site.membership.area(visit.caller, code) for code in sorted(own))
        )
        return [a for found in lists for a in found] + list(single)

    async def all_lists() -> Picker:
        found = await asyncio.gather(
            districts(),
            listed(AreaLevel.STREET, area[:DISTRICT] if len(area) >= DISTRICT else None),
            listed(AreaLevel.COMMUNITY, area[:STREET] if len(area) >= STREET else None),
        )
        levels = (AreaLevel.DISTRICT, AreaLevel.STREET, AreaLevel.COMMUNITY)
        return picker(area, visit.session.areas, dict(zip(levels, found, strict=True)))

    return await part(all_lists())
