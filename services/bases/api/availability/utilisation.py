"""How well venues are used."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from contracts.access import Action
from contracts.areas import AreaCode
from services.bases.api.availability.ask import check_period
from services.bases.api.written import VenueId
from services.bases.domain.utilisation import HOUR, MOST, Cell, Use, VenueUse, ranked
from services.bases.tables import places, utilisation
from services.chassis.auth import Principal
from services.chassis.clock import WEEKDAYS
from services.chassis.http import Caller, Context
from services.chassis.http.fields import Day
from services.chassis.http.lists import as_file
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list

queries = APIRouter(prefix="/v1", tags=["使用率"], responses=dict(RESPONSES))

First = Annotated[Day, Query(alias="from", description="First day.")]
Last = Annotated[Day, Query(alias="to", description="Last day, inclusive; at most 366 days.")]


class UseView(BaseModel):
    open_hours: float = Field(title="开放小时数")
    booked_hours: float = Field(title="预约小时数", description="Of bookings that were approved.")
    used_hours: float = Field(title="使用小时数", description="In which visitors really came.")
    booked_rate: float | None = Field(title="预约率")
    used_rate: float | None = Field(title="使用率")

    @staticmethod
    def said(use: Use) -> dict[str, Any]:
        return {
            "open_hours": round(use.opened / HOUR, 2),
            "booked_hours": round(use.booked / HOUR, 2),
            "used_hours": round(use.used / HOUR, 2),
            "booked_rate": use.booked_rate,
            "used_rate": use.used_rate,
        }


class VenueUseView(UseView):
    venue_id: VenueId = Field(title="场馆")
    batches: int = Field(title="接待批次")
    persons: int = Field(title="接待人次")
    persons_an_hour: float | None = Field(title="每开放小时人次")


class HourUseView(UseView):
    venue_id: VenueId = Field(title="场馆")
    weekday: int = Field(title="星期", description="1 is Monday.")
    weekday_label: str = Field(title="星期名称")
    hour: int = Field(title="钟点", description="From so many o'clock, Asia/Shanghai.")


@as_file(queries, "场馆使用率")
@queries.get("/utilisation", summary="场馆使用率")
async def list_utilisation(
    context: Context,
    caller: Caller,
    first: First,
    last: Last,
    base_id: UUID | None = None,
    within: Annotated[AreaCode | None, Query()] = None,
    order: Annotated[Literal["most", "least"], Query(description="Used, first.")] = "most",
    top: Annotated[int | None, Query(ge=1, le=1000, description="So many of them.")] = None,
) -> list[VenueUseView]:
    """Venue by venue, the most used first: of the hours it was open, how many were booked, and in
    how many visitors were there. Hours outside of opening times are not counted; groups that
    shared a venue count their hours once. A no-show is booked and not used.
    """
    check_period(first, last, MOST.days)
    areas = await _areas(context, caller, base_id, within)
    async with context.database.pool.acquire() as connection:
        venue_ids = await utilisation.venues_of(connection, base_id, areas)
        found = await utilisation.uses(connection, venue_ids, first, last)
    return [_venue(each) for each in ranked(found, least=order == "least")[:top]]


@as_file(queries, "场馆分时使用率")
@queries.get("/utilisation/hours", summary="场馆分时使用率")
async def list_utilisation_by_hour(
    context: Context,
    caller: Caller,
    first: First,
    last: Last,
    base_id: UUID | None = None,
    within: Annotated[AreaCode | None, Query()] = None,
) -> list[HourUseView]:
    """The same by day of the week and hour of the day, in that order, for hours ever open."""
    check_period(first, last, MOST.days)
    areas = await _areas(context, caller, base_id, within)
    async with context.database.pool.acquire() as connection:
        venue_ids = await utilisation.venues_of(connection, base_id, areas)
        found = await utilisation.cells(connection, venue_ids, first, last)
    places_of = {venue_id: place for place, venue_id in enumerate(venue_ids)}
    return [_hour(cell) for cell in sorted(found, key=lambda cell: places_of[cell.venue_id])]


async def _areas(
    context: Context, caller: Principal, base_id: UUID | None, within: str | None
) -> tuple[str, ...]:
    if base_id is None:
        return areas_to_list(caller, within)
    async with context.database.sessions() as session:
        base = await places.base(session, base_id)
    caller.require(Action.READ, base.area)
    return (base.area,)


def _venue(each: VenueUse) -> VenueUseView:
    return VenueUseView(
        venue_id=each.venue_id,
        batches=each.batches,
        persons=each.persons,
        persons_an_hour=each.persons_an_hour,
        **UseView.said(each.use),
    )


def _hour(cell: Cell) -> HourUseView:
    return HourUseView(
        venue_id=cell.venue_id,
        weekday=cell.weekday,
        weekday_label=f"星期{WEEKDAYS[cell.weekday - 1]}",
        hour=cell.hour,
        **UseView.said(cell.use),
    )
