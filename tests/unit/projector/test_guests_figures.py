"""Guests are counted by level, and moved when their level is put right."""

from collections import Counter

from contracts.bases.guests import GuestChanged, GuestRegistered
from contracts.event import Event
from services.projector.fold import tell
from tests.unit.projector.build import COMMUNITY, Log, an_id


def folded(*events: Event) -> Counter[str]:
    total: Counter[str] = Counter()
    log = Log()
    for event in events:
        told = tell(log.write(event).body.encode())
        assert told.problem is None
        for fact in told.facts:
            assert fact.figure == "bases.guests"
            total[fact.dims] += fact.amount
    return +total


def test_guests_are_counted_by_level_and_a_change_moves_them():
    first, other = (
        {"area": COMMUNITY, "guest_id": an_id(name), "code": name} for name in ("LF-1", "LF-2")
    )
    events = [
        GuestRegistered(**first, visitor_level="city"),
        GuestRegistered(**other, visitor_level="city"),
    ]
    assert folded(*events) == {"city": 2}
    changed = GuestChanged(**first, visitor_level="province", was_visitor_level="city")
    assert folded(*events, changed) == {"city": 1, "province": 1}
