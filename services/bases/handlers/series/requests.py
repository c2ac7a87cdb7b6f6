"""A series is made: every occurrence a booking of its own."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial

from contracts.bases.series import SeriesRequested
from contracts.kinds.series import OnConflict
from services.bases.domain import menu
from services.bases.domain.bookings import ask
from services.bases.domain.bookings.model import Booking, Occasion, Venue
from services.bases.domain.series import model, recurrence
from services.bases.domain.series.model import RequestSeries, Series, Skipped
from services.bases.domain.series.recurrence import Plan
from services.bases.domain.series.rules import SeriesMost
from services.bases.handlers.bookings import asking, places
from services.bases.handlers.bookings.asking import Permit, Wish
from services.bases.handlers.series.trials import tried
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
    wishes = [Wish(command.booking(new_id(), slot), permit, by, at) for slot in plan.slots]
    asked = await asking.looked(wishes[0], uow)  # the slots are ours before any savepoint
    _check_item(asked.occasion, command)
    made, missed = await _placed(wishes, uow)
    if not made or (missed and command.on_conflict is OnConflict.REFUSE):
        raise model.refused(missed, len(wishes))
    row = _row(command, asked.venue, plan, made, missed, uow.now)
    event = SeriesRequested(**row.facts(), booked=len(made), skipped=len(row.skipped))
    uow.begin(row, event, at)
    await uow.session.flush()
    return row


async def _placed(wishes: Sequence[Wish], uow: UnitOfWork) -> tuple[list[Booking], list[Skipped]]:
    made, missed = [], []
    for wish in wishes:
        found = await tried(uow, partial(places.place, wish, uow))
        if isinstance(found, Refusal):
            missed.append(model.skipped(wish.command.starts_at, found))
        else:
            made.append(found[0])
    return made, missed


def _check_item(occasion: Occasion, command: RequestSeries) -> None:
    """Whether the item can be had there at all: the same for every occurrence."""
    if occasion.item is not None:
        minutes = math.ceil((command.ends_at - command.starts_at) / ask.MINUTE)
        menu.suits(occasion.item, occasion.venue, minutes, command.headcount)


def _row(
    command: RequestSeries,
    venue: Venue,
    plan: Plan,
    made: Sequence[Booking],
    missed: Sequence[Skipped],
    now: datetime,
) -> SeriesRow:
    absent = [model.no_such_day(day) for day in plan.absent] + list(missed)
    repeat = vars(command.repeat) | {"weekdays": list(command.repeat.weekdays)}
    series = Series(
        **{name: value for name, value in vars(command).items() if name in Series.model_fields},
        **repeat,
        base_id=venue.base_id,
        area=venue.area,
        booked=len(made),
        first_day=business_date(made[0].starts_at),
        last_day=business_date(made[-1].starts_at),
    )
    return SeriesRow.of(
        series,
        base_kind=venue.base_kind,
        menu_item_kind=made[0].menu_item_kind,
        skipped=[asdict(each) for each in sorted(absent, key=lambda each: each.day)],
        recorded_at=now,
    )
