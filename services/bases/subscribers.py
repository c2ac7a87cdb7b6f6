"""What bases hears from membership: areas and organisations, kept as its own copy."""

from contracts.event import Event
from contracts.membership.organisations import (
    AreaRegistered,
    AreaRenamed,
    OrganisationChanged,
    OrganisationRegistered,
)
from services.bases import SERVICE
from services.bases.tables import places
from services.bases.tables.rows import OrganisationRow
from services.chassis.bus.consumer import Inlet
from services.chassis.unit_of_work import UnitOfWork

membership = Inlet(SERVICE, "membership")


@membership.on(AreaRegistered)
async def area_registered(event: AreaRegistered, uow: UnitOfWork) -> None:
    await places.keep_area(uow.session, event.area, event.name)


@membership.on(AreaRenamed)
async def area_renamed(event: AreaRenamed, uow: UnitOfWork) -> None:
    await places.keep_area(uow.session, event.area, event.name)


@membership.on(OrganisationRegistered)
async def organisation_registered(event: OrganisationRegistered, uow: UnitOfWork) -> None:
    await places.keep_organisation(uow.session, _copy(event))


@membership.on(OrganisationChanged)
async def organisation_changed(event: OrganisationChanged, uow: UnitOfWork) -> None:
    await places.keep_organisation(uow.session, _copy(event))


def _copy(event: Event) -> OrganisationRow:
    return OrganisationRow(**event.model_dump(include=set(OrganisationRow.model_fields)))
