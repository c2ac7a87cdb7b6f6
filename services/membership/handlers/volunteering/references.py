"""What commands of volunteering refer to: holders, organisations, areas, codes."""

from uuid import UUID

from services.chassis import personal
from services.chassis.personal import Fields, Vault
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.organisations import CodeTaken, OrganisationUnknown, area_unknown
from services.membership.domain.volunteering import holders as domain
from services.membership.domain.volunteering.holders import Holder, Place
from services.membership.tables import organisations
from services.membership.tables.organisations import OrganisationRow
from services.membership.tables.volunteering import people


async def place_of(uow: UnitOfWork, holder: Holder) -> Place:
    """Raises `HolderUnknown` for who is on no roll, or has left it."""
    place = await people.place_of(uow.session, holder)
    if place is None:
        raise domain.unknown(holder)
    return place


async def organisation(uow: UnitOfWork, organisation_id: UUID) -> OrganisationRow:
    """Kept as it is until the transaction ends. Raises `OrganisationUnknown`."""
    found = await organisations.find_organisation(uow.session, organisation_id)
    if found is None:
        raise OrganisationUnknown(
            f"No organisation {organisation_id}.",
            zh="没有该编号的党组织。",
            field="organisation_id",
            value=str(organisation_id),
        )
    return found


async def area(uow: UnitOfWork, code: str | None, otherwise: str) -> str:
    """The area that was named, else `otherwise`. Raises `AreaUnknown`."""
    if code is None:
        return otherwise
    if not await organisations.area_exists(uow.session, code):
        raise area_unknown(code, field="area")
    return code


def code_taken(code: str) -> CodeTaken:
    return CodeTaken(
        f"Code {code} is in use.", zh=f"代码 {code} 已被使用。", field="code", value=code
    )


async def seal(uow: UnitOfWork, vault: Vault, case_id: UUID, contact: Fields) -> None:
    """Contact data under a key of the case's own; nothing is kept where nothing was said."""
    if contact:
        await personal.keep(await uow.driver(), vault, {case_id: contact})


async def erase(uow: UnitOfWork, case_id: UUID) -> None:
    await personal.erase(await uow.driver(), case_id, uow.now)
