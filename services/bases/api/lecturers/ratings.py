"""How much lecturers do, and what visitors and staff thought of it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.lecturers import RatedBy
from services.bases.api.bookings.permits import acts_for_base, handles
from services.bases.api.lecturers.common import (
    TAGS,
    Person,
    Seen,
    masked,
    of_lecturer,
)
from services.bases.api.written import LecturerId
from services.bases.domain.lecturers.assignments import Rating
from services.bases.domain.lecturers.times import day as whole
from services.bases.handlers.lecturers import assignments as handlers
from services.bases.tables.lecturers import work
from services.bases.tables.lecturers.rows import RatingRow
from services.bases.tables.rows import BookingRow
from services.chassis.auth import Principal
from services.chassis.errors import Invalid
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.fields import Day
from services.chassis.http.held import held
from services.chassis.http.listing import Paging
from services.chassis.http.lists import as_file
from services.chassis.http.scopes import areas_to_list

commands, queries = command_router(tags=TAGS), query_router(tags=TAGS)


async def _check_own(session: AsyncSession, booking: BookingRow, caller: Principal) -> None:
    await acts_for_base(caller, booking.area, booking.organisation_id, session)


Own = Annotated[BookingRow, held(BookingRow, "预约", Action.HANDLE_BOOKINGS, right=_check_own)]
"""Staff of the base, or of the organisation that came."""

LONGEST = 731
"""Days of load that are summed at a time: two years."""


class LoadView(BaseModel):
    lecturer_id: UUID
    code: str = Field(title="讲师代码")
    person: Person = Field(title="讲师（脱敏）")
    area: str = Field(title="区划")
    month: str = Field(title="月份")
    assignments: int = Field(title="安排场次")
    completed: int = Field(title="完成场次")
    shifts: int = Field(title="值班班次")
    hours: float = Field(title="小时数", description="Of assignments and shifts.")
    person_times: int = Field(title="听讲人次")


class RateRequest(Timed):
    stars: int = Field(strict=True, ge=1, le=5, title="评分")
    rated_by: RatedBy | None = Field(
        default=None, title="评价方", description="Said by staff, who enter what visitors told."
    )


class RatingView(Rating):
    lecturer_id: LecturerId = Field(title="讲师代码")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


@as_file(queries, "讲师工作量")
@queries.get("/lecturers/load", summary="讲师工作量")
async def list_load(
    *,
    context: Context,
    caller: Caller,
    first: Annotated[Day, Query(alias="from")],
    last: Annotated[Day, Query(alias="to", description="Included.")],
    within: Annotated[AreaCode | None, Query(description="Only in this area.")] = None,
    lecturer_id: UUID | None = None,
) -> list[LoadView]:
    """By lecturer and month; who had nothing to do in a month is not listed for it."""
    if not 0 <= (last - first).days < LONGEST:
        raise Invalid(
            f"`to` lies at most {LONGEST - 1} days after `from`.",
            zh=f"截止日期不早于起始日期，且至多在其后 {LONGEST - 1} 天。",
            field="query.to",
        )
    areas = areas_to_list(caller, within)
    async with context.database.pool.acquire() as connection:
        rows = await work.load(connection, areas, whole(first, last), lecturer_id)
    who = await masked(context, [row["lecturer_id"] for row in rows])
    return [
        LoadView(**row, hours=round(row["minutes"] / 60, 2), person=who[row["lecturer_id"]])
        for row in rows
    ]


@commands.put("/bookings/{booking_id}/lecturers/{lecturer_id}/rating", summary="评价讲师")
async def rate(
    booking: Own, lecturer_id: UUID, request: RateRequest, caller: Caller, uow: Work
) -> RatingView:
    """By the visitors or by staff of the base, once it was held.

    One for a lecturer and a booking; it can be changed for a number of days.
    """
    staff = handles(caller, booking.area)
    rated_by = (request.rated_by or RatedBy.STAFF) if staff else RatedBy.VISITORS
    key, stars, at = booking.booking_id, request.stars, request.at(uow)
    return (await handlers.rate(key, lecturer_id, stars, rated_by, uow, at)).shown(RatingView)


@as_file(queries, "讲师评分")
@queries.get("/lecturers/{lecturer_id}/ratings", summary="讲师评分列表")
async def list_ratings(lecturer: Seen, paging: Paging) -> Page[RatingView]:
    """The oldest first."""
    page = await of_lecturer(lecturer, RatingRow, paging)
    return page.of([row.shown(RatingView) for row in page.items])
