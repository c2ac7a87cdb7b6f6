"""Venues that units offer are counted once, however often they are prolonged."""

from collections import Counter
from datetime import date
from typing import Any

from contracts.cobuilding.venues import VenueOffered, VenueWithdrawn
from services.projector.fold import tell
from tests.unit.projector.build import COMMUNITY, Log, an_id

OFFER: dict[str, Any] = {
    "area": COMMUNITY,
    "offer_id": an_id("农耕博物馆"),
    "agreement_id": an_id("协议"),
    "unit_id": an_id("单位"),
    "name": "农耕博物馆",
    "venue_kind": "hall",
    "capacity": 80,
    "available_from": date(2021, 3, 1),
    "available_to": date(2022, 2, 28),
}
LATER = OFFER | {"agreement_id": an_id("续签"), "available_to": date(2023, 2, 28)}


def offered(*events: VenueOffered | VenueWithdrawn) -> Counter[str]:
    """How many, by the kind of venue."""
    total: Counter[str] = Counter()
    log = Log()
    for event in events:
        told = tell(log.write(event).body.encode())
        assert told.problem is None
        for fact in told.facts:
            if fact.figure == "cobuilding.venues_offered":
                total[fact.dims] += fact.amount
    return +total


def test_a_venue_counts_once_from_its_offer_until_it_is_withdrawn():
    first = VenueOffered(**OFFER)
    renewed = VenueOffered(**LATER, continues=True)
    withdrawn = VenueWithdrawn(**LATER, withdrawn_from=date(2023, 3, 1))

    assert offered(first) == {"hall": 1}
    assert offered(first, renewed) == {"hall": 1}
    assert offered(first, renewed, withdrawn) == {}
    assert offered(first, renewed, withdrawn, VenueOffered(**LATER)) == {"hall": 1}
