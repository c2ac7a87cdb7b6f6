"""Bodies: layers of 1+8+N, and what a change of them may not do to whoever sits there."""

from uuid import UUID

import pytest

from services.cobuilding.domain import bodies
from services.cobuilding.domain.bodies import Layer, pattern_of
from tests.unit.cobuilding import build as co

CORE, CLOSE, WIDE = co.BODY.layers


@pytest.mark.parametrize(
    ("stated", "pattern"),
    [
        (["1", "8", "N"], "1+8+N"),
        ([1, 1, 6], "1+1+6"),
        (["X", "X", "N"], "N+N+N"),
        (["0", "-1", "²", "99999"], "N+N+N+N"),
        ([], ""),
        (None, ""),
        ("18", ""),
    ],
)
def test_a_kind_says_the_layers_and_what_is_no_number_is_counted(stated, pattern):
    layers = Layer.of_kind({"layers": stated} if stated is not None else {})
    assert pattern_of(layers) == pattern
    bodies.check_layers(layers)


def test_a_layer_is_said_once():
    with pytest.raises(bodies.LayerRepeated) as refused:
        bodies.found(co.body(layers=[CORE, CLOSE, CORE]))
    assert refused.value.facts == {"field": "layers", "value": "core"}


def test_a_change_says_the_body_as_it_is_and_as_it_was():
    event = bodies.change(co.BODY, co.body(layers=[CORE, WIDE], area="410305001"), {}, 0)
    assert event is not None
    assert (event.pattern, event.was_pattern) == ("1+N", "1+2+N")
    assert (event.area, event.was_area) == ("410305001", co.AREA)
    assert bodies.change(co.BODY, co.body(), {"core": 1}, 1) is None


@pytest.mark.parametrize(
    ("layers", "seated", "layer"),
    [
        ([CORE, CLOSE], {"wide": 1}, "wide"),
        ([CORE, Layer(code="close", label="紧密层", seats=1)], {"close": 2}, "close"),
        ([], {"close": 1}, "close"),
        ([CORE], {None: 3}, None),
    ],
)
def test_whoever_sits_keeps_a_place(layers, seated, layer):
    with pytest.raises(bodies.LayerTaken) as refused:
        bodies.change(co.BODY, co.body(layers=layers), seated, 3)
    assert refused.value.facts["layer"] == layer
    assert refused.value.facts["taken"] == sum(seated.values())


def test_a_layer_may_become_as_small_as_it_is_taken_and_n_takes_any_number():
    seated = {"core": 1, "close": 2, "wide": 40}
    assert bodies.change(co.BODY, co.body(name="新名"), seated, 43)
    assert bodies.change(co.body(layers=[]), co.body(name="新名", layers=[]), {None: 3}, 3)


@pytest.mark.parametrize(("field", "value"), [("area", "410305001"), ("kind", "alliance")])
def test_kind_and_area_change_only_while_nobody_sits_there(field, value):
    now = co.body(**{field: value})
    with pytest.raises(bodies.BodySeated) as refused:
        bodies.change(co.BODY, now, {"core": 1}, 1)
    assert refused.value.facts == {"field": field, "held": 1}
    assert bodies.change(co.BODY, now, {}, 0)
    led = co.body(organisation_id=UUID(int=9))
    assert bodies.change(co.BODY, led, {"core": 1}, 1)


def test_a_body_is_dissolved_on_the_day_it_was_founded_or_later():
    assert bodies.dissolve(co.BODY, co.FIRST).dissolved_on == co.FIRST
    with pytest.raises(bodies.DayOutOfOrder) as refused:
        bodies.dissolve(co.body(founded_on=co.LAST), co.TODAY)
    assert refused.value.facts == {"field": "occurred_at", "earliest": "2026-12-31"}
