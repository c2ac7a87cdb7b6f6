"""The rules of transferring membership (组织关系转接). Pure: no clock, no database, no broker.

A saga between two organisations. The sender stays responsible and counts the member until
the letter is received (《中国共产党党员教育管理工作条例》第二十五条): a member is in exactly one
branch at every moment, and receipt alone moves them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from pydantic import Field, model_validator

from contracts.kinds.transfers import TransferDirection, TransferState
from contracts.membership.transfers import (
    TransferCancelled,
    TransferClosed,
    TransferExpired,
    TransferReceived,
    TransferRedirected,
    TransferReminded,
    TransferReturned,
    TransferSent,
)
from services.chassis.clock import midnight
from services.chassis.errors import Conflict, Invalid
from services.chassis.lifecycle import Lifecycle, Step
from services.chassis.rules import Rule
from services.chassis.state import State
from services.membership.domain.members.states import Branch


class LetterValidity(Rule):
    """How long a letter (组织关系介绍信) can be received."""

    code: ClassVar[str] = "transfer.validity"
    label: ClassVar[str] = "组织关系介绍信有效期"

    default_days: int = Field(title="未另行设定时的有效期（天）", ge=1)
    most_days: int = Field(title="最长有效期（天）", ge=1)

    @model_validator(mode="after")
    def _ordered(self) -> "LetterValidity":
        if self.default_days > self.most_days:
            raise ValueError("未另行设定时的有效期不能长于最长有效期")
        return self


class LetterReminder(Rule):
    """When a receiver that has not answered is reminded."""

    code: ClassVar[str] = "transfer.reminder"
    label: ClassVar[str] = "组织关系转接催办"

    days_before: int = Field(title="到期前几天自动催办", ge=0)


RULES = (LetterValidity, LetterReminder)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """By whom a letter is issued, and its number there: dense from 1 in a year."""

    issuer_id: UUID
    letter_year: int
    letter_number: int


class Transfer(State):
    transfer_id: UUID
    member_id: UUID = Field(title="党员编号")
    direction: TransferDirection = Field(title="转接方向")
    cause: str = Field(title="转接原因")
    from_id: UUID | None = Field(title="转出党组织")
    to_id: UUID | None = Field(title="转入党组织")
    counterpart: str | None = Field(title="平台外党组织名称")
    area: str = Field(title="区划")
    """Where it counts as open: the sender's area; the receiver's for one from outside."""
    sent_on: date = Field(title="开具日期")
    valid_until: date = Field(title="有效期至")
    state: TransferState = Field(title="状态")
    reason: str | None = Field(title="退回原因")
    reminded: int = Field(title="催办次数")
    closed_on: date | None = Field(title="办结日期")
    paid_through: date | None = Field(title="党费交至")
    """Last month the sender vouches dues were paid for."""

    def facts(self) -> dict[str, Any]:
        """What every event about the transfer repeats."""
        kept = self.model_dump(include={"area", "transfer_id", "direction", "from_id", "to_id"})
        return kept | {"subject_id": self.member_id, "cause_kind": self.cause}


AT_FIRST: dict[str, Any] = {
    **dict.fromkeys(("from_id", "to_id", "counterpart", "reason", "closed_on", "paid_through")),
    "state": TransferState.SENT,
    "reminded": 0,
}
"""What holds of a new transfer, unless it is told otherwise."""


class TransferOpen(Conflict):
    code = "transfer-open"
    title, title_zh = "A transfer of this member is under way", "该党员的组织关系正在转接"


class NotTransferable(Conflict):
    code = "not-transferable"
    title, title_zh = (
        "Only members in good standing are transferred",
        "只有在册党员才能转接组织关系",
    )


class SameOrganisation(Invalid):
    code = "same-organisation"
    title, title_zh = "Sender and receiver are the same", "转出与转入党组织相同"


class TakesNoTransfers(Invalid):
    code = "takes-no-transfers"
    title, title_zh = "This kind of organisation takes no transfers", "该类党组织不转接组织关系"


class ValidityOutOfRange(Invalid):
    code = "validity-out-of-range"
    title, title_zh = "The validity is out of range", "介绍信有效期超出范围"


class CounterpartMissing(Invalid):
    code = "counterpart-missing"
    title, title_zh = "Name the organisation outside", "请填写平台外党组织的名称"


class LetterExpired(Conflict):
    code = "letter-expired"
    title, title_zh = "The letter has expired", "介绍信已过有效期"


class TransferClosedAlready(Conflict):
    code = "transfer-closed"
    title, title_zh = "The transfer has ended", "该转接已经办结"


class MovedMeanwhile(Conflict):
    code = "member-moved"
    title, title_zh = "The member is no longer with the sender", "该党员已不在转出党组织"


SENT = {TransferState.SENT}
LIFE = Lifecycle("transfer", "转接", TransferState, TransferClosedAlready)
SEND = LIFE.begin("send", "开出", TransferState.SENT)
RECEIVE = LIFE.step("receive", "接收", SENT, TransferState.RECEIVED)
SEND_BACK = LIFE.step("send back", "退回", SENT, TransferState.RETURNED)
CANCEL = LIFE.step("cancel", "撤销", SENT, TransferState.CANCELLED)
EXPIRE = LIFE.step("expire", "过期", SENT, TransferState.EXPIRED, clock=True)
REMIND = LIFE.step("remind", "催办", SENT, None)
REDIRECT = LIFE.step("redirect", "改由合并后的党组织承接", SENT, None, clock=True)


def check_validity(days: int, rule: LetterValidity) -> int:
    """Raises `ValidityOutOfRange` outside 1 to the rule's most."""
    if not 1 <= days <= rule.most_days:
        raise ValidityOutOfRange(
            f"A letter is valid for 1 to {rule.most_days} days, not {days}.",
            zh=f"介绍信有效期为 1 至 {rule.most_days} 天，不能是 {days} 天。",
            field="validity_days",
            value=days,
            most=rule.most_days,
        )
    return days


def validity(asked: int | None, setting: int | None, rule: LetterValidity) -> int:
    """Days a new letter is valid. A setting made under a laxer rule is cut to today's most."""
    if asked is not None:
        return check_validity(asked, rule)
    return min(rule.default_days if setting is None else setting, rule.most_days)


def check_receiver(receiver: Branch, sender_id: UUID | None) -> None:
    """Raises `TakesNoTransfers` or `SameOrganisation`."""
    if not receiver.takes_members:
        raise TakesNoTransfers(
            f"An organisation of kind {receiver.kind} has no membership of its own.",
            zh="功能型党组织等不直接管理组织关系，请转入党员的隶属党支部。",
            field="to_id",
            value=str(receiver.organisation_id),
        )
    if receiver.organisation_id == sender_id:
        raise SameOrganisation(
            "The member belongs to that organisation already.",
            zh="该党员的组织关系已在该党组织。",
            field="to_id",
            value=str(receiver.organisation_id),
        )


def send(
    fields: Mapping[str, Any], sender: Branch, receiver: Branch | None, sent_on: date, days: int
) -> Transfer:
    """Valid for `days` after `sent_on`, that last day included. Raises `CounterpartMissing`."""
    if receiver is None and not fields["counterpart"]:
        raise CounterpartMissing(
            "A transfer to the outside names the organisation it goes to.",
            zh="转往平台外时，请填写对方党组织名称。",
            field="counterpart",
        )
    sides = {
        "direction": TransferDirection.INSIDE if receiver else TransferDirection.OUT,
        "from_id": sender.organisation_id,
        "area": sender.area,
    }
    dates = {"sent_on": sent_on, "valid_until": sent_on + timedelta(days=days)}
    return Transfer(**{**AT_FIRST, **fields, **sides, **dates})


def arrive(
    fields: Mapping[str, Any], receiver: Branch, rule: LetterValidity, today: date
) -> Transfer:
    """Raises `LetterExpired` for one that is late already, `ValidityOutOfRange` for its dates."""
    valid_until = fields["valid_until"]
    check_validity((valid_until - fields["sent_on"]).days, rule)
    if today > valid_until:
        raise letter_expired(valid_until, field="valid_until")
    side = {"direction": TransferDirection.IN, "area": receiver.area}
    return Transfer(**{**AT_FIRST, **fields, **side})


def sent(transfer: Transfer, letter: Letter | None) -> TransferSent:
    """The fact of a new one; a letter from outside has no number here."""
    issued = vars(letter) if letter else {}
    return TransferSent(**transfer.facts(), **issued, valid_until=transfer.valid_until)


def receive(transfer: Transfer, area: str, on: date) -> TransferReceived:
    """`area` is the receiver's (the sender's, where the receipt comes from outside).

    Raises `LetterExpired` after the last day, also before the clock has closed the transfer.
    """
    late = transfer.state is TransferState.SENT and on > transfer.valid_until
    if late or transfer.state is TransferState.EXPIRED:
        raise letter_expired(transfer.valid_until)
    return _closed(RECEIVE, TransferReceived, transfer, area=area)


def send_back(transfer: Transfer, reason: str) -> TransferReturned:
    return _closed(SEND_BACK, TransferReturned, transfer, reason_kind=reason)


def cancel(transfer: Transfer) -> TransferCancelled:
    return _closed(CANCEL, TransferCancelled, transfer)


def expire(transfer: Transfer) -> TransferExpired:
    return _closed(EXPIRE, TransferExpired, transfer)


def remind(transfer: Transfer) -> TransferReminded:
    REMIND(transfer.state)
    return TransferReminded(
        **transfer.facts(), times=transfer.reminded + 1, valid_until=transfer.valid_until
    )


def redirect(
    transfer: Transfer, merged: UUID, successor: Branch
) -> TransferRedirected | TransferCancelled:
    """The successor of a merged side takes its place; where both sides became one, it ends."""
    REDIRECT(transfer.state)
    facts = transfer.facts()
    facts |= {
        side: successor.organisation_id for side in ("from_id", "to_id") if facts[side] == merged
    }
    if facts["from_id"] == facts["to_id"]:
        return cancel(transfer)
    responsible = facts["to_id" if transfer.direction is TransferDirection.IN else "from_id"]
    area = successor.area if responsible == successor.organisation_id else transfer.area
    return TransferRedirected(**facts | {"area": area}, was_area=transfer.area)


def reminds_on(valid_until: date, rule: LetterReminder) -> date:
    """The first day on which the clock reminds."""
    return valid_until - timedelta(days=rule.days_before)


def lapses_at(valid_until: date) -> datetime:
    """The first instant at which the letter cannot be received any more."""
    return midnight(valid_until + timedelta(days=1))


def letter_expired(valid_until: date, *, field: str | None = None) -> LetterExpired:
    facts = {"field": field} if field else {}
    return LetterExpired(
        f"It could be received until {valid_until}. Ask the sender to issue a new letter.",
        zh=f"介绍信有效期至 {valid_until}，不能再接收；请转出党组织重新开具介绍信。",
        valid_until=valid_until.isoformat(),
        **facts,
    )


C = TypeVar("C", bound=TransferClosed)


def _closed(
    how: Step[TransferState],
    event: type[C],
    transfer: Transfer,
    *,
    area: str | None = None,
    **more: str,
) -> C:
    how(transfer.state)
    where = {"area": area or transfer.area, "was_area": transfer.area}
    return event(**transfer.facts() | where | more)
