"""Stating, mending and withdrawing profile numbers."""

from datetime import datetime
from typing import Any

from contracts.membership.books import ProfileEvent
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.rows import check_area, missing
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import profiles as domain
from services.membership.domain.profiles import Number, NumberOfThatDay
from services.membership.tables import profiles as tables
from services.membership.tables.organisations import AreaRow
from services.membership.tables.profiles import NumberRow


async def state(fields: dict[str, Any], uow: UnitOfWork, at: datetime) -> NumberRow:
    """Raises `NumberOfThatDay`, `UnknownKind` or `AreaUnknown`."""
    number = Number(entry_id=new_id(), day=business_date(at), **fields)
    series = (number.area, number.kind)
    await check_area(uow.session, AreaRow, number.area)
    await kinds.check(uow.session, "profile", number.kind, number.day, "kind")
    await tables.lock_series(uow.session, *series)
    known = await tables.on_day(uow.session, *series, number.day)
    if known is not None:
        raise NumberOfThatDay(
            f"{known.quantity} is stated for {number.day}; correct that.",
            zh=f"{number.day} 的数字已登记为 {known.quantity}，请更正该条。",
            field="occurred_at",
            entry_id=str(known.entry_id),
        )
    before, after = await tables.around(uow.session, *series, number.day)
    event = domain.state(number, before)
    row = uow.begin(NumberRow.of(number, occurred_at=at, recorded_at=uow.now), event, at)
    _rebase(after, event, uow)
    return row


async def correct(
    number: NumberRow, quantity: int, source: str | None, uow: UnitOfWork
) -> NumberRow:
    _check_stands(number)
    event = domain.correct(number, quantity)
    number.source = source or number.source
    if event is not None:
        _, after = await tables.around(uow.session, number.area, number.kind, number.day)
        uow.step(number, event, number.occurred_at, quantity=quantity)
        _rebase(after, event, uow)
    return number


async def withdraw(number: NumberRow, uow: UnitOfWork, at: datetime) -> NumberRow:
    _check_stands(number)
    before, after = await tables.around(uow.session, number.area, number.kind, number.day)
    event = domain.withdraw(number, before)
    uow.step(number, event, number.occurred_at, withdrawn_at=at)
    _rebase(after, event, uow)
    return number


def _check_stands(number: NumberRow) -> None:
    """Raises `NotFound` for one that was withdrawn."""
    if number.withdrawn_at is not None:
        raise missing("profile number", number.entry_id, "概况数字")


def _rebase(after: NumberRow | None, event: ProfileEvent, uow: UnitOfWork) -> None:
    """Told of the day from which the number that follows holds."""
    rebased = domain.rebase(after, event)
    if after is not None and rebased is not None:
        uow.step(after, rebased, after.occurred_at)
