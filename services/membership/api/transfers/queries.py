"""Lists of transfers, and their export."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from contracts.access import Action
from contracts.areas import AreaCode, within
from contracts.kinds.transfers import TransferDirection, TransferState
from services.chassis import kinds
from services.chassis.http import Caller, Context, Cursor, Limit, Page, page_of, set_etag
from services.chassis.http.context import ServiceContext
from services.chassis.http.export import Cell, Format, exported
from services.chassis.http.fields import Day, Sought
from services.chassis.http.pages import uuid_of
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.membership.api.transfers.views import (
    SettingView,
    TransferView,
    letter,
    names_of,
    view,
)
from services.membership.tables import organisations
from services.membership.tables import transfers as tables

queries = APIRouter(prefix="/v1", tags=["组织关系转接"], responses=dict(RESPONSES))

AT_ONCE = 500
"""Rows of an export that are read at a time."""


class _Filters:
    """What the list and its export can be limited by."""

    def __init__(
        self,
        within: Annotated[AreaCode | None, Query(description="A side is in this area.")] = None,
        state: TransferState | None = None,
        direction: TransferDirection | None = None,
        cause: Sought | None = None,
        organisation_id: Annotated[UUID | None, Query(description="Either side.")] = None,
        member_id: UUID | None = None,
        sent_from: Day | None = None,
        sent_to: Day | None = None,
    ) -> None:
        self.within = within
        self.rest = {
            "state": state,
            "direction": direction,
            "cause": cause,
            "organisation_id": organisation_id,
            "member_id": member_id,
            "sent_from": sent_from,
            "sent_to": sent_to,
        }


Filters = Annotated[_Filters, Depends(_Filters)]


@queries.get("/organisations/{organisation_id}/transfer-setting", summary="介绍信有效期")
async def get_setting(
    organisation_id: UUID, context: Context, caller: Caller, response: Response
) -> SettingView:
    async with context.database.sessions() as session:
        organisation = await organisations.organisation(session, organisation_id)
        caller.require(Action.READ, organisation.area)
        row = await tables.setting(session, organisation_id)
    set_etag(response, row.version if row else 0)
    days, version = (row.validity_days, row.version) if row else (None, 0)
    return SettingView(organisation_id=organisation_id, validity_days=days, version=version)


@queries.get("/transfers", summary="组织关系转接列表")
async def list_transfers(
    context: Context, caller: Caller, cursor: Cursor, filters: Filters, limit: Limit = 50
) -> Page[TransferView]:
    async with context.database.sessions() as session:
        rows = await tables.listed(
            session,
            within=areas_to_list(caller, filters.within),
            after=uuid_of(cursor[0]) if cursor else None,
            limit=limit + 1,
            **filters.rest,  # type: ignore[arg-type]  # one filter each, by name
        )
    names = await names_of(context, rows)
    return page_of(
        rows, limit, lambda row: view(row, names[row.transfer_id]), lambda row: (row.transfer_id,)
    )


HEADINGS = (
    *("介绍信编号", "姓名", "转接方向", "转接原因", "转出党组织", "转入党组织", "平台外党组织"),
    *("开具日期", "有效期至", "状态", "办结日期", "退回原因", "催办次数", "党费交至"),
)


@queries.get("/transfers/export", summary="导出组织关系转接")
async def export_transfers(
    context: Context,
    caller: Caller,
    filters: Filters,
    format: Format = "csv",  # noqa: A002
) -> Response:
    rows = _export(context, areas_to_list(caller, filters.within), filters)
    return await exported("组织关系转接", HEADINGS, rows, format)


@queries.get("/transfers/{transfer_id}", summary="单个组织关系转接")
async def get_transfer(
    transfer_id: UUID, context: Context, caller: Caller, response: Response
) -> TransferView:
    """Either side may look."""
    async with context.database.sessions() as session:
        row = await tables.transfer(session, transfer_id)
    mine = caller.areas(Action.READ)
    received = row.to_area is not None and any(within(row.to_area, area) for area in mine)
    caller.require(Action.READ, row.to_area if received and row.to_area else row.area)
    set_etag(response, row.version)
    names = await names_of(context, [row])
    return view(row, names[row.transfer_id])


async def _export(
    context: ServiceContext, areas: Sequence[str], filters: _Filters
) -> AsyncIterator[Sequence[Cell]]:
    after: UUID | None = None
    while True:
        async with context.database.sessions() as session:
            rows = await tables.listed(
                session,
                within=areas,
                after=after,
                limit=AT_ONCE,
                **filters.rest,  # type: ignore[arg-type]  # one filter each, by name
            )
            sides = {side for row in rows for side in (row.from_id, row.to_id) if side}
            labels = await tables.names_of(session, sides)
            causes = await kinds.labels(session, "transfer-cause")
            reasons = await kinds.labels(session, "transfer-return")
        names = await names_of(context, rows)
        for row in rows:
            yield (
                letter(row),
                names.get(row.transfer_id),
                TransferDirection(row.direction).label,
                causes.get(row.cause, row.cause),
                labels.get(row.from_id) if row.from_id else None,
                labels.get(row.to_id) if row.to_id else None,
                row.counterpart,
                row.sent_on,
                row.valid_until,
                TransferState(row.state).label,
                row.closed_on,
                reasons.get(row.reason) if row.reason else None,
                row.reminded,
                f"{row.paid_through:%Y-%m}" if row.paid_through else None,
            )
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].transfer_id
