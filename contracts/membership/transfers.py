"""Facts announced about transfers of membership (组织关系转接)."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.areas import AreaCode
from contracts.event import Event
from contracts.kinds.transfers import TransferDirection


class TransferEvent(Event):
    """What every fact about a transfer repeats.

    `area` is that of the side the fact concerns: the sender's while the letter is under way (the
    receiver's for one from outside), the receiver's once received. `was_area` is where the
    transfer counted as open.
    """

    transfer_id: UUID = Field(title="转接编号")
    subject_id: UUID = Field(title="党员编号")
    direction: TransferDirection = Field(title="转接方向")
    cause_kind: str = Field(title="转接原因", description="A code of the kinds of causes.")
    from_id: UUID | None = Field(default=None, title="转出党组织", description="None: outside.")
    to_id: UUID | None = Field(default=None, title="转入党组织", description="None: outside.")

    @property
    def key(self) -> UUID:
        return self.transfer_id


class TransferSent(TransferEvent, title="组织关系介绍信已开出"):
    """The sender stays responsible, and the member counts there, until the letter is received."""

    type: ClassVar[str] = "jiceng.membership.transfer.issued.v1"

    issuer_id: UUID | None = Field(
        default=None, title="开具介绍信的党组织", description="None: issued outside."
    )
    letter_year: int | None = Field(default=None, title="介绍信年度")
    letter_number: int | None = Field(
        default=None, title="介绍信编号", ge=1, description="By issuer and year, without gaps."
    )
    valid_until: date = Field(title="有效期至", description="The last day it can be received.")


class TransferReminded(TransferEvent, title="组织关系转接已催办"):
    type: ClassVar[str] = "jiceng.membership.transfer.reminded.v1"

    times: int = Field(title="催办次数", ge=1)
    valid_until: date = Field(title="有效期至")


class TransferRedirected(TransferEvent, title="组织关系转接已随党组织调整变更"):
    """A side was merged: its successor takes the open transfer over. Says the new state whole."""

    type: ClassVar[str] = "jiceng.membership.transfer.redirected.v1"

    was_area: AreaCode = Field(title="原区划")


class TransferClosed(TransferEvent):
    """What the four ends have in common."""

    was_area: AreaCode = Field(title="在途时所属区划")


class TransferReceived(TransferClosed, title="组织关系已接收"):
    """The member belongs to the receiver from now on; `out`: the receipt came back."""

    type: ClassVar[str] = "jiceng.membership.transfer.received.v1"


class TransferReturned(TransferClosed, title="组织关系介绍信已退回"):
    """The member stays where they were."""

    type: ClassVar[str] = "jiceng.membership.transfer.returned.v1"

    reason_kind: str = Field(title="退回原因", description="A code of the kinds of reasons.")


class TransferExpired(TransferClosed, title="组织关系介绍信已过期"):
    """Nobody received it in time; the member stays where they were."""

    type: ClassVar[str] = "jiceng.membership.transfer.expired.v1"


class TransferCancelled(TransferClosed, title="组织关系转接已撤销"):
    """The sender took the letter back."""

    type: ClassVar[str] = "jiceng.membership.transfer.cancelled.v1"
