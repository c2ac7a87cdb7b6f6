"""Venues that partners offer by an agreement (外部场馆纳入): taken in, declined, given back."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.bases.partners import (
    PartnerVenueAccepted,
    PartnerVenueChanged,
    PartnerVenueDeclined,
    PartnerVenueProposed,
    PartnerVenueWithdrawn,
)
from contracts.kinds import Sharing
from contracts.kinds.partners import ProposalStatus, WithdrawnBy
from services.chassis.errors import Conflict, Invalid
from services.chassis.lifecycle import Lifecycle
from services.chassis.state import State

# Commands and state


@dataclass(frozen=True, kw_only=True)
class AcceptVenue:
    """As a venue of base `base_id`, or of a base of its own with `base_code` and `base_kind`."""

    base_id: UUID | None
    base_code: str | None
    base_kind: str
    base_name: str | None
    code: str
    name: str | None
    kind: str | None
    capacity: int | None
    sharing: Sharing
    buffer_minutes: int
    floor: int | None
    themes: list[str]


class Proposal(State):
    proposal_id: UUID
    offer_id: UUID
    agreement_id: UUID
    unit_id: UUID
    area: str = Field(title="区划")
    name: str = Field(title="场馆名称")
    venue_kind: str = Field(title="场馆类型")
    capacity: int = Field(title="容量")
    available_from: date = Field(title="可用起始日")
    available_to: date | None = Field(title="可用截止日")
    status: ProposalStatus = Field(title="状态")
    base_id: UUID | None = None
    venue_id: UUID | None = None

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include=set(PartnerVenueProposed.model_fields))


# Refusals


class ProposalSettled(Conflict):
    code = "proposal-settled"
    title, title_zh = "The offer was decided on, or is gone", "该场馆已处理或已撤回"


class OneBase(Invalid):
    code = "one-base"
    title, title_zh = "Say one base: a known one or a new one", "请在已有基地与新建基地中选一"


class OverOffer(Invalid):
    code = "over-offer"
    title, title_zh = "More people than the partner offers room for", "容量超过合作单位提供的容量"


LIFE = Lifecycle("offer of a partner", "合作场馆", ProposalStatus, ProposalSettled)
PROPOSE = LIFE.begin("propose", "提供", ProposalStatus.PROPOSED)
ACCEPT = LIFE.step("accept", "纳入", {ProposalStatus.PROPOSED}, ProposalStatus.ACCEPTED)
DECLINE = LIFE.step("decline", "不予纳入", {ProposalStatus.PROPOSED}, ProposalStatus.DECLINED)
CHANGE = LIFE.step("change", "变更提供", {ProposalStatus.ACCEPTED})
WITHDRAW = LIFE.step(
    "withdraw", "撤回", {ProposalStatus.PROPOSED, ProposalStatus.ACCEPTED}, ProposalStatus.WITHDRAWN
)

# Decisions


def propose(proposal: Proposal) -> PartnerVenueProposed:
    return PartnerVenueProposed(**proposal.facts())


def check_accept(command: AcceptVenue, proposal: Proposal) -> None:
    """Raises `ProposalSettled`, `OneBase` or `OverOffer`."""
    ACCEPT(proposal.status)
    if (command.base_id is None) == (command.base_code is None):
        raise OneBase(
            "Send `base_id` for a known base, or `base_code` for a new one.",
            zh="作为已有基地的场馆请填 base_id；单独作为基地请填 base_code。",
            field="base_id",
        )
    if command.capacity is not None and command.capacity > proposal.capacity:
        raise OverOffer(
            f"The partner offers room for {proposal.capacity}.",
            zh=f"合作单位提供的容量为 {proposal.capacity} 人。",
            field="capacity",
            most=proposal.capacity,
        )


def accept(
    proposal: Proposal, base_id: UUID, venue_id: UUID, *, own_base: bool
) -> PartnerVenueAccepted:
    placed = {"base_id": base_id, "venue_id": venue_id, "own_base": own_base}
    return PartnerVenueAccepted(**proposal.facts() | placed)


def decline(proposal: Proposal, reason_kind: str) -> PartnerVenueDeclined:
    """Raises `ProposalSettled`."""
    DECLINE(proposal.status)
    return PartnerVenueDeclined(**proposal.facts(), reason_kind=reason_kind)


def change(
    was: Proposal, now: Proposal, venue_id: UUID, base_id: UUID, bookings_ahead: int
) -> PartnerVenueChanged | None:
    """What a partner says anew of a venue that was accepted; nothing where it says the same.

    Raises `ProposalSettled`.
    """
    CHANGE(was.status)
    if now == was:
        return None
    return PartnerVenueChanged(
        **now.facts(),
        venue_id=venue_id,
        base_id=base_id,
        was_agreement_id=was.agreement_id,
        was_capacity=was.capacity,
        was_available_from=was.available_from,
        was_available_to=was.available_to,
        bookings_ahead=bookings_ahead,
    )


def room(capacity: int, offered: int, busiest: int) -> int:
    """For how many the base goes on booking a venue that is offered anew.

    Never for more than it chose to: a larger offer is for the manager to make use of. For fewer
    where the partner has less room, but not for fewer than bookings ahead bring already: whom the
    base took it does not turn away by itself.
    """
    return min(capacity, max(offered, busiest))


def withdraw(
    proposal: Proposal, by: WithdrawnBy, withdrawn_from: date, bookings_ahead: int
) -> PartnerVenueWithdrawn | None:
    """Nothing for an offer that was declined or withdrawn before."""
    if proposal.status not in WITHDRAW.since:
        return None
    return PartnerVenueWithdrawn(
        **proposal.facts(),
        base_id=proposal.base_id,
        venue_id=proposal.venue_id,
        was_status=proposal.status,
        withdrawn_by=by,
        withdrawn_from=withdrawn_from,
        bookings_ahead=bookings_ahead,
    )
