"""Facts announced about the organisations' books: registers, funds, tasks, profile numbers.

One mechanism for all: an entry belongs to a book and a kind, and has a quantity, an amount of
money, or a state. Titles, remarks and documents stay in the service; `entry_id` leads to them.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.areas import AreaCode
from contracts.event import Event
from contracts.kinds.books import Book, Bound, Duration, Rank, TaskState, WithdrawReason


class BookEvent(Event):
    """What an entry is, whole: every event about it repeats it."""

    entry_id: UUID = Field(title="条目编号")
    organisation_id: UUID | None = Field(default=None, title="党组织编号")
    book: Book = Field(title="台账")
    kind: str = Field(title="类别", description="A code of the kinds of this book.")
    duration: Duration = Field(title="存续")
    rank: Rank = Field(title="级别")
    quantity: int = Field(title="数量")
    bound: Bound = Field(title="数量性质")
    amount_fen: int = Field(title="金额（分）")
    amount_bound: Bound = Field(title="金额性质")

    @property
    def key(self) -> UUID:
        return self.entry_id


class EntryEntered(BookEvent, title="台账条目已登记"):
    type: ClassVar[str] = "jiceng.membership.book-entry.entered.v1"

    state: TaskState | None = Field(default=None, title="状态")
    due_on: date | None = Field(default=None, title="期限")


class EntryCorrected(BookEvent, title="台账条目已更正"):
    """Says the entry as it should always have been, and what the figures must take back."""

    type: ClassVar[str] = "jiceng.membership.book-entry.corrected.v1"

    was_area: AreaCode = Field(title="原区划")
    was_kind: str = Field(title="原类别")
    was_rank: Rank = Field(title="原级别")
    was_quantity: int = Field(title="原数量")
    was_bound: Bound = Field(title="原数量性质")
    was_amount_fen: int = Field(title="原金额（分）")
    was_amount_bound: Bound = Field(title="原金额性质")


class EntryWithdrawn(BookEvent, title="台账条目已撤销"):
    """It should never have been entered; dated like the entry itself."""

    type: ClassVar[str] = "jiceng.membership.book-entry.withdrawn.v1"

    reason: WithdrawReason = Field(title="撤销原因")
    state: TaskState | None = Field(default=None, title="撤销时状态")


class EntryEnded(BookEvent, title="在册条目已终止"):
    """What stood until now stands no longer."""

    type: ClassVar[str] = "jiceng.membership.book-entry.ended.v1"


class TaskMoved(BookEvent, title="任务状态已变更"):
    type: ClassVar[str] = "jiceng.membership.book-entry.task-moved.v1"

    state: TaskState = Field(title="状态")
    was_state: TaskState = Field(title="原状态")
    due_on: date | None = Field(default=None, title="期限")


class ProfileEvent(Event):
    """A number an area states of itself, valid from the event's time until the next of its kind.

    `change` is what a stock adds at that time: the number minus the one valid before.
    """

    entry_id: UUID = Field(title="条目编号")
    kind: str = Field(title="类别")
    quantity: int = Field(title="数值")
    change: int = Field(title="比前一次")

    @property
    def key(self) -> UUID:
        return self.entry_id


class ProfileStated(ProfileEvent, title="概况数字已登记"):
    type: ClassVar[str] = "jiceng.membership.profile-number.stated.v1"


class ProfileCorrected(ProfileEvent, title="概况数字已更正"):
    """`change` is against what was wrongly stated for that day."""

    type: ClassVar[str] = "jiceng.membership.profile-number.corrected.v1"


class ProfileRebased(ProfileEvent, title="概况数字已衔接"):
    """The number stands; another one was put in, mended or taken away right before it."""

    type: ClassVar[str] = "jiceng.membership.profile-number.rebased.v1"


class ProfileWithdrawn(ProfileEvent, title="概况数字已撤销"):
    """`quantity` was stated wrongly; what was valid before goes on being valid."""

    type: ClassVar[str] = "jiceng.membership.profile-number.withdrawn.v1"
