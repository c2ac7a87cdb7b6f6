"""Units come, change, are linked to an employer, leave and come back; their contact points."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis import kinds, personal
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.personal import Fields, Vault
from services.chassis.rows import check_area, check_code, one, take_turn
from services.chassis.unit_of_work import UnitOfWork
from services.cobuilding.domain import units as domain
from services.cobuilding.domain.agreements import life
from services.cobuilding.domain.units import ContactPoint, Unit
from services.cobuilding.handlers import seats
from services.cobuilding.tables import agreements
from services.cobuilding.tables import units as tables
from services.cobuilding.tables.rows import AreaRow, EmployerRow
from services.cobuilding.tables.units import ContactPointRow, UnitRow


async def register(unit: Unit, uow: UnitOfWork, at: datetime) -> UnitRow:
    """Raises `AreaUnknown`, `UnknownKind`, `CodeTaken`, `CreditCodeKnown` or `EmployerLinked`."""
    named = await _checked(unit, unit.traits, uow, at)
    await check_area(uow.session, AreaRow, unit.area)
    await check_code(uow.session, UnitRow, unit.code, "单位代码")
    await _check_unique(unit, uow)
    event = domain.register(unit, named=named)
    return uow.begin(UnitRow.of(unit, recorded_at=uow.now), event, at)


async def change(unit: UnitRow, changes: dict[str, Any], uow: UnitOfWork, at: datetime) -> UnitRow:
    """Raises what registering raises. Contact points go where the unit goes."""
    was, now = unit.as_state(Unit), unit.as_state(Unit, **changes)
    new_traits = [trait for trait in now.traits if trait not in was.traits]
    named = await _checked(now, new_traits, uow, at)
    if now.area != was.area:
        await check_area(uow.session, AreaRow, now.area)
    await _check_unique(now, uow)
    event = domain.change(was, now, named=named)
    if event is None:
        return unit
    for point in await tables.open_contacts(uow.session, unit.unit_id):
        moved = {"area": now.area, "unit_kind": now.kind}
        before, after = point.as_state(ContactPoint), point.as_state(ContactPoint, **moved)
        if (told := domain.move_contact(before, after)) is not None:
            uow.step(point, told, at, **moved)
    return uow.step(unit, event, at, **changes)


async def leave(unit: UnitRow, uow: UnitOfWork, at: datetime) -> UnitRow:
    """Whoever was to be called there is called no more, and erased; its seats in bodies are left.

    Raises `UnitBound`, or `DayOutOfOrder` for a day before it took a seat.
    """
    on = business_date(at)
    named = await _named(unit.kind, uow)
    bound = await agreements.numbers(uow.session, unit.unit_id, *life.HOLDING)
    event = domain.leave(unit, on, named=named, bound=bound)
    for point in await tables.open_contacts(uow.session, unit.unit_id):
        await close_contact(point, uow, at)
    await seats.end_of_unit(unit.unit_id, uow, at)
    return uow.step(unit, event, at, status=domain.LEAVE.to, left_on=on)


async def come_back(unit: UnitRow, uow: UnitOfWork, at: datetime) -> UnitRow:
    event = domain.come_back(unit, named=await _named(unit.kind, uow))
    return uow.step(unit, event, at, status=domain.RETURN.to, left_on=None)


async def open_contact(
    unit: UnitRow, kind: str, contact: Fields, vault: Vault, uow: UnitOfWork, at: datetime
) -> ContactPointRow:
    """Who it is, is sealed under the contact point's own key."""
    on = business_date(at)
    await kinds.check(uow.session, "contact", kind, on, "kind")
    point = ContactPoint(
        contact_point_id=new_id(),
        unit_id=unit.unit_id,
        unit_kind=unit.kind,
        kind=kind,
        area=unit.area,
        opened_on=on,
    )
    event = domain.open_contact(point, unit)
    await personal.keep(await uow.driver(), vault, {point.contact_point_id: contact})
    return uow.begin(ContactPointRow.of(point, recorded_at=uow.now), event, at)


async def correct_contact(
    point: ContactPointRow, contact: Fields, vault: Vault, uow: UnitOfWork
) -> None:
    """Somebody else, or a new number: no fact that anybody else hears."""
    domain.check_open(point)
    await personal.change(await uow.driver(), vault, point.contact_point_id, contact)


async def close_contact(point: ContactPointRow, uow: UnitOfWork, at: datetime) -> ContactPointRow:
    event = domain.close_contact(point)
    await personal.erase(await uow.driver(), point.contact_point_id, uow.now)
    return uow.step(point, event, at, closed_on=business_date(at))


async def keep_employer(employer: EmployerRow, uow: UnitOfWork) -> None:
    """As membership announces it."""
    await uow.session.merge(employer)


async def _checked(unit: Unit, traits: Sequence[str], uow: UnitOfWork, at: datetime) -> bool:
    """Whether it may be named; its kinds are in use."""
    on = business_date(at)
    await kinds.check(uow.session, "unit", unit.kind, on, "kind")
    for trait in traits:
        await kinds.check(uow.session, "unit-trait", trait, on, "traits")
    return await _named(unit.kind, uow)


async def _named(kind: str, uow: UnitOfWork) -> bool:
    return not (await kinds.of(uow.session, "unit", kind)).traits.get(domain.UNNAMED)


async def _check_unique(unit: Unit, uow: UnitOfWork) -> None:
    """The database says so, too; this says which unit it is."""
    if unit.credit_code is not None:
        await take_turn(uow.session, "credit_code", unit.credit_code)
        known = await tables.with_credit_code(uow.session, unit.credit_code)
        if known is not None and known.unit_id != unit.unit_id:
            raise domain.CreditCodeKnown(
                f"Unit {known.code} has it.",
                zh=f"单位 {known.code} 已登记该统一社会信用代码。",
                field="credit_code",
                unit=known.code,
            )
    if unit.employer_id is not None:
        await _check_employer(unit.unit_id, unit.employer_id, uow)


async def _check_employer(unit_id: UUID, employer_id: UUID, uow: UnitOfWork) -> None:
    await take_turn(uow.session, "employer", employer_id)
    await one(uow.session, EmployerRow, employer_id, "employer", "来源单位")
    known = await tables.of_employer(uow.session, employer_id)
    if known is not None and known.unit_id != unit_id:
        raise domain.EmployerLinked(
            f"It is unit {known.code}.",
            zh=f"该来源单位已对应单位 {known.code}。",
            field="employer_id",
            unit=known.code,
        )
