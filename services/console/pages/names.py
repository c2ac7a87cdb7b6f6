"""Names behind the ids and codes of events, asked of those who own them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from services.chassis.errors import Refusal
from services.console.clients.projector import Declared, FigureKind, Happened
from services.console.clients.upstream import Outage
from services.console.site import Visit
from services.console.views.figure import Names, distinct


async def names_of(
    visit: Visit,
    declared: Declared,
    events: Sequence[Happened],
    catalogue: Sequence[Declared] = (),
) -> Names:
    """Names for one page of events; one that cannot be had is shown as unknown, never fatal."""
    bases, organisations = distinct(events, "base"), distinct(events, "organisation")
    if declared.kind is FigureKind.ABSENT:
        bases += identities(events, "jiceng.bases.")
        organisations += identities(events, "jiceng.membership.")
    found = await asyncio.gather(
        _each(sorted({event.area for event in events}), lambda code: _area(visit, code)),
        _each(bases, lambda identity: _base(visit, identity)),
        _each(organisations, lambda identity: _organisation(visit, identity)),
    )
    figures = {entry.key: entry.name for entry in catalogue}
    return Names(areas=found[0], bases=found[1], organisations=found[2], figures=figures)


def identities(events: Sequence[Happened], types: str) -> list[str]:
    """Aggregates of the events whose type starts with `types`, in order."""
    return [str(event.aggregate_id) for event in events if event.type.startswith(types)]


async def _each(keys: Sequence[str], ask: Callable[[str], Awaitable[str]]) -> dict[str, str]:
    async def quietly(key: str) -> str:
        try:
            return await ask(key)
        except (Outage, Refusal):
            return ""

    names = await asyncio.gather(*(quietly(key) for key in keys))
    return {key: name for key, name in zip(keys, names, strict=True) if name}


async def _area(visit: Visit, code: str) -> str:
    return (await visit.site.membership.area(visit.caller, code)).name


async def _base(visit: Visit, identity: str) -> str:
    return (await visit.site.bases.base(visit.caller, identity)).name


async def _organisation(visit: Visit, identity: str) -> str:
    return (await visit.site.membership.organisation(visit.caller, identity)).name
