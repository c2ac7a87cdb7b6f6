"""What stands in a calendar, in words of a calendar: no name, phone or remark of a person.

Occurrences of a series are items of their own, not instances of one recurring event: each is
approved, moved, missed and cancelled by itself, skips holidays and days without a free slot, and
is counted by itself. A recurrence rule would have to list nearly all of them as exceptions, and a
client that knows no exceptions would show visits that never take place.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self
from uuid import UUID

from contracts.areas import within
from contracts.kinds import BookingStatus, VisitorLevel
from contracts.kinds.courses import SessionStatus

HIDDEN = "已有安排"
"""All that is said of what lies where the reader may not read: the time is taken."""


class Standing(StrEnum):
    """STATUS of RFC 5545, 3.8.1.11."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


MARK = {Standing.TENTATIVE: "【待确认】", Standing.CONFIRMED: "", Standing.CANCELLED: "【已取消】"}
"""Begins the summary: many phones show no STATUS."""

TENTATIVE = frozenset({BookingStatus.OFFERED, BookingStatus.PENDING, BookingStatus.ENDORSED})
OFF = frozenset(
    {
        BookingStatus.CANCELLED,
        BookingStatus.DECLINED,
        BookingStatus.LAPSED,
        BookingStatus.NO_SHOW,
    }
)
"""Statuses in which nothing takes place."""


def standing(status: BookingStatus) -> Standing:
    if status in OFF:
        return Standing.CANCELLED
    return Standing.TENTATIVE if status in TENTATIVE else Standing.CONFIRMED


@dataclass(frozen=True, kw_only=True)
class Item(ABC):
    """One VEVENT. `version` counts its changes from 1, the last of which was at `changed_at`."""

    sort: ClassVar[str]

    id: UUID
    version: int
    area: str
    starts_at: datetime
    ends_at: datetime
    recorded_at: datetime
    changed_at: datetime
    host_id: UUID
    """Who holds it: the base, or a lecture hall that stands at none."""
    host: str
    venue: str | None
    shown: bool = True
    """False for a reader who may know no more than that the time is taken."""

    @property
    @abstractmethod
    def standing(self) -> Standing: ...

    @abstractmethod
    def title(self) -> str: ...

    def lines(self) -> list[str]:
        """What the description says."""
        return []

    @property
    def summary(self) -> str:
        return MARK[self.standing] + (self.title() if self.shown else HIDDEN)

    @property
    def description(self) -> str:
        return "\n".join(self.lines()) if self.shown else ""

    @property
    def place(self) -> str:
        return " ".join(filter(None, (self.host, self.venue))) if self.shown else ""

    @property
    def categories(self) -> list[str]:
        return [self.sort]

    def seen_by(self, areas: tuple[str, ...]) -> Self:
        """As whoever may read `areas` sees it."""
        if any(within(self.area, area) for area in areas):
            return self
        return replace(self, shown=False)


@dataclass(frozen=True, kw_only=True)
class Booked(Item):
    """A booking (预约)."""

    sort = "预约"

    status: BookingStatus
    organisation_id: UUID
    visitors: str | None
    """Name of the organisation or guest that comes."""
    activity: str | None
    """Name of the menu item, or the label of its kind."""
    headcount: int
    visitor_level: VisitorLevel
    off_day: bool

    @property
    def standing(self) -> Standing:
        return standing(self.status)

    def title(self) -> str:
        return "：".join(filter(None, (self.visitors or "来访单位", self.activity)))

    def lines(self) -> list[str]:
        return [
            f"状态：{self.status.label}",
            f"来访层级：{self.visitor_level.label}",
            f"预约人数：{self.headcount}",
        ]

    @property
    def categories(self) -> list[str]:
        return [self.sort, "非工作日"] if self.off_day else [self.sort]


@dataclass(frozen=True, kw_only=True)
class Closed(Item):
    """A closure of a base or one of its venues (闭馆); one that was taken back ends earlier."""

    sort = "闭馆"

    reason: str
    withdrawn: bool
    """Before it began."""

    @property
    def standing(self) -> Standing:
        return Standing.CANCELLED if self.withdrawn else Standing.CONFIRMED

    def title(self) -> str:
        return f"{self.sort}：{self.reason}"


@dataclass(frozen=True, kw_only=True)
class Taught(Item):
    """A session of a course (讲习)."""

    sort = "讲习"

    status: SessionStatus
    course: str

    @property
    def standing(self) -> Standing:
        off = self.status is SessionStatus.CANCELLED
        return Standing.CANCELLED if off else Standing.CONFIRMED

    def title(self) -> str:
        return f"{self.sort}：{self.course}"


@dataclass(frozen=True, kw_only=True)
class Assigned(Item):
    """What takes a lecturer: a booking, a session or a shift of a guide (值班)."""

    sort = "任务"

    holds: bool
    completed: bool
    status: BookingStatus | None
    """Of the booking it is for."""
    task: str
    subject: str | None
    """Visitors or course."""

    @property
    def standing(self) -> Standing:
        if not (self.holds or self.completed):
            return Standing.CANCELLED
        return Standing.CONFIRMED if self.status is None else standing(self.status)

    def title(self) -> str:
        return "：".join(filter(None, (self.task, self.subject)))

    @property
    def categories(self) -> list[str]:
        return [self.task]
