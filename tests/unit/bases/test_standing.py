"""Who waits after missed bookings, and the weeks, months and years that quotas count in."""

from datetime import date, datetime, timedelta

import pytest

from contracts.kinds.bases import QuotaSpan
from services.bases.domain.bookings.refusals import OrganisationWaits
from services.bases.domain.bookings.standing import begins, check_standing, waits_until
from services.bases.domain.bookings.terms import Breaches
from services.chassis.clock import LOCAL

RULE = Breaches(times=3, within_days=10, waiting_days=30, late_cancellations=True)
FIRST = datetime(2026, 3, 1, 9, tzinfo=LOCAL)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("missed", "last"),
    [
        ([], None),
        ([0, 5], None),
        ([0, 5, 10], 10),
        ([0, 5, 11], None),
        ([10, 0, 5], 10),
        ([0, 5, 10, 12], 12),
        ([0, 5, 10, 40], 10),
    ],
)
def test_waiting_begins_with_the_breach_that_fills_the_number(missed, last):
    breaches = [FIRST + DAY * each for each in missed]

    until = None if last is None else FIRST + DAY * (last + 30)
    assert waits_until(breaches, RULE) == until


def test_whoever_waits_is_told_until_when_and_books_again_at_that_instant():
    breaches = [FIRST, FIRST + DAY, FIRST + 2 * DAY]
    until = FIRST + 32 * DAY

    with pytest.raises(OrganisationWaits) as refused:
        check_standing(breaches, RULE, until - timedelta(microseconds=1))
    assert refused.value.facts["until"] == until.isoformat()
    check_standing(breaches, RULE, until)


def test_breaches_to_come_count_for_nothing_that_was_filed_before_them():
    check_standing([FIRST, FIRST + DAY, FIRST + 2 * DAY], RULE, FIRST + DAY)


@pytest.mark.parametrize(
    ("span", "day", "first"),
    [
        (QuotaSpan.WEEK, "2026-06-14T23:59", "2026-06-08"),
        (QuotaSpan.WEEK, "2026-06-15T00:00", "2026-06-15"),
        (QuotaSpan.WEEK, "2027-01-01T12:00", "2026-12-28"),
        (QuotaSpan.MONTH, "2028-02-29T12:00", "2028-02-01"),
        (QuotaSpan.MONTH, "2026-12-31T23:59", "2026-12-01"),
        (QuotaSpan.YEAR, "2028-12-31T23:59", "2028-01-01"),
        (QuotaSpan.YEAR, "2027-01-01T00:00", "2027-01-01"),
    ],
)
def test_weeks_begin_on_monday_and_all_spans_by_the_clock_of_the_office(span, day, first):
    found = begins(span, datetime.fromisoformat(day).replace(tzinfo=LOCAL))

    assert str(found) == first


def test_an_evening_in_utc_is_a_morning_of_the_next_day_here():
    assert begins(QuotaSpan.MONTH, datetime.fromisoformat("2026-05-31T16:00+00:00")) == date(
        2026, 6, 1
    )
