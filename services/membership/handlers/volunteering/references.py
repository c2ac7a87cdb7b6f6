"""What commands of volunteering refer to: holders, organisations, areas, codes."""

from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from contracts.event import Event
from services.chassis import personal, rulebook
from services.chassis.clock import business_date
from services.chassis.personal import Fields, Vault
from services.chassis.rows import check_area
from services.chassis.unit_of_work import Aggregate, UnitOfWork
from services.membership.domain.volunteering import holders as domain
from services.membership.domain.volunteering.holders import Holder, Place
from services.membership.domain.volunteering.rules import ContactRetention
from services.membership.tables import organisations
from services.membership.tables.organisations import AreaRow, OrganisationRow
from services.membership.tables.volunteering import people

R = TypeVar("R", bound=Aggregate)


async def place_of(uow: UnitOfWork, holder: Holder) -> Place:
    """Raises `HolderUnknown` for who is on no roll, or has left it."""
    place = await people.place_of(uow.session, holder)
    if place is None:
        raise domain.unknown(holder)
    return place


async def organisation(uow: UnitOfWork, organisation_id: UUID) -> OrganisationRow:
    """Kept as it is until the transaction ends. Raises `OrganisationUnknown`."""
    return await organisations.referred(uow.session, organisation_id)


async def area(uow: UnitOfWork, code: str | None, otherwise: str) -> str:
    """The area that was named, else `otherwise`. Raises `AreaUnknown`."""
    if code is None:
        return otherwise
    await check_area(uow.session, AreaRow, code)
    return code


async def begin(
    row: R, event: Event, contact: Fields, vault: Vault, uow: UnitOfWork, at: datetime
) -> R:
    """A case, and contact data under a key of its own; nothing is kept where nothing was said."""
    uow.begin(row, event, at)
    await uow.session.flush()
    if contact:
        await personal.keep(await uow.driver(), vault, {event.key: contact})
    return row


async def erased_on(uow: UnitOfWork, at: datetime) -> date:
    """The day on which contact data of a case that closes `at` are destroyed."""
    on = business_date(at)
    return on + timedelta(days=(await rulebook.one(uow.session, on, ContactRetention)).days)


async def erase(uow: UnitOfWork, case_id: UUID) -> None:
    await personal.erase(await uow.driver(), case_id, uow.now)
