"""The quarters of an hour that a booking of a shared venue counts in."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.bases.tables.slots import BUCKET, buckets
from services.chassis.clock import LOCAL

NINE = datetime(2026, 5, 1, 9, tzinfo=LOCAL)
FIRST, LAST = datetime(2000, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001  hypothesis adds the zone
starts = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
lengths = st.timedeltas(timedelta(microseconds=1), timedelta(hours=32))


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [(0, 60, 4), (0, 61, 5), (1, 60, 4), (14, 16, 2), (0, 15, 1), (15, 30, 1), (7, 8, 1)],
)
def test_touching_a_quarter_takes_it_and_its_end_is_free(since, until, count):
    taken = buckets(NINE + timedelta(minutes=since), NINE + timedelta(minutes=until))

    assert len(taken) == count


@given(starts, lengths)
def test_quarters_cover_the_time_without_gap_and_touch_it(start, length):
    end = start + length
    taken = buckets(start, end)

    assert taken[0] <= start < taken[0] + BUCKET
    assert taken[-1] < end <= taken[-1] + BUCKET
    assert all(b - a == BUCKET for a, b in pairwise(taken))
    assert all(bucket.timestamp() % BUCKET.total_seconds() == 0 for bucket in taken)


@given(starts, lengths, st.integers(-14 * 4, 14 * 4))
def test_quarters_are_the_same_instants_in_every_zone(start, length, quarters):
    zone = LOCAL if quarters % 2 else UTC
    given_there = buckets(start.astimezone(zone), (start + length).astimezone(zone))

    assert [b.astimezone(UTC) for b in given_there] == buckets(start, start + length)


@given(starts, lengths, lengths)
def test_bookings_that_overlap_share_a_quarter(start, length, later):
    if later < length:
        shared = set(buckets(start, start + length)) & set(
            buckets(start + later, start + later + length)
        )
        assert shared


def test_no_time_takes_nothing():
    assert buckets(NINE, NINE) == []
