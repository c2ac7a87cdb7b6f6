"""A series is made: every occurrence a booking of its own."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from contracts.bases.series import SeriesEvent, SeriesRequested
from contracts.kinds.series import OnConflict
from services.bases.domain import menu
from services.bases.domain.bookings.model import Booking, Venue
from services.bases.domain.menu import Item
from services.bases.domain.series import model, recurrence
from services.bases.domain.series.model import RequestSeries, Skipped
from services.bases.domain.series.recurrence import Plan
from services.bases.domain.series.rules import SeriesMost
from services.bases.handlers.bookings import places
from services.bases.handlers.bookings.places import Permit, Wish
from services.bases.handlers.menu import ItemUnknown
from services.bases.handlers.series.trials import tried
from services.bases.tables import menu as menu_tables
from services.bases.tables import series as tables
from services.bases.tables.series import SeriesRow
from services.bases.tables.slots import By
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.errors import Refusal
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork


async def request(
    command: RequestSeries, uow: UnitOfWork, *, permit: Permit, by: By, at: datetime
) -> SeriesRow:
    """All occurrences or, where `skip` is asked for, those that can be had.

    Raises what stands against every one of them by its own name, and `SeriesRefused` for the rest.
    """
    book = await rulebook.at(uow.session, business_date(at), SeriesMost)
    plan = recurrence.plan(command.repeat, command.starts_at, command.ends_at, book[SeriesMost])
    item = await _item(command, uow)
    wishes = [
        Wish(command.booking(new_id(), slot, item.details.kind if item else None), permit, by, at)
        for slot in plan.slots
    ]
    venue = (await places.looked(wishes[0], uow)).venue  # its slots are ours before any savepoint
    await _check_item(item, command, uow)
    made, missed = await _placed(wishes, uow)
    if not made or (missed and command.on_conflict is OnConflict.REFUSE):
        raise model.refused(missed, len(wishes))
    row = _row(command, venue, item, plan, made, missed, uow.now)
    uow.session.add(row)
    event = SeriesRequested(**said(row), booked=len(made), skipped=len(row.skipped))
    uow.announce(event, version=1, occurred_at=at)
    await uow.session.flush()
    return row


def said(row: SeriesRow) -> dict[str, Any]:
    """What every event about the series repeats."""
    return {name: getattr(row, name) for name in SeriesEvent.model_fields}


async def _placed(wishes: Sequence[Wish], uow: UnitOfWork) -> tuple[list[Booking], list[Skipped]]:
    made, missed = [], []
    for wish in wishes:
        found = await tried(uow, partial(places.place, wish, uow))
        if isinstance(found, Refusal):
            missed.append(model.skipped(wish.command.starts_at, found))
        else:
            made.append(found[0])
    return made, missed


async def _item(command: RequestSeries, uow: UnitOfWork) -> Item | None:
    if command.menu_item_id is None:
        return None
    item = await menu_tables.item(await uow.driver(), command.menu_item_id)
    if item is None:
        raise ItemUnknown(
            f"No menu item {command.menu_item_id}.",
            zh="没有该编号的菜单项目。",
            field="menu_item_id",
        )
    return item


async def _check_item(item: Item | None, command: RequestSeries, uow: UnitOfWork) -> None:
    """Whether the item can be had there at all: the same for every occurrence."""
    if item is None:
        return
    venues = await tables.places(await uow.driver(), venue_id=command.venue_id)
    minutes = (command.ends_at - command.starts_at).total_seconds() / 60
    menu.suits(item, venues[0], int(minutes), command.headcount)


def _row(
    command: RequestSeries,
    venue: Venue,
    item: Item | None,
    plan: Plan,
    made: Sequence[Booking],
    missed: Sequence[Skipped],
    now: datetime,
) -> SeriesRow:
    said_no = [model.no_such_day(day) for day in plan.absent] + list(missed)
    asked = {name: value for name, value in vars(command).items() if name in SeriesRow.model_fields}
    return SeriesRow(
        **asked,
        **vars(command.repeat) | {"weekdays": list(command.repeat.weekdays)},
        base_id=venue.base_id,
        base_kind=venue.base_kind,
        area=venue.area,
        menu_item_kind=item.details.kind if item else None,
        skipped=[asdict(each) for each in sorted(said_no, key=lambda each: each.day)],
        booked=len(made),
        first_day=business_date(made[0].starts_at),
        last_day=business_date(made[-1].starts_at),
        version=1,
        recorded_at=now,
    )
