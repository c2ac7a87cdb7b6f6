"""Fields of views that a file says in words: names for ids, labels for codes."""

from collections.abc import Collection, Mapping
from typing import Annotated
from uuid import UUID

from services.bases.tables import named
from services.chassis.http.context import ServiceContext
from services.chassis.http.lists import Written


def called(thing: str) -> Written:
    """Names of `thing`, one of `named.CALLED`."""

    async def lookup(context: ServiceContext, ids: Collection[UUID]) -> Mapping[UUID, str]:
        async with context.database.pool.acquire() as connection:
            return await named.called(connection, thing, ids)

    return Written(lookup)


def of_family(family: str) -> Written:
    """Codes of kinds that a district edits."""

    async def lookup(context: ServiceContext, codes: Collection[str]) -> Mapping[str, str]:
        async with context.database.pool.acquire() as connection:
            return await named.labels(connection, family, codes)

    return Written(lookup)


BaseId = Annotated[UUID, called("base")]
VenueId = Annotated[UUID, called("venue")]
OrganisationId = Annotated[UUID, called("organisation")]
MenuItemId = Annotated[UUID, called("menu-item")]
CourseId = Annotated[UUID, called("course")]
HallId = Annotated[UUID, called("lecture-hall")]
LecturerId = Annotated[UUID, called("lecturer")]
"""By code: a file says no names of persons."""
