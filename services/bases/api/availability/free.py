"""When something can be had."""

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query

from contracts.access import Action
from services.bases.api.availability.views import Availability, VenueMonth, venue_month
from services.bases.domain import menu
from services.bases.domain.availability import Wanted, month
from services.bases.domain.menu import Item
from services.bases.tables import availability
from services.bases.tables import menu as menu_table
from services.bases.tables.availability import MOST_VENUES, Of, Stocked
from services.chassis.auth import Principal
from services.chassis.clock import LOCAL
from services.chassis.errors import Invalid, NotFound
from services.chassis.http import Caller, Context
from services.chassis.http.fields import Day
from services.chassis.http.problems import RESPONSES

queries = APIRouter(prefix="/v1", tags=["空闲时段"], responses=dict(RESPONSES))

MOST_DAYS = 62


class AskOneThing(Invalid):
    code = "ask-one-thing"
    title, title_zh = "Ask about one base, venue, item or lecturer", "请指定一个查询对象"


class PeriodTooLong(Invalid):
    code = "period-too-long"
    title, title_zh = "The period is too long, or ends before it begins", "查询期间不合适"


class TooManyVenues(Invalid):
    code = "too-many-venues"
    title, title_zh = "Too many venues suit: name a base", "符合条件的场馆过多，请指定基地"


@queries.get("/availability", summary="空闲时段")
async def get_availability(
    context: Context,
    caller: Caller,
    first: Annotated[Day, Query(alias="from", description="First day.")],
    last: Annotated[Day, Query(alias="to", description="Last day, inclusive; at most 62 days.")],
    base_id: UUID | None = None,
    venue_id: UUID | None = None,
    menu_item_id: UUID | None = None,
    minutes: Annotated[int | None, Query(ge=1, le=1440, description="Length wanted.")] = None,
    headcount: Annotated[int | None, Query(ge=1, le=100_000)] = None,
) -> Availability:
    """What can be booked of a base, a venue or a menu item, day by day.

    `free` is what nobody holds of the opening hours: a booking fits wherever it lies within one
    such range, the buffer before the next booking is taken off already. With `minutes`, `starts`
    lists the quarters of an hour at which a request of that length, for that `headcount`, filed
    now, would be accepted; what the organisation itself may still book (quota, waiting time) is
    not looked at. `refused` says why a day has none: `too-little-notice`, `too-far-ahead`,
    `filed-off-day`, `calendar-missing` and the like. A menu item is answered with the venues that
    suit it, narrowed by `base_id` or `venue_id`, for its own length unless `minutes` says another.

    Clock times are those of the day they stand under, Asia/Shanghai; a range over midnight is cut
    there and goes on the next day.
    """
    _check_period(first, last)
    async with context.database.pool.acquire() as connection:
        item = await _item(connection, menu_item_id) if menu_item_id else None
        wanted = _wanted(item, first, last, context.clock(), minutes, headcount)
        of, subject = _subject(base_id, venue_id, item)
        kinds = item.details.venue_kinds if item and of is not Of.VENUE else ()
        found = await availability.stocked(connection, of, subject, wanted, kinds)
        areas = {each.area for each in found} or {
            await availability.area_of(connection, of, subject)
        }
    for area in areas:
        _check_readable(caller, area)
    if len(found) > MOST_VENUES:
        raise TooManyVenues(
            f"More than {MOST_VENUES} suit.",
            zh=f"符合条件的场馆超过 {MOST_VENUES} 个，请用 base_id 指定基地。",
            field="base_id",
        )
    return Availability(
        **vars(wanted) | {"at": wanted.at.astimezone(LOCAL)},
        venues=[_month(each, wanted, item) for each in found],
    )


def _month(stocked: Stocked, wanted: Wanted, item: Item | None) -> VenueMonth:
    """Raises what the item has against the venue, the length or the number of people."""
    if item is not None and wanted.minutes is not None:
        menu.suits(item, stocked, wanted.minutes, wanted.headcount)
    return venue_month(stocked, month(stocked.supply, wanted, stocked.filing), wanted)


def _wanted(
    item: Item | None,
    first: date,
    last: date,
    at: datetime,
    minutes: int | None,
    headcount: int | None,
) -> Wanted:
    """An item is wanted for its own length, by the fewest who may have it."""
    if item is not None:
        minutes = minutes or item.details.duration_minutes
        headcount = headcount or item.details.least_headcount
    return Wanted(first=first, last=last, at=at, minutes=minutes, headcount=headcount or 1)


def _subject(
    base_id: UUID | None, venue_id: UUID | None, item: Item | None
) -> tuple[Of, UUID | str]:
    """Raises `AskOneThing`."""
    if venue_id is not None and base_id is None:
        return Of.VENUE, venue_id
    if base_id is not None and venue_id is None:
        return Of.BASE, base_id
    if item is None or base_id is not None:
        raise AskOneThing(
            "Name `base_id`, `venue_id` or `menu_item_id`.",
            zh="请在基地、场馆、菜单项目中指定一个。",
            field="base_id",
        )
    return (Of.BASE, item.base_id) if item.base_id else (Of.AREA, item.area)


async def _item(connection: asyncpg.Connection, item_id: UUID) -> Item:
    """Raises `NotFound`."""
    found = await menu_table.item(connection, item_id)
    if found is None:
        raise NotFound(f"No menu item {item_id}.", zh="没有该编号的菜单项目。")
    return found


def _check_readable(caller: Principal, area: str) -> None:
    """Whoever books for an organisation looks at the bases of others, too: nobody is named here."""
    if not caller.areas(Action.REQUEST_BOOKINGS):
        caller.require(Action.READ, area)


def _check_period(first: date, last: date) -> None:
    """Raises `PeriodTooLong`."""
    if not timedelta() <= last - first < timedelta(days=MOST_DAYS):
        raise PeriodTooLong(
            f"`to` lies at most {MOST_DAYS - 1} days after `from`.",
            zh=f"截止日不早于起始日，且期间至多 {MOST_DAYS} 天。",
            field="to",
            most=MOST_DAYS,
        )
