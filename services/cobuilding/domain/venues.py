"""Venues that a unit offers by an agreement (提供场馆), while it is in force. Pure.

What has the same name and kind at the same place is the same venue, also on the paper that renews:
its offer goes on, so that a base which took it in goes on having it.
"""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.cobuilding.venues import VenueOffered, VenueOfferEvent, VenueWithdrawn
from services.chassis.periods import ONE_DAY
from services.chassis.state import State
from services.cobuilding.domain.agreements.model import Agreement, PromisedVenue


class VenueOffer(State):
    offer_id: UUID
    agreement_id: UUID
    unit_id: UUID
    area: str = Field(title="区划")
    name: str = Field(title="场馆名称")
    venue_kind: str = Field(title="场馆类型")
    capacity: int = Field(title="容量")
    available_from: date = Field(title="可用起始日")
    available_to: date = Field(title="可用截止日")
    withdrawn_from: date | None = Field(default=None, title="撤回起始日")

    def facts(self) -> dict[str, Any]:
        return self.model_dump(include=set(VenueOfferEvent.model_fields))


Place = tuple[str, str, str]


def place(offer: VenueOffer) -> Place:
    """By which a renewal's paper and an offer are known to speak of the same venue."""
    return offer.name, offer.venue_kind, offer.area


def place_of(venue: PromisedVenue, agreement: Agreement) -> Place:
    return venue.name, venue.venue_kind, venue.area or agreement.area


def until(agreement: Agreement) -> date:
    """Its last day in force as it is known now: nobody books what lies behind an agreed end."""
    ends = agreement.terminates_on
    return agreement.last_day if ends is None else min(agreement.last_day, ends - ONE_DAY)


def offered(
    venue: PromisedVenue, agreement: Agreement, known: VenueOffer | None, key: UUID, since: date
) -> VenueOffer:
    """By the agreement, in force from `since`. What was `known` keeps its number, and the day it
    is to be had from unless it was withdrawn in between.
    """
    name, kind, area = place_of(venue, agreement)
    goes_on = known is not None and known.withdrawn_from is None
    return VenueOffer(
        offer_id=known.offer_id if known else key,
        agreement_id=agreement.agreement_id,
        unit_id=agreement.unit_id,
        area=area,
        name=name,
        venue_kind=kind,
        capacity=venue.capacity,
        available_from=known.available_from if known and goes_on else since,
        available_to=until(agreement),
    )


def offer(was: VenueOffer | None, now: VenueOffer) -> VenueOffered | None:
    """Nothing where the same is offered already."""
    if was == now:
        return None
    goes_on = was is not None and was.withdrawn_from is None
    return VenueOffered(**now.facts(), continues=goes_on)


def withdraw(offer: VenueOffer, over: date) -> VenueWithdrawn:
    """`over` is the first day on which its agreement is not in force."""
    return VenueWithdrawn(**offer.facts(), withdrawn_from=over)
