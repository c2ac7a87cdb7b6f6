"""What the waiting list, notices and ratings add to the figures."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.bases.feedback import BookingFeedbackChanged, BookingFeedbackGiven
from contracts.bases.notices import NoticeDelivered, NoticeIssued
from contracts.bases.waitlist import (
    WaitlistAccepted,
    WaitlistDeclined,
    WaitlistExpired,
    WaitlistJoined,
    WaitlistLapsed,
    WaitlistLeft,
    WaitlistOffered,
    WaitlistWithdrawn,
)
from contracts.event import Event
from contracts.kinds import Channel, VisitorLevel
from contracts.kinds.notices import DeliveryChannel, NoticeKind
from services.projector.declare import Ratio
from services.projector.figures import CATALOGUE
from services.projector.fold import SEPARATOR, tell
from tests.unit.projector.build import COMMUNITY, JUNE, Log, an_id

AT: dict[str, Any] = {
    "area": COMMUNITY,
    "base_id": an_id("基地甲"),
    "organisation_id": an_id("支部甲"),
    "venue_id": an_id("展厅甲"),
}
HOUR: dict[str, Any] = {"starts_at": JUNE, "ends_at": JUNE + timedelta(hours=1)}
ENTRY: dict[str, Any] = (
    AT
    | HOUR
    | {
        "entry_id": an_id("候补甲"),
        "base_kind": "red",
        "earliest_at": JUNE,
        "latest_at": JUNE + timedelta(hours=1),
        "headcount": 20,
        "channel": Channel.PHONE,
        "visitor_level": VisitorLevel.CITY,
        "on_behalf": True,
    }
)
OFFER: dict[str, Any] = ENTRY | {
    "booking_id": an_id("预约甲"),
    "offered_venue_id": an_id("展厅甲"),
    "offered_starts_at": JUNE,
    "offered_ends_at": JUNE + timedelta(hours=1),
    "expires_at": JUNE,
}
NOTICE: dict[str, Any] = (
    AT
    | HOUR
    | {
        "notice_id": an_id("通知甲"),
        "kind": NoticeKind.REMINDER,
        "booking_id": an_id("预约甲"),
        "due_at": JUNE,
    }
)


def rating(score: int, verdict: str, **more: Any) -> dict[str, Any]:
    return (
        AT
        | {
            "feedback_id": an_id("评价甲"),
            "booking_id": an_id("预约甲"),
            "base_kind": "red",
            "channel": Channel.WEB,
            "visitor_level": VisitorLevel.CITY,
            "score": score,
            "verdict": verdict,
            "aspects": {},
            "on_behalf": False,
        }
        | more
    )


def amounts(event: Event) -> dict[tuple[str, str], int]:
    told = tell(Log().write(event, JUNE).body.encode())
    assert told.problem is None
    found: dict[tuple[str, str], int] = {}
    for fact in told.facts:
        key = (fact.figure.removeprefix("bases."), fact.dims.replace(SEPARATOR, "/"))
        found[key] = found.get(key, 0) + fact.amount
    return found


@pytest.mark.parametrize(
    ("event", "figure"),
    [
        (WaitlistJoined(**ENTRY), "waitlist_joined"),
        (WaitlistOffered(**OFFER), "waitlist_offers"),
        (WaitlistAccepted(**OFFER), "waitlist_accepted"),
        (WaitlistDeclined(**OFFER), "waitlist_declined"),
        (WaitlistExpired(**OFFER), "waitlist_expired"),
        (WaitlistLeft(**ENTRY), "waitlist_unserved"),
        (WaitlistLapsed(**ENTRY), "waitlist_unserved"),
    ],
)
def test_every_step_of_the_waiting_list_is_counted(event: Event, figure: str) -> None:
    assert amounts(event) == {(figure, "phone/city/red"): 1}


def test_an_offer_taken_back_by_the_base_is_no_outcome() -> None:
    assert amounts(WaitlistWithdrawn(**OFFER)) == {}


def test_notices_are_counted_by_kind_and_by_how_they_were_delivered() -> None:
    assert amounts(NoticeIssued(**NOTICE)) == {("notices", "reminder"): 1}
    delivered = NoticeDelivered(**NOTICE, channel=DeliveryChannel.SMS)
    assert amounts(delivered) == {("notices_delivered", "reminder/sms"): 1}


def test_a_rating_counts_its_score_and_whether_they_were_satisfied() -> None:
    assert amounts(BookingFeedbackGiven(**rating(4, "satisfied"))) == {
        ("feedback", "satisfied/city/red"): 1,
        ("feedback_score", "city/red"): 4,
        ("feedback_satisfied", "city/red"): 1,
    }
    assert amounts(BookingFeedbackGiven(**rating(3, "neutral"))) == {
        ("feedback", "neutral/city/red"): 1,
        ("feedback_score", "city/red"): 3,
    }


def test_a_changed_rating_takes_back_what_it_was() -> None:
    was = {"was_score": 2, "was_verdict": "dissatisfied"}

    assert amounts(BookingFeedbackChanged(**rating(5, "satisfied", **was))) == {
        ("feedback", "satisfied/city/red"): 1,
        ("feedback", "dissatisfied/city/red"): -1,
        ("feedback_score", "city/red"): 3,
        ("feedback_satisfied", "city/red"): 1,
    }


def test_averages_and_shares_are_of_the_right_parts() -> None:
    parts = {
        "waitlist_conversion": (("waitlist_accepted",), ("waitlist_joined",), 100),
        "feedback_average": (("feedback_score",), ("feedback",), 1),
        "feedback_satisfaction": (("feedback_satisfied",), ("feedback",), 100),
        "notices_delivered_rate": (("notices_delivered",), ("notices",), 100),
    }
    for key, (over, under, scale) in parts.items():
        figure = CATALOGUE.of(f"bases.{key}", Ratio)
        assert figure.over == tuple(f"bases.{part}" for part in over)
        assert figure.under == tuple(f"bases.{part}" for part in under)
        assert figure.scale == scale
