"""Micro-wishes: collected, claimed by one, made true."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.volunteering import WishStatus
from services.chassis.clock import occurred
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
    sealed,
)
from services.chassis.http.fields import Kind, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, Paging
from services.chassis.http.lists import as_file
from services.membership.api.volunteering.common import (
    Contact,
    HolderShown,
    MustHold,
    Purpose,
    Shown,
    check_right,
    contacts,
)
from services.membership.api.volunteering.menu import Minutes
from services.membership.domain.volunteering.wishes import Wish
from services.membership.handlers.volunteering import wishes as handlers
from services.membership.tables.volunteering import cases
from services.membership.tables.volunteering.rows import WishClaimRow, WishRow

commands = command_router(tags=["志愿服务"])
queries = query_router(tags=["志愿服务"])

Held = Annotated[WishRow, held(WishRow, "微心愿", Action.MANAGE_SERVICE)]
Seen = Annotated[WishRow, seen(WishRow, "微心愿")]
Personal = Annotated[WishRow, seen(WishRow, "微心愿", Action.READ_PERSONAL)]


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


class WishView(Wish, HolderShown):
    claimed_at: datetime | None = Field(default=None, title="认领时刻")
    closed_at: datetime | None = Field(title="办结时刻")
    contact: Shown = Field(default_factory=Shown, title="联系方式（已脱敏）")
    version: int


class WishFilters(Filters):
    status: WishStatus | None = None
    wish_kind: Sought | None = None
    difficulty: Sought | None = None
    organisation_id: UUID | None = None


@commands.post("/wishes", status_code=201, summary="征集微心愿")
async def collect(request: WishRequest, context: Context, caller: Caller, uow: Work) -> WishView:
    await check_right(caller, uow, request.organisation_id, request.area)
    fields, contact = request.fields("contact", "done"), request.contact.fields()
    wish = await handlers.collect(fields, contact, context.vault, uow, request.at(uow))
    if request.done is not None:
        at = occurred(request.done.occurred_at, uow.now, field="done.occurred_at")
        await handlers.claim(wish, request.done.who(), uow, at)
        await uow.session.flush()
        await handlers.fulfil(wish, None, uow, at)
    return await _shown(wish, uow)


@commands.post("/wishes/{wish_id}/claim", summary="认领微心愿")
async def claim(wish: Held, request: MustHold, uow: Work) -> WishView:
    return await _shown(await handlers.claim(wish, request.who(), uow, request.at(uow)), uow)


@commands.post("/wishes/{wish_id}/release", summary="退回认领")
async def release(wish: Held, request: Timed, uow: Work) -> WishView:
    return await _shown(await handlers.release(wish, uow, request.at(uow)), uow)


@commands.post("/wishes/{wish_id}/fulfilment", summary="微心愿实现")
async def fulfil(wish: Held, request: Fulfilment, uow: Work) -> WishView:
    return await _shown(await handlers.fulfil(wish, request.minutes, uow, request.at(uow)), uow)


@commands.post("/wishes/{wish_id}/withdrawal", summary="撤回微心愿")
async def withdraw(wish: Held, request: Timed, uow: Work) -> WishView:
    return await _shown(await handlers.withdraw(wish, uow, request.at(uow)), uow)


@as_file(
    queries,
    "微心愿",
    columns={
        "wish_kind": "类别",
        "difficulty": "困难分类",
        "area": "区划",
        "status": "状态",
        "contact.name": "联系人（脱敏）",
        "contact.phone": "电话（脱敏）",
        "collected_at": "征集时间",
        "expires_on": "到期日期",
        "closed_at": "办结时间",
    },
    form="xlsx",
    without=("organisation_id",),
    description="Contact data masked.",
)
@queries.get("/wishes", summary="微心愿列表")
async def list_wishes(filters: Annotated[WishFilters, Query()], paging: Paging) -> Page[WishView]:
    page = await paging.rows(WishRow, filters)
    return page.of(await _views(paging.context, page.items))


@queries.get("/wishes/{wish_id}", summary="单个微心愿")
async def get_wish(wish: Seen, context: Context) -> WishView:
    return (await _views(context, [wish]))[0]


@queries.get("/wishes/{wish_id}/contact", summary="微心愿联系方式与内容")
async def read_contact(wish: Personal, purpose: Purpose, context: Context, caller: Caller) -> Shown:
    return Shown(**await sealed.contact_in_full(context, caller, wish.wish_id, wish.area, purpose))


async def _views(context: Context, rows: Sequence[WishRow]) -> list[WishView]:
    ids = [row.wish_id for row in rows]
    known = await contacts(context, ids)
    async with context.database.sessions() as session:
        claims = await cases.claims_of(session, ids)
    return [_view(row, claims.get(row.wish_id), known[row.wish_id]) for row in rows]


async def _shown(row: WishRow, uow: Work) -> WishView:
    """Commands answer without contact data: their answers are kept for repetition."""
    await uow.session.flush()
    return _view(row, await cases.claim_of(uow.session, row.wish_id), Shown())


def _view(row: WishRow, claimed: WishClaimRow | None, contact: Shown) -> WishView:
    own = {"holder_id", "holder_kind", "claimed_at"}
    claim = claimed.model_dump(include=own) if claimed else {}
    return row.shown(WishView, **claim, contact=contact)


routers = (commands, queries)
