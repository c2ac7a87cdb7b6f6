"""Facts about venues that units offer by an agreement: what bases hear of co-building."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event


class VenueOfferEvent(Event):
    """What both facts about an offered venue repeat; `area` is where the venue lies."""

    offer_id: UUID = Field(title="提供编号")
    agreement_id: UUID = Field(title="协议编号")
    unit_id: UUID = Field(title="合作单位")
    name: str = Field(title="场馆名称")
    venue_kind: str = Field(title="场馆类型", description="A code of the kinds of venues.")
    capacity: int = Field(title="容量", ge=1, description="Persons at one time.")
    available_from: date = Field(title="可用起始日")
    available_to: date | None = Field(
        default=None, title="可用截止日", description="The last day; null for no end."
    )

    @property
    def key(self) -> UUID:
        return self.offer_id


class VenueOffered(VenueOfferEvent, title="共建场馆已提供"):
    """A unit offers a venue by an agreement; offered again, it says what it is now."""

    type: ClassVar[str] = "jiceng.cobuilding.venue.offered.v1"

    continues: bool = Field(
        default=False,
        title="继续提供",
        description="It was offered until now, too: prolonged, shortened or changed.",
    )


class VenueWithdrawn(VenueOfferEvent, title="共建场馆已撤回"):
    type: ClassVar[str] = "jiceng.cobuilding.venue.withdrawn.v1"

    withdrawn_from: date = Field(
        title="撤回起始日", description="The first day on which it is not to be had any more."
    )
