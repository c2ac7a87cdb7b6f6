"""What an agreement's paper offers of venues, until when, and which offer it goes on with."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.cobuilding.domain import venues
from services.cobuilding.domain.agreements import signing
from services.cobuilding.domain.agreements.model import PromisedVenue
from services.cobuilding.domain.agreements.signing import VenueTwice
from services.cobuilding.domain.venues import VenueOffer
from tests.unit.cobuilding.build import AGREEMENT, FIRST, LAST, TODAY, agreement

HALL = PromisedVenue(name="农耕博物馆", venue_kind="hall", capacity=80)
KEY = UUID(int=9)


def hall(**given: Any) -> PromisedVenue:
    return HALL.model_copy(update=given)


def offered(known: VenueOffer | None = None, since: date = FIRST, **given: Any) -> VenueOffer:
    return venues.offered(HALL, agreement(**given), known, KEY, since)


@pytest.mark.parametrize(
    ("terminates_on", "last"),
    [(None, LAST), (date(2026, 5, 15), date(2026, 5, 14)), (date(2027, 5, 15), LAST)],
)
def test_it_is_to_be_had_until_the_last_day_in_force_as_it_is_known(terminates_on, last):
    assert offered(terminates_on=terminates_on).available_to == last


def test_an_offer_that_stands_goes_on_since_it_began_and_one_withdrawn_begins_anew():
    stands = offered()
    withdrawn = stands.model_copy(update={"withdrawn_from": date(2026, 2, 1)})
    on, anew = offered(stands, TODAY), offered(withdrawn, TODAY)
    assert (on.available_from, anew.available_from) == (FIRST, TODAY)
    assert on.offer_id == anew.offer_id == KEY
    assert venues.offer(stands, on) is None
    assert [venues.offer(was, anew).continues for was in (None, withdrawn, stands)] == [
        False, False, True,
    ]  # fmt: skip


def test_what_is_withdrawn_says_until_when_it_was_offered():
    event = venues.withdraw(offered(), date(2026, 5, 15))
    assert (event.available_to, event.withdrawn_from) == (LAST, date(2026, 5, 15))


@pytest.mark.parametrize("same", [hall(), hall(capacity=20), hall(area=AGREEMENT.area)])
def test_a_venue_is_on_a_paper_once(same):
    with pytest.raises(VenueTwice) as refused:
        signing.check_venues(AGREEMENT, [HALL, same])
    assert refused.value.facts["field"] == "venues"


@pytest.mark.parametrize("other", [hall(name="职工之家"), hall(venue_kind="square")])
def test_another_name_kind_or_place_is_another_venue(other):
    signing.check_venues(AGREEMENT, [HALL, other, hall(area="410305001002")])
    assert venues.place_of(other, AGREEMENT) != venues.place_of(HALL, AGREEMENT)
