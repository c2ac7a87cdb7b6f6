"""Who fits into what is free, how long an offer stands, what waiting does not cure."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.kinds import Channel, Sharing, VisitorLevel
from contracts.kinds.waitlist import EntryStatus
from services.bases.domain.bookings.refusals import OrganisationWaits, VenueRetired
from services.bases.domain.opening import Hours, NotOpen, Timetable
from services.bases.domain.waitlist import entries
from services.bases.domain.waitlist.entries import (
    Entry,
    Offer,
    OfferExpired,
    WindowWrong,
)
from services.bases.domain.waitlist.terms import WaitlistOffer
from services.bases.domain.waitlist.vacancies import Vacancies
from services.chassis.lifecycle import Step
from services.chassis.working_days import WorkingCalendar
from tests.unit.bases.build import (
    COMMUNITY,
    HOUR,
    NINE,
    NO_HOLIDAYS,
    THE_DAY_BEFORE,
    booking,
    occasion,
    venue,
)

MINUTE = timedelta(minutes=1)
NIGHT = NINE - 9 * HOUR


def an_entry(**given: Any) -> Entry:
    return Entry(
        **{
            "entry_id": UUID(int=9),
            "venue_id": UUID(int=2),
            "base_id": UUID(int=1),
            "base_kind": "red",
            "area": COMMUNITY,
            "menu_item_id": None,
            "organisation_id": UUID(int=4),
            "starts_at": NINE,
            "ends_at": NINE + HOUR,
            "earliest_at": NINE,
            "latest_at": NINE + HOUR,
            "headcount": 20,
            "channel": Channel.PHONE,
            "visitor_level": VisitorLevel.CITY,
            "on_behalf": True,
            "status": EntryStatus.WAITING,
            "booking_id": None,
        }
        | given
    )


def vacancies(**given: Any) -> Vacancies:
    return Vacancies(
        **{
            "venue": venue(),
            "timetable": Timetable(NO_HOLIDAYS),
            "taken": (),
            "places": {},
        }
        | given
    )


FLEXIBLE = an_entry(latest_at=NINE + 4 * HOUR)


def test_a_wish_is_had_as_it_was_wished_before_any_other_time() -> None:
    earlier = FLEXIBLE.model_copy(update={"earliest_at": NINE - HOUR})

    assert vacancies().fit(earlier, NIGHT) == (NINE, NINE + HOUR)


def test_a_flexible_wish_takes_the_first_gap_that_holds_it_and_its_buffer() -> None:
    """From ten to a quarter past eleven there is an hour and the quarter that cleaning takes."""
    taken = [(NINE, NINE + HOUR), (NINE + HOUR * 2.25, NINE + 3 * HOUR)]

    assert vacancies(taken=taken).fit(FLEXIBLE, NIGHT) == (NINE + HOUR, NINE + 2 * HOUR)
    tight = [taken[0], (taken[1][0] - MINUTE, taken[1][1])]
    assert vacancies(taken=tight).fit(FLEXIBLE, NIGHT) == (NINE + 3 * HOUR, NINE + 4 * HOUR)


def test_a_wish_that_does_not_move_is_had_then_or_not_at_all() -> None:
    assert vacancies(taken=[(NINE - HOUR, NINE + MINUTE)]).fit(an_entry(), NIGHT) is None
    assert vacancies(taken=[(NINE - HOUR, NINE)]).fit(an_entry(), NIGHT) == (NINE, NINE + HOUR)


@pytest.mark.parametrize(("left", "fits"), [(20, True), (19, False)])
def test_a_group_fits_when_every_quarter_of_an_hour_has_its_places(left: int, fits: bool) -> None:  # noqa: FBT001
    square = venue(sharing=Sharing.SHARED, buffer=timedelta())
    free = vacancies(venue=square, places={NINE + 45 * MINUTE: left})

    assert (free.fit(an_entry(), NIGHT) is not None) is fits


@pytest.mark.parametrize(("capacity", "fits"), [(20, True), (19, False)])
def test_a_group_fits_no_venue_that_is_too_small(capacity: int, fits: bool) -> None:  # noqa: FBT001
    assert (vacancies(venue=venue(capacity=capacity)).fit(an_entry(), NIGHT) is not None) is fits


def test_nothing_fits_before_it_could_be_answered_or_while_it_is_closed() -> None:
    closed = Timetable(NO_HOLIDAYS, closures=[(NINE, NINE + MINUTE)])

    assert vacancies().fit(an_entry(), NINE + MINUTE) is None
    assert vacancies(timetable=closed).fit(an_entry(), NIGHT) is None
    assert vacancies(timetable=closed).fit(FLEXIBLE, NIGHT) == (
        NINE + MINUTE,
        NINE + MINUTE + HOUR,
    )


AT = THE_DAY_BEFORE - timedelta(days=5)


@pytest.mark.parametrize(
    ("at", "expires"),
    [
        (AT, AT + timedelta(hours=24)),
        (NINE - 10 * HOUR, NINE - 2 * HOUR),
        (NINE - 2 * HOUR - MINUTE, NINE - 2 * HOUR),
        (NINE - 2 * HOUR, None),
    ],
)
def test_an_offer_stands_for_the_hours_of_the_rule_but_ends_before_the_start(
    at: datetime, expires: datetime | None
) -> None:
    rule = WaitlistOffer(hours=24, least_notice_minutes=120)

    assert rule.expires(NINE, 60, at=at) == expires


def test_an_offer_ends_before_the_base_would_refuse_the_request_as_too_late() -> None:
    rule = WaitlistOffer(hours=24, least_notice_minutes=120)

    assert rule.expires(NINE, 300, at=NINE - 6 * HOUR) == NINE - 5 * HOUR


def test_the_window_encloses_the_wish_on_one_day() -> None:
    entries.check_window(an_entry())
    entries.check_window(
        an_entry(starts_at=NINE, ends_at=NINE + 20 * HOUR, latest_at=NINE + 20 * HOUR)
    )
    for wrong in (
        {"earliest_at": NINE + MINUTE},
        {"latest_at": NINE + HOUR - MINUTE},
        {"latest_at": NINE + 16 * HOUR},
    ):
        with pytest.raises(WindowWrong):
            entries.check_window(an_entry(**wrong))


def test_waiting_cures_closures_and_small_venues() -> None:
    command = an_entry(headcount=50).wish(UUID(int=2))
    closed = Timetable(NO_HOLIDAYS, closures=[(NINE, NINE + HOUR)])

    entries.check_waitable(command, occasion(timetable=closed), at=THE_DAY_BEFORE)


def test_waiting_cures_neither_standing_nor_retirement_nor_hours() -> None:
    command = an_entry().wish(UUID(int=2))
    missed = [THE_DAY_BEFORE - timedelta(days=each) for each in (1, 2, 3)]
    shut = Timetable(WorkingCalendar(frozenset({2030}), {}), of_base=[_closed_for_good()])

    with pytest.raises(OrganisationWaits):
        entries.check_waitable(command, occasion(breaches=missed), at=THE_DAY_BEFORE)
    with pytest.raises(VenueRetired):
        entries.check_waitable(command, occasion(venue=venue(retired=True)), at=THE_DAY_BEFORE)
    with pytest.raises(NotOpen):
        entries.check_waitable(command, occasion(timetable=shut), at=THE_DAY_BEFORE)


def _closed_for_good() -> Hours:
    return Hours(NINE.date() - timedelta(days=90), {})


OFFER = Offer(booking(), NINE - 2 * HOUR)
OFFERED = an_entry(status=EntryStatus.OFFERED, booking_id=UUID(int=3))


def test_an_offer_is_accepted_up_to_its_end() -> None:
    entries.accept(OFFERED, OFFER, at=OFFER.expires_at - MINUTE)
    with pytest.raises(OfferExpired):
        entries.accept(OFFERED, OFFER, at=OFFER.expires_at)


@pytest.mark.parametrize("how", [entries.DECLINE, entries.EXPIRE, entries.LEAVE])
def test_giving_up_says_how(how: Step[EntryStatus]) -> None:
    assert entries.give_up(OFFERED, OFFER, how).names()[2] == how.to
