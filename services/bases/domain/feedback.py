"""What visitors say of a visit: one rating a booking, from 1 to 5."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import Field

from contracts.bases.feedback import BookingFeedbackChanged, BookingFeedbackGiven
from contracts.kinds import BookingStatus
from contracts.kinds.alerts import Severity
from contracts.kinds.feedback import FeedbackAspect, FeedbackVerdict
from services.bases.domain.bookings.model import Booking
from services.chassis.clock import business_date
from services.chassis.errors import Conflict
from services.chassis.rules import Rule, Stated

SINCE = date(2012, 1, 1)
"""Before the first entry of any ledger."""

SATISFIED_FROM = 4
"""Of 5: the field calls 4 and 5 满意."""


class FeedbackWindow(Rule):
    code = "booking.feedback"
    label = "评价可修改的期限"

    days: int = Field(ge=0, le=366, title="可修改天数", description="After the day it was given.")

    def last_day(self, given_on: date) -> date:
        return given_on + timedelta(days=self.days)


class NotCompleted(Conflict):
    code = "visit-not-completed"
    title, title_zh = "Only a completed visit is rated", "完成接待后才能评价"


class FeedbackGivenAlready(Conflict):
    code = "feedback-given"
    title, title_zh = "The visit was rated", "该预约已评价"


class FeedbackFixed(Conflict):
    code = "feedback-fixed"
    title, title_zh = "The rating is no longer changed", "评价已过可修改期限"


RULES: tuple[type[Rule], ...] = (FeedbackWindow,)

SEEDS = (
    Stated(
        FeedbackWindow(days=7), "1", SINCE, Severity.BLOCK, "示范数值，由区县按场馆管理办法发布"
    ),
)


@dataclass(frozen=True, kw_only=True)
class Rating:
    """What is said; `comment` stays in the table."""

    score: int
    aspects: Mapping[FeedbackAspect, int]
    comment: str | None = None


def verdict(score: int) -> FeedbackVerdict:
    if score >= SATISFIED_FROM:
        return FeedbackVerdict.SATISFIED
    if score == SATISFIED_FROM - 1:
        return FeedbackVerdict.NEUTRAL
    return FeedbackVerdict.DISSATISFIED


def give(
    booking: Booking, rating: Rating, feedback_id: UUID, *, on_behalf: bool
) -> BookingFeedbackGiven:
    """Raises `NotCompleted`."""
    if booking.status is not BookingStatus.COMPLETED:
        raise NotCompleted(
            f"The booking is {booking.status}.",
            zh=f"预约{booking.status.label}，完成接待后才能评价。",
            state=booking.status,
        )
    return BookingFeedbackGiven(
        feedback_id=feedback_id,
        on_behalf=on_behalf,
        score=rating.score,
        verdict=verdict(rating.score),
        aspects=dict(rating.aspects),
        **{name: getattr(booking, name) for name in OF_BOOKING},
    )


OF_BOOKING = (
    *("area", "booking_id", "base_id", "base_kind", "venue_id", "organisation_id"),
    *("channel", "visitor_level", "menu_item_id", "menu_item_kind"),
)
"""What a rating repeats of its booking."""


def change(
    was: BookingFeedbackGiven, rating: Rating, given_at: datetime, rule: FeedbackWindow, *,
    at: datetime,
) -> BookingFeedbackChanged:  # fmt: skip
    """Raises `FeedbackFixed` after the days that the rule gives."""
    last = rule.last_day(business_date(given_at))
    if business_date(at) > last:
        raise FeedbackFixed(
            f"It could be changed until {last}.",
            zh=f"评价只能在 {last} 及以前修改。",
            last=str(last),
        )
    said = {
        "score": rating.score,
        "verdict": verdict(rating.score),
        "aspects": dict(rating.aspects),
        "was_score": was.score,
        "was_verdict": was.verdict,
    }
    return BookingFeedbackChanged.model_validate(dict(was) | said)
