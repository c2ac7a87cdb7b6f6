"""Micro-wishes: collected, claimed by one, made true."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.volunteering import WishStatus
from services.chassis.clock import occurred
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    page_of,
    sealed,
    set_etag,
)
from services.chassis.http.export import Cell
from services.chassis.http.fields import Kind, Sought
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.membership.api.volunteering.common import (
    AsFile,
    Contact,
    HolderShown,
    MustHold,
    Purpose,
    Shown,
    Within,
    file_of,
    holder_shown,
    label,
    page_rows,
)
from services.membership.api.volunteering.menu import Minutes
from services.membership.domain.volunteering.wishes import CollectWish
from services.membership.handlers.volunteering import references
from services.membership.handlers.volunteering import wishes as handlers
from services.membership.tables.volunteering import cases
from services.membership.tables.volunteering.rows import WishClaimRow, WishRow, one

commands = command_router(tags=["志愿服务"])
queries = APIRouter(prefix="/v1", tags=["志愿服务"], responses=dict(RESPONSES))


class MadeTrue(MustHold):
    """For a register of wishes long fulfilled: by whom, and when (`occurred_at`)."""


class WishRequest(Timed):
    """Whose it is, and what exactly, is sealed: staff read it, claimants are told."""

    wish_kind: Kind
    difficulty: Kind = Field(title="困难分类")
    organisation_id: UUID = Field(title="征集党组织")
    area: AreaCode | None = Field(default=None, description="Else that of the organisation.")
    contact: Contact = Field(default_factory=Contact, title="联系方式与内容")
    done: MadeTrue | None = Field(default=None, title="认领与实现（补录）")


class Fulfilment(Timed):
    minutes: Minutes | None = Field(default=None, description="Time of service, where it took any.")


class WishView(HolderShown):
    wish_id: UUID
    wish_kind: str = Field(title="微心愿类别")
    difficulty: str = Field(title="困难分类")
    organisation_id: UUID = Field(title="征集党组织")
    area: str = Field(title="区划")
    status: WishStatus = Field(title="状态")
    collected_at: datetime = Field(title="征集时刻")
    expires_on: date = Field(title="到期日期")
    claimed_at: datetime | None = Field(default=None, title="认领时刻")
    closed_at: datetime | None = Field(title="办结时刻")
    contact: Shown = Field(default_factory=Shown, title="联系方式（已脱敏）")
    version: int


@commands.post("/wishes", status_code=201, summary="征集微心愿")
async def collect(
    request: WishRequest, context: Context, caller: Caller, uow: Work, response: Response
) -> WishView:
    organisation = await references.organisation(uow, request.organisation_id)
    for area in {organisation.area, request.area or organisation.area}:
        caller.require(Action.MANAGE_SERVICE, area)
    command = CollectWish(**request.model_dump(exclude={"occurred_at", "contact", "done"}))
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.collect(command, request.contact.fields(), context.vault, uow, at)
    if request.done is not None:
        done_at = occurred(request.done.occurred_at, uow.now, field="done.occurred_at")
        await handlers.claim(row.wish_id, request.done.who(), uow, done_at)
        await uow.session.flush()
        await handlers.fulfil(row.wish_id, None, uow, done_at)
    return await _shown(row, uow, response)


@commands.post("/wishes/{wish_id}/claim", summary="认领微心愿")
async def claim(
    wish_id: UUID, request: MustHold, caller: Caller, uow: Work, response: Response
) -> WishView:
    await _require(caller, uow, wish_id)
    at = occurred(request.occurred_at, uow.now)
    return await _shown(await handlers.claim(wish_id, request.who(), uow, at), uow, response)


@commands.post("/wishes/{wish_id}/release", summary="退回认领")
async def release(
    wish_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> WishView:
    await _require(caller, uow, wish_id)
    at = occurred(request.occurred_at, uow.now)
    return await _shown(await handlers.release(wish_id, uow, at), uow, response)


@commands.post("/wishes/{wish_id}/fulfilment", summary="微心愿实现")
async def fulfil(
    wish_id: UUID, request: Fulfilment, caller: Caller, uow: Work, response: Response
) -> WishView:
    await _require(caller, uow, wish_id)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.fulfil(wish_id, request.minutes, uow, at)
    return await _shown(row, uow, response)


@commands.post("/wishes/{wish_id}/withdrawal", summary="撤回微心愿")
async def withdraw(
    wish_id: UUID, request: Timed, caller: Caller, uow: Work, response: Response
) -> WishView:
    await _require(caller, uow, wish_id)
    at = occurred(request.occurred_at, uow.now)
    return await _shown(await handlers.withdraw(wish_id, uow, at), uow, response)


async def _require(caller: Caller, uow: Work, wish_id: UUID) -> None:
    row = await one(uow.session, WishRow, wish_id, handlers.NO_WISH)
    caller.require(Action.MANAGE_SERVICE, row.area)


@queries.get("/wishes", summary="微心愿列表")
async def list_wishes(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    status: WishStatus | None = None,
    wish_kind: Sought | None = None,
    difficulty: Sought | None = None,
    organisation_id: UUID | None = None,
    limit: Limit = 50,
) -> Page[WishView]:
    equal = {
        "status": status,
        "wish_kind": wish_kind,
        "difficulty": difficulty,
        "organisation_id": organisation_id,
    }
    rows = await page_rows(context, caller, WishRow, "wish_id", within, equal, cursor, limit)
    ids = [row.wish_id for row in rows]
    known = await sealed.masked(context, ids)
    async with context.database.sessions() as session:
        claims = await cases.claims_of(session, ids)
    return page_of(
        rows,
        limit,
        lambda row: _wish(row, claims.get(row.wish_id), known.get(row.wish_id, {})),
        lambda row: (row.wish_id,),
    )


@queries.get("/wishes/export", summary="导出微心愿", response_class=Response)
async def export_wishes(
    context: Context,
    caller: Caller,
    within: Within = None,
    status: WishStatus | None = None,
    wish_kind: Sought | None = None,
    difficulty: Sought | None = None,
    form: AsFile = "xlsx",
) -> Response:
    """Contact data masked."""

    async def lines(rows: Sequence[WishRow]) -> list[Sequence[Cell]]:
        known = await sealed.masked(context, [row.wish_id for row in rows])
        return [_line(row, known.get(row.wish_id, {})) for row in rows]

    headings = (
        *("类别", "困难分类", "区划", "状态", "联系人（脱敏）", "电话（脱敏）"),
        *("征集时间", "到期日期", "办结时间"),
    )
    areas = areas_to_list(caller, within)
    equal = {"status": status, "wish_kind": wish_kind, "difficulty": difficulty}
    return await file_of(context, "微心愿", headings, form, WishRow, "wish_id", areas, equal, lines)


def _line(row: WishRow, contact: dict[str, str]) -> Sequence[Cell]:
    return (
        row.wish_kind,
        row.difficulty,
        row.area,
        label(WishStatus, row.status),
        contact.get("name", ""),
        contact.get("phone", ""),
        row.collected_at,
        row.expires_on,
        row.closed_at,
    )


@queries.get("/wishes/{wish_id}", summary="单个微心愿")
async def get_wish(wish_id: UUID, context: Context, caller: Caller, response: Response) -> WishView:
    async with context.database.sessions() as session:
        row = await one(session, WishRow, wish_id, handlers.NO_WISH)
        caller.require(Action.READ, row.area)
        claimed = await cases.claim_of(session, wish_id)
    known = await sealed.masked(context, [wish_id])
    set_etag(response, row.version)
    return _wish(row, claimed, known.get(wish_id, {}))


@queries.get("/wishes/{wish_id}/contact", summary="微心愿联系方式与内容")
async def read_contact(wish_id: UUID, purpose: Purpose, context: Context, caller: Caller) -> Shown:
    async with context.database.sessions() as session:
        row = await one(session, WishRow, wish_id, handlers.NO_WISH)
    caller.require(Action.READ_PERSONAL, row.area)
    return Shown(**await sealed.contact_in_full(context, caller, wish_id, row.area, purpose))


def _wish(row: WishRow, claimed: WishClaimRow | None, contact: dict[str, str]) -> WishView:
    return WishView(
        **row.model_dump(exclude={"erase_on", "recorded_at"}),
        claimed_at=claimed.claimed_at if claimed else None,
        contact=Shown(**contact),
        **holder_shown(claimed),
    )


async def _shown(row: WishRow, uow: Work, response: Response) -> WishView:
    await uow.session.flush()
    set_etag(response, row.version)
    return _wish(row, await cases.claim_of(uow.session, row.wish_id), {})


routers = (commands, queries)
