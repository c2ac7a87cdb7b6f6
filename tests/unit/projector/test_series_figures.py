"""Figures of series and package bookings: what was asked for in one piece."""

from collections import Counter
from typing import Any

from contracts.bases.series import (
    PackageBookingCancelled,
    PackageBookingRequested,
    SeriesCancelled,
    SeriesChanged,
    SeriesRequested,
)
from contracts.event import Event
from services.projector.fold import tell
from tests.unit.projector.build import COMMUNITY, JUNE, Log, an_id

SERIES: dict[str, Any] = {
    "area": COMMUNITY,
    "series_id": an_id("系列甲"),
    "base_id": an_id("基地甲"),
    "base_kind": "red",
    "venue_id": an_id("展厅甲"),
    "organisation_id": an_id("支部甲"),
    "channel": "form",
    "visitor_level": "community",
    "on_behalf": True,
    "every": "week",
    "interval": 1,
    "weekdays": ["monday"],
    "first_day": "2019-06-10",
    "last_day": "2019-07-29",
}
PACKAGE: dict[str, Any] = {
    "area": COMMUNITY,
    "package_booking_id": an_id("套餐预约甲"),
    "package_id": an_id("套餐甲"),
    "base_id": an_id("基地甲"),
    "base_kind": "red",
    "organisation_id": an_id("支部甲"),
    "starts_at": JUNE,
    "ends_at": JUNE,
    "headcount": 20,
    "channel": "web",
    "visitor_level": "city",
    "on_behalf": False,
    "parts": 5,
}


def totals(*events: Event) -> Counter[str]:
    total: Counter[str] = Counter()
    log = Log()
    for event in events:
        told = tell(log.write(event).body.encode())
        assert told.problem is None
        for fact in told.facts:
            total[fact.figure] += fact.amount
    return total


def test_a_series_counts_once_and_its_bookings_as_many_as_were_made():
    found = totals(
        SeriesRequested(**SERIES, booked=7, skipped=1),
        SeriesRequested(**SERIES | {"series_id": an_id("系列乙")}, booked=5, skipped=0),
        SeriesChanged(**SERIES, scope="all", moved=7, kept=0),
        SeriesCancelled(**SERIES, scope="all", reason="by-base", cancelled=7),
    )

    assert found == {"bases.series": 2, "bases.series_bookings": 12}


def test_a_package_booking_counts_once_whatever_the_number_of_its_parts():
    found = totals(
        PackageBookingRequested(**PACKAGE),
        PackageBookingCancelled(**PACKAGE, reason="weather", cancelled=5),
    )

    assert found == {"bases.package_bookings": 1}
