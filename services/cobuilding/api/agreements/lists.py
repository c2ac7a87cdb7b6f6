"""Agreements as a desk asks for them: ending soon, to be renewed, waiting for a signature."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.agreements import AgreementStatus
from services.chassis.http import Caller, Context, Page, query_router, sealed
from services.chassis.http.fields import Day, Sought
from services.chassis.http.held import seen
from services.chassis.http.listing import Filters, Paging, part_of, since, until
from services.chassis.http.lists import as_file
from services.chassis.http.sealed import Purpose
from services.cobuilding.api.agreements.drafts import TAGS
from services.cobuilding.api.agreements.views import (
    AgreementView,
    AgreementWhole,
    EditionView,
    SignatureView,
    view,
    whole,
)
from services.cobuilding.tables import agreements as tables
from services.cobuilding.tables.agreements import AgreementRow, SignatureRow

queries = query_router(tags=TAGS)

Seen = Annotated[AgreementRow, seen(AgreementRow, "协议")]


class AgreementFilters(Filters):
    within: AreaCode | None = None
    number: Sought | None = None
    kind: Sought | None = None
    status: AgreementStatus | None = None
    unit_id: UUID | None = None
    organisation_id: UUID | None = None
    predecessor_id: UUID | None = None
    ends_since: Annotated[Day | None, since("last_day")] = Field(
        default=None, description="Whose last day is this or a later one."
    )
    ends_until: Annotated[Day | None, until("last_day")] = Field(
        default=None, description="Whose last day is this or an earlier one."
    )
    q: Annotated[Sought | None, part_of("title")] = Field(
        default=None, description="Part of the title."
    )


@as_file(queries, "共建协议")
@queries.get("/agreements", summary="协议列表")
async def list_agreements(
    filters: Annotated[AgreementFilters, Query()], paging: Paging
) -> Page[AgreementView]:
    page = await paging.rows(AgreementRow, filters)
    return page.of([view(row) for row in page.items])


@queries.get("/agreements/{agreement_id}", summary="单个协议")
async def get_agreement(agreement: Seen) -> AgreementWhole:
    return whole(agreement)


@queries.get("/agreements/{agreement_id}/editions", summary="协议文本各版")
async def list_editions(agreement: Seen, context: Context) -> list[EditionView]:
    """The newest first."""
    async with context.database.sessions() as session:
        rows = await tables.editions(session, agreement.agreement_id)
    return [row.shown(EditionView) for row in rows]


@queries.get("/agreements/{agreement_id}/signatures", summary="协议签署记录")
async def list_signatures(agreement: Seen, context: Context) -> list[SignatureView]:
    """Void ones too, with the edition they were for; the earliest first."""
    async with context.database.sessions() as session:
        rows = await tables.signatures(session, agreement.agreement_id)
    return [row.shown(SignatureView) for row in rows]


async def _lies(session: AsyncSession, row: SignatureRow) -> str:
    agreement = await session.get(AgreementRow, row.agreement_id)
    return agreement.area if agreement else ""


Signed = Annotated[
    SignatureRow, seen(SignatureRow, "签署记录", Action.MANAGE_COBUILDING, area=_lies)
]


@queries.get("/signatures/{signature_id}/signer", summary="查看签署人（留痕）")
async def read_signer(
    signature: Signed, purpose: Purpose, context: Context, caller: Caller
) -> dict[str, str]:
    """Name and position in full. Who read it, and why, is recorded."""
    async with context.database.sessions() as session:
        area = await _lies(session, signature)
    return await sealed.contact_in_full(context, caller, signature.signature_id, area, purpose)


routers = (queries,)
