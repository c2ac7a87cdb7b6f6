"""Rotas: adopted, changed, ended, and laid out as dated duties in fair rotation."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from services.chassis import rulebook
from services.chassis.clock import business_date, from_day
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.sweeps import Sweep
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.liaison import duties as duty_rules
from services.membership.domain.liaison import points, rotation
from services.membership.domain.liaison import rotas as domain
from services.membership.domain.liaison.duties import Duty
from services.membership.domain.liaison.rotas import ChangeRota, DutyHorizon, Hours, Rota
from services.membership.domain.liaison.rotation import Holder, Turn
from services.membership.handlers.liaison.references import area_of, check_code, check_holders
from services.membership.tables.calendar import working_calendar
from services.membership.tables.liaison import duties as tables
from services.membership.tables.liaison import store
from services.membership.tables.liaison.duties import Slot
from services.membership.tables.liaison.rows import (
    RotaRow,
    columns_of_rota,
    point_of,
    rota_of,
)

BATCH = 20
"""Rotas laid out in one transaction of the sweep."""


async def adopt(rota: Rota, uow: UnitOfWork, at: datetime) -> RotaRow:
    """Raises `CodeTaken`, `AreaUnknown`, `OrganisationUnknown`, `PointClosed`, a rule's refusal."""
    await check_code(uow, RotaRow, rota.code)
    await _check_places(rota, uow)
    event = domain.adopt(rota)
    row = RotaRow(**columns_of_rota(rota), version=1, recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=from_day(rota.effective_from, at))
    return row


async def change(
    rota_id: UUID, command: ChangeRota, expected: int, uow: UnitOfWork, at: datetime
) -> RotaRow:
    """What was laid out and has not begun is released and laid out anew, as far as before."""
    row = await store.load(uow.session, RotaRow, rota_id, lock=True)
    versions.check(expected, row.version)
    changed = domain.change(command, rota_of(row))
    if changed is None:
        return row
    rota, event = changed
    await _check_places(rota, uow)
    row.sqlmodel_update(columns_of_rota(rota) | {"version": row.version + 1})
    uow.announce(event, version=row.version, occurred_at=at)
    if (until := rota.planned_until) is not None:
        await _release(rota_id, uow, at)
        row.planned_until = business_date(uow.now) - timedelta(days=1)
        await lay_out(row, until, uow)
    return row


async def end(rota_id: UUID, on: date, expected: int, uow: UnitOfWork, at: datetime) -> RotaRow:
    row = await store.load(uow.session, RotaRow, rota_id, lock=True)
    versions.check(expected, row.version)
    await end_row(row, on, uow, at)
    return row


async def end_row(row: RotaRow, on: date, uow: UnitOfWork, at: datetime) -> None:
    """The rota is locked. Duties after its last day are released."""
    event = domain.end(rota_of(row), on)
    row.ended_on, row.version = on, row.version + 1
    uow.announce(event, version=row.version, occurred_at=from_day(on, at))
    await _release(row.rota_id, uow, at, after=on)


async def add_holders(rota_id: UUID, holders: Sequence[Holder], uow: UnitOfWork) -> RotaRow:
    """They come last in the order of turns; who takes turns already stays in place."""
    row = await store.load(uow.session, RotaRow, rota_id, lock=True)
    domain.check_running(rota_of(row))
    await check_holders(uow, holders)
    await tables.add_to_pool(uow.session, rota_id, holders)
    return row


async def plan(rota_id: UUID, until: date, uow: UnitOfWork) -> RotaRow:
    """Lay out up to `until`, included. Raises `CalendarMissing` where a year is not entered."""
    row = await store.load(uow.session, RotaRow, rota_id, lock=True)
    domain.check_running(rota_of(row))
    await lay_out(row, until, uow)
    return row


async def lay_out(row: RotaRow, until: date, uow: UnitOfWork) -> int:
    """How many shifts were added. The rota is locked; what is laid out already stays."""
    await tables.take_turns(uow.session)
    rota, today = rota_of(row), business_date(uow.now)
    first = max(rota.planned_until + timedelta(days=1) if rota.planned_until else today, today)
    if first > until:
        return 0
    calendar = await working_calendar(uow.session)
    hours = [
        each
        for each in domain.hours(rota, first, until, calendar.works)
        if each.starts_at > uow.now
    ]
    pool = await tables.pool(uow.session, row.rota_id)
    served = await tables.served(uow.session, row.rota_id)
    away = await tables.away(uow.session, pool, first, until)
    turns = rotation.rotate(hours, rota.headcount, pool, served, away)
    await _write(rota, turns, uow)
    row.planned_until = until
    return len(turns)


async def _write(rota: Rota, turns: Sequence[Turn], uow: UnitOfWork) -> None:
    await uow.session.flush()  # a rota adopted in this very transaction
    slots = [
        Slot(
            slot_id=new_id(),
            starts_at=turn.hours.starts_at,
            ends_at=turn.hours.ends_at,
            duties=[_duty(rota, turn.hours, holder) for holder in turn.holders],
        )
        for turn in turns
    ]
    common = vars(rota) | {"kind": rota.kind.value, "visited_id": None}
    await tables.write(uow.session, rota.rota_id, slots, rota.headcount, common)
    for slot in slots:
        for duty in slot.duties:
            uow.announce(duty_rules.assign(duty), version=1)


def _duty(rota: Rota, hours: Hours, holder: Holder) -> Duty:
    return Duty(
        duty_id=new_id(),
        kind=rota.kind,
        area=rota.area,
        organisation_id=rota.organisation_id,
        point_id=rota.point_id,
        visited_id=None,
        holder=holder,
        starts_at=hours.starts_at,
        ends_at=hours.ends_at,
    )


async def _release(
    rota_id: UUID, uow: UnitOfWork, at: datetime, *, after: date | None = None
) -> None:
    await uow.session.flush()
    since = max(uow.now, store.midnight(after, days=1)) if after else uow.now
    for held in await tables.release_ahead(uow.session, rota_id, since):
        uow.announce(duty_rules.release(held.duty), version=held.version + 1, occurred_at=at)


async def _check_places(rota: Rota, uow: UnitOfWork) -> None:
    inside = await area_of(uow, rota.organisation_id, rota.area)
    for place, route in enumerate(rota.routes):
        points.check_inside(route, inside, field=f"routes.{place}")
    if rota.point_id is not None:
        point = point_of(await store.hold(uow.session, rota.point_id))
        points.check_open(point, rota.effective_from)


async def look_ahead(uow: UnitOfWork) -> int:
    """Lay out every rota as far ahead as the rule says, a batch of them at a time."""
    today = business_date(uow.now)
    book = await rulebook.at(uow.session, today, DutyHorizon)
    calendar = await working_calendar(uow.session)
    until = domain.horizon(today, book[DutyHorizon], calendar.years)
    if until.year not in calendar.years:
        return 0  # the calendar's own alert tells
    due = await tables.due(uow.session, until, BATCH)
    for rota_id in due:
        await lay_out(await store.load(uow.session, RotaRow, rota_id, lock=True), until, uow)
    await uow.session.flush()
    return len(due)


DUTY_SWEEP = Sweep("duties", look_ahead, timedelta(minutes=10))
