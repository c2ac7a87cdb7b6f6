"""Builders: valid by default, so a test states only what it is about."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.kinds import BookingStatus, Channel, Sharing, VisitorLevel
from services.bases.domain.bookings import Booking, RequestBooking, Venue

NINE = datetime(2030, 5, 6, 1, 0, tzinfo=UTC)
"""09:00 in Shanghai."""
HOUR = timedelta(hours=1)
THE_DAY_BEFORE = NINE - timedelta(days=1)
COMMUNITY = "410305001001"


def venue(**given: Any) -> Venue:
    return Venue(
        **{
            "venue_id": UUID(int=2),
            "base_id": UUID(int=1),
            "base_kind": "red",
            "area": COMMUNITY,
            "capacity": 40,
            "sharing": Sharing.EXCLUSIVE,
            "buffer": timedelta(minutes=15),
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
            "status": BookingStatus.CONFIRMED,
            "actual_headcount": None,
            "version": 2,
        }
        | given
    )
