"""What agreements look like to callers."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.kinds.agreements import Side, SignatureVoidReason, SigningManner
from services.chassis.http.words import called, of_family
from services.cobuilding.domain.agreements.model import (
    Agreement,
    Clause,
    Content,
    Promise,
    PromisedVenue,
)
from services.cobuilding.tables.agreements import AgreementRow
from services.cobuilding.tables.rows import OrganisationRow
from services.cobuilding.tables.units import UnitRow


class AgreementView(Agreement):
    kind: Annotated[str, of_family("agreement")] = Field(title="协议类别")
    unit_kind: Annotated[str, of_family("unit")] = Field(title="单位类别")
    organisation_id: Annotated[UUID, called(OrganisationRow.name)] = Field(title="我方党组织")
    unit_id: Annotated[UUID, called(UnitRow.name)] = Field(title="签约单位")
    predecessor_id: Annotated[UUID | None, called(AgreementRow.number)] = Field(
        title="续签的原协议"
    )
    end_reason: Annotated[str | None, of_family("agreement-end")] = Field(title="结束原因")
    decide_by: date = Field(title="续签或异议截止日", description="By when to act on its end.")
    version: int


class AgreementWhole(AgreementView):
    """With its text as it stands."""

    clauses: list[Clause] = Field(title="条款")
    promises: list[Promise] = Field(title="承诺事项")
    venues: list[PromisedVenue] = Field(title="提供场馆")


class EditionView(BaseModel):
    edition: int = Field(title="文本版次")
    digest: str = Field(title="内容校验值")
    content: Content = Field(title="内容")
    made_at: datetime = Field(title="发出时刻")


class SignatureView(BaseModel):
    """Who signed is read by a route of its own."""

    signature_id: UUID
    edition: int = Field(title="文本版次")
    side: Side = Field(title="签署方")
    manner: SigningManner = Field(title="签署方式")
    signed_on: date = Field(title="落款日期")
    digest: str = Field(title="内容校验值")
    scan_digest: str | None = Field(title="扫描件校验值")
    recorded_at: datetime = Field(title="登记时刻")
    voided_at: datetime | None = Field(title="作废时刻")
    void_reason: SignatureVoidReason | None = Field(title="作废原因")


def view(row: AgreementRow) -> AgreementView:
    return AgreementView(**row.model_dump(), decide_by=row.act_by)


def whole(row: AgreementRow) -> AgreementWhole:
    return AgreementWhole(**row.model_dump(), decide_by=row.act_by)
