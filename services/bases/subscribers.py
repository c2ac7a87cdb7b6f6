"""What bases hears: from membership areas, organisations and working days, as its own copy; from
cobuilding which venues partners offer.
"""

from contracts.cobuilding.venues import VenueOffered, VenueWithdrawn
from contracts.membership.calendar import CalendarYearChanged, CalendarYearEntered
from services.bases import SERVICE
from services.bases.handlers import partners
from services.bases.tables import opening
from services.bases.tables.rows import AreaRow, OrganisationRow
from services.chassis import tree
from services.chassis.bus.handling import Work
from services.chassis.bus.inlet import Inlet

membership = Inlet(SERVICE, "membership")
cobuilding = Inlet(SERVICE, "cobuilding")


tree.hear(membership, AreaRow, OrganisationRow)


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


inlets = (membership, cobuilding)
