"""Those who come: organisations, of which membership tells."""

from uuid import UUID

from services.bases.domain.places import OrganisationUnknown
from services.bases.tables import places as place_table
from services.chassis.unit_of_work import UnitOfWork


async def check_known(uow: UnitOfWork, organisation_id: UUID) -> None:
    if await place_table.organisation(uow.session, organisation_id) is None:
        raise organisation_unknown(organisation_id)


def organisation_unknown(organisation_id: UUID) -> OrganisationUnknown:
    return OrganisationUnknown(
        f"No organisation {organisation_id}.",
        zh="没有该编号的党组织。",
        field="organisation_id",
        value=str(organisation_id),
    )
