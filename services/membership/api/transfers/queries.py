"""Lists of transfers, and their export."""

from typing import Annotated
from uuid import UUID

from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy import or_
from sqlmodel import col

from contracts.access import Action
from contracts.areas import AreaCode, within
from contracts.kinds.transfers import TransferDirection, TransferState
from services.chassis.http import Caller, Context, Cursor, Limit, Page, query_router
from services.chassis.http.fields import Day, Sought
from services.chassis.http.held import seen
from services.chassis.http.listing import By, Filters, after_cursor, listed, since, until
from services.chassis.http.lists import as_file
from services.membership.api.transfers.views import SettingView, TransferView, names_of, view
from services.membership.tables import transfers as tables
from services.membership.tables.organisations import OrganisationRow
from services.membership.tables.transfers import TransferRow

queries = query_router(tags=["组织关系转接"])

Seen = Annotated[OrganisationRow, seen(OrganisationRow, "党组织")]
EITHER_SIDE = By(lambda columns, key: or_(columns["from_id"] == key, columns["to_id"] == key))


class TransferFilters(Filters):
    within: AreaCode | None = Field(default=None, description="A side is in this area.")
    state: TransferState | None = None
    direction: TransferDirection | None = None
    cause: Sought | None = None
    organisation_id: Annotated[UUID | None, EITHER_SIDE] = Field(
        default=None, description="Either side."
    )
    member_id: UUID | None = None
    sent_from: Annotated[Day | None, since("sent_on")] = None
    sent_to: Annotated[Day | None, until("sent_on")] = None


@queries.get("/organisations/{organisation_id}/transfer-setting", summary="介绍信有效期")
async def get_setting(organisation: Seen, context: Context) -> SettingView:
    key = organisation.organisation_id
    async with context.database.sessions() as session:
        row = await tables.setting(session, key)
    if row is None:
        return SettingView(organisation_id=key, validity_days=None, version=0)
    return SettingView(**row.model_dump())


@as_file(
    queries,
    "组织关系转接",
    columns={
        "letter": "介绍信编号",
        "name": "姓名",
        "direction": "转接方向",
        "cause": "转接原因",
        "from_id": "转出党组织",
        "to_id": "转入党组织",
        "counterpart": "平台外党组织",
        "sent_on": "开具日期",
        "valid_until": "有效期至",
        "state": "状态",
        "closed_on": "办结日期",
        "reason": "退回原因",
        "reminded": "催办次数",
        "paid_through": "党费交至",
    },
    description="",
    documented=JSONResponse,
)
@queries.get("/transfers", summary="组织关系转接列表")
async def list_transfers(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    limit: Limit = 50,
    filters: Annotated[TransferFilters, after_cursor(TransferFilters)],
) -> Page[TransferView]:
    sides = (col(TransferRow.area), col(TransferRow.to_area))
    page = await listed(
        context, caller, TransferRow, filters, cursor, limit, newest_first=True, area=sides
    )
    names = await names_of(context, page.items)
    return page.of([view(row, names[row.transfer_id]) for row in page.items])


@queries.get("/transfers/{transfer_id}", summary="单个组织关系转接")
async def get_transfer(transfer_id: UUID, context: Context, caller: Caller) -> TransferView:
    """Either side may look."""
    async with context.database.sessions() as session:
        row = await tables.transfer(session, transfer_id)
    mine = caller.areas(Action.READ)
    received = row.to_area is not None and any(within(row.to_area, area) for area in mine)
    caller.require(Action.READ, row.to_area if received and row.to_area else row.area)
    names = await names_of(context, [row])
    return view(row, names[row.transfer_id])
