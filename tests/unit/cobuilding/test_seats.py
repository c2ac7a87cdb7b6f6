"""Seats: in a layer that takes them, one of a kind a holder, cross seats in both directions."""

from uuid import UUID

import pytest

from contracts.kinds.bodies import Direction, SeatEnd, SeatHolder
from services.cobuilding.domain import bodies, seats
from tests.unit.cobuilding import build as co

OUT = Direction.OUTWARD
BRANCH = {"holder_kind": SeatHolder.ORGANISATION, "unit_id": None, "organisation_id": UUID(int=3)}
AREA = {"holder_kind": SeatHolder.AREA, "unit_id": None, "holder_area": co.AREA}


def another(n, **given):
    return co.seat(seat_id=UUID(int=n), **{"unit_id": UUID(int=n)} | given)


def test_a_layer_takes_as_many_as_it_has_and_says_how_many():
    assert seats.take(co.SEAT, co.BODY, [another(20)]).layer == "close"
    with pytest.raises(seats.LayerFull) as refused:
        seats.take(co.SEAT, co.BODY, [another(20), another(21)])
    assert refused.value.facts == {"field": "layer", "seats": 2, "taken": 2}
    assert "2 席" in refused.value.zh


def test_n_takes_any_number_and_other_layers_do_not_matter():
    others = [another(n, layer="wide") for n in range(20, 60)]
    assert seats.take(co.seat(layer="wide"), co.BODY, others)
    assert seats.take(co.SEAT, co.BODY, others)
    assert seats.seated(others) == {"wide": 40}


@pytest.mark.parametrize(
    ("given", "body", "known"),
    [
        ({"layer": "outer"}, {}, ["core", "close", "wide"]),
        ({"layer": None}, {}, ["core", "close", "wide"]),
        ({"layer": "core"}, {"layers": []}, []),
        ({"layer": "core", "crosses": True, "direction": OUT}, {}, []),
    ],
)
def test_a_seat_is_in_a_layer_of_its_body_exactly_where_there_are_any(given, body, known):
    with pytest.raises(seats.LayerUnknown) as refused:
        seats.take(co.seat(**given), co.body(**body), [])
    assert refused.value.facts["known"] == known


def test_a_holder_has_one_seat_of_a_kind_and_a_cross_seat_in_each_direction():
    with pytest.raises(seats.SeatHeld) as refused:
        seats.take(co.seat(layer="wide"), co.BODY, [another(20, unit_id=co.UNIT.unit_id)])
    assert refused.value.facts["seat_id"] == str(UUID(int=20))
    cross = co.seat(kind="cross", crosses=True, layer="wide")
    out = cross.model_copy(update={"direction": OUT, "layer": None, "seat_id": UUID(int=8)})
    assert seats.take(cross, co.BODY, [co.SEAT, out])
    assert seats.take(out, co.BODY, [co.SEAT, cross])
    with pytest.raises(seats.SeatHeld):
        seats.take(out, co.BODY, [out])


def test_units_organisations_and_areas_hold_seats_of_one_kind_beside_each_other():
    held = [co.SEAT]
    for given in (BRANCH, AREA):
        seat = co.seat(layer="wide", **given)
        event = seats.take(seat, co.BODY, held)
        assert event.first_of_holder
        assert (event.organisation_id, event.holder_area) == (
            given.get("organisation_id"),
            given.get("holder_area"),
        )
        held.append(seat)


def test_only_cross_seats_are_held_elsewhere():
    with pytest.raises(seats.NotBothWays):
        seats.take(co.seat(direction=OUT, layer=None), co.BODY, [])


def test_a_holder_is_a_member_from_its_first_inward_seat_to_its_last():
    cross = co.seat(seat_id=UUID(int=8), kind="cross", crosses=True)
    out = cross.model_copy(update={"direction": OUT, "layer": None})
    assert seats.take(co.SEAT, co.BODY, [out]).first_of_holder
    assert not seats.take(cross, co.BODY, [co.SEAT]).first_of_holder
    assert not seats.take(out, co.BODY, []).first_of_holder
    assert not seats.leave(co.SEAT, co.TODAY, SeatEnd.LEFT, [cross]).last_of_holder
    assert seats.leave(co.SEAT, co.TODAY, SeatEnd.LEFT, [out, another(20)]).last_of_holder
    assert not seats.leave(out, co.TODAY, SeatEnd.LEFT, []).last_of_holder


def test_days_follow_one_another():
    with pytest.raises(bodies.DayOutOfOrder):
        seats.take(co.SEAT, co.body(founded_on=co.LAST), [])
    with pytest.raises(bodies.DayOutOfOrder):
        seats.leave(co.SEAT, co.FIRST, SeatEnd.LEFT, [])
    left = seats.leave(co.SEAT, co.TODAY, SeatEnd.UNIT_LEFT, [])
    assert (left.left_on, left.how) == (co.TODAY, SeatEnd.UNIT_LEFT)
    with pytest.raises(seats.SeatLeftAlready):
        seats.leave(co.seat(left_on=co.TODAY), co.LAST, SeatEnd.LEFT, [])
