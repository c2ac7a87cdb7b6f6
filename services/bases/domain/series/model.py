"""What is asked for in one piece, and what could not be had of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.kinds import Channel, VisitorLevel
from contracts.kinds.series import Frequency, OnConflict, SeriesScope, Weekday
from services.bases.domain.bookings.ask import Reschedule
from services.bases.domain.bookings.model import AHEAD, Booking, RequestBooking
from services.bases.domain.opening import Range
from services.bases.domain.series.recurrence import Repeat
from services.chassis.clock import LOCAL
from services.chassis.errors import Conflict, Invalid, Refusal
from services.chassis.state import State
from services.chassis.working_days import ONE_DAY

SHOWN = 3
"""How many occurrences a refusal says in words; its members say all."""


class Series(State):
    """What was booked in one piece; `first_day` and `last_day` are of what could be had."""

    series_id: UUID
    base_id: UUID = Field(title="基地")
    area: str = Field(title="区划")
    venue_id: UUID = Field(title="场馆")
    organisation_id: UUID = Field(title="来访党组织")
    starts_at: datetime = Field(title="首次开始时刻")
    ends_at: datetime = Field(title="首次结束时刻")
    headcount: int = Field(title="预约人数")
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")
    on_behalf: bool = Field(title="代为预约")
    menu_item_id: UUID | None
    every: Frequency = Field(title="周期")
    interval: int = Field(title="间隔")
    weekdays: list[Weekday] = Field(title="星期")
    until: date | None = Field(title="截止日期")
    times: int | None = Field(title="次数")
    booked: int = Field(title="预约次数")
    first_day: date = Field(title="首日")
    last_day: date = Field(title="末日")


@dataclass(frozen=True, kw_only=True)
class RequestSeries:
    """`starts_at` and `ends_at` are of the first occurrence."""

    series_id: UUID
    venue_id: UUID
    organisation_id: UUID
    starts_at: datetime
    ends_at: datetime
    headcount: int
    channel: Channel
    visitor_level: VisitorLevel
    on_behalf: bool
    menu_item_id: UUID | None
    repeat: Repeat
    on_conflict: OnConflict

    def booking(self, booking_id: UUID, slot: Range) -> RequestBooking:
        return RequestBooking(
            booking_id=booking_id,
            venue_id=self.venue_id,
            organisation_id=self.organisation_id,
            starts_at=slot[0],
            ends_at=slot[1],
            headcount=self.headcount,
            channel=self.channel,
            visitor_level=self.visitor_level,
            on_behalf=self.on_behalf,
            menu_item_id=self.menu_item_id,
            series_id=self.series_id,
        )


@dataclass(frozen=True, kw_only=True)
class ChangeSeries:
    """What is left out stays: an occurrence that was moved singly keeps whatever is not named.

    `opens` and `closes` are times of the day by the wall clock. Every occurrence stays on its own
    day; one that closes before it opens ends on the day after. New `opens` alone keep the length.
    """

    scope: SeriesScope
    from_booking_id: UUID | None
    opens: time | None
    closes: time | None
    venue_id: UUID | None
    headcount: int | None
    on_conflict: OnConflict

    def of(self, booking: Booking) -> Reschedule:
        """What it means for one occurrence."""
        since, until = self.times(booking.starts_at)
        return Reschedule(
            starts_at=since, ends_at=until, venue_id=self.venue_id, headcount=self.headcount
        )

    def times(self, was: datetime) -> tuple[datetime | None, datetime | None]:
        """When what began at `was` begins and ends instead; `None` for no change of it."""
        begun = was.astimezone(LOCAL)
        since = until = None
        if self.opens is not None:
            since = datetime.combine(begun.date(), self.opens, LOCAL)
        if self.closes is not None:
            until = datetime.combine(begun.date(), self.closes, LOCAL)
            until += ONE_DAY if until <= (since or begun) else timedelta()
        return since, until


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """An occurrence that could not be had, and why; `facts` are those of the refusal."""

    day: str
    code: str
    title: str
    detail: str
    facts: dict[str, Any] = field(default_factory=dict)


class SeriesRefused(Conflict):
    code = "series-refused"
    title, title_zh = "Not every occurrence can be had", "系列中有不能预约的日期"


class NotInSeries(Invalid):
    code = "not-in-series"
    title, title_zh = "The booking is none of the series", "该预约不属于此系列"


class NothingAhead(Conflict):
    code = "nothing-ahead"
    title, title_zh = "No booking is left to change", "没有可操作的预约"


def no_such_day(day: str) -> Skipped:
    return Skipped(
        day=day,
        code="no-such-day",
        title="当月没有该日",
        detail=f"没有 {day} 这一天，不顺延、不提前。",
    )


def skipped(starts_at: datetime, refusal: Refusal, **about: Any) -> Skipped:
    return Skipped(
        day=f"{starts_at.astimezone(LOCAL):%Y-%m-%d}",
        code=refusal.code,
        title=refusal.title_zh,
        detail=refusal.zh or refusal.title_zh,
        facts=refusal.facts | about,
    )


def refused(missed: Sequence[Skipped], wanted: int) -> SeriesRefused:
    """Of `wanted` occurrences, those `missed` stand against the whole."""
    words = "；".join(f"{each.day} {each.detail}" for each in missed[:SHOWN])
    more = " 等" if len(missed) > SHOWN else ""
    return SeriesRefused(
        f"{len(missed)} of {wanted} cannot be had; nothing was changed.",
        zh=f"共 {wanted} 次，其中 {len(missed)} 次不能预约，未作任何改动：{words}{more}",
        field="on_conflict",
        occurrences=[vars(each) for each in missed],
    )


def in_scope(
    bookings: Sequence[Booking], scope: SeriesScope, since: UUID | None, at: datetime
) -> list[Booking]:
    """Those that may still move or be cancelled, not begun at `at`; in the order given.

    Raises `NotInSeries`, `NothingAhead`.
    """
    first = next((each.starts_at for each in bookings if each.booking_id == since), None)
    if first is None and (since is not None or scope is SeriesScope.THIS_AND_FOLLOWING):
        raise NotInSeries(
            "`from_booking_id` names no booking of the series.",
            zh="from_booking_id 应为本系列中的一次预约。",
            field="from_booking_id",
        )
    following = scope is SeriesScope.THIS_AND_FOLLOWING
    found = [
        each
        for each in bookings
        if each.status in AHEAD
        and each.starts_at > at
        and not (following and first is not None and each.starts_at < first)
    ]
    if not found:
        raise NothingAhead("All of them have begun or ended.", zh="所选预约均已开始或已结束。")
    return found
