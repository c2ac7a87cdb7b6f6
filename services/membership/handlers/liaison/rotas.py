"""Rotas: adopted, changed, ended, and laid out as dated duties in fair rotation."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from contracts.membership.liaison import DutyReleased
from services.chassis import rulebook
from services.chassis.clock import business_date, from_day, whole_days
from services.chassis.rows import check_code, one
from services.chassis.sweeps import Sweep
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.liaison import points, rotation
from services.membership.domain.liaison import rotas as domain
from services.membership.domain.liaison.rotas import DutyHorizon, Rota
from services.membership.domain.liaison.rotation import Turn
from services.membership.domain.volunteering.holders import Holder
from services.membership.handlers.liaison.duties import announce, slot_of
from services.membership.handlers.liaison.references import area_of, check_holders
from services.membership.tables.calendar import working_calendar
from services.membership.tables.liaison import duties as tables
from services.membership.tables.liaison import store
from services.membership.tables.liaison.rows import RotaRow

BATCH = 20
"""Rotas laid out in one transaction of the sweep."""


async def adopt(rota: Rota, uow: UnitOfWork, at: datetime) -> RotaRow:
    """Raises `CodeTaken`, `AreaUnknown`, `OrganisationUnknown`, `PointClosed`, a rule's refusal."""
    await check_code(uow.session, RotaRow, rota.code)
    await _check_places(rota, uow)
    row = RotaRow.of(rota, recorded_at=uow.now)
    return uow.begin(row, domain.adopt(rota), from_day(rota.effective_from, at))


async def change(row: RotaRow, changes: dict[str, Any], uow: UnitOfWork, at: datetime) -> RotaRow:
    """What was laid out and has not begun is released and laid out anew, as far as before."""
    rota = row.as_state(Rota, **changes)
    event = domain.change(row.as_state(Rota), rota)
    if event is None:
        return row
    await _check_places(rota, uow)
    uow.step(row, event, at, **dict(rota))
    if (until := rota.planned_until) is not None:
        await _release(row, uow, at)
        row.planned_until = business_date(uow.now) - timedelta(days=1)
        await lay_out(row, until, uow)
    return row


async def end(row: RotaRow, on: date, uow: UnitOfWork, at: datetime) -> RotaRow:
    """The rota is locked. Duties after its last day are released."""
    event = domain.end(row, on)
    uow.step(row, event, from_day(on, at), ended_on=on)
    await _release(row, uow, at, after=on)
    return row


async def add_holders(row: RotaRow, holders: Sequence[Holder], uow: UnitOfWork) -> None:
    """They come last in the order of turns; who takes turns already stays in place."""
    domain.check_running(row)
    await check_holders(uow, holders)
    await tables.add_to_pool(uow.session, row.rota_id, holders)


async def plan(row: RotaRow, until: date, uow: UnitOfWork) -> RotaRow:
    """Lay out up to `until`, included. Raises `CalendarMissing` where a year is not entered."""
    domain.check_running(row)
    await lay_out(row, until, uow)
    return row


async def lay_out(row: RotaRow, until: date, uow: UnitOfWork) -> int:
    """How many shifts were added. The rota is locked; what is laid out already stays."""
    await tables.take_turns(uow.session)
    first = today = business_date(uow.now)
    if row.planned_until:
        first = max(row.planned_until + timedelta(days=1), today)
    if first > until:
        return 0
    calendar = await working_calendar(uow.session)
    hours = [
        each for each in domain.hours(row, first, until, calendar.works) if each.starts_at > uow.now
    ]
    pool = await tables.pool(uow.session, row.rota_id)
    served = await tables.served(uow.session, row.rota_id)
    away = await tables.away(uow.session, pool, first, until)
    turns = rotation.rotate(hours, row.headcount, pool, served, away)
    await _write(row, turns, uow)
    row.planned_until = until
    return len(turns)


async def _write(rota: Rota, turns: Sequence[Turn], uow: UnitOfWork) -> None:
    await uow.session.flush()  # a rota adopted in this very transaction
    place = rota.model_dump(include={"kind", "area", "organisation_id", "point_id"})
    place["visited_id"] = None
    slots = [slot_of(turn.holders, **vars(turn.hours), **place) for turn in turns]
    await tables.write(uow.session, slots, rota.headcount, rota.rota_id)
    for slot in slots:
        announce(slot, uow, uow.now)


async def _release(
    row: RotaRow, uow: UnitOfWork, at: datetime, *, after: date | None = None
) -> None:
    await uow.session.flush()
    since = max(uow.now, whole_days(after, after)[1]) if after else uow.now
    for duty in await tables.release_ahead(uow.session, row.rota_id, since):
        uow.announce(DutyReleased(**duty.facts()), version=duty.version + 1, occurred_at=at)


async def _check_places(rota: Rota, uow: UnitOfWork) -> None:
    inside = await area_of(uow, rota.organisation_id, rota.area)
    for place, route in enumerate(rota.routes):
        points.check_inside(route, inside, field=f"routes.{place}")
    if rota.point_id is not None:
        points.check_open(await store.hold(uow.session, rota.point_id), rota.effective_from)


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
        row = await one(uow.session, RotaRow, rota_id, "duty rota", "值班安排", lock=True)
        await lay_out(row, until, uow)
    await uow.session.flush()
    return len(due)


DUTY_SWEEP = Sweep("duties", look_ahead, timedelta(minutes=10))
