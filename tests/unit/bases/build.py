"""Builders: valid by default, so a test states only what it is about."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from contracts.kinds import BookingStatus, Channel, Sharing, VisitorLevel
from services.bases.domain.bookings.model import Booking, Occasion, RequestBooking, Venue
from services.bases.domain.bookings.terms import REQUEST, SEEDS, BookingTerms
from services.bases.domain.opening import Timetable
from services.chassis.rules import Book, Rule
from services.chassis.state import State
from services.chassis.working_days import WorkingCalendar

S = TypeVar("S", bound=State)

NINE = datetime(2030, 5, 6, 1, 0, tzinfo=UTC)
"""09:00 in Shanghai."""
HOUR = timedelta(hours=1)
THE_DAY_BEFORE = NINE - timedelta(days=1)
COMMUNITY = "410305001001"

NO_HOLIDAYS = WorkingCalendar(frozenset(range(2029, 2032)), {})
SEEDED = {type(stated.rule): stated.rule for stated in SEEDS}


def but(state: S, **changes: Any) -> S:
    """As it is with `changes`, which are not validated."""
    return state.model_copy(update=changes)


def venue(**given: Any) -> Venue:
    return Venue(
        **{
            "venue_id": UUID(int=2),
            "base_id": UUID(int=1),
            "base_kind": "red",
            "area": COMMUNITY,
            "kind": "hall",
            "capacity": 40,
            "sharing": Sharing.EXCLUSIVE,
            "buffer": timedelta(minutes=15),
        }
        | given
    )


def occasion(*rules: Rule, **given: Any) -> Occasion:
    """The seeded rules but for `rules`, in years without holidays."""
    stated = SEEDED | {type(rule): rule for rule in rules}
    terms = stated[BookingTerms]
    assert isinstance(terms, BookingTerms)
    assert set(stated) == set(REQUEST)
    return Occasion(
        **{
            "venue": venue(),
            "timetable": Timetable(NO_HOLIDAYS),
            "terms": terms,
            "book": Book.of(*stated.values()),
        }
        | given
    )


def wish(**given: Any) -> RequestBooking:
    return RequestBooking(
        **{
            "booking_id": UUID(int=3),
            "venue_id": UUID(int=2),
            "organisation_id": UUID(int=4),
            "starts_at": NINE,
            "ends_at": NINE + HOUR,
            "headcount": 20,
            "channel": Channel.WEB,
            "visitor_level": VisitorLevel.CITY,
        }
        | given
    )


def booking(**given: Any) -> Booking:
    return Booking(
        **{
            "booking_id": UUID(int=3),
            "base_id": UUID(int=1),
            "base_kind": "red",
            "area": COMMUNITY,
            "venue_id": UUID(int=2),
            "organisation_id": UUID(int=4),
            "starts_at": NINE,
            "ends_at": NINE + HOUR,
            "headcount": 20,
            "channel": Channel.WEB,
            "visitor_level": VisitorLevel.CITY,
            "on_behalf": True,
            "off_day": False,
            "menu_item_id": None,
            "menu_item_kind": None,
            "series_id": None,
            "package_booking_id": None,
            "steps": 1,
            "status": BookingStatus.CONFIRMED,
            "actual_headcount": None,
            "version": 2,
        }
        | given
    )
