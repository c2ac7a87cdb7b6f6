"""What the pages ask of membership: areas by name."""

from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from contracts.areas import AreaLevel
from services.console.clients.paging import MOST_PER_PAGE, Page, collect
from services.console.clients.upstream import Caller, Upstream

MOST_AREAS = 1000
"""Entries of one drop-down list; a province has fewer districts, a district far fewer streets."""


class Area(BaseModel):
    code: str
    name: str
    level: AreaLevel


class Organisation(BaseModel):
    organisation_id: UUID
    name: str


_AREA = TypeAdapter(Area)
_AREAS = TypeAdapter(Page[Area])
_ORGANISATION = TypeAdapter(Organisation)


class Membership:
    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def area(self, caller: Caller, code: str) -> Area:
        return await self._upstream.ask(_AREA, f"/v1/areas/{code}", caller, {})

    async def areas(self, caller: Caller, *, within: str, level: AreaLevel) -> list[Area]:
        """All areas of one level in `within`, by code."""

        async def fetch(cursor: str | None) -> Page[Area]:
            params = {"within": within, "level": level.value, "limit": MOST_PER_PAGE}
            return await self._upstream.ask(
                _AREAS, "/v1/areas", caller, {**params, "cursor": cursor}
            )

        found, _ = await collect(fetch, most=MOST_AREAS)
        return sorted(found, key=lambda area: area.code)

    async def organisation(self, caller: Caller, organisation_id: str) -> Organisation:
        path = f"/v1/organisations/{organisation_id}"
        return await self._upstream.ask(_ORGANISATION, path, caller, {})
