"""Amendments over HTTP: both sides sign what an agreement shall say instead."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from contracts.access import Action
from contracts.kinds.agreements import AmendmentStatus, Side
from services.chassis.http import (
    Page,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.fields import Day
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, Paging
from services.chassis.http.lists import as_file
from services.chassis.http.words import called
from services.cobuilding.api.agreements.drafts import TAGS, Digest, Text
from services.cobuilding.domain.agreements.amendments import Amendment, Change, LineChange
from services.cobuilding.handlers.agreements import amendments as handlers
from services.cobuilding.tables.agreements import AgreementRow
from services.cobuilding.tables.amendments import AmendmentRow

commands, queries = command_router(tags=TAGS), query_router(tags=TAGS)

Held = Annotated[AgreementRow, held(AgreementRow, "协议", Action.MANAGE_COBUILDING)]
Amended = Annotated[
    AmendmentRow,
    held(AmendmentRow, "协议变更", Action.MANAGE_COBUILDING, lock=False),
]
Seen = Annotated[AmendmentRow, seen(AmendmentRow, "协议变更")]


class AmendmentRequest(Timed):
    """What is left out stays as it is."""

    reason: Text = Field(title="变更原因")
    last_day: Day | None = Field(default=None, title="新的截止日")
    lines: list[LineChange] = Field(default_factory=list, title="承诺事项变更", max_length=60)


class AmendmentSignature(Timed):
    side: Side = Field(title="签署方")
    signed_on: Day = Field(title="落款日期")
    digest: Digest = Field(title="内容校验值")


class AmendmentView(Amendment):
    agreement_id: Annotated[UUID, called(AgreementRow.number)] = Field(title="协议编号")
    changes: list[Change] = Field(title="变更内容")
    version: int


class AmendmentFilters(Filters):
    agreement_id: UUID | None = None
    status: AmendmentStatus | None = None


@commands.post("/agreements/{agreement_id}/amendments", status_code=201, summary="起草协议变更")
async def draft(agreement: Held, request: AmendmentRequest, uow: Work) -> AmendmentView:
    at, last_day = request.at(uow), request.last_day
    row = await handlers.draft(agreement, request.reason, last_day, request.lines, uow, at)
    return row.shown(AmendmentView)


@commands.post("/amendments/{amendment_id}/offer", summary="发出协议变更")
async def offer(amendment: Amended, request: Timed, uow: Work) -> AmendmentView:
    return (await handlers.offer(amendment.amendment_id, uow, request.at(uow))).shown(AmendmentView)


@commands.post("/amendments/{amendment_id}/signatures", summary="登记协议变更签署")
async def sign(amendment: Amended, request: AmendmentSignature, uow: Work) -> AmendmentView:
    key, at = amendment.amendment_id, request.at(uow)
    return (await handlers.sign(key, **request.fields(), uow=uow, at=at)).shown(AmendmentView)


@commands.post("/amendments/{amendment_id}/rejection", summary="登记拒签协议变更")
async def reject(amendment: Amended, request: Timed, uow: Work) -> AmendmentView:
    how, at = AmendmentStatus.REJECTED, request.at(uow)
    return (await handlers.close(amendment.amendment_id, how, uow, at)).shown(AmendmentView)


@commands.post("/amendments/{amendment_id}/cancellation", summary="撤销协议变更")
async def cancel(amendment: Amended, request: Timed, uow: Work) -> AmendmentView:
    how, at = AmendmentStatus.CANCELLED, request.at(uow)
    return (await handlers.close(amendment.amendment_id, how, uow, at)).shown(AmendmentView)


@as_file(queries, "协议变更", without=("changes",))
@queries.get("/amendments", summary="协议变更列表")
async def list_amendments(
    filters: Annotated[AmendmentFilters, Query()], paging: Paging
) -> Page[AmendmentView]:
    return await paging.shown(AmendmentRow, AmendmentView, filters)


@queries.get("/amendments/{amendment_id}", summary="单项协议变更")
async def get_amendment(amendment: Seen) -> AmendmentView:
    return amendment.shown(AmendmentView)


routers = (commands, queries)
