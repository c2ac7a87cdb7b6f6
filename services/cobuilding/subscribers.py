"""What co-building hears, all from membership: areas, organisations, employers, working days."""

from contracts.membership.working import EmployerChanged, EmployerRegistered
from services.chassis import tree
from services.chassis.bus.handling import Work
from services.chassis.bus.inlet import Inlet
from services.cobuilding import SERVICE
from services.cobuilding.handlers import units
from services.cobuilding.tables.rows import AreaRow, EmployerRow, OrganisationRow

membership = Inlet(SERVICE, "membership")

tree.hear(membership, AreaRow, OrganisationRow)


@membership.on(EmployerRegistered)
async def employer_registered(event: EmployerRegistered, uow: Work) -> None:
    await units.keep_employer(_copy(event), uow)


@membership.on(EmployerChanged)
async def employer_changed(event: EmployerChanged, uow: Work) -> None:
    await units.keep_employer(_copy(event), uow)


def _copy(event: EmployerRegistered | EmployerChanged) -> EmployerRow:
    return EmployerRow(**event.model_dump(include=set(EmployerRow.model_fields)))


inlets = (membership,)
