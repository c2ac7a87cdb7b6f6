"""Stating, mending and withdrawing profile numbers."""

from datetime import datetime
from uuid import UUID

from services.chassis import kinds
from services.chassis.http import versions
from services.chassis.rows import check_area
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import profiles
from services.membership.domain.profiles import Number, NumberOfThatDay
from services.membership.tables import profiles as tables
from services.membership.tables.organisations import AreaRow
from services.membership.tables.profiles import NumberRow


async def state(number: Number, uow: UnitOfWork) -> NumberRow:
    """Raises `NumberOfThatDay`, `UnknownKind` or `AreaUnknown`."""
    await check_area(uow.session, AreaRow, number.area)
    await kinds.check(uow.session, "profile", number.kind, number.day, "kind")
    await tables.lock_series(uow.session, number.area, number.kind)
    known = await tables.on_day(uow.session, number.area, number.kind, number.day)
    if known is not None:
        raise NumberOfThatDay(
            f"{known.quantity} is stated for {number.day}; correct that.",
            zh=f"{number.day} 的数字已登记为 {known.quantity}，请更正该条。",
            field="occurred_at",
            entry_id=str(known.entry_id),
        )
    around = await tables.around(uow.session, number.area, number.kind, number.day)
    row = NumberRow(**vars(number), recorded_at=uow.now)
    uow.session.add(row)
    await _tell(uow, profiles.state(number, around))
    return row


async def correct(
    entry_id: UUID, quantity: int, source: str | None, expected: int, uow: UnitOfWork
) -> NumberRow:
    row = await _locked(uow, entry_id)
    versions.check(expected, row.version)
    around = await tables.around(uow.session, row.area, row.kind, row.day)
    told = profiles.correct(tables.number_of(row), quantity, around)
    row.source = source or row.source
    await _tell(uow, told)
    return row


async def withdraw(entry_id: UUID, uow: UnitOfWork, at: datetime) -> NumberRow:
    row = await _locked(uow, entry_id)
    around = await tables.around(uow.session, row.area, row.kind, row.day)
    await _tell(uow, profiles.withdraw(tables.number_of(row), around))
    row.withdrawn_at = at
    return row


async def _locked(uow: UnitOfWork, entry_id: UUID) -> NumberRow:
    row = await tables.number(uow.session, entry_id)
    await tables.lock_series(uow.session, row.area, row.kind)
    return await tables.number(uow.session, entry_id)


async def _tell(uow: UnitOfWork, told: profiles.Told) -> None:
    """Announce what happened, each where its number became valid, and keep the numbers so."""
    await uow.session.flush()
    for number, event in told:
        row = await tables.number(uow.session, number.entry_id)
        row.quantity, row.version = number.quantity, number.version
        await uow.session.flush()
        uow.announce(event, version=number.version, occurred_at=number.occurred_at)
