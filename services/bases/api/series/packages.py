"""Package bookings (套餐预约): one booking a part, asked for, confirmed and cancelled together."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from contracts.access import Action
from contracts.kinds import CancelReason, Channel, VisitorLevel
from services.bases.api.bookings.lists import areas_sought, readable
from services.bases.api.bookings.permits import booker, check_reason
from services.bases.api.fields import Headcount
from services.bases.api.filters import Filters
from services.bases.api.series.views import (
    PackageBookingDetail,
    PackageBookingView,
    package_shown,
)
from services.bases.domain.series.packages import RequestPackage
from services.bases.handlers import series as handlers
from services.bases.tables import series as tables
from services.bases.tables.series import PackageBookingRow
from services.bases.tables.slots import By
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.fields import Instant
from services.chassis.http.held import held
from services.chassis.http.listing import Paging
from services.chassis.http.lists import as_file
from services.chassis.ids import new_id

commands = command_router(tags=["套餐预约"])
queries = query_router(tags=["套餐预约"])

Held = Annotated[PackageBookingRow, held(PackageBookingRow, "套餐预约", Action.HANDLE_BOOKINGS)]

MOST_PARTS = 50


class PackageBookingRequest(Timed):
    organisation_id: UUID = Field(title="来访党组织", description="Of the tree, or a guest.")
    starts_at: Instant = Field(title="开始时刻", description="Of the first part.")
    headcount: Headcount
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")
    on_behalf: bool = Field(default=True, title="代为预约", description="As of one booking.")
    base_id: UUID | None = Field(
        default=None, title="基地编号", description="Needed where an area offers the package."
    )
    venue_ids: list[UUID | None] = Field(
        default_factory=list,
        max_length=MOST_PARTS,
        title="各项场馆",
        description="In order of the parts; null, or none at all: the first free one that suits.",
    )


class CancelPackageRequest(Timed):
    reason: CancelReason = Field(default=CancelReason.BY_VISITOR, title="取消原因")


class PackageBookingFilters(Filters):
    base_id: UUID | None = None
    organisation_id: UUID | None = None


@commands.post("/packages/{package_id}/bookings", status_code=201, summary="预约套餐")
async def request_package(
    package_id: UUID, request: PackageBookingRequest, caller: Caller, uow: Work
) -> PackageBookingDetail:
    """One booking a part, one after another by the package's pauses: all, or none is made."""
    command = RequestPackage(package_booking_id=new_id(), package_id=package_id, **request.fields())
    permit = booker(caller, on_behalf=request.on_behalf, channel=request.channel)
    asker = handlers.Asker(permit, By(caller.subject), request.at(uow))
    return await package_shown(uow.session, await handlers.request_package(command, uow, asker))


@commands.post("/package-bookings/{package_booking_id}/confirm", summary="批准套餐预约")
async def confirm_package(
    package: Held, request: Timed, caller: Caller, uow: Work
) -> PackageBookingDetail:
    """As of a series: the next step of all parts that await one."""
    waiting, second = handlers.undecided(await tables.locked(uow.session, package))
    if second:
        caller.require(Action.MANAGE_BASES, package.area)
    await handlers.approve(waiting, uow, request.at(uow), actor=caller.subject)
    return await package_shown(uow.session, package)


@commands.post("/package-bookings/{package_booking_id}/cancel", summary="取消套餐预约")
async def cancel_package(
    package_booking_id: UUID, request: CancelPackageRequest, caller: Caller, uow: Work
) -> PackageBookingDetail:
    """Its parts that have not begun. A single part is cancelled as any booking."""
    row = await tables.package_booking(uow.session, package_booking_id, lock=True)
    rows = await tables.locked(uow.session, row)
    await check_reason(caller, rows[0], request.reason, uow)
    reason, at = request.reason, request.at(uow)
    await handlers.cancel_package(row, rows, reason, uow, at, actor=caller.subject)
    return await package_shown(uow.session, row)


@as_file(queries, "套餐预约")
@queries.get("/package-bookings", summary="套餐预约列表")
async def list_package_bookings(
    filters: Annotated[PackageBookingFilters, Query()], paging: Paging
) -> Page[PackageBookingView]:
    """The newest first."""
    asked = filters.within, filters.organisation_id
    everywhere = await areas_sought(paging.context, paging.caller, *asked) is None
    page = await paging.rows(PackageBookingRow, filters, newest_first=True, everywhere=everywhere)
    return page.of([PackageBookingView(**row.model_dump()) for row in page.items])


@queries.get("/package-bookings/{package_booking_id}", summary="单个套餐预约")
async def get_package_booking(
    package_booking_id: UUID, context: Context, caller: Caller
) -> PackageBookingDetail:
    async with context.database.sessions() as session:
        row = await tables.package_booking(session, package_booking_id)
        await readable(context, caller, row.area, row.organisation_id)
        return await package_shown(session, row)


routers = (commands, queries)
