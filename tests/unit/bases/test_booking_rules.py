from datetime import timedelta
from uuid import UUID

import pytest

from contracts.kinds import BookingStatus, CancelReason, VisitorLevel
from services.bases.domain.bookings.ask import held, request
from services.bases.domain.bookings.refusals import (
    ImpossibleTime,
    OverCapacity,
    SecondApprover,
    TooEarly,
    TooFarAhead,
    TooLate,
    TooLittleNotice,
)
from services.bases.domain.bookings.steps import (
    approve,
    cancel,
    check_in,
    complete,
    miss,
)
from services.bases.domain.bookings.terms import BookingTerms
from tests.unit.bases.build import HOUR, NINE, THE_DAY_BEFORE, booking, occasion, venue, wish

MOMENT = timedelta(microseconds=1)
TERMS = BookingTerms()
EARLY_CHECK_IN = timedelta(minutes=TERMS.check_in_minutes)


def ask(at=THE_DAY_BEFORE, terms=TERMS, **given):
    return request(wish(**given), occasion(terms), at=at).event


def test_a_request_repeats_all_that_a_reader_needs():
    event = ask()

    assert (event.base_kind, event.area) == ("red", "410305001001")
    assert (event.starts_at, event.ends_at, event.headcount) == (NINE, NINE + HOUR, 20)


@pytest.mark.parametrize("ends_at", [NINE, NINE - MOMENT])
def test_a_booking_ends_after_it_begins(ends_at):
    with pytest.raises(ImpossibleTime) as refused:
        ask(ends_at=ends_at)
    assert refused.value.facts["field"] == "ends_at"


def test_a_booking_lasts_up_to_a_day():
    day = timedelta(days=1)
    assert ask(ends_at=NINE + day)
    with pytest.raises(ImpossibleTime):
        ask(ends_at=NINE + day + MOMENT)


def test_a_booking_is_made_before_it_begins():
    at_once = BookingTerms(notice_minutes=0)
    assert ask(at=NINE, terms=at_once)
    with pytest.raises(ImpossibleTime) as refused:
        ask(at=NINE + MOMENT, terms=at_once)
    assert refused.value.facts["field"] == "starts_at"


def test_bookings_open_a_set_number_of_days_ahead():
    month = BookingTerms(horizon_days=30)
    assert ask(at=NINE - timedelta(days=30), terms=month)
    with pytest.raises(TooFarAhead) as refused:
        ask(at=NINE - timedelta(days=30) - MOMENT, terms=month)
    assert refused.value.facts["days"] == 30


def test_notice_and_horizon_limits_let_the_last_moment_pass():
    assert ask(at=NINE - HOUR)
    with pytest.raises(TooLittleNotice) as refused:
        ask(at=NINE - HOUR + MOMENT)
    assert refused.value.facts["field"] == "starts_at"


@pytest.mark.parametrize(("headcount", "fits"), [(40, True), (41, False)])
def test_the_headcount_stays_within_the_venue(headcount, fits):
    if fits:
        assert ask(headcount=headcount)
    else:
        with pytest.raises(OverCapacity) as refused:
            ask(headcount=headcount)
        assert refused.value.facts["capacity"] == 40


def test_the_buffer_is_held_behind_the_booking():
    assert held(NINE, NINE + HOUR, venue()) == (NINE, NINE + HOUR + timedelta(minutes=15))


def test_visitors_may_be_checked_in_a_little_early_but_not_the_day_before():
    assert check_in(booking(), 18, 40, TERMS, at=NINE - EARLY_CHECK_IN)
    with pytest.raises(TooEarly):
        check_in(booking(), 18, 40, TERMS, at=NINE - EARLY_CHECK_IN - MOMENT)


def test_more_may_come_than_booked_but_not_more_than_the_venue_holds():
    assert check_in(booking(headcount=20), 40, 40, TERMS, at=NINE).actual_headcount == 40
    with pytest.raises(OverCapacity):
        check_in(booking(headcount=20), 41, 40, TERMS, at=NINE)


def test_nobody_is_missing_before_the_booking_begins():
    assert miss(booking(), at=NINE)
    with pytest.raises(TooEarly):
        miss(booking(), at=NINE - MOMENT)


def test_a_completed_booking_becomes_a_visit_with_the_headcount_of_the_check_in():
    came = booking(status=BookingStatus.CHECKED_IN, actual_headcount=18)

    done, visit = complete(came, None, UUID(int=9), at=NINE + HOUR)

    assert (done.actual_headcount, done.visit_id) == (18, UUID(int=9))
    assert (visit.actual_headcount, visit.planned_headcount) == (18, 20)
    assert (visit.booking_id, visit.organisation_id) == (came.booking_id, came.organisation_id)
    assert (visit.started_at, visit.ended_at) == (NINE, NINE + HOUR)


def test_completion_may_correct_the_headcount():
    came = booking(status=BookingStatus.CHECKED_IN, actual_headcount=18)

    done, visit = complete(came, 17, UUID(int=9), at=NINE + HOUR)

    assert (done.actual_headcount, visit.actual_headcount) == (17, 17)


def test_a_visit_never_ends_before_it_began():
    came = booking(status=BookingStatus.CHECKED_IN, actual_headcount=18)

    _, visit = complete(came, None, UUID(int=9), at=NINE - HOUR)

    assert visit.ended_at == NINE


def test_two_step_approval_takes_two_persons():
    asked = booking(status=BookingStatus.PENDING, steps=2)
    endorsed = booking(status=BookingStatus.ENDORSED, steps=2)

    assert approve(asked, actor="first", endorsed_by=None).names()[2] == "endorsed"
    with pytest.raises(SecondApprover):
        approve(endorsed, actor="first", endorsed_by="first")
    assert approve(endorsed, actor="second", endorsed_by="first").names()[2] == "confirmed"


def test_one_step_is_enough_where_the_rule_asks_for_no_second():
    asked = booking(status=BookingStatus.PENDING, steps=1)

    assert approve(asked, actor="first", endorsed_by=None).names()[2] == "confirmed"


@pytest.mark.parametrize(
    ("given", "steps"),
    [
        ({"headcount": 29}, 1),
        ({"headcount": 30}, 2),
        ({"headcount": 1, "visitor_level": VisitorLevel.PROVINCE}, 2),
        ({"headcount": 1, "visitor_level": VisitorLevel.DISTRICT}, 1),
    ],
)
def test_large_groups_and_high_visitors_take_two_steps(given, steps):
    terms = BookingTerms(second_step_headcount=30, second_step_levels=(VisitorLevel.PROVINCE,))

    assert request(wish(**given), occasion(terms), at=THE_DAY_BEFORE).steps == steps


def test_visitors_cancel_until_it_begins_and_are_late_in_the_last_day():
    day = timedelta(days=1)

    assert not cancel(booking(), CancelReason.BY_VISITOR, TERMS, at=NINE - day).late
    assert cancel(booking(), CancelReason.BY_VISITOR, TERMS, at=NINE - day + MOMENT).late
    with pytest.raises(TooLate):
        cancel(booking(), CancelReason.BY_VISITOR, TERMS, at=NINE)


def test_the_base_cancels_at_any_time_and_nobody_is_late():
    assert not cancel(booking(), CancelReason.BY_BASE, TERMS, at=NINE + HOUR).late
