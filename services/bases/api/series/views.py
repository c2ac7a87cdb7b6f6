"""What callers see of a series, of a package booking, and of what could not be had."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from services.bases.api.bookings.views import BookingView, view
from services.bases.api.written import BaseId, OrganisationId, VenueId
from services.bases.domain.series.model import Series, Skipped
from services.bases.domain.series.packages import PackageBooking
from services.bases.tables import bookings
from services.bases.tables.bookings import Sought
from services.bases.tables.series import PackageBookingRow, SeriesRow


class SkippedView(BaseModel):
    """An occurrence that could not be had; `code` is that of the refusal a single one would get."""

    day: str = Field(title="日期", description="May be a day that no calendar has: 2027-02-29.")
    code: str = Field(title="原因")
    title: str = Field(title="原因名称")
    detail: str = Field(title="说明")
    facts: dict[str, Any] = Field(title="依据", description="Such as `free_next`.")


class SeriesView(Series):
    base_id: BaseId = Field(title="基地")
    venue_id: VenueId = Field(title="场馆")
    organisation_id: OrganisationId = Field(title="来访党组织")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class SeriesDetail(SeriesView):
    """With each occurrence as it now is: those that were moved or cancelled singly, too."""

    occurrences: list[BookingView] = Field(title="各次预约")
    skipped: list[SkippedView] = Field(title="跳过的日期", description="When it was made.")


class SeriesMoved(SeriesDetail):
    kept: list[SkippedView] = Field(title="未能改期的预约", description="They keep their slots.")


class PackageBookingView(PackageBooking):
    base_id: BaseId = Field(title="基地")
    organisation_id: OrganisationId = Field(title="来访党组织")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class PackageBookingDetail(PackageBookingView):
    bookings: list[BookingView] = Field(title="各项预约")


async def series_shown(session: AsyncSession, row: SeriesRow) -> SeriesDetail:
    occurrences = await _of(session, Sought(within=None, series_id=row.series_id), row.booked)
    return SeriesDetail(**row.model_dump(), occurrences=occurrences)


async def moved_shown(session: AsyncSession, row: SeriesRow, kept: list[Skipped]) -> SeriesMoved:
    whole = await series_shown(session, row)
    return SeriesMoved(**dict(whole), kept=[SkippedView(**vars(each)) for each in kept])


async def package_shown(session: AsyncSession, row: PackageBookingRow) -> PackageBookingDetail:
    sought = Sought(within=None, package_booking_id=row.package_booking_id)
    return PackageBookingDetail(**row.model_dump(), bookings=await _of(session, sought, row.parts))


async def _of(session: AsyncSession, sought: Sought, most: int) -> list[BookingView]:
    rows = await bookings.bookings(session, sought, after=None, limit=most)
    return [view(row) for row in rows]
