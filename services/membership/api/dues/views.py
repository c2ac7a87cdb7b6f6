"""What answers about dues show, and what the contract names after this module. Money in 分."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import asyncpg
from pydantic import BaseModel, Field

from services.chassis import personal
from services.chassis.http import Timed
from services.chassis.http.context import ServiceContext
from services.chassis.http.fields import FIRST_YEAR, LAST_YEAR
from services.chassis.http.views import before
from services.chassis.http.words import Month, as_cell
from services.membership.api.written import MemberId, OrganisationId, OrganisationKind
from services.membership.domain.dues.rates import yuan
from services.membership.domain.dues.states import Payment, Relief, Return, Standard

V = TypeVar("V", bound=BaseModel)

Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Yuan = Annotated[int, as_cell(yuan)]
"""An amount in 分 that a file says in yuan, to the last of them."""
MaskedName = Annotated[str | None, Field(title="姓名", description="Masked.")]


class StandardView(Standard):
    recorded_at: datetime = Field(title="登记时刻")


@before(name="organisation_id")
class PaymentView(Payment):
    name: MaskedName
    amount: Yuan = Field(title="金额（分）")
    months: list[Month] = Field(title="所交月份")
    recorded_at: datetime = Field(title="登记时刻")
    version: int


@before(name="organisation_id")
class ReliefView(Relief):
    member_id: MemberId = Field(title="党员编号")
    name: MaskedName
    organisation_id: OrganisationId = Field(title="党支部")
    approver_id: OrganisationId | None = Field(title="决定的上级党组织")
    recorded_at: datetime = Field(title="登记时刻")
    version: int


class ReturnView(Return):
    organisation_id: OrganisationId = Field(title="党组织")
    organisation_kind: OrganisationKind = Field(title="党组织类别")
    version: int


class ReturnRequest(Timed):
    organisation_id: UUID = Field(title="党组织")
    year: Year = Field(title="年度")


class EntryView(BaseModel):
    month: date = Field(title="月份")
    kind: str = Field(title="分录", description="charge, relief, payment or reversal.")
    amount: int = Field(title="金额（分）", description="Positive where more is owed.")
    source_id: UUID = Field(title="来源编号")
    entered_on: date = Field(title="记账日期")
    recorded_at: datetime = Field(title="登记时刻")


async def named(
    view: type[V],
    rows: Sequence[Mapping[str, Any]],
    context: ServiceContext,
    connection: asyncpg.Connection | None = None,
) -> list[V]:
    """With the masked names of the members they are about; commands lend their `connection`."""
    reader, members = connection or context.database.pool, [row["member_id"] for row in rows]
    names = await personal.shown(reader, context.vault, members)
    return [view(**row, name=names.get(row["member_id"], {}).get("name")) for row in rows]
