"""A package is booked: one booking a part, one after another, all or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from contracts.bases.series import PackageBookingCancelled, PackageBookingRequested
from contracts.kinds import CancelReason
from contracts.kinds.series import SeriesScope
from services.bases.domain import menu
from services.bases.domain.bookings.model import Booking, RequestBooking
from services.bases.domain.menu import Item, Package
from services.bases.domain.series import model, packages
from services.bases.domain.series.packages import PackageBooking, Place, RequestPackage
from services.bases.handlers.bookings import places
from services.bases.handlers.bookings.asking import Permit, Wish
from services.bases.handlers.series import together
from services.bases.handlers.series.trials import tried
from services.bases.tables import menu as menu_tables
from services.bases.tables import places as place_tables
from services.bases.tables import series as tables
from services.bases.tables import slots
from services.bases.tables.rows import BookingRow
from services.bases.tables.series import PackageBookingRow
from services.bases.tables.slots import By
from services.chassis.errors import Defect, Refusal
from services.chassis.ids import new_id
from services.chassis.known import OrganisationUnknown
from services.chassis.rows import missing
from services.chassis.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Asker:
    """Who asks for a package, when, and what they may."""

    permit: Permit
    by: By
    at: datetime


async def request_package(
    command: RequestPackage, uow: UnitOfWork, asker: Asker
) -> PackageBookingRow:
    """Raises `NotFound`, `PackageWithdrawn`, `BaseNeeded`, `PackageRefused`, or what refuses the
    organisation whatever the part.
    """
    package, items = await _package(command, uow)
    base_id = packages.base_of(package, command)
    await place_tables.base(uow.session, base_id)
    venues = await tables.places(await uow.driver(), base_id=base_id)
    slots_of = menu.laid_out(
        [(p, i.details) for p, i in zip(package.parts, items, strict=True)], command.starts_at
    )
    parts = packages.parts(command, items, slots_of, venues)
    await slots.lock_slots(uow, *{venue.venue_id for part in parts for venue in part.venues})
    made, missed = await _placed(command, parts, uow, asker)
    if missed:
        raise packages.refused(missed, len(parts))
    row = _row(command, base_id, made, uow.now)
    uow.begin(row, PackageBookingRequested(**row.facts()), asker.at)
    await uow.session.flush()
    return row


async def cancel_package(
    row: PackageBookingRow,
    bookings: Sequence[BookingRow],
    reason: CancelReason,
    uow: UnitOfWork,
    at: datetime,
    *,
    actor: str,
) -> None:
    """Its parts that have not begun; `row` and its `bookings` are locked."""
    states = [each.state() for each in bookings]
    chosen = model.in_scope(states, SeriesScope.ALL, None, at)
    await together.cancel(chosen, reason, uow, at, actor=actor)
    event = PackageBookingCancelled(**row.facts(), reason=reason, cancelled=len(chosen))
    uow.step(row, event, at)


async def _package(command: RequestPackage, uow: UnitOfWork) -> tuple[Package, list[Item]]:
    """The package with the items of its parts, in order."""
    connection = await uow.driver()
    package = await menu_tables.package(connection, command.package_id)
    if package is None:
        raise missing("package", command.package_id, "套餐")
    items = [await menu_tables.item(connection, part.item_id) for part in package.parts]
    known = [item for item in items if item is not None]
    if len(known) < len(items):
        raise Defect(f"package {package.code} has an item that is not there")
    return package, known


async def _placed(
    command: RequestPackage, parts: Sequence[packages.Part], uow: UnitOfWork, asker: Asker
) -> tuple[list[Booking], list[model.Skipped]]:
    made, missed = [], []
    for part in parts:
        found = await _first_free(command, part, uow, asker)
        if isinstance(found, Booking):
            made.append(found)
        else:
            missed.append(packages.missed(part, found))
    return made, missed


async def _first_free(
    command: RequestPackage, part: packages.Part, uow: UnitOfWork, asker: Asker
) -> Booking | Refusal:
    """In the first venue that can be had; else why not in the first of them."""
    refusals: list[Refusal] = []
    for venue in part.venues:
        wish = Wish(_booking(command, part, venue), asker.permit, asker.by, asker.at)
        found = await tried(uow, partial(places.place, wish, uow))
        if not isinstance(found, Refusal):
            return found[0]
        if isinstance(found, OrganisationUnknown):  # no fault of the part
            raise found
        refusals.append(found)
    return refusals[0] if refusals else packages.no_venue(part, command.headcount)


def _booking(command: RequestPackage, part: packages.Part, venue: Place) -> RequestBooking:
    return RequestBooking(
        booking_id=new_id(),
        venue_id=venue.venue_id,
        organisation_id=command.organisation_id,
        starts_at=part.slot[0],
        ends_at=part.slot[1],
        headcount=command.headcount,
        channel=command.channel,
        visitor_level=command.visitor_level,
        on_behalf=command.on_behalf,
        menu_item_id=part.item.item_id,
        package_booking_id=command.package_booking_id,
    )


def _row(
    command: RequestPackage, base_id: UUID, made: Sequence[Booking], now: datetime
) -> PackageBookingRow:
    names = PackageBooking.model_fields
    about = {
        "base_id": base_id,
        "area": made[0].area,
        "starts_at": made[0].starts_at,
        "ends_at": made[-1].ends_at,
        "parts": len(made),
    }
    booked = {name: value for name, value in vars(command).items() if name in names} | about
    base_kind = made[0].base_kind
    return PackageBookingRow.of(PackageBooking(**booked), base_kind=base_kind, recorded_at=now)
