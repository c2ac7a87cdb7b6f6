"""How a partner's offer is decided on, and what its withdrawal says."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from contracts.kinds import Sharing
from contracts.kinds.partners import ProposalStatus, WithdrawnBy
from services.bases.domain import partners
from services.bases.domain.partners import (
    AcceptVenue,
    OneBase,
    OverOffer,
    Proposal,
)

DAY = date(2026, 9, 1)
PROPOSAL = Proposal(
    proposal_id=uuid4(),
    offer_id=uuid4(),
    agreement_id=uuid4(),
    unit_id=uuid4(),
    area="410305001001",
    name="农耕博物馆",
    venue_kind="hall",
    capacity=80,
    available_from=DAY,
    available_to=None,
    status=ProposalStatus.PROPOSED,
)
SETTLED = [status for status in ProposalStatus if status is not ProposalStatus.PROPOSED]


def accepting(**given: Any) -> AcceptVenue:
    said: dict[str, Any] = {
        "base_id": None,
        "base_code": "JD-9",
        "base_kind": "partner",
        "base_name": None,
        "code": "CG-9",
        "name": None,
        "kind": None,
        "capacity": None,
        "sharing": Sharing.EXCLUSIVE,
        "buffer_minutes": 0,
        "floor": None,
        "themes": [],
    }
    return AcceptVenue(**said | given)


def test_an_offer_is_accepted_for_one_base_and_no_more_people_than_offered():
    partners.check_accept(accepting(), PROPOSAL)
    partners.check_accept(accepting(base_id=uuid4(), base_code=None, capacity=80), PROPOSAL)
    with pytest.raises(OverOffer):
        partners.check_accept(accepting(capacity=81), PROPOSAL)
    for both_or_none in ({"base_id": uuid4()}, {"base_code": None}):
        with pytest.raises(OneBase):
            partners.check_accept(accepting(**both_or_none), PROPOSAL)


@pytest.mark.parametrize("status", list(ProposalStatus))
def test_only_what_waits_or_was_accepted_is_withdrawn(status):
    event = partners.withdraw(
        PROPOSAL.model_copy(update={"status": status}), WithdrawnBy.PARTNER, DAY, 2
    )

    if status in {ProposalStatus.PROPOSED, ProposalStatus.ACCEPTED}:
        assert event is not None
        assert (event.was_status, event.bookings_ahead) == (status, 2)
        assert event.key == PROPOSAL.proposal_id
    else:
        assert event is None


def test_every_fact_repeats_the_agreement_and_the_unit():
    base_id, venue_id = uuid4(), uuid4()
    events = [
        partners.propose(PROPOSAL),
        partners.accept(PROPOSAL, base_id, venue_id, own_base=True),
        partners.decline(PROPOSAL, "safety"),
    ]

    assert {event.agreement_id for event in events} == {PROPOSAL.agreement_id}
    assert {event.unit_id for event in events} == {PROPOSAL.unit_id}
