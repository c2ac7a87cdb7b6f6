"""Those who come: organisations, of which membership tells."""

from uuid import UUID

from services.bases.tables import places
from services.chassis.known import organisation_unknown
from services.chassis.unit_of_work import UnitOfWork


async def check_known(uow: UnitOfWork, organisation_id: UUID) -> None:
    if await places.organisation(uow.session, organisation_id) is None:
        raise organisation_unknown(organisation_id)
