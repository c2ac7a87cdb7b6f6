"""A month as a console draws it: a row a venue, a cell a day, nothing left to compute."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.kinds import Sharing
from services.bases.domain.availability import Day, DayState, Free, Wanted
from services.bases.domain.opening import Range
from services.bases.tables.availability.lecturers import Spare
from services.bases.tables.availability.venues import Stocked
from services.chassis.clock import LOCAL

Clock = str
"""`09:15` of the day it stands under, Asia/Shanghai; `24:00` ends it."""


class FreeView(BaseModel):
    since: Clock = Field(title="起")
    until: Clock = Field(title="止", description="A booking may end here.")
    places: int | None = Field(
        default=None,
        title="余位",
        description="Of a shared venue: how many may come at any time within.",
    )


class DayView(BaseModel):
    day: date = Field(title="日期")
    state: DayState = Field(title="状态")
    off_day: bool | None = Field(
        title="非工作日", description="Null where the calendar does not say, or was not asked."
    )
    hours: list[tuple[Clock, Clock]] = Field(title="开放时段")
    free: list[FreeView] = Field(title="空闲时段")
    starts: list[Clock] = Field(title="可开始时刻", description="For `minutes`; empty without.")
    refused: str | None = Field(
        title="不可预约原因",
        description="Code of what a request for any time of this day meets if it is filed now.",
    )


class VenueMonth(BaseModel):
    venue_id: UUID
    code: str = Field(title="代码")
    name: str = Field(title="场馆")
    kind: str = Field(title="场馆类别")
    base_id: UUID
    base_name: str = Field(title="基地")
    capacity: int = Field(title="容量")
    sharing: Sharing = Field(title="使用方式")
    buffer_minutes: int = Field(
        title="整理分钟数", description="Left free before the next booking."
    )
    retired: bool = Field(title="已停用")
    longest_minutes: int = Field(title="一次最长分钟数")
    earliest: datetime = Field(title="最早可约时刻", description="Notice that its base wants.")
    latest: datetime = Field(title="最晚可约时刻", description="How far ahead its base books.")
    days: list[DayView] = Field(title="各日")


class LecturerMonth(BaseModel):
    lecturer_id: UUID
    code: str = Field(title="代码")
    days: list[DayView] = Field(title="各日")


class Availability(BaseModel):
    first: date = Field(title="起始日")
    last: date = Field(title="截止日", description="Inclusive.")
    at: datetime = Field(title="查询时刻", description="What lies before it is not free.")
    minutes: int | None = Field(title="时长分钟数")
    headcount: int = Field(title="人数")
    venues: list[VenueMonth] = Field(default_factory=list, title="场馆")
    lecturers: list[LecturerMonth] = Field(default_factory=list, title="讲师")


def venue_month(stocked: Stocked, days: list[Day], wanted: Wanted) -> VenueMonth:
    supply = stocked.supply
    venue = supply.venue
    return VenueMonth(
        venue_id=venue.venue_id,
        code=stocked.code,
        name=stocked.name,
        kind=stocked.kind,
        base_id=venue.base_id,
        base_name=stocked.base_name,
        capacity=venue.capacity,
        sharing=venue.sharing,
        buffer_minutes=int(venue.buffer.total_seconds()) // 60,
        retired=venue.retired,
        longest_minutes=supply.terms.longest_minutes,
        earliest=supply.earliest(wanted.at).astimezone(LOCAL),
        latest=supply.latest(wanted.at).astimezone(LOCAL),
        days=[day_view(day) for day in days],
    )


def lecturer_month(spare: Spare, days: list[Day]) -> LecturerMonth:
    return LecturerMonth(
        lecturer_id=spare.lecturer_id, code=spare.code, days=[day_view(day) for day in days]
    )


def day_view(day: Day) -> DayView:
    return DayView(
        day=day.day,
        state=day.state,
        off_day=day.off_day,
        hours=[_clocks(each) for each in day.hours],
        free=[_free(each) for each in day.free],
        starts=[_clock(each) for each in day.starts],
        refused=day.refused,
    )


def _free(free: Free) -> FreeView:
    since, until = _clocks((free.since, free.until))
    return FreeView(since=since, until=until, places=free.places)


def _clocks(within: Range) -> tuple[Clock, Clock]:
    until = _clock(within[1])
    return _clock(within[0]), "24:00" if until == "00:00" else until


def _clock(instant: datetime) -> Clock:
    local = instant.astimezone(LOCAL)
    return f"{local.hour:02}:{local.minute:02}"
