"""Figures of bodies: what was dissolved or left is counted no more, a member unit once a body."""

from collections import Counter
from typing import Any

from contracts.cobuilding.bodies import (
    BodyChanged,
    BodyDissolved,
    BodyFounded,
    SeatLeft,
    SeatTaken,
)
from contracts.event import Event
from contracts.kinds.bodies import SeatEnd
from services.cobuilding.domain import bodies, seats
from services.projector.fold import tell
from tests.unit.cobuilding import build as co
from tests.unit.cobuilding.test_seats import AREA, OUT
from tests.unit.projector.build import Log

CROSS = co.seat(seat_id=co.UNIT.unit_id, kind="cross", crosses=True)
SENT = CROSS.model_copy(update={"direction": OUT, "layer": None, "seat_id": co.BODY.body_id})


def folded(*events: Event | None) -> Counter[tuple[str, str]]:
    """Figure and dimension values to what the events add up to."""
    total: Counter[tuple[str, str]] = Counter()
    log = Log()
    for event in events:
        assert event is not None
        told = tell(log.write(event).body.encode())
        assert told.problem is None
        for fact in told.facts:
            key = fact.figure.removeprefix("cobuilding."), fact.dims.replace("\x1f", "/")
            total[key] += fact.amount
    return +total


def taken(seat: seats.Seat, *others: seats.Seat) -> SeatTaken:
    return seats.take(seat, co.BODY, others)


def left(seat: seats.Seat, *others: seats.Seat) -> SeatLeft:
    return seats.leave(seat, co.TODAY, SeatEnd.LEFT, others)


def founded(**given: Any) -> BodyFounded:
    return bodies.found(co.body(**given))


def changed(**given: Any) -> BodyChanged | None:
    return bodies.change(co.BODY, co.body(**given), {}, 0)


def dissolved() -> BodyDissolved:
    return bodies.dissolve(co.BODY, co.TODAY)


def test_bodies_stand_by_kind_and_are_counted_once_whatever_changes():
    assert folded(founded()) == {("bodies", "community-committee"): 1}
    assert folded(founded(), changed(kind="alliance")) == {("bodies", "alliance"): 1}
    assert folded(founded(), changed(name="新名")) == {("bodies", "community-committee"): 1}
    assert folded(founded(), dissolved()) == {}


def test_a_unit_with_two_seats_and_one_sent_to_it_is_one_member():
    events = [taken(co.SEAT), taken(CROSS, co.SEAT), taken(SENT, co.SEAT, CROSS)]
    assert folded(*events) == {
        ("member_units", "community-committee"): 1,
        ("seats", "community-committee/member/unit"): 1,
        ("seats", "community-committee/cross/unit"): 1,
        ("cross_seats", "inward/community-committee/unit"): 1,
        ("cross_seats", "outward/community-committee/unit"): 1,
    }
    gone = [left(co.SEAT, CROSS, SENT), left(CROSS, SENT)]
    assert folded(*events, *gone) == {("cross_seats", "outward/community-committee/unit"): 1}
    assert folded(*events, *gone, left(SENT)) == {}


def test_areas_hold_seats_and_are_no_member_units():
    assert folded(taken(co.seat(**AREA))) == {("seats", "community-committee/member/area"): 1}
