"""Fields of views that a file says in words: names for ids, labels for codes."""

from collections.abc import Collection, Mapping
from typing import Annotated
from uuid import UUID

from services.chassis.http.context import ServiceContext
from services.chassis.http.lists import Written
from services.membership.tables import named

DAYS = dict(enumerate("一二三四五六日", 1))


def _called(thing: str) -> Written:
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


async def _weekdays(_: ServiceContext, days: Collection[int]) -> Mapping[int, str]:
    return {day: f"周{DAYS[day]}" for day in days}


OrganisationId = Annotated[UUID, _called("organisation")]
MemberId = Annotated[UUID, _called("member")]
HolderId = Annotated[UUID, _called("holder")]
InstructorId = Annotated[UUID, _called("instructor")]
NewOrganisationId = Annotated[UUID, _called("neworg")]
EmployerId = Annotated[UUID, _called("employer")]
PointId = Annotated[UUID, _called("point")]

OrganisationKind = Annotated[str, of_family("organisation")]
ActivityKind = Annotated[str, of_family("activity")]
ProfileKind = Annotated[str, of_family("profile")]
Weekday = Annotated[int, Written(_weekdays)]
