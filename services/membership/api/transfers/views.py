"""What requests about transfers say and what answers show."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.kinds.members import MemberState
from services.chassis.http import Timed, sealed
from services.chassis.http.context import ServiceContext
from services.chassis.http.edits import taking
from services.chassis.http.fields import Code, Day, Instant, Kind, Name
from services.chassis.http.views import before
from services.chassis.http.words import Month, of_family
from services.membership.api.members.roll import MemberRequest
from services.membership.api.written import OrganisationId
from services.membership.domain.transfers import Transfer
from services.membership.tables.transfers import TransferRow

PhoneText = Annotated[str, Field(pattern=r"^\+?[0-9][0-9 -]{4,24}$", title="联系电话")]
IdentityText = Annotated[str, Field(pattern=r"^[0-9]{17}[0-9Xx]$", title="公民身份号码")]


class SendRequest(Timed):
    """`to_id` null: to an organisation outside the platform, named by `counterpart`."""

    member_id: UUID = Field(title="党员编号")
    to_id: UUID | None = Field(default=None, title="转入党组织")
    counterpart: Name | None = Field(default=None, title="平台外党组织名称")
    cause: Kind = Field(title="转接原因")
    validity_days: int | None = Field(
        default=None, title="有效期（天）", description="Else as the sender's setting says."
    )
    received_at: Instant | None = Field(
        default=None,
        title="接收时刻",
        description="For one that was received long ago and is entered afterwards (补录).",
    )


class PersonRequest(BaseModel):
    """Sealed under the transfer, until receipt makes it the member's."""

    model_config = Timed.model_config

    name: Name = Field(title="姓名")
    identity_number: IdentityText | None = None
    phone: PhoneText | None = None


class ArrivalAnnouncement(Timed):
    """A letter from outside the platform (介绍信)."""

    to_id: UUID = Field(title="转入党组织")
    counterpart: Name = Field(title="平台外党组织名称")
    outside_letter: Code = Field(title="介绍信编号")
    cause: Kind = Field(title="转接原因")
    sent_on: Day = Field(title="开具日期")
    valid_until: Day = Field(title="有效期至")
    person: PersonRequest = Field(title="转入党员")


@taking(MemberRequest, "joined_on", "full_on", "education", "work_status", "occupation")
class ArrivalRequest(BaseModel):
    """As what somebody from outside is put on the roll."""

    model_config = Timed.model_config

    code: Code = Field(title="党员代码")
    state: MemberState = Field(title="身份")


class ReceiveRequest(Timed):
    arrival: ArrivalRequest | None = Field(
        default=None, title="登记信息", description="For a transfer from outside only."
    )


class ReturnRequest(Timed):
    reason: Kind = Field(title="退回原因")


class SettingRequest(Timed):
    validity_days: int = Field(title="介绍信有效期（天）")


class SettingView(BaseModel):
    organisation_id: UUID
    validity_days: int | None = Field(title="介绍信有效期（天）", description="None: not set here.")
    version: int


@before(name="direction", letter="sent_on", issuer_id="sent_on")
class TransferView(Transfer):
    name: str | None = Field(title="姓名", description="Masked.")
    cause: Annotated[str, of_family("transfer-cause")] = Field(title="转接原因")
    from_id: OrganisationId | None = Field(title="转出党组织")
    to_id: OrganisationId | None = Field(title="转入党组织")
    letter: str | None = Field(title="介绍信编号", description="Year and number: 2026-0001.")
    issuer_id: UUID | None = Field(title="开具介绍信的党组织")
    reason: Annotated[str, of_family("transfer-return")] | None = Field(title="退回原因")
    paid_through: Month | None = Field(title="党费交至")
    recorded_at: datetime = Field(title="登记时刻")
    version: int


def letter(row: TransferRow) -> str | None:
    """`2026-0001`, or the number that the issuer outside gave."""
    if row.letter_number is None:
        return row.outside_letter
    return f"{row.letter_year}-{row.letter_number:04}"


def view(row: TransferRow, name: str | None) -> TransferView:
    """Commands answer without the name, even masked: their answers are kept for repetition."""
    return TransferView(**row.model_dump(), letter=letter(row), name=name)


async def names_of(context: ServiceContext, rows: Sequence[TransferRow]) -> dict[UUID, str | None]:
    """Masked names by transfer. Who is still to come in is sealed under the transfer itself."""
    keys = {key for row in rows for key in (row.member_id, row.transfer_id)}
    names = await sealed.names(context, keys)
    return {row.transfer_id: names.get(row.transfer_id) or names.get(row.member_id) for row in rows}
