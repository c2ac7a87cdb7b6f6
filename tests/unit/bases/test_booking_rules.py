from datetime import timedelta
from uuid import UUID

import pytest

from contracts.kinds import BookingStatus, CancelReason
from services.bases.domain.bookings import (
    EARLY_CHECK_IN,
    LONGEST,
    NEXT,
    ImpossibleTime,
    OverCapacity,
    StepNotAllowed,
    TooEarly,
    TooFarAhead,
    cancel,
    check_in,
    complete,
    confirm,
    held,
    miss,
    request,
)
from tests.unit.bases.build import HOUR, NINE, THE_DAY_BEFORE, booking, venue, wish

MOMENT = timedelta(microseconds=1)
YEAR = timedelta(days=366)


def ask(at=THE_DAY_BEFORE, room=None, horizon=YEAR, **given):
    return request(wish(**given), room or venue(), occurred_at=at, horizon=horizon)


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
    assert ask(ends_at=NINE + LONGEST)
    with pytest.raises(ImpossibleTime):
        ask(ends_at=NINE + LONGEST + MOMENT)


def test_a_booking_is_made_before_it_begins():
    assert ask(at=NINE)
    with pytest.raises(ImpossibleTime) as refused:
        ask(at=NINE + MOMENT)
    assert refused.value.facts["field"] == "starts_at"


def test_bookings_open_a_set_number_of_days_ahead():
    assert ask(at=NINE - timedelta(days=30), horizon=timedelta(days=30))
    with pytest.raises(TooFarAhead) as refused:
        ask(at=NINE - timedelta(days=30) - MOMENT, horizon=timedelta(days=30))
    assert refused.value.facts["days"] == 30


@pytest.mark.parametrize(("headcount", "fits"), [(40, True), (41, False)])
def test_the_headcount_stays_within_the_venue(headcount, fits):
    if fits:
        assert ask(headcount=headcount)
    else:
        with pytest.raises(OverCapacity) as refused:
            ask(headcount=headcount)
        assert refused.value.facts["capacity"] == 40


def test_the_buffer_is_held_behind_the_booking():
    assert held(wish(), venue()) == (NINE, NINE + HOUR + timedelta(minutes=15))


STEPS = {
    BookingStatus.CONFIRMED: confirm,
    BookingStatus.CANCELLED: lambda b: cancel(b, CancelReason.WEATHER),
    BookingStatus.CHECKED_IN: lambda b: check_in(b, 18, 40, occurred_at=NINE),
    BookingStatus.COMPLETED: lambda b: complete(b, 18, UUID(int=9), occurred_at=NINE + HOUR),
    BookingStatus.NO_SHOW: lambda b: miss(b, occurred_at=NINE + HOUR),
}


@pytest.mark.parametrize("was", BookingStatus)
@pytest.mark.parametrize("to", list(STEPS))
def test_only_the_listed_steps_are_taken(was, to):
    if to in NEXT[was]:
        assert STEPS[to](booking(status=was))
    else:
        with pytest.raises(StepNotAllowed) as refused:
            STEPS[to](booking(status=was))
        assert refused.value.facts == {"state": was, "allowed": sorted(NEXT[was])}


def test_every_booking_can_come_to_an_end():
    ends = {status for status, steps in NEXT.items() if not steps}
    assert ends == {BookingStatus.COMPLETED, BookingStatus.CANCELLED, BookingStatus.NO_SHOW}
    for status in BookingStatus:
        reached, frontier = set(), {status}
        while frontier:
            reached |= frontier
            frontier = set().union(*(NEXT[s] for s in frontier)) - reached
        assert reached & ends


def test_visitors_may_be_checked_in_a_little_early_but_not_the_day_before():
    assert check_in(booking(), 18, 40, occurred_at=NINE - EARLY_CHECK_IN)
    with pytest.raises(TooEarly):
        check_in(booking(), 18, 40, occurred_at=NINE - EARLY_CHECK_IN - MOMENT)


def test_more_may_come_than_booked_but_not_more_than_the_venue_holds():
    assert check_in(booking(headcount=20), 40, 40, occurred_at=NINE).actual_headcount == 40
    with pytest.raises(OverCapacity):
        check_in(booking(headcount=20), 41, 40, occurred_at=NINE)


def test_nobody_is_missing_before_the_booking_begins():
    assert miss(booking(), occurred_at=NINE)
    with pytest.raises(TooEarly):
        miss(booking(), occurred_at=NINE - MOMENT)


def test_a_completed_booking_becomes_a_visit_with_the_headcount_of_the_check_in():
    came = booking(status=BookingStatus.CHECKED_IN, actual_headcount=18)

    done, visit = complete(came, None, UUID(int=9), occurred_at=NINE + HOUR)

    assert (done.actual_headcount, done.visit_id) == (18, UUID(int=9))
    assert (visit.actual_headcount, visit.planned_headcount) == (18, 20)
    assert (visit.booking_id, visit.organisation_id) == (came.booking_id, came.organisation_id)
    assert (visit.started_at, visit.ended_at) == (NINE, NINE + HOUR)


def test_completion_may_correct_the_headcount():
    came = booking(status=BookingStatus.CHECKED_IN, actual_headcount=18)

    done, visit = complete(came, 17, UUID(int=9), occurred_at=NINE + HOUR)

    assert (done.actual_headcount, visit.actual_headcount) == (17, 17)


def test_a_visit_never_ends_before_it_began():
    came = booking(status=BookingStatus.CHECKED_IN, actual_headcount=18)

    _, visit = complete(came, None, UUID(int=9), occurred_at=NINE - HOUR)

    assert visit.ended_at == NINE
