"""Facts about agreements (协议), their signatures, amendments and reminders.

Who signed, what the clauses say and what a party is called stay in the service.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.areas import AreaCode
from contracts.event import Event
from contracts.kinds.agreements import (
    AgreementStatus,
    AmendmentStatus,
    Side,
    SignatureVoidReason,
    SigningManner,
)

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class AgreementEvent(Event):
    """`area` is that of the office's side."""

    agreement_id: UUID = Field(title="协议编号")
    agreement_kind: str = Field(title="协议类别", description="A code of the kinds of `agreement`.")
    organisation_id: UUID = Field(title="我方党组织")
    unit_id: UUID = Field(title="签约单位")
    unit_kind: str = Field(
        title="单位类别", description="As it was when the agreement was drafted."
    )
    edition: int = Field(title="文本版次", ge=0, description="0 until a text went out.")

    @property
    def key(self) -> UUID:
        return self.agreement_id


class AgreementDrafted(AgreementEvent, title="协议已起草"):
    type: ClassVar[str] = "jiceng.cobuilding.agreement.drafted.v1"

    predecessor_id: UUID | None = Field(default=None, title="续签的原协议")


class AgreementChanged(AgreementEvent, title="协议草案已变更"):
    """Only a draft is changed; what went out is revised, or amended once it was concluded."""

    type: ClassVar[str] = "jiceng.cobuilding.agreement.changed.v1"

    was_area: AreaCode = Field(title="原区划")
    was_agreement_kind: str = Field(title="原协议类别")
    was_unit_id: UUID = Field(title="原签约单位")
    was_unit_kind: str = Field(title="原单位类别")


class AgreementSubmitted(AgreementEvent, title="协议已提交审核"):
    type: ClassVar[str] = "jiceng.cobuilding.agreement.submitted.v1"


class AgreementReturned(AgreementEvent, title="协议已退回修改"):
    type: ClassVar[str] = "jiceng.cobuilding.agreement.returned.v1"


class AgreementOffered(AgreementEvent, title="协议已发出"):
    """A new edition of its text waits for both sides to sign it."""

    type: ClassVar[str] = "jiceng.cobuilding.agreement.offered.v1"

    digest: Digest = Field(title="内容校验值", description="SHA-256 of the edition's content.")
    first_day: date = Field(title="起始日")
    last_day: date = Field(title="截止日")
    answer_by: date | None = Field(default=None, title="答复期限")


class AgreementRevised(AgreementEvent, title="协议已收回修改"):
    """What was signed of the edition is void."""

    type: ClassVar[str] = "jiceng.cobuilding.agreement.revised.v1"

    signings_voided: int = Field(title="作废签署数", ge=0)


class AgreementSigned(AgreementEvent, title="协议一方已签署"):
    type: ClassVar[str] = "jiceng.cobuilding.agreement.signed.v1"

    signing_id: UUID = Field(title="签署编号")
    side: Side = Field(title="签署方")
    manner: SigningManner = Field(title="签署方式")
    signed_on: date = Field(title="落款日期", description="The day on the paper.")
    digest: Digest = Field(title="内容校验值")


class SignatureVoided(AgreementEvent, title="协议签署已作废"):
    type: ClassVar[str] = "jiceng.cobuilding.agreement.signature-voided.v1"

    signing_id: UUID = Field(title="签署编号")
    side: Side = Field(title="签署方")
    reason_kind: SignatureVoidReason = Field(title="作废原因")


class AgreementConcluded(AgreementEvent, title="协议已签订"):
    """Both sides signed. In force from `effective_from`: the first day, or the later signing."""

    type: ClassVar[str] = "jiceng.cobuilding.agreement.concluded.v1"

    first_day: date = Field(title="起始日")
    last_day: date = Field(title="截止日")
    effective_from: date = Field(title="生效日")
    days_to_sign: int = Field(title="签署用时", ge=0, description="Days since it went out.")
    predecessor_id: UUID | None = Field(default=None, title="续签的原协议")
    is_renewal: bool = Field(title="是否续签")


class AgreementBegan(AgreementEvent, title="协议已生效"):
    """`first_of_unit`: no other agreement with the unit is in force."""

    type: ClassVar[str] = "jiceng.cobuilding.agreement.began.v1"

    last_day: date = Field(title="截止日")
    first_of_unit: bool = Field(title="单位首份生效协议")
    is_renewal: bool = Field(title="是否续签")
    renewed_late: bool = Field(
        title="逾期续签", description="The agreement it renews had ended a day or more before."
    )


class AgreementAmended(AgreementEvent, title="协议已变更"):
    """Both sides signed an amendment; says its end as it now is."""

    type: ClassVar[str] = "jiceng.cobuilding.agreement.amended.v1"

    amendment_id: UUID = Field(title="变更编号")
    last_day: date = Field(title="截止日")
    was_last_day: date = Field(title="原截止日")


class AgreementObjected(AgreementEvent, title="已通知不续期"):
    """It will not renew itself at `last_day`."""

    type: ClassVar[str] = "jiceng.cobuilding.agreement.objected.v1"

    side: Side = Field(title="提出方")
    last_day: date = Field(title="截止日")


class AgreementExtended(AgreementEvent, title="协议已自动续期"):
    type: ClassVar[str] = "jiceng.cobuilding.agreement.extended.v1"

    last_day: date = Field(title="截止日")
    was_last_day: date = Field(title="原截止日")
    extensions: int = Field(title="已自动续期次数", ge=1)


class TerminationAnnounced(AgreementEvent, title="协议终止已约定"):
    """From `terminates_on` on it will not be in force; until then it is."""

    type: ClassVar[str] = "jiceng.cobuilding.agreement.termination-announced.v1"

    terminates_on: date = Field(title="终止日")
    reason_kind: str = Field(title="终止原因", description="A code of the kinds `agreement-end`.")


class AgreementEnded(AgreementEvent, title="协议已结束"):
    """After it was concluded: renewed, expired or terminated."""

    type: ClassVar[str] = "jiceng.cobuilding.agreement.ended.v1"

    how: AgreementStatus = Field(title="结束方式")
    was_in_force: bool = Field(title="曾生效")
    last_of_unit: bool = Field(
        title="单位末份生效协议", description="No other agreement with the unit is in force."
    )
    ended_on: date = Field(title="结束日", description="The last day in force, if it ever was.")
    reason_kind: str | None = Field(default=None, title="终止原因")


class AgreementClosed(AgreementEvent, title="协议未签成"):
    """Before both signed: rejected, cancelled, or not signed in time."""

    type: ClassVar[str] = "jiceng.cobuilding.agreement.closed.v1"

    how: AgreementStatus = Field(title="结束方式")
    side: Side | None = Field(default=None, title="拒签方")
    reason_kind: str | None = Field(default=None, title="原因")


# Amendments


class AmendmentEvent(Event):
    amendment_id: UUID = Field(title="变更编号")
    agreement_id: UUID = Field(title="协议编号")
    agreement_kind: str = Field(title="协议类别")
    unit_id: UUID = Field(title="签约单位")
    unit_kind: str = Field(title="单位类别")
    of_edition: int = Field(title="所变更的版次", ge=1)

    @property
    def key(self) -> UUID:
        return self.amendment_id


class AmendmentDrafted(AmendmentEvent, title="协议变更已起草"):
    type: ClassVar[str] = "jiceng.cobuilding.amendment.drafted.v1"


class AmendmentOffered(AmendmentEvent, title="协议变更已发出"):
    type: ClassVar[str] = "jiceng.cobuilding.amendment.offered.v1"

    digest: Digest = Field(title="内容校验值")


class AmendmentSigned(AmendmentEvent, title="协议变更一方已签署"):
    type: ClassVar[str] = "jiceng.cobuilding.amendment.signed.v1"

    side: Side = Field(title="签署方")
    signed_on: date = Field(title="落款日期")


class AmendmentAgreed(AmendmentEvent, title="协议变更已生效"):
    type: ClassVar[str] = "jiceng.cobuilding.amendment.agreed.v1"

    edition: int = Field(title="变更后的版次", ge=2)


class AmendmentClosed(AmendmentEvent, title="协议变更未签成"):
    type: ClassVar[str] = "jiceng.cobuilding.amendment.closed.v1"

    how: AmendmentStatus = Field(title="结束方式")


# Reminders


class ReminderEvent(Event):
    """One of an agreement's for a day to act by; an end that was moved has others."""

    reminder_id: UUID = Field(title="提醒编号")
    agreement_id: UUID = Field(title="协议编号")
    agreement_kind: str = Field(title="协议类别")
    organisation_id: UUID = Field(title="我方党组织")
    act_by: date = Field(title="应办日期")
    days_before: int = Field(title="提前天数", ge=0)

    @property
    def key(self) -> UUID:
        return self.reminder_id


class ReminderFired(ReminderEvent, title="协议到期已提醒"):
    type: ClassVar[str] = "jiceng.cobuilding.reminder.fired.v1"

    days_left: int = Field(title="剩余天数", ge=0, description="Really left, on the day it fired.")


class ReminderSuperseded(ReminderEvent, title="协议到期提醒已略过"):
    """A nearer one was due on the same look."""

    type: ClassVar[str] = "jiceng.cobuilding.reminder.superseded.v1"
