"""What follows from a booking's steps, how notices read, what ratings and contacts go by."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.bases.bookings import (
    BookingCancelled,
    BookingCheckedIn,
    BookingConfirmed,
    BookingEvent,
    BookingMissed,
    BookingRescheduled,
)
from contracts.kinds import BookingStatus, CancelReason
from contracts.kinds.feedback import FeedbackAspect, FeedbackVerdict
from contracts.kinds.notices import NoticeKind
from services.bases.domain import feedback, notices, policies
from services.bases.domain.contacts import ContactRetention
from services.bases.domain.feedback import FeedbackFixed, FeedbackWindow, NotCompleted, Rating
from services.bases.domain.notices import BookingReminder, Message
from tests.unit.bases.build import HOUR, NINE, THE_DAY_BEFORE, booking


def event(kind: type[BookingEvent], **more: Any) -> Any:
    return kind.model_validate(booking().facts() | more)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        (CancelReason.BY_VISITOR, NoticeKind.CANCELLED),
        (CancelReason.BY_BASE, NoticeKind.CANCELLED_BY_BASE),
        (CancelReason.WEATHER, NoticeKind.CANCELLED_BY_BASE),
        (CancelReason.ENTERED_WRONGLY, None),
    ],
)
def test_who_cancelled_decides_what_is_told(reason: CancelReason, kind: NoticeKind | None) -> None:
    assert policies.notice_of(event(BookingCancelled, reason=reason), THE_DAY_BEFORE) == kind


def test_what_was_entered_after_it_began_is_told_to_nobody() -> None:
    confirmed = event(BookingConfirmed)

    assert policies.notice_of(confirmed, NINE) is NoticeKind.CONFIRMED
    assert policies.notice_of(confirmed, NINE + timedelta(seconds=1)) is None
    assert policies.notice_of(event(BookingCheckedIn, actual_headcount=3), THE_DAY_BEFORE) is None


def test_what_gives_its_slot_back_or_moves_away_frees_where_it_was() -> None:
    was = {
        "was_starts_at": NINE - HOUR,
        "was_ends_at": NINE,
        "was_venue_id": UUID(int=7),
        "was_headcount": 5,
        "was_off_day": False,
    }

    moved = policies.freed(event(BookingRescheduled, **was))
    missed = policies.freed(event(BookingMissed))

    assert moved == policies.Freed(UUID(int=7), NINE - HOUR, NINE)
    assert missed == policies.Freed(UUID(int=2), NINE, NINE + HOUR)
    assert policies.freed(event(BookingConfirmed)) is None


@pytest.mark.parametrize("late", [True, False])
def test_a_no_show_and_a_late_cancellation_may_lead_to_waiting(late: bool) -> None:  # noqa: FBT001
    cancelled = event(BookingCancelled, reason=CancelReason.BY_VISITOR, late=late)

    assert policies.may_lead_to_waiting(cancelled) is late
    assert policies.may_lead_to_waiting(event(BookingMissed))


def message(**given: Any) -> Message:
    return Message(
        **{
            "organisation": "第一党支部",
            "base": "红色基地",
            "venue": "展厅",
            "starts_at": NINE,
            "ends_at": NINE + HOUR,
            "headcount": 20,
            "until": NINE - 2 * HOUR,
        }
        | given
    )


def test_an_offer_says_what_where_when_for_how_many_and_until_when() -> None:
    assert notices.rendered(NoticeKind.OFFER, message()) == (
        "第一党支部：候补的 红色基地展厅 2030年5月6日 09:00–10:00（20人）已有名额，"
        "请于 2030年5月6日 07:00 前答复。"
    )


def test_a_night_says_both_days() -> None:
    text = notices.rendered(NoticeKind.CONFIRMED, message(ends_at=NINE + 20 * HOUR, venue=None))

    assert "红色基地 2030年5月6日 09:00–2030年5月7日 05:00" in text


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_kind_of_notice_has_a_wording_that_is_filled(kind: NoticeKind) -> None:
    text = notices.rendered(kind, message())

    assert text.startswith("第一党支部：")
    assert text.endswith("。")
    assert "{" not in text


def test_reminders_are_due_the_hours_of_the_rule_before_and_none_for_nought() -> None:
    assert BookingReminder(hours=24).until(NINE) == NINE + 24 * HOUR
    assert BookingReminder(hours=0).until(NINE) is None


def test_a_contact_is_kept_for_the_days_of_the_rule() -> None:
    assert ContactRetention(days=30).ended_by(NINE) == NINE - timedelta(days=30)


@pytest.mark.parametrize(
    ("score", "verdict"),
    [
        (5, FeedbackVerdict.SATISFIED),
        (4, FeedbackVerdict.SATISFIED),
        (3, FeedbackVerdict.NEUTRAL),
        (2, FeedbackVerdict.DISSATISFIED),
        (1, FeedbackVerdict.DISSATISFIED),
    ],
)
def test_four_and_five_are_satisfied(score: int, verdict: FeedbackVerdict) -> None:
    assert feedback.verdict(score) is verdict


RATING = Rating(score=4, aspects={FeedbackAspect.VENUE: 5}, comment="测试意见")


@pytest.mark.parametrize(
    "status", [each for each in BookingStatus if each is not BookingStatus.COMPLETED]
)
def test_only_what_was_completed_is_rated(status: BookingStatus) -> None:
    with pytest.raises(NotCompleted):
        feedback.give(booking(status=status), RATING, UUID(int=8), on_behalf=False)


def test_a_rating_says_scores_and_no_words() -> None:
    done = booking(status=BookingStatus.COMPLETED)

    given = feedback.give(done, RATING, UUID(int=8), on_behalf=True)

    assert (given.score, given.aspects) == (4, {FeedbackAspect.VENUE: 5})
    assert "测试意见" not in given.model_dump_json()


def test_a_rating_changes_up_to_the_last_day_of_the_rule() -> None:
    done = booking(status=BookingStatus.COMPLETED)
    was = feedback.give(done, RATING, UUID(int=8), on_behalf=True)
    rule, worse = FeedbackWindow(days=7), Rating(score=2, aspects={})

    changed = feedback.change(was, worse, NINE, rule, at=NINE + timedelta(days=7))

    assert (changed.score, changed.was_score, changed.was_verdict) == (2, 4, "satisfied")
    assert rule.last_day(date(2030, 5, 6)) == date(2030, 5, 13)
    with pytest.raises(FeedbackFixed):
        feedback.change(was, worse, NINE, rule, at=NINE + timedelta(days=8))
