"""Facts about the waiting list for venues (候补)."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import Event
from contracts.kinds import Channel, VisitorLevel


class WaitlistEvent(Event):
    """What every fact about an entry repeats.

    Either one venue is wished for, or an item of the menu at whichever venue of the base suits it.
    The wish lasts from `starts_at` up to, not including, `ends_at`; it may move, at its length,
    between `earliest_at` and `latest_at`, which are the same two where it may not.
    """

    entry_id: UUID = Field(title="候补编号")
    base_id: UUID = Field(title="基地编号")
    base_kind: str = Field(title="基地类型")
    venue_id: UUID | None = Field(default=None, title="候补场馆")
    menu_item_id: UUID | None = Field(default=None, title="菜单项目")
    menu_item_kind: str | None = Field(default=None, title="菜单项目类别")
    organisation_id: UUID = Field(title="候补党组织")
    starts_at: AwareDatetime = Field(title="希望开始时刻")
    ends_at: AwareDatetime = Field(title="希望结束时刻")
    earliest_at: AwareDatetime = Field(title="最早开始时刻")
    latest_at: AwareDatetime = Field(title="最晚结束时刻")
    headcount: int = Field(title="候补人数", ge=1)
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")
    on_behalf: bool = Field(title="代为预约")

    @property
    def key(self) -> UUID:
        return self.entry_id


class WaitlistOfferEvent(WaitlistEvent):
    """Facts about an offer: a slot that is held for the entry, under the id of its booking."""

    booking_id: UUID = Field(title="预约编号", description="Becomes a booking when accepted.")
    offered_venue_id: UUID = Field(title="保留的场馆")
    offered_starts_at: AwareDatetime = Field(title="保留的开始时刻")
    offered_ends_at: AwareDatetime = Field(title="保留的结束时刻")
    expires_at: AwareDatetime = Field(title="答复期限")


class WaitlistJoined(WaitlistEvent, title="已加入候补"):
    type: ClassVar[str] = "jiceng.bases.waitlist-entry.joined.v1"


class WaitlistOffered(WaitlistOfferEvent, title="候补名额已保留"):
    type: ClassVar[str] = "jiceng.bases.waitlist-entry.offered.v1"


class WaitlistAccepted(WaitlistOfferEvent, title="候补名额已接受"):
    """The offer is a booking from now on, which is announced beside it."""

    type: ClassVar[str] = "jiceng.bases.waitlist-entry.accepted.v1"


class WaitlistDeclined(WaitlistOfferEvent, title="候补名额已放弃"):
    """The entry has ended; the slot goes to the next."""

    type: ClassVar[str] = "jiceng.bases.waitlist-entry.declined.v1"


class WaitlistExpired(WaitlistOfferEvent, title="候补名额已过期"):
    """Nobody answered in time: the entry has ended; the slot goes to the next."""

    type: ClassVar[str] = "jiceng.bases.waitlist-entry.expired.v1"


class WaitlistWithdrawn(WaitlistOfferEvent, title="候补名额已收回"):
    """The base closes then. The entry waits on, at its old place."""

    type: ClassVar[str] = "jiceng.bases.waitlist-entry.withdrawn.v1"


class WaitlistLapsed(WaitlistEvent, title="候补已失效"):
    """The time wished for has begun, and nothing was free."""

    type: ClassVar[str] = "jiceng.bases.waitlist-entry.lapsed.v1"


class WaitlistLeft(WaitlistEvent, title="已退出候补"):
    """They wait no longer; a slot that was held for them goes to the next."""

    type: ClassVar[str] = "jiceng.bases.waitlist-entry.left.v1"
