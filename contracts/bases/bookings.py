"""Facts about bookings (预约)."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import Event
from contracts.kinds import CancelReason, Channel, VisitorLevel


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
    on_behalf: bool = Field(
        default=True, title="代为预约", description="Staff of the base entered it for the visitors."
    )
    off_day: bool = Field(
        default=False, title="非工作日", description="It touches a day on which nobody works."
    )
    menu_item_id: UUID | None = Field(default=None, title="菜单项目")
    menu_item_kind: str | None = Field(default=None, title="菜单项目类别")
    series_id: UUID | None = Field(default=None, title="系列编号")
    package_booking_id: UUID | None = Field(
        default=None, title="套餐预约编号", description="One for all parts of one package (套餐)."
    )

    @property
    def key(self) -> UUID:
        return self.booking_id


class BookingRequested(BookingEvent, title="预约已提交"):
    type: ClassVar[str] = "jiceng.bases.booking.requested.v1"


class BookingEndorsed(BookingEvent, title="预约已初审"):
    """The first of two steps of approval; the slot is held on."""

    type: ClassVar[str] = "jiceng.bases.booking.endorsed.v1"


class BookingConfirmed(BookingEvent, title="预约已确认"):
    type: ClassVar[str] = "jiceng.bases.booking.confirmed.v1"


class BookingCancelled(BookingEvent, title="预约已取消"):
    """The venue is free again."""

    type: ClassVar[str] = "jiceng.bases.booking.cancelled.v1"

    reason: CancelReason = Field(title="取消原因")
    late: bool = Field(
        default=False, title="逾期取消", description="By the visitors, after the time to do so."
    )
    closure_id: UUID | None = Field(
        default=None, title="闭馆编号", description="The closure that ended it."
    )


class BookingDeclined(BookingEvent, title="预约未批准"):
    """The base said no; the venue is free again."""

    type: ClassVar[str] = "jiceng.bases.booking.declined.v1"

    reason_kind: str = Field(title="未批准原因", description="Of the kinds of `decline-reason`.")


class BookingLapsed(BookingEvent, title="预约已失效"):
    """Nobody decided on it before it began; the venue is free again."""

    type: ClassVar[str] = "jiceng.bases.booking.lapsed.v1"


class BookingRescheduled(BookingEvent, title="预约已改期"):
    """Another time, venue, headcount or item. The old slot was kept until the new one was taken."""

    type: ClassVar[str] = "jiceng.bases.booking.rescheduled.v1"

    was_starts_at: AwareDatetime = Field(title="原开始时刻")
    was_ends_at: AwareDatetime = Field(title="原结束时刻")
    was_venue_id: UUID = Field(title="原场馆")
    was_headcount: int = Field(title="原预约人数", ge=1)
    was_off_day: bool = Field(title="原为非工作日")
    approval_kept: bool = Field(
        default=True, title="审批保留", description="False: it awaits approval again."
    )


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

    by_clock: bool = Field(
        default=False, title="到时自动释放", description="Nobody had checked in by the set time."
    )
    retractions: int = Field(
        default=0, ge=0, title="此前撤回次数", description="How often it was taken back before."
    )


class BookingMissRetracted(BookingEvent, title="未到场已撤回"):
    """They had come, or had not been missed: the no-show never was, and the venue is held again.

    Its business time is that of the no-show, so that it is taken back where it was counted.
    """

    type: ClassVar[str] = "jiceng.bases.booking.miss-retracted.v1"
