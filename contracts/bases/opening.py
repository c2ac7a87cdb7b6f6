"""Facts about opening hours and closures (开放时间)."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import Event
from contracts.kinds.bases import DayKind
from contracts.kinds.opening import ClosureStage


class OpeningHoursStated(Event, title="开放时间已公布"):
    """What holds from a day on, until others begin; said again, it replaces what it said before.

    A kind of day that is left out is closed. `holiday` and `make-up` left out: such days follow
    the day of the week. Hours of a venue go before those of its base.
    """

    type: ClassVar[str] = "jiceng.bases.opening-hours.stated.v1"

    opening_hours_id: UUID = Field(title="开放时间编号")
    base_id: UUID = Field(title="基地编号")
    venue_id: UUID | None = Field(
        default=None, title="场馆编号", description="Null for the whole base."
    )
    effective_from: date = Field(title="施行日期")
    spans: dict[DayKind, tuple[tuple[int, int], ...]] = Field(
        title="开放时段",
        description="By kind of day: `[opens, closes)` in minutes of the day, 1440 for midnight.",
    )
    minutes_a_week: int = Field(
        title="每周开放分钟数", ge=0, description="Of a week without holidays."
    )

    @property
    def key(self) -> UUID:
        return self.opening_hours_id


class ClosureEvent(Event):
    """Facts about a closure; `area` is where the base lies. Closed in `[starts_at, ends_at)`."""

    closure_id: UUID = Field(title="闭馆编号")
    base_id: UUID = Field(title="基地编号")
    base_kind: str = Field(title="基地类型")
    venue_id: UUID | None = Field(
        default=None, title="场馆编号", description="Null for the whole base."
    )
    starts_at: AwareDatetime = Field(title="开始时刻")
    ends_at: AwareDatetime = Field(title="结束时刻")
    reason_kind: str = Field(title="闭馆原因", description="A code of the kinds `closure-reason`.")

    @property
    def key(self) -> UUID:
        return self.closure_id


class ClosureAnnounced(ClosureEvent, title="闭馆已公告"):
    type: ClassVar[str] = "jiceng.bases.closure.announced.v1"

    bookings_cancelled: int = Field(
        title="取消的预约数", ge=0, description="Bookings that stood in the way."
    )


class ClosureWithdrawn(ClosureEvent, title="闭馆已撤销"):
    """One ahead never happens; one under way ends at `reopens_at`."""

    type: ClassVar[str] = "jiceng.bases.closure.withdrawn.v1"

    stage: ClosureStage = Field(title="撤销时阶段")
    reopens_at: AwareDatetime = Field(title="恢复开放时刻")
