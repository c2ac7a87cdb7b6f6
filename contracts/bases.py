"""Facts announced by the bases service (开放式组织生活基地)."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import Event
from contracts.kinds import CancelReason, Channel, Sharing, VisitorLevel
from contracts.standards import KindDefined


class BaseEvent(Event):
    """Facts about a base; `area` is where the base lies."""

    base_id: UUID = Field(title="基地编号")

    @property
    def key(self) -> UUID:
        return self.base_id


class BaseRegistered(BaseEvent, title="基地已登记"):
    type: ClassVar[str] = "jiceng.bases.base.registered.v1"

    code: str = Field(title="基地代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类型")


class BaseChanged(BaseEvent, title="基地已变更"):
    type: ClassVar[str] = "jiceng.bases.base.changed.v1"

    code: str = Field(title="基地代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类型")
    was_kind: str = Field(title="原类型")


class VenueEvent(Event):
    """Facts about a venue; `area` is where its base lies."""

    venue_id: UUID = Field(title="场馆编号")
    base_id: UUID = Field(title="基地编号")

    @property
    def key(self) -> UUID:
        return self.venue_id


class VenueRegistered(VenueEvent, title="场馆已登记"):
    type: ClassVar[str] = "jiceng.bases.venue.registered.v1"

    code: str = Field(title="场馆代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类型")
    capacity: int = Field(title="容量", ge=1, description="Persons at one time.")
    sharing: Sharing = Field(title="使用方式")
    theme_count: int = Field(title="主题数", ge=0)


class VenueChanged(VenueEvent, title="场馆已变更"):
    type: ClassVar[str] = "jiceng.bases.venue.changed.v1"

    code: str = Field(title="场馆代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类型")
    capacity: int = Field(title="容量", ge=1)
    sharing: Sharing = Field(title="使用方式")
    theme_count: int = Field(title="主题数", ge=0)
    was_kind: str = Field(title="原类型")
    was_theme_count: int = Field(title="原主题数", ge=0)


class BookingEvent(Event):
    """What every fact about a booking repeats, so that a reader need not remember the request.

    Times are instants with offset; the venue is held from `starts_at` up to, not including,
    `ends_at`.
    """

    booking_id: UUID = Field(title="预约编号")
    base_id: UUID = Field(title="基地编号")
    base_kind: str = Field(title="基地类型")
    venue_id: UUID = Field(title="场馆编号")
    organisation_id: UUID = Field(title="来访党组织")
    starts_at: AwareDatetime = Field(title="开始时刻")
    ends_at: AwareDatetime = Field(title="结束时刻")
    headcount: int = Field(title="预约人数", ge=1)
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")

    @property
    def key(self) -> UUID:
        return self.booking_id


class BookingRequested(BookingEvent, title="预约已提交"):
    type: ClassVar[str] = "jiceng.bases.booking.requested.v1"


class BookingConfirmed(BookingEvent, title="预约已确认"):
    type: ClassVar[str] = "jiceng.bases.booking.confirmed.v1"


class BookingCancelled(BookingEvent, title="预约已取消"):
    """The venue is free again."""

    type: ClassVar[str] = "jiceng.bases.booking.cancelled.v1"

    reason: CancelReason = Field(title="取消原因")


class BookingCheckedIn(BookingEvent, title="来访已签到"):
    type: ClassVar[str] = "jiceng.bases.booking.checked-in.v1"

    actual_headcount: int = Field(title="实到人数", ge=1)


class BookingCompleted(BookingEvent, title="预约已完成"):
    type: ClassVar[str] = "jiceng.bases.booking.completed.v1"

    actual_headcount: int = Field(title="实到人数", ge=1)
    visit_id: UUID = Field(title="接待编号")


class BookingMissed(BookingEvent, title="预约未到场"):
    """Nobody came: a no-show, kept and counted. The venue is free again."""

    type: ClassVar[str] = "jiceng.bases.booking.missed.v1"


class VisitCompleted(Event, title="接待已完成"):
    """One batch (批次) that really came, with its person-times (人次).

    From a booking, or from the paper ledger (then `booking_id` is null). `organisation_id` is
    null for visitors from outside the tree.
    """

    type: ClassVar[str] = "jiceng.bases.visit.completed.v1"

    visit_id: UUID = Field(title="接待编号")
    base_id: UUID = Field(title="基地编号")
    base_kind: str = Field(title="基地类型")
    venue_id: UUID | None = Field(default=None, title="场馆编号")
    booking_id: UUID | None = Field(default=None, title="预约编号")
    organisation_id: UUID | None = Field(default=None, title="来访党组织")
    visitor_level: VisitorLevel = Field(title="来访层级")
    channel: Channel = Field(title="预约方式")
    planned_headcount: int | None = Field(default=None, title="预约人数", ge=1)
    actual_headcount: int = Field(title="实到人次", ge=1)
    started_at: AwareDatetime = Field(title="开始时刻")
    ended_at: AwareDatetime | None = Field(default=None, title="结束时刻")

    @property
    def key(self) -> UUID:
        return self.visit_id


class BaseKindDefined(KindDefined, title="基地类别已定义"):
    """A kind of base or venue was added or edited."""

    type: ClassVar[str] = "jiceng.bases.kind.defined.v1"
