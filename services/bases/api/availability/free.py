"""When something can be had."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg
from fastapi import APIRouter

from services.bases.api.availability.ask import Asked, check_readable
from services.bases.api.availability.views import (
    Availability,
    VenueMonth,
    lecturer_month,
    venue_month,
)
from services.bases.domain import menu
from services.bases.domain.availability import Wanted, days_of, enough, free, month
from services.bases.domain.lecturers.rules import LecturerTravel
from services.bases.domain.menu import Item
from services.bases.domain.opening import Range
from services.bases.tables import menu as menu_table
from services.bases.tables.availability import equipment, lecturers, venues
from services.bases.tables.availability.lecturers import Spare
from services.bases.tables.availability.venues import MOST_VENUES, Stocked
from services.chassis.auth import Principal
from services.chassis.clock import LOCAL
from services.chassis.errors import Invalid
from services.chassis.http import Caller, Context
from services.chassis.http.problems import RESPONSES
from services.chassis.rows import missing

queries = APIRouter(prefix="/v1", tags=["空闲时段"], responses=dict(RESPONSES))


class TooManyVenues(Invalid):
    code = "too-many-venues"
    title, title_zh = "Too many venues suit: name a base", "符合条件的场馆过多，请指定基地"


@queries.get("/availability", summary="空闲时段")
async def get_availability(context: Context, caller: Caller, asked: Asked) -> Availability:
    """What can be booked of a base, a venue, a menu item or a lecturer, day by day.

    `free` is what nobody holds of the opening hours: a booking fits wherever it lies within one
    such range; the buffer before the next booking is taken off already. With `minutes`, `starts`
    lists the quarters of an hour at which a request of that length, for that `headcount` and with
    that `equipment`, filed now, would be accepted; what the organisation itself may still book
    (quota, waiting time) is not looked at. `refused` says why a day has none:
    `too-little-notice`, `too-far-ahead`, `filed-off-day`, `calendar-missing` and the like.

    A menu item is answered with the venues that suit it, narrowed by `base_id` or `venue_id`, for
    its own length unless `minutes` says another; its starts are those at which enough lecturers
    with the skill could be there. A lecturer is answered with the times at which nothing takes
    them, with the way to `base_id` and from it where that is named.

    Clock times are those of the day they stand under, Asia/Shanghai; a range over midnight is cut
    there and goes on the next day.
    """
    asked.check()
    async with context.database.pool.acquire() as connection:
        item = await _item(connection, asked.menu_item_id) if asked.menu_item_id else None
        wanted = asked.wanted(item, context.clock())
        found = Availability(**vars(wanted) | {"at": wanted.at.astimezone(LOCAL)})
        if asked.lecturer_id is not None:
            spare = await _lecturer(connection, caller, asked.lecturer_id, wanted)
            travel = await lecturers.travel(connection, wanted.at)
            ranges = _free(spare, asked.base_id, travel, wanted)
            found.lecturers.append(lecturer_month(spare, days_of(spare.hours, ranges, wanted)))
            return found
        stock = await _stock(connection, caller, asked, wanted, item)
        manned = await _manned(connection, item, stock, wanted)
    found.venues += [_month(each, wanted, item, manned.get(each.base_id)) for each in stock]
    return found


async def _stock(
    connection: asyncpg.Connection,
    caller: Principal,
    asked: Asked,
    wanted: Wanted,
    item: Item | None,
) -> list[Stocked]:
    """Raises `NotFound`, `Forbidden`, `TooManyVenues`."""
    of, subject = asked.subject(item)
    kinds = item.details.venue_kinds if item and asked.venue_id is None else ()
    found = await venues.stocked(connection, of, subject, wanted, kinds)
    areas = {each.area for each in found} or {await venues.area_of(connection, of, subject)}
    for area in areas:
        check_readable(caller, area)
    if len(found) > MOST_VENUES:
        raise TooManyVenues(
            f"More than {MOST_VENUES} suit.",
            zh=f"符合条件的场馆超过 {MOST_VENUES} 个，请用 base_id 指定基地。",
            field="base_id",
        )
    if not asked.equipment:
        return found
    lent = await equipment.lent(connection, asked.pieces(), wanted)
    return [each.lacking(lent.lacking(each.base_id, each.venue_id)) for each in found]


async def _manned(
    connection: asyncpg.Connection, item: Item | None, stock: Sequence[Stocked], wanted: Wanted
) -> Mapping[UUID, frozenset[int]]:
    """By base, the starts at which as many lecturers as the item wants could be there."""
    if item is None or item.details.skill_code is None or wanted.minutes is None:
        return {}
    places = {each.base_id: each.area for each in stock}
    skill, count = item.details.skill_code, item.details.lecturer_count
    people = await lecturers.skilled(connection, skill, set(places.values()), wanted)
    travel = await lecturers.travel(connection, wanted.at)
    return {
        base_id: enough(
            (_free(each, base_id, travel, wanted) for each in people if each.serves(area)),
            count,
            wanted.minutes,
            wanted.span,
        )
        for base_id, area in places.items()
    }


def _month(
    stocked: Stocked, wanted: Wanted, item: Item | None, only: frozenset[int] | None
) -> VenueMonth:
    """Raises what the item has against the venue, the length or the number of people."""
    if item is not None and wanted.minutes is not None:
        menu.suits(item, stocked, wanted.minutes, wanted.headcount)
    return venue_month(stocked, month(stocked.supply, wanted, stocked.filing, only), wanted)


async def _item(connection: asyncpg.Connection, item_id: UUID) -> Item:
    """Raises `NotFound`."""
    found = await menu_table.item(connection, item_id)
    if found is None:
        raise missing("menu item", item_id, "菜单项目")
    return found


async def _lecturer(
    connection: asyncpg.Connection, caller: Principal, lecturer_id: UUID, wanted: Wanted
) -> Spare:
    """Raises `NotFound` or `Forbidden`."""
    found = await lecturers.one(connection, lecturer_id, wanted)
    if found is None:
        raise missing("lecturer", lecturer_id, "讲师")
    check_readable(caller, found.area)
    return found


def _free(
    spare: Spare, base_id: UUID | None, travel: LecturerTravel, wanted: Wanted
) -> list[Range]:
    hours = [each for ranges in spare.hours.values() for each in ranges or ()]
    return free(hours, spare.away(base_id, travel), wanted)
