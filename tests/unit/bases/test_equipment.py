"""What equipment a booking may have, and when as many are free next."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.bases.domain import equipment as domain
from services.bases.domain.equipment import (
    Equipment,
    EquipmentInUse,
    EquipmentTwice,
    EquipmentUnknown,
    QuantityBelowBookings,
    Wanted,
)
from services.chassis.clock import LOCAL

BASE, HALL, SQUARE = uuid4(), uuid4(), uuid4()
NINE = datetime(2026, 6, 11, 9, tzinfo=LOCAL)
QUARTER = timedelta(minutes=15)
GUIDES = Equipment(
    equipment_id=uuid4(),
    base_id=BASE,
    venue_id=None,
    area="410305001001",
    code="SB-1",
    name="讲解器",
    kind="audio-guide",
    quantity=12,
)


def quarters(count: int) -> list[datetime]:
    return [NINE + QUARTER * n for n in range(count)]


def asked(*equipment_ids: UUID) -> list[Wanted]:
    return [Wanted(equipment_id=each, quantity=1) for each in equipment_ids]


def test_the_same_equipment_is_asked_for_once():
    domain.check_each_once(asked(GUIDES.equipment_id, uuid4()))
    with pytest.raises(EquipmentTwice) as refused:
        domain.check_each_once(asked(GUIDES.equipment_id, uuid4(), GUIDES.equipment_id))
    assert refused.value.facts["field"] == "equipment.2.equipment_id"


@pytest.mark.parametrize(
    ("there", "changed"),
    [
        (True, {}),
        (True, {"venue_id": HALL}),
        (False, {"venue_id": SQUARE}),
        (False, {"base_id": SQUARE}),
    ],
)
def test_a_venue_has_what_is_fixed_in_it_and_what_can_be_moved_in_its_base(there, changed):
    known = {GUIDES.equipment_id: GUIDES.model_copy(update=changed)}

    if there:
        domain.check_there(asked(GUIDES.equipment_id), known, BASE, HALL)
    else:
        with pytest.raises(EquipmentUnknown):
            domain.check_there(asked(GUIDES.equipment_id), known, BASE, HALL)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=30), st.integers(1, 12), st.integers(1, 6))
def test_free_next_is_the_first_run_of_quarters_in_which_enough_is_left(loads, wanted, length):
    taken = dict(zip(quarters(len(loads)), loads, strict=True))

    found = domain.next_free(12 - wanted, taken, length, quarters(len(loads)))

    starts = [
        n
        for n in range(len(loads) - length + 1)
        if all(12 - load >= wanted for load in loads[n : n + length])
    ]
    assert found == (NINE + QUARTER * starts[0] if starts else None)


def test_what_is_short_names_how_many_are_left_and_the_next_time_in_words():
    taken = dict.fromkeys(quarters(4), 8)

    refusal = domain.short(GUIDES, 5, taken, quarters(2), quarters(8))

    assert (refusal.facts["free"], refusal.facts["quantity"]) == (4, 12)
    assert refusal.facts["next_free"] == (NINE + QUARTER * 4).isoformat()
    assert refusal.zh == "讲解器该时段仅剩 4 件（共 12 件），06月11日 10:00 起有 5 件可用。"


def test_a_quantity_never_falls_below_what_is_taken():
    assert domain.change(GUIDES, GUIDES, 12) is None
    enough = domain.change(GUIDES, GUIDES.model_copy(update={"quantity": 8}), 8)
    assert enough is not None
    assert (enough.quantity, enough.was_quantity) == (8, 12)
    with pytest.raises(QuantityBelowBookings) as refused:
        domain.change(GUIDES, GUIDES.model_copy(update={"quantity": 8}), 9)
    assert refused.value.facts["least"] == 9


def test_what_bookings_use_is_not_moved():
    domain.check_may_move(0, "venue_id")
    with pytest.raises(EquipmentInUse):
        domain.check_may_move(1, "venue_id")
