"""What commands of this room refer to, checked before anything is decided."""

from collections.abc import Sequence
from uuid import UUID

from services.chassis.errors import Invalid
from services.chassis.rows import check_area
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.volunteering.holders import Holder
from services.membership.tables import organisations
from services.membership.tables.liaison import duties
from services.membership.tables.organisations import AreaRow


class HolderUnknown(Invalid):
    code = "holder-unknown"
    title, title_zh = (
        "Neither a member nor a registered working member",
        "既不是自管党员，也不是已报到的在职党员",
    )


async def area_of(
    uow: UnitOfWork, organisation_id: UUID, area: str, *, field: str = "organisation_id"
) -> str:
    """The area of an organisation, once `area` is known to be registered."""
    await check_area(uow.session, AreaRow, area)
    return (await organisations.referred(uow.session, organisation_id, field=field)).area


async def check_holders(uow: UnitOfWork, holders: Sequence[Holder]) -> None:
    unknown = await duties.unknown_holders(uow.session, holders)
    if unknown:
        raise HolderUnknown(
            f"Not known here: {', '.join(map(str, unknown))}.",
            zh="其中有人既不在党员名册中，也没有在社区报到。",
            field="holder_id",
            unknown=[str(holder_id) for holder_id in unknown],
        )
