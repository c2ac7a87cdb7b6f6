"""Keys of feeds: opened, listed without their secrets, revoked."""

import json
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.feeds import FeedScope
from services.bases.handlers import feeds as handlers
from services.bases.tables.feeds import items, keys
from services.bases.tables.feeds.keys import FeedRow
from services.chassis.http import (
    Caller,
    CommandRoute,
    Context,
    Cursor,
    Limit,
    Page,
    Work,
    command_router,
    page_of,
)
from services.chassis.http.lists import as_file
from services.chassis.http.pages import id_of
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list


class ToldOnce(CommandRoute):
    """Adds the secret address to the answer when all is committed and the answer is kept.

    So the secret is in no table, not even among the answers kept for repetitions: who repeats the
    command learns which key it made, and that its address was told; they revoke it and open
    another.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def told(request: Request) -> Response:
            response = await answer(request)
            secret = getattr(request.state, "secret", None)
            if secret is None:
                return response
            url = f"{str(request.base_url).rstrip('/')}/feeds/{secret}.ics"
            body = json.loads(bytes(response.body)) | {"url": url}
            kept = {"Cache-Control": "no-store"}
            return Response(
                json.dumps(body, ensure_ascii=False),
                response.status_code,
                kept,
                media_type="application/json",
            )

        return told


commands = command_router(tags=["日历订阅"], route=ToldOnce)
queries = APIRouter(prefix="/v1", tags=["日历订阅"], responses=dict(RESPONSES))


class FeedRequest(BaseModel):
    """Without a time of its own: a key cannot have been opened before it was."""

    model_config = ConfigDict(extra="forbid")

    scope: FeedScope = Field(title="订阅对象类型")
    id: UUID = Field(title="订阅对象编号")


class FeedView(BaseModel):
    feed_id: UUID
    scope: FeedScope = Field(title="订阅对象类型")
    subject_id: UUID
    area: str = Field(title="区划")
    opened_by: str = Field(title="开通账号")
    opened_at: datetime = Field(title="开通时刻")
    expires_at: datetime = Field(title="到期时刻")
    revoked_at: datetime | None = Field(title="撤销时刻")
    revoked_by: str | None = Field(title="撤销账号")
    last_fetched_at: datetime | None = Field(title="最近读取时刻")


class OpenedView(FeedView):
    """`url` is told once, by the first answer."""

    url: str | None = Field(default=None, title="订阅地址")


@commands.post("/feeds", status_code=201, summary="开通订阅地址")
async def open_feed(request: FeedRequest, caller: Caller, uow: Work, served: Request) -> OpenedView:
    """For a client that cannot send a token. Whoever has the address reads what you may read now,
    until it is revoked or expires.
    """
    whose = await items.subject(await uow.driver(), request.scope, request.id)
    caller.require(Action.READ, whose.area)
    row, secret = await handlers.open_feed(
        whose, caller.areas(Action.READ), uow, maker=caller.subject
    )
    served.state.secret = secret
    return OpenedView(**_view(row).model_dump())


@commands.post("/feeds/{feed_id}/revoke", summary="撤销订阅地址")
async def revoke(feed_id: UUID, caller: Caller, uow: Work) -> FeedView:
    """By its maker, or by managers of bases in its area. Its address answers 410 from then on."""
    row = await keys.feed(uow.session, feed_id)
    if row.opened_by != caller.subject:
        caller.require(Action.MANAGE_BASES, row.area)
    return _view(await handlers.revoke(feed_id, uow, actor=caller.subject))


@as_file(queries, "日历订阅")
@queries.get("/feeds", summary="订阅地址列表")
async def list_feeds(
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Annotated[AreaCode | None, Query()] = None,
    scope: FeedScope | None = None,
    subject_id: UUID | None = None,
    mine: Annotated[bool | None, Query(description="Those you opened yourself.")] = None,
    valid: Annotated[bool | None, Query(description="Neither revoked nor expired.")] = None,
    limit: Limit = 50,
) -> Page[FeedView]:
    """Without their addresses, which are not kept. The oldest first."""
    async with context.database.sessions() as session:
        rows = await keys.feeds(
            session,
            within=areas_to_list(caller, within),
            scope=scope,
            subject_id=subject_id,
            opened_by=caller.subject if mine else None,
            valid_at=context.clock() if valid else None,
            after=id_of(cursor),
            limit=limit + 1,
        )
    return page_of(rows, limit, _view, lambda row: (row.feed_id,))


def _view(row: FeedRow) -> FeedView:
    return FeedView.model_validate(row.model_dump())
