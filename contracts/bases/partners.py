"""Facts about venues that partners offer (共建场馆)."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event
from contracts.kinds.partners import ProposalStatus, WithdrawnBy


class PartnerVenueEvent(Event):
    """Facts about an offer as the bases know it; `area` is where the partner's venue lies.

    `proposal_id` is the bases' own; `offer_id`, `agreement_id` and `unit_id` are cobuilding's.
    """

    proposal_id: UUID = Field(title="场馆纳入编号")
    offer_id: UUID = Field(title="提供编号")
    agreement_id: UUID = Field(title="协议编号")
    unit_id: UUID = Field(title="合作单位")
    venue_kind: str = Field(title="场馆类型")
    capacity: int = Field(title="容量", ge=1)
    available_from: date = Field(title="可用起始日")
    available_to: date | None = Field(
        default=None, title="可用截止日", description="The last day; null for no end."
    )

    @property
    def key(self) -> UUID:
        return self.proposal_id


class PartnerVenueProposed(PartnerVenueEvent, title="合作场馆已提出"):
    """It waits for a base to accept or to decline it."""

    type: ClassVar[str] = "jiceng.bases.partner-venue.proposed.v1"


class PartnerVenueAccepted(PartnerVenueEvent, title="合作场馆已纳入"):
    """The venue, perhaps with a base of its own, was registered in the same transaction."""

    type: ClassVar[str] = "jiceng.bases.partner-venue.accepted.v1"

    base_id: UUID = Field(title="基地编号")
    venue_id: UUID = Field(title="场馆编号")
    own_base: bool = Field(title="单独作为基地")


class PartnerVenueChanged(PartnerVenueEvent, title="合作场馆提供已变更"):
    """The partner offers an accepted venue for other days, for more or fewer people, or by a later
    agreement: a renewal lengthens it, an earlier end shortens it.
    """

    type: ClassVar[str] = "jiceng.bases.partner-venue.changed.v1"

    base_id: UUID = Field(title="基地编号")
    venue_id: UUID = Field(title="场馆编号")
    was_agreement_id: UUID = Field(title="原协议编号")
    was_capacity: int = Field(title="原容量", ge=1)
    was_available_from: date = Field(title="原可用起始日")
    was_available_to: date | None = Field(default=None, title="原可用截止日")
    bookings_ahead: int = Field(
        title="截止日后的预约数", ge=0, description="That hold the venue after `available_to`."
    )


class PartnerVenueDeclined(PartnerVenueEvent, title="合作场馆未纳入"):
    type: ClassVar[str] = "jiceng.bases.partner-venue.declined.v1"

    reason_kind: str = Field(
        title="未纳入原因", description="A code of the kinds `partner-decline-reason`."
    )


class PartnerVenueWithdrawn(PartnerVenueEvent, title="合作场馆已撤回"):
    """Not to be had from `withdrawn_from` on. Bookings ahead are for the base to settle."""

    type: ClassVar[str] = "jiceng.bases.partner-venue.withdrawn.v1"

    base_id: UUID | None = Field(default=None, title="基地编号")
    venue_id: UUID | None = Field(default=None, title="场馆编号")
    was_status: ProposalStatus = Field(title="原状态")
    withdrawn_by: WithdrawnBy = Field(title="撤回方")
    withdrawn_from: date = Field(title="撤回起始日")
    bookings_ahead: int = Field(
        title="之后的预约数", ge=0, description="That hold the venue on that day or later."
    )
