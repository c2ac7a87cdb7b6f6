"""What bases hears: from membership areas, organisations and working days, as its own copy; from
cobuilding which venues partners offer.
"""

from contracts.cobuilding import VenueOffered, VenueWithdrawn
from contracts.event import Event
from contracts.membership.calendar import CalendarYearChanged, CalendarYearEntered
from contracts.membership.organisations import (
    AreaRegistered,
    AreaRenamed,
    OrganisationChanged,
    OrganisationDissolved,
    OrganisationRegistered,
)
from services.bases import SERVICE
from services.bases.handlers import partners
from services.bases.tables import opening, places
from services.bases.tables.rows import OrganisationRow
from services.chassis.bus.handling import Work
from services.chassis.bus.inlet import Inlet

membership = Inlet(SERVICE, "membership")
cobuilding = Inlet(SERVICE, "cobuilding")


@membership.on(AreaRegistered)
async def area_registered(event: AreaRegistered, uow: Work) -> None:
    await places.keep_area(uow.session, event.area, event.name)


@membership.on(AreaRenamed)
async def area_renamed(event: AreaRenamed, uow: Work) -> None:
    await places.keep_area(uow.session, event.area, event.name)


@membership.on(OrganisationRegistered)
async def organisation_registered(event: OrganisationRegistered, uow: Work) -> None:
    await places.keep_organisation(uow.session, _copy(event))


@membership.on(OrganisationChanged)
async def organisation_changed(event: OrganisationChanged, uow: Work) -> None:
    await places.keep_organisation(uow.session, _copy(event))


@membership.on(OrganisationDissolved)
async def organisation_dissolved(event: OrganisationDissolved, uow: Work) -> None:
    await places.dissolve_organisation(uow.session, event.organisation_id, event.dissolved_on)


@membership.on(CalendarYearEntered)
async def calendar_year_entered(event: CalendarYearEntered, uow: Work) -> None:
    await opening.keep_year(uow.session, event.year, event.days_off, event.days_worked)


@membership.on(CalendarYearChanged)
async def calendar_year_changed(event: CalendarYearChanged, uow: Work) -> None:
    await opening.keep_day(uow.session, event.day, works=event.works)


@cobuilding.on(VenueOffered)
async def venue_offered(event: VenueOffered, uow: Work) -> None:
    await partners.offered(event, uow)


@cobuilding.on(VenueWithdrawn)
async def venue_withdrawn(event: VenueWithdrawn, uow: Work) -> None:
    await partners.withdrawn(event, uow)


def _copy(event: Event) -> OrganisationRow:
    return OrganisationRow(**event.model_dump(include=set(OrganisationRow.model_fields)))


inlets = (membership, cobuilding)
