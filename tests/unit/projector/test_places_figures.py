"""Figures of places: what is retired is counted no more, and partners' venues while they last."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from contracts.bases.opening import ClosureAnnounced, ClosureWithdrawn
from contracts.bases.partners import PartnerVenueAccepted, PartnerVenueWithdrawn
from contracts.bases.places import (
    BaseRetired,
    EquipmentChanged,
    EquipmentRegistered,
    EquipmentRetired,
    VenueRetired,
)
from contracts.event import Event
from contracts.kinds import Sharing
from contracts.kinds.opening import ClosureStage
from contracts.kinds.partners import ProposalStatus, WithdrawnBy
from services.projector.fold import tell
from tests.unit.projector.build import COMMUNITY, Log, an_id, base, venue

DAY = date(2021, 3, 1)
NOON = datetime(2021, 3, 1, 4, tzinfo=UTC)


def folded(*events: Event) -> Counter[tuple[str, str]]:
    """Figure and dimension values to what the events add up to."""
    total: Counter[tuple[str, str]] = Counter()
    log = Log()
    for event in events:
        told = tell(log.write(event).body.encode())
        assert told.problem is None
        for fact in told.facts:
            key = fact.figure.removeprefix("bases."), fact.dims.replace("\x1f", "/")
            total[key] += fact.amount
    return +total


def test_a_retired_venue_leaves_venues_halls_and_themes():
    retired = VenueRetired(
        area=COMMUNITY,
        venue_id=an_id("一厅"),
        base_id=an_id("基地甲"),
        code="一厅",
        kind="hall",
        capacity=40,
        sharing=Sharing.EXCLUSIVE,
        theme_count=3,
    )

    assert folded(venue("一厅", themes=3), venue("二厅", "square", themes=1), retired) == {
        ("venues", "square"): 1,
        ("themes", ""): 1,
    }


def test_a_retired_base_leaves_the_bases_of_its_kind():
    retired = BaseRetired(area=COMMUNITY, base_id=an_id("基地甲"), code="基地甲", kind="red")

    assert folded(base(), base("基地乙"), retired) == {("bases", "red"): 1}


EQUIPMENT: dict[str, Any] = {
    "area": COMMUNITY,
    "equipment_id": an_id("讲解器"),
    "base_id": an_id("基地甲"),
    "code": "SB-1",
    "kind": "audio-guide",
    "quantity": 30,
}


def test_equipment_is_counted_by_the_piece_and_moves_between_kinds():
    registered = EquipmentRegistered(**EQUIPMENT)
    changed = EquipmentChanged(
        **EQUIPMENT | {"quantity": 28, "kind": "sound"}, was_kind="audio-guide", was_quantity=30
    )
    retired = EquipmentRetired(**EQUIPMENT | {"quantity": 28, "kind": "sound"})

    assert folded(registered) == {("equipment", "audio-guide"): 30}
    assert folded(registered, changed) == {("equipment", "sound"): 28}
    assert folded(registered, changed, retired) == {}


OFFER: dict[str, Any] = {
    "area": COMMUNITY,
    "proposal_id": an_id("农耕博物馆"),
    "offer_id": an_id("提供"),
    "agreement_id": an_id("协议"),
    "unit_id": an_id("单位"),
    "venue_kind": "hall",
    "capacity": 80,
    "available_from": DAY,
}
ACCEPTED = PartnerVenueAccepted(
    **OFFER, base_id=an_id("基地甲"), venue_id=an_id("一厅"), own_base=True
)


@pytest.mark.parametrize(
    ("was", "left"), [(ProposalStatus.ACCEPTED, 0), (ProposalStatus.PROPOSED, 1)]
)
def test_partner_venues_are_counted_from_acceptance_to_withdrawal(was, left):
    withdrawn = PartnerVenueWithdrawn(
        **OFFER | {"proposal_id": an_id("另一馆") if left else an_id("农耕博物馆")},
        was_status=was,
        withdrawn_by=WithdrawnBy.PARTNER,
        withdrawn_from=DAY,
        bookings_ahead=0,
    )

    assert folded(ACCEPTED) == {("partner_venues", "hall"): 1}
    assert folded(ACCEPTED, withdrawn)["partner_venues", "hall"] == left


CLOSURE: dict[str, Any] = {
    "area": COMMUNITY,
    "closure_id": an_id("闭馆"),
    "base_id": an_id("基地甲"),
    "base_kind": "red",
    "starts_at": NOON,
    "ends_at": NOON,
    "reason_kind": "refit",
}


@pytest.mark.parametrize(("stage", "left"), [(ClosureStage.AHEAD, 0), (ClosureStage.UNDER_WAY, 1)])
def test_a_closure_counts_unless_it_never_happened(stage, left):
    announced = ClosureAnnounced(**CLOSURE, bookings_cancelled=2)
    withdrawn = ClosureWithdrawn(**CLOSURE, stage=stage, reopens_at=NOON)

    total = folded(announced, withdrawn)

    assert total["closures", "refit/red"] == left
    assert total["bookings_closed_out", "refit/red"] == 2
