"""What visitors say of their visit: given, changed, listed, and what it comes to by base."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from contracts.kinds.feedback import FeedbackAspect, FeedbackVerdict
from services.bases.api.bookings.permits import handles, own_booking
from services.bases.api.filters import Filters
from services.bases.api.written import BaseId, OrganisationId, VenueId
from services.bases.domain.feedback import Rating, verdict
from services.bases.handlers import feedback as handlers
from services.bases.tables import feedback
from services.bases.tables.feedback import FeedbackRow
from services.bases.tables.rows import BookingRow
from services.chassis.http import (
    Caller,
    Context,
    IfMatch,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.listing import FirstDay, LastDay, Paging, conditions, since, until
from services.chassis.http.lists import as_file
from services.chassis.http.scopes import areas_to_list

commands = command_router(tags=["评价"])
queries = query_router(tags=["评价"])

Own = Annotated[BookingRow, own_booking()]
Unlocked = Annotated[BookingRow, own_booking(lock=False)]

Score = Annotated[int, Field(strict=True, ge=1, le=5, title="评分（1 至 5 分）")]
Comment = Annotated[
    str, Field(max_length=500, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$", title="意见建议")
]


class RatingRequest(Timed):
    score: Score
    aspects: dict[FeedbackAspect, Score] = Field(default_factory=dict, title="分项评分")
    comment: Comment | None = None

    def rating(self) -> Rating:
        return Rating(score=self.score, aspects=self.aspects, comment=self.comment)


class RatingView(BaseModel):
    """A rating without its words: answers of commands are kept."""

    feedback_id: UUID
    booking_id: UUID
    base_id: BaseId = Field(title="基地")
    area: str = Field(title="区划")
    venue_id: VenueId = Field(title="场馆")
    organisation_id: OrganisationId = Field(title="评价组织")
    score: int = Field(title="评分")
    verdict: FeedbackVerdict = Field(title="满意程度")
    aspects: dict[FeedbackAspect, int]
    on_behalf: bool = Field(title="代为评价")
    given_at: datetime = Field(title="评价时刻")
    version: int


class FeedbackView(RatingView):
    venue_score: int | None = Field(title="场馆评分")
    guiding_score: int | None = Field(title="讲解评分")
    service_score: int | None = Field(title="组织服务评分")
    comment: str | None = Field(title="意见建议")


class BaseFeedbackView(BaseModel):
    """What the ratings of one base come to; averages of 1 to 5, two decimals."""

    base_id: BaseId = Field(title="基地")
    count: int = Field(title="评价数")
    average: float = Field(title="平均分")
    satisfied: int = Field(title="满意数", description="Scores of 4 and 5.")
    satisfied_percent: float = Field(title="满意率（%）")
    venue: float | None = Field(title="场馆平均分")
    guiding: float | None = Field(title="讲解平均分")
    service: float | None = Field(title="组织服务平均分")


class BaseFeedbackFilters(Filters):
    base_id: UUID | None = None
    first: Annotated[FirstDay, since("given_at")] = None
    last: Annotated[LastDay, until("given_at")] = None


class FeedbackFilters(Filters):
    base_id: UUID | None = None
    venue_id: UUID | None = None
    organisation_id: UUID | None = None
    score: int | None = Field(default=None, ge=1, le=5)
    first: Annotated[FirstDay, since("given_at")] = None
    last: Annotated[LastDay, until("given_at")] = None


@commands.post("/bookings/{booking_id}/feedback", status_code=201, summary="评价接待")
async def give_feedback(
    booking: Own, request: RatingRequest, caller: Caller, uow: Work
) -> RatingView:
    """Once for a completed booking, by the organisation that came or by staff for it."""
    staff, at = handles(caller, booking.area), request.at(uow)
    return _rating(await handlers.give(booking, request.rating(), uow, at, on_behalf=staff))


@commands.put("/bookings/{booking_id}/feedback", summary="修改评价")
async def change_feedback(
    booking: Unlocked, request: RatingRequest, version: IfMatch, uow: Work
) -> RatingView:
    """As long as the rule `booking.feedback` allows."""
    rating, at = request.rating(), request.at(uow)
    return _rating(await handlers.change(booking.booking_id, rating, version, uow, at))


@as_file(queries, "各基地评价")
@queries.get("/feedback/by-base", summary="各基地评价汇总")
async def list_by_base(
    filters: Annotated[BaseFeedbackFilters, Query()], context: Context, caller: Caller
) -> list[BaseFeedbackView]:
    """Of the days on which ratings were given, Asia/Shanghai."""
    asked = conditions(FeedbackRow, filters, areas_to_list(caller, filters.within))
    async with context.database.sessions() as session:
        return [_summary(row) for row in await feedback.by_base(session, *asked)]


@as_file(queries, "评价")
@queries.get("/feedback", summary="评价列表")
async def list_feedback(
    filters: Annotated[FeedbackFilters, Query()], paging: Paging
) -> Page[FeedbackView]:
    """In the order in which they were given."""
    order = ("given_at", "feedback_id")
    page = await paging.rows(FeedbackRow, filters, order=order)
    return page.of([_view(row) for row in page.items])


def _rating(row: FeedbackRow) -> RatingView:
    return RatingView(**row.model_dump(), verdict=verdict(row.score))


def _view(row: FeedbackRow) -> FeedbackView:
    scores = {f"{aspect}_score": row.aspects.get(aspect) for aspect in FeedbackAspect}
    return FeedbackView(**row.model_dump() | scores, verdict=verdict(row.score))


def _summary(row: dict[str, Any]) -> BaseFeedbackView:
    averages = {
        name: None if row[name] is None else round(row[name], 2)
        for name in ("average", "venue", "guiding", "service")
    }
    percent = round(100 * row["satisfied"] / row["count"], 1)
    return BaseFeedbackView(**row | averages | {"satisfied_percent": percent})


routers = (commands, queries)
