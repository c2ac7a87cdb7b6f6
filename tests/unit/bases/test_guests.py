"""Visitors from outside the organisation tree."""

from uuid import UUID

from contracts.kinds import VisitorLevel
from services.bases.domain.guests import Guest, change, register

GUEST = Guest(
    guest_id=UUID(int=1),
    code="LF-01",
    name="示例省考察团",
    visitor_level=VisitorLevel.PROVINCE,
    area="410305",
)


def test_what_a_guest_is_called_is_told_to_nobody():
    told = register(GUEST).model_dump_json()
    assert "考察团" not in told
    assert "LF-01" in told


def test_a_change_says_the_level_it_takes_back():
    event = change(GUEST, GUEST.model_copy(update={"visitor_level": VisitorLevel.CENTRAL}))
    assert event is not None
    assert (event.was_visitor_level, event.visitor_level) == ("province", "central")


def test_another_name_is_a_change_and_the_same_name_is_none():
    assert change(GUEST, GUEST.model_copy(update={"name": "示例省机关考察团"})) is not None
    assert change(GUEST, GUEST.model_copy()) is None
