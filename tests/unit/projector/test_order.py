"""The model depends on which events there are, never on how they arrived."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from services.projector.fold import Told, tell
from services.projector.order import Known, Outcome, settle
from tests.unit.projector.build import (
    COMMUNITY,
    NEXT_COMMUNITY,
    Log,
    an_id,
    base,
    branch,
    completed,
    moved,
    rekinded,
    requested,
    visit,
)


def history() -> list[Told]:
    log = Log()
    events = [
        base("基地甲", "red"),
        rekinded("基地甲", "red", "basic"),
        rekinded("基地甲", "basic", "technology"),
        branch("支部甲"),
        moved("支部甲", COMMUNITY, NEXT_COMMUNITY),
        moved("支部甲", NEXT_COMMUNITY, COMMUNITY),
        requested("预约"),
        completed("预约"),
        visit("接待"),
    ]
    return [tell(log.write(event).body.encode()) for event in events]


HISTORY = history()


def model(batches: list[list[Told]]) -> tuple[object, ...]:
    """What is in the tables after these batches."""
    known, parked, names = Known(), {}, {}
    facts = []
    for batch in batches:
        outcome = settle(batch, known)
        facts += outcome.facts
        names |= {name[:2]: name for name in outcome.names}
        parked |= outcome.parked
        for key in outcome.freed:
            parked.pop(key, None)
    return sorted(facts), known.versions, names, set(parked)


@st.composite
def arrivals(draw: st.DrawFn) -> list[list[Told]]:
    """Every event at least once, in any order, cut anywhere into batches."""
    again = draw(st.lists(st.sampled_from(HISTORY), max_size=6))
    order = draw(st.permutations([*HISTORY, *again]))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=5)))
    ends = [*cuts, len(order)]
    return [order[a:b] for a, b in zip([0, *cuts], ends, strict=True)]


@given(arrivals())
def test_any_order_batching_and_repetition_gives_the_same_model(arrived: list[list[Told]]) -> None:
    assert model(arrived) == model([HISTORY])


def test_a_repeated_event_is_dropped() -> None:
    outcome = settle([HISTORY[0], HISTORY[0]], Known())
    assert (len(outcome.folded), outcome.dropped) == (1, 1)


def test_what_comes_too_early_waits_and_is_folded_when_the_missing_event_comes() -> None:
    known = Known()
    first, second, third = HISTORY[:3]
    early = settle([first, third], known)
    assert early.folded == [first]
    assert list(early.parked) == [third.key]
    late = settle([second], known)
    assert late.folded == [second, third]
    assert late.freed == {third.key}


def broken(told: Told) -> Told:
    body = msgspec.json.decode(told.body)
    body["data"]["area"] = "nowhere"
    return tell(msgspec.json.encode(body))


def test_an_unreadable_event_holds_up_its_own_aggregate_only() -> None:
    first, second, third = HISTORY[:3]
    outcome = settle([first, broken(second), third, HISTORY[8]], Known())
    assert outcome.folded == [first, HISTORY[8]]
    assert set(outcome.parked) == {second.key, third.key}


def test_a_readable_copy_of_an_unreadable_event_takes_its_place() -> None:
    known = Known()
    settle([HISTORY[0], broken(HISTORY[1]), HISTORY[2]], known)
    assert settle([HISTORY[1]], known).folded == HISTORY[1:3]


def test_a_waived_version_is_passed_over_also_when_it_comes() -> None:
    for arrived in ([0, 1, 2], [0, 2], [2, 0], [1, 2, 0]):
        known = Known(waived={an_id("基地甲"): frozenset({2})})
        outcome = Outcome()
        for place in arrived:
            outcome.folded += settle([HISTORY[place]], known).folded
        assert outcome.folded == [HISTORY[0], HISTORY[2]]
        assert known.versions[an_id("基地甲")] == 3


def test_a_message_without_an_aggregate_is_parked_alone() -> None:
    outcome = settle([tell(b"nonsense"), HISTORY[0]], Known())
    assert len(outcome.parked) == 1
    assert outcome.folded == [HISTORY[0]]
