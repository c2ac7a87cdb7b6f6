"""Facts about recurring bookings (系列预约) and package bookings (套餐预约).

Every single booking has facts of its own beside them; these say what was asked for in one piece.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import Event
from contracts.kinds import CancelReason, Channel, VisitorLevel
from contracts.kinds.series import Frequency, SeriesScope, Weekday


class SeriesEvent(Event):
    """What every fact about a series repeats."""

    series_id: UUID = Field(title="系列编号")
    base_id: UUID = Field(title="基地编号")
    base_kind: str = Field(title="基地类型")
    venue_id: UUID = Field(title="场馆编号")
    organisation_id: UUID = Field(title="来访党组织")
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")
    on_behalf: bool = Field(title="代为预约")
    menu_item_id: UUID | None = Field(default=None, title="菜单项目")
    menu_item_kind: str | None = Field(default=None, title="菜单项目类别")
    every: Frequency = Field(title="周期")
    interval: int = Field(title="间隔", ge=1, description="Every so many days, weeks, ...")
    weekdays: list[Weekday] = Field(title="星期", description="Of a weekly series; else none.")
    first_day: date = Field(title="首日", description="Of the bookings made, as of their making.")
    last_day: date = Field(title="末日")

    @property
    def key(self) -> UUID:
        return self.series_id


class SeriesRequested(SeriesEvent, title="系列预约已提交"):
    """Its bookings were requested in the same instant, all or those that could be had."""

    type: ClassVar[str] = "jiceng.bases.series.requested.v1"

    booked: int = Field(title="预约次数", ge=1)
    skipped: int = Field(title="跳过次数", ge=0)


class SeriesChanged(SeriesEvent, title="系列预约已变更"):
    """Several of its bookings were moved in one piece."""

    type: ClassVar[str] = "jiceng.bases.series.changed.v1"

    scope: SeriesScope = Field(title="范围")
    moved: int = Field(title="改期次数", ge=1)
    kept: int = Field(title="未能改期次数", ge=0)


class SeriesCancelled(SeriesEvent, title="系列预约已取消"):
    """Several of its bookings were cancelled in one piece; those that had begun were not."""

    type: ClassVar[str] = "jiceng.bases.series.cancelled.v1"

    scope: SeriesScope = Field(title="范围")
    reason: CancelReason = Field(title="取消原因")
    cancelled: int = Field(title="取消次数", ge=1)


class PackageBookingEvent(Event):
    """What every fact about a package booking repeats. `[starts_at, ends_at)` spans its parts."""

    package_booking_id: UUID = Field(title="套餐预约编号")
    package_id: UUID = Field(title="套餐编号")
    base_id: UUID = Field(title="基地编号")
    base_kind: str = Field(title="基地类型")
    organisation_id: UUID = Field(title="来访党组织")
    starts_at: AwareDatetime = Field(title="开始时刻")
    ends_at: AwareDatetime = Field(title="结束时刻")
    headcount: int = Field(title="预约人数", ge=1)
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")
    on_behalf: bool = Field(title="代为预约")
    parts: int = Field(title="项目数", ge=1)

    @property
    def key(self) -> UUID:
        return self.package_booking_id


class PackageBookingRequested(PackageBookingEvent, title="套餐预约已提交"):
    """All its parts were requested in the same instant."""

    type: ClassVar[str] = "jiceng.bases.package-booking.requested.v1"


class PackageBookingCancelled(PackageBookingEvent, title="套餐预约已取消"):
    """Those of its parts that were still ahead were cancelled."""

    type: ClassVar[str] = "jiceng.bases.package-booking.cancelled.v1"

    reason: CancelReason = Field(title="取消原因")
    cancelled: int = Field(title="取消项目数", ge=1)
