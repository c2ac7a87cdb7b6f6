"""Series: asked for, changed, confirmed and cancelled in one piece. One occurrence is a booking as
any other (`/v1/bookings/{booking_id}`), and stays in its series whatever becomes of it.
"""

from datetime import time
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from contracts.access import Action
from contracts.kinds import CancelReason, Channel, VisitorLevel
from contracts.kinds.series import Frequency, OnConflict, SeriesScope, Weekday
from services.bases.api.bookings.lists import areas_sought, readable
from services.bases.api.bookings.permits import booker, check_own, check_reason
from services.bases.api.fields import Headcount
from services.bases.api.filters import Filters
from services.bases.api.series.views import (
    SeriesDetail,
    SeriesMoved,
    SeriesView,
    moved_shown,
    series_shown,
)
from services.bases.domain.series.model import ChangeSeries, RequestSeries
from services.bases.domain.series.recurrence import Repeat
from services.bases.handlers import series as handlers
from services.bases.tables import series as tables
from services.bases.tables.series import SeriesRow
from services.bases.tables.slots import By
from services.chassis.http import (
    Caller,
    Context,
    IfMatch,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
    versions,
)
from services.chassis.http.fields import Day, Instant
from services.chassis.http.held import held
from services.chassis.http.listing import Paging
from services.chassis.http.lists import as_file
from services.chassis.ids import new_id

commands = command_router(tags=["系列预约"])
queries = query_router(tags=["系列预约"])

Held = Annotated[SeriesRow, held(SeriesRow, "系列预约", Action.HANDLE_BOOKINGS)]

WallTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["15:30"])]
"""Of the office's clock, Asia/Shanghai."""

MOST_APART = 30
"""More days, weeks, months or years than between the occurrences of any series."""


class RepeatRequest(BaseModel):
    """`until` or `times`. A day that a month does not have is skipped and told, never moved."""

    model_config = ConfigDict(extra="forbid")

    every: Frequency = Field(title="周期")
    interval: Annotated[int, Field(strict=True, ge=1, le=MOST_APART, title="间隔")] = 1
    weekdays: list[Weekday] = Field(
        default_factory=list,
        max_length=len(Weekday),
        title="星期",
        description="Of a weekly series: that of the first among them. Weeks begin on Monday.",
    )
    until: Day | None = Field(default=None, title="截止日期", description="Inclusive.")
    times: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = Field(
        default=None, title="次数", description="The first included."
    )

    def rule(self) -> Repeat:
        return Repeat(**self.model_dump() | {"weekdays": tuple(dict.fromkeys(self.weekdays))})


class SeriesRequest(Timed):
    """`starts_at` and `ends_at` are of the first; the others keep its times by the wall clock."""

    venue_id: UUID = Field(title="场馆编号")
    organisation_id: UUID = Field(title="来访党组织", description="Of the tree, or a guest.")
    starts_at: Instant = Field(title="首次开始时刻")
    ends_at: Instant = Field(title="首次结束时刻", description="Exclusive.")
    headcount: Headcount
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")
    on_behalf: bool = Field(default=True, title="代为预约", description="As of one booking.")
    menu_item_id: UUID | None = Field(default=None, title="菜单项目")
    repeat: RepeatRequest = Field(title="重复")
    on_conflict: OnConflict = Field(default=OnConflict.REFUSE, title="遇冲突时")


class ScopeRequest(Timed):
    scope: SeriesScope = Field(title="范围", description="Never those that have begun.")
    from_booking_id: UUID | None = Field(
        default=None, title="自哪一次起", description="For `this-and-following`."
    )


class ChangeRequest(ScopeRequest):
    """What is left out stays. Each occurrence stays on its day, also one that was moved singly; a
    new start alone keeps its length, and an end before the start is on the day after.
    """

    starts_at: WallTime | None = Field(default=None, title="开始时间")
    ends_at: WallTime | None = Field(default=None, title="结束时间", description="Exclusive.")
    venue_id: UUID | None = Field(default=None, title="场馆编号")
    headcount: Headcount | None = None
    on_conflict: OnConflict = Field(default=OnConflict.REFUSE, title="遇冲突时")

    def command(self) -> ChangeSeries:
        opens, closes = (
            None if each is None else time.fromisoformat(each)
            for each in (self.starts_at, self.ends_at)
        )
        return ChangeSeries(**self.fields("starts_at", "ends_at"), opens=opens, closes=closes)


class CancelSeriesRequest(ScopeRequest):
    reason: CancelReason = Field(default=CancelReason.BY_VISITOR, title="取消原因")


class SeriesFilters(Filters):
    base_id: UUID | None = None
    venue_id: UUID | None = None
    organisation_id: UUID | None = None


@commands.post("/series", status_code=201, summary="提交系列预约")
async def request_series(request: SeriesRequest, caller: Caller, uow: Work) -> SeriesDetail:
    """Every occurrence becomes a booking of its own, pending until it is approved.

    With `refuse` all or none: the refusal says every conflict and what is free next. With `skip`
    those that can be had: `skipped` says which others could not, and why.
    """
    row = await handlers.request(
        RequestSeries(series_id=new_id(), repeat=request.repeat.rule(), **request.fields("repeat")),
        uow,
        permit=booker(caller, on_behalf=request.on_behalf, channel=request.channel),
        by=By(caller.subject),
        at=request.at(uow),
    )
    return await series_shown(uow.session, row)


@commands.post("/series/{series_id}/change", summary="变更系列预约")
async def change_series(
    series_id: UUID, request: ChangeRequest, caller: Caller, version: IfMatch, uow: Work
) -> SeriesMoved:
    """Other times of the day, another venue or size, for many at once; approvals as for one."""
    row = await tables.series(uow.session, series_id, lock=True)
    rows = await tables.locked(uow.session, row)
    staff = await check_own(caller, rows[0], uow)
    versions.check(version, row.version)
    permit, by = booker(caller, on_behalf=staff), By(caller.subject, staff=staff)
    mover = handlers.Mover(uow, permit, by, request.at(uow))
    kept = await handlers.change(row, rows, request.command(), mover)
    return await moved_shown(uow.session, row, kept)


@commands.post("/series/{series_id}/confirm", summary="批准系列预约")
async def confirm_series(series: Held, request: Timed, caller: Caller, uow: Work) -> SeriesDetail:
    """The next step of approval of all that await one: the first of all before the second of any,
    which is a base manager's.
    """
    waiting, second = handlers.undecided(await tables.locked(uow.session, series))
    if second:
        caller.require(Action.MANAGE_BASES, series.area)
    await handlers.approve(waiting, uow, request.at(uow), actor=caller.subject)
    return await series_shown(uow.session, series)


@commands.post("/series/{series_id}/cancel", summary="取消系列预约")
async def cancel_series(
    series_id: UUID, request: CancelSeriesRequest, caller: Caller, uow: Work
) -> SeriesDetail:
    """Those that have not begun, each as if it were cancelled singly."""
    row = await tables.series(uow.session, series_id, lock=True)
    rows = await tables.locked(uow.session, row)
    await check_reason(caller, rows[0], request.reason, uow)
    await handlers.cancel_series(
        row,
        rows,
        request.scope,
        request.from_booking_id,
        request.reason,
        uow,
        request.at(uow),
        actor=caller.subject,
    )
    return await series_shown(uow.session, row)


@as_file(queries, "系列预约")
@queries.get("/series", summary="系列预约列表")
async def list_series(
    filters: Annotated[SeriesFilters, Query()], paging: Paging
) -> Page[SeriesView]:
    """The newest first."""
    asked = filters.within, filters.organisation_id
    everywhere = await areas_sought(paging.context, paging.caller, *asked) is None
    page = await paging.rows(SeriesRow, filters, newest_first=True, everywhere=everywhere)
    return page.of([SeriesView(**row.model_dump()) for row in page.items])


@queries.get("/series/{series_id}", summary="单个系列预约")
async def get_series(series_id: UUID, context: Context, caller: Caller) -> SeriesDetail:
    async with context.database.sessions() as session:
        row = await tables.series(session, series_id)
        await readable(context, caller, row.area, row.organisation_id)
        return await series_shown(session, row)


routers = (commands, queries)
