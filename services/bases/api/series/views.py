"""What callers see of a series, of a package booking, and of what could not be had."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds import Channel, VisitorLevel
from contracts.kinds.series import Frequency, Weekday
from services.bases.api.bookings.views import BookingView, view
from services.bases.api.written import BaseId, OrganisationId, VenueId
from services.bases.domain.series.model import Skipped
from services.bases.tables import bookings
from services.bases.tables.bookings import Sought
from services.bases.tables.series import PackageBookingRow, SeriesRow
from services.chassis.http import set_etag


class SkippedView(BaseModel):
    """An occurrence that could not be had; `code` is that of the refusal a single one would get."""

    day: str = Field(title="日期", description="May be a day that no calendar has: 2027-02-29.")
    code: str = Field(title="原因")
    title: str = Field(title="原因名称")
    detail: str = Field(title="说明")
    facts: dict[str, Any] = Field(title="依据", description="Such as `free_next`.")


class SeriesView(BaseModel):
    series_id: UUID
    base_id: BaseId = Field(title="基地")
    area: str = Field(title="区划")
    venue_id: VenueId = Field(title="场馆")
    organisation_id: OrganisationId = Field(title="来访党组织")
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
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class SeriesDetail(SeriesView):
    """With each occurrence as it now is: those that were moved or cancelled singly, too."""

    occurrences: list[BookingView] = Field(title="各次预约")
    skipped: list[SkippedView] = Field(title="跳过的日期", description="When it was made.")


class SeriesMoved(SeriesDetail):
    kept: list[SkippedView] = Field(title="未能改期的预约", description="They keep their slots.")


class PackageBookingView(BaseModel):
    package_booking_id: UUID
    package_id: UUID
    base_id: BaseId = Field(title="基地")
    area: str = Field(title="区划")
    organisation_id: OrganisationId = Field(title="来访党组织")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    headcount: int = Field(title="预约人数")
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")
    on_behalf: bool = Field(title="代为预约")
    parts: int = Field(title="项目数")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class PackageBookingDetail(PackageBookingView):
    bookings: list[BookingView] = Field(title="各项预约")


async def series_shown(session: AsyncSession, row: SeriesRow, response: Response) -> SeriesDetail:
    set_etag(response, row.version)
    occurrences = await _of(session, Sought(within=None, series_id=row.series_id), row.booked)
    return SeriesDetail.model_validate(row.model_dump() | {"occurrences": occurrences})


async def moved_shown(
    session: AsyncSession, row: SeriesRow, kept: list[Skipped], response: Response
) -> SeriesMoved:
    whole = await series_shown(session, row, response)
    return SeriesMoved.model_validate(whole.model_dump() | {"kept": [vars(k) for k in kept]})


async def package_shown(
    session: AsyncSession, row: PackageBookingRow, response: Response
) -> PackageBookingDetail:
    set_etag(response, row.version)
    sought = Sought(within=None, package_booking_id=row.package_booking_id)
    parts = await _of(session, sought, row.parts)
    return PackageBookingDetail.model_validate(row.model_dump() | {"bookings": parts})


async def _of(session: AsyncSession, sought: Sought, most: int) -> list[BookingView]:
    rows = await bookings.bookings(session, sought, after=None, limit=most)
    return [view(row) for row in rows]
