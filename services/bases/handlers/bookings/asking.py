"""Who asks for a booking, and everything a decision on it looks at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.bases.domain.bookings.model import RequestBooking
from services.bases.domain.bookings.refusals import OrganisationGone
from services.bases.domain.equipment import Wanted
from services.bases.domain.menu import ItemUnknown
from services.bases.domain.places import VenueUnknown
from services.bases.tables import menu, occasions
from services.bases.tables.occasions import Asked
from services.bases.tables.slots import By
from services.chassis.clock import business_date
from services.chassis.known import organisation_unknown
from services.chassis.unit_of_work import Transaction

Permit = Callable[[str, str], None]
"""Raises for a base and an organisation, by their areas, that the caller may not book for."""


@dataclass(frozen=True)
class Wish:
    """Who asks for a booking, and what they may."""

    command: RequestBooking
    permit: Permit
    by: By
    at: datetime
    """When it was filed."""
    equipment: Sequence[Wanted] = ()


async def looked(wish: Wish, work: Transaction) -> Asked:
    """What a decision relies on; the venue's slots are ours from now on."""
    command = wish.command
    asked = await occasions.lock_venue(
        work, command.venue_id, command.organisation_id, command.starts_at, command.ends_at, wish.at
    )
    if asked is None:
        raise VenueUnknown(
            f"No venue {command.venue_id}.",
            zh="没有该编号的场馆。",
            field="venue_id",
            value=str(command.venue_id),
        )
    asked = await _with_item(asked, command, work)
    wish.permit(asked.venue.area, asked.organisation_area or asked.venue.area)
    if asked.organisation_name is None:
        raise organisation_unknown(command.organisation_id)
    gone = asked.dissolved_on
    if gone is not None and gone <= business_date(wish.at):
        raise OrganisationGone(
            f"Dissolved on {gone}.", zh=f"该党组织已于 {gone} 撤销。", field="organisation_id"
        )
    return asked


async def _with_item(asked: Asked, command: RequestBooking, work: Transaction) -> Asked:
    if command.menu_item_id is None:
        return asked
    item = await menu.item(await work.driver(), command.menu_item_id)
    if item is None:
        raise ItemUnknown(
            f"No menu item {command.menu_item_id}.",
            zh="没有该编号的菜单项目。",
            field="menu_item_id",
            value=str(command.menu_item_id),
        )
    return replace(asked, occasion=replace(asked.occasion, item=item))
