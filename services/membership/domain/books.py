"""The rules of the organisations' books (台账): one kind of entry in several shapes.

A register entry happened once or stands until ended; a fund entry is an amount of money of a year;
a task has a state and a day it is due. Profile numbers, which follow on each other: `profiles`.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.kinds.books import Book, Bound, Duration, Rank, TaskState, WithdrawReason
from contracts.membership.books import (
    BookEvent,
    EntryCorrected,
    EntryEnded,
    EntryEntered,
    EntryWithdrawn,
    TaskMoved,
)
from services.chassis.errors import Conflict, Invalid
from services.chassis.lifecycle import Lifecycle
from services.chassis.rules import Rule
from services.chassis.state import State

# Rules as data


class FundMinimum(Rule):
    """What each community must be given a year, over these kinds together."""

    code: ClassVar[str] = "funds.minimum"
    label: ClassVar[str] = "社区年度经费下限"

    kinds: list[str] = Field(title="计入的经费类别")
    least_fen: int = Field(ge=0, title="下限（分）")

    def met(self, given_fen: int) -> bool:
        return given_fen >= self.least_fen


class MeritCycle(Rule):
    code: ClassVar[str] = "merit.cycle"
    label: ClassVar[str] = "优秀党员评选周期"

    months: int = Field(ge=1, title="月数")


class TaskNotice(Rule):
    code: ClassVar[str] = "task.notice"
    label: ClassVar[str] = "任务到期提醒"

    days: int = Field(ge=0, title="提前天数")

    def last_day(self, today: date) -> date:
        """Tasks due up to this day are spoken of today."""
        return today + timedelta(days=self.days)


RULES: tuple[type[Rule], ...] = (FundMinimum, MeritCycle, TaskNotice)

# State


class Entry(State):
    """An entry as it stands. Which fields may be filled, its book decides."""

    entry_id: UUID
    book: Book = Field(title="台账")
    kind: str = Field(title="类别")
    code: str | None = Field(default=None, title="编号")
    area: str = Field(title="区划")
    organisation_id: UUID | None = Field(default=None, title="党组织")
    label: str = Field(title="名称")
    remark: str = Field(default="", title="备注")
    reference: str = Field(default="", title="依据或附件")
    duration: Duration = Field(default=Duration.ONCE, title="存续")
    rank: Rank = Field(default=Rank.NONE, title="级别")
    quantity: int = Field(default=1, title="数量")
    bound: Bound = Field(default=Bound.EXACT, title="数量性质")
    amount_fen: int = Field(default=0, title="金额（分）")
    amount_bound: Bound = Field(default=Bound.EXACT, title="金额性质")
    state: TaskState | None = Field(default=None, title="状态")
    due_on: date | None = Field(default=None, title="期限")
    parent_id: UUID | None = Field(default=None, title="所属任务")
    subject_ids: list[UUID] = Field(default_factory=list, title="有关党员")
    occurred_at: datetime
    ended_at: datetime | None = Field(default=None, title="终止时刻")
    withdrawn_at: datetime | None = Field(default=None, title="撤销时刻")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include={*BookEvent.model_fields})


# Refusals


class NotOfThisBook(Invalid):
    code = "field-not-of-this-book"
    title, title_zh = "The book has no such field", "该台账没有此项"


class AmountMissing(Invalid):
    code = "amount-missing"
    title, title_zh = "A fund entry needs an amount", "经费条目须填写金额"


class EntryClosed(Conflict):
    code = "entry-closed"
    title, title_zh = "The entry was ended or withdrawn", "条目已终止或撤销"


class NotStanding(Conflict):
    code = "entry-not-standing"
    title, title_zh = "The entry happened once; there is nothing to end", "一次性条目无须终止"


class EndsBeforeItBegins(Invalid):
    code = "ends-before-it-begins"
    title, title_zh = "It cannot end before it began", "终止时间不能早于登记时间"


class TaskCannotMove(Conflict):
    code = "task-cannot-move"
    title, title_zh = "The task cannot go to that state", "任务不能转到该状态"


ALLOWED: Mapping[Book, frozenset[str]] = {
    Book.REGISTER: frozenset({"rank", "quantity", "bound", "subject_ids"}),
    Book.FUND: frozenset({"amount_fen", "amount_bound", "quantity", "bound", "rank"}),
    Book.TASK: frozenset({"due_on", "parent_id", "subject_ids", "rank"}),
}
"""Beside what every entry has."""
SHAPED = frozenset().union(*ALLOWED.values())

UNFINISHED = frozenset({TaskState.OPEN, TaskState.UNDER_WAY})

TASK = Lifecycle("task", "任务", TaskState, TaskCannotMove)
ENTER = TASK.begin("enter", "登记", TaskState.OPEN)
MOVES = {
    step.to: step
    for step in (
        TASK.step(
            "put off", "退回未开始", {TaskState.UNDER_WAY, TaskState.DROPPED}, TaskState.OPEN
        ),
        TASK.step("start", "开始", {TaskState.OPEN, TaskState.DONE}, TaskState.UNDER_WAY),
        TASK.step("finish", "完成", UNFINISHED, TaskState.DONE),
        TASK.step("drop", "取消", UNFINISHED, TaskState.DROPPED),
    )
}
"""By where they lead."""

# Decisions


def enter(entry: Entry, given: frozenset[str]) -> EntryEntered:
    """`given` are the fields the caller filled. Raises `NotOfThisBook` or `AmountMissing`."""
    _check_shape(entry, given)
    return EntryEntered(**entry.facts(), state=entry.state, due_on=entry.due_on)


def correct(was: Entry, now: Entry, given: frozenset[str]) -> EntryCorrected | None:
    """What the entry should always have been; `None` when figures and readers see no change."""
    _check_open(was)
    _check_shape(now, given)
    before = was.model_dump(include=COUNTED)
    event = EntryCorrected(
        **now.facts(), **{f"was_{name}": value for name, value in before.items()}
    )
    return None if was.facts() == now.facts() else event


COUNTED = {"area", "kind", "rank", "quantity", "bound", "amount_fen", "amount_bound"}
"""What figures must take back of an entry that was corrected."""


def withdraw(entry: Entry, reason: WithdrawReason) -> EntryWithdrawn:
    """Raises `EntryClosed` for what was ended: its end would be left over."""
    _check_open(entry)
    return EntryWithdrawn(**entry.facts(), reason=reason, state=entry.state)


def end(entry: Entry, at: datetime) -> EntryEnded:
    _check_open(entry)
    if entry.duration is not Duration.STANDING:
        raise NotStanding(
            f"Entries of kind {entry.kind} happen once.", zh="该类条目为一次性登记，无须终止。"
        )
    if at < entry.occurred_at:
        raise EndsBeforeItBegins(
            f"It began at {entry.occurred_at.isoformat()}.",
            zh="终止时间早于登记时间。",
            field="occurred_at",
        )
    return EntryEnded(**entry.facts())


def move(entry: Entry, to: TaskState) -> TaskMoved:
    """Raises `NotOfThisBook` for what is no task, `TaskCannotMove` naming where it can go."""
    _check_open(entry)
    if entry.state is None:
        raise NotOfThisBook("Only tasks have a state.", zh="只有任务有状态。", field="state")
    MOVES[to](entry.state, field="state", value=str(to))
    return TaskMoved(**entry.facts(), state=to, was_state=entry.state, due_on=entry.due_on)


def _check_shape(entry: Entry, given: frozenset[str]) -> None:
    for name in sorted(given & SHAPED - ALLOWED[entry.book]):
        raise NotOfThisBook(
            f"`{name}` has no meaning in {entry.book}.",
            zh=f"“{entry.book.label}”没有 {name} 这一项。",
            field=name,
        )
    if entry.book is Book.FUND and not entry.amount_fen:
        raise AmountMissing(
            "Say `amount_fen`, in fen.", zh="请填写金额，单位为分。", field="amount_fen"
        )


def _check_open(entry: Entry) -> None:
    if entry.ended_at or entry.withdrawn_at:
        raise EntryClosed(
            "It was ended or withdrawn and stays as it is.", zh="条目已终止或撤销，不能再变更。"
        )
