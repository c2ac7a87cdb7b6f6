"""Seats in bodies: taken, left, and ended with their unit or their body.

Locked in one order: the unit, the body, the seat. All that is counted in a body is counted while it
is locked, so that neither a fixed layer nor the last seat of a holder is seen twice.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.kinds.bodies import SeatEnd
from services.chassis import kinds, personal
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.known import organisation_unknown
from services.chassis.personal import Fields, Vault
from services.chassis.rows import by_key, check_area, one
from services.chassis.unit_of_work import UnitOfWork
from services.cobuilding.domain import seats as domain
from services.cobuilding.domain import units
from services.cobuilding.domain.bodies import OrganisationGone
from services.cobuilding.domain.seats import Seat
from services.cobuilding.tables import bodies as tables
from services.cobuilding.tables.bodies import BodyRow, SeatRow
from services.cobuilding.tables.rows import AreaRow, OrganisationRow
from services.cobuilding.tables.units import UnitRow


async def lock_body(uow: UnitOfWork, seat_id: UUID) -> None:
    """Before the seat; nothing for a seat that is not there."""
    body_id = await tables.body_of(uow.session, seat_id)
    if body_id is not None:
        await one(uow.session, BodyRow, body_id, "body", "组织体", lock=True)


async def take(
    body: BodyRow,
    fields: dict[str, Any],
    sitter: Fields,
    vault: Vault,
    uow: UnitOfWork,
    at: datetime,
) -> SeatRow:
    """Who sits there is sealed under the seat's own key, also when it is said only later.

    Raises what `seats.take` raises, and refuses by field whatever it names and is not.
    """
    on = business_date(at)
    await kinds.check(uow.session, "seat", fields["kind"], on, "kind")
    sort = await kinds.of(uow.session, "seat", fields["kind"])
    await _check_holder(fields, uow)
    await one(uow.session, BodyRow, body.body_id, "body", "组织体", lock=True)
    seat = Seat(
        **fields,
        seat_id=new_id(),
        body_id=body.body_id,
        body_kind=body.kind,
        area=body.area,
        crosses=bool(sort.traits.get(domain.CROSSES)),
        taken_on=on,
    )
    event = domain.take(seat, body, await tables.held_in(uow.session, [body.body_id]))
    await personal.keep(await uow.driver(), vault, {seat.seat_id: sitter})
    return uow.begin(SeatRow.of(seat, recorded_at=uow.now), event, at)


async def seat_another(seat: SeatRow, sitter: Fields, vault: Vault, uow: UnitOfWork) -> None:
    """Somebody else sits there: no fact that anybody else hears."""
    domain.check_held(seat)
    await personal.change(await uow.driver(), vault, seat.seat_id, sitter)


async def leave(seat: SeatRow, uow: UnitOfWork, at: datetime) -> SeatRow:
    domain.check_held(seat)
    await _end([seat], SeatEnd.LEFT, uow, at)
    return seat


async def end_of_unit(unit_id: UUID, uow: UnitOfWork, at: datetime) -> None:
    """The unit is locked: it takes no further one."""
    bodies = await by_key(
        uow.session, BodyRow, await tables.bodies_of_unit(uow.session, unit_id), lock=True
    )
    held = await tables.held_in(uow.session, bodies.keys(), lock=True)
    leaving = [seat for seat in held if seat.unit_id == unit_id]
    await _end(leaving, SeatEnd.UNIT_LEFT, uow, at)


async def end_of_body(body_id: UUID, uow: UnitOfWork, at: datetime) -> None:
    """The body is locked."""
    held = await tables.held_in(uow.session, [body_id], lock=True)
    await _end(held, SeatEnd.BODY_DISSOLVED, uow, at)


async def _end(leaving: Sequence[SeatRow], how: SeatEnd, uow: UnitOfWork, at: datetime) -> None:
    """Their bodies are locked. Whoever sat there is erased."""
    on = business_date(at)
    held = list(await tables.held_in(uow.session, {seat.body_id for seat in leaving}))
    for seat in leaving:
        held.remove(seat)
        others = [other for other in held if other.body_id == seat.body_id]
        event = domain.leave(seat, on, how, others)
        await personal.erase(await uow.driver(), seat.seat_id, uow.now)
        uow.step(seat, event, at, left_on=on, how=how)


async def check_organisation(organisation_id: UUID, uow: UnitOfWork) -> None:
    """Raises `OrganisationUnknown` or `OrganisationGone`."""
    organisation = await uow.session.get(OrganisationRow, organisation_id)
    if organisation is None:
        raise organisation_unknown(organisation_id)
    if organisation.dissolved_on is not None:
        raise OrganisationGone(
            f"It was dissolved on {organisation.dissolved_on}.",
            zh=f"该党组织已于 {organisation.dissolved_on} 撤销，请选其他党组织。",
            field="organisation_id",
            value=str(organisation_id),
        )


async def _check_holder(fields: dict[str, Any], uow: UnitOfWork) -> None:
    """The unit is locked: it cannot leave meanwhile."""
    if (unit_id := fields["unit_id"]) is not None:
        unit = await one(uow.session, UnitRow, unit_id, "unit", "单位", lock=True)
        units.sit(unit)
    if fields["organisation_id"] is not None:
        await check_organisation(fields["organisation_id"], uow)
    if (area := fields["holder_area"]) is not None:
        await check_area(uow.session, AreaRow, area, "holder_area")
