"""The rules of profile numbers (辖区概况): each holds until the next one of its kind and area.

Paper is entered in any order, so a number may come to stand between two others. Every event carries
the change against the number valid before, dated where it became valid: a stock that adds them up
shows the right number on every day.
"""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.membership.books import (
    ProfileCorrected,
    ProfileEvent,
    ProfileRebased,
    ProfileStated,
    ProfileWithdrawn,
)
from services.chassis.errors import Conflict
from services.chassis.state import State


class Number(State):
    """What an area states of itself from `day` on."""

    entry_id: UUID
    area: str = Field(title="区划")
    kind: str = Field(title="类别")
    quantity: int = Field(title="数值")
    source: str = Field(title="数据来源")
    day: date = Field(title="起算日期")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include={"area", "entry_id", "kind", "quantity"})


class NumberOfThatDay(Conflict):
    code = "profile-stated"
    title, title_zh = "The number of that day is stated already", "该日的数字已登记"


def state(number: Number, before: Number | None) -> ProfileStated:
    return ProfileStated(**number.facts(), change=number.quantity - _base(before))


def correct(number: Number, quantity: int) -> ProfileCorrected | None:
    """The number of that day was another one all along; nothing where it is the same."""
    if quantity == number.quantity:
        return None
    facts = number.facts() | {"quantity": quantity}
    return ProfileCorrected(**facts, change=quantity - number.quantity)


def withdraw(number: Number, before: Number | None) -> ProfileWithdrawn:
    """The number should never have been stated."""
    return ProfileWithdrawn(**number.facts(), change=_base(before) - number.quantity)


def rebase(after: Number | None, event: ProfileEvent) -> ProfileRebased | None:
    """The number that follows stands, and is measured from another one since `event`."""
    if after is None or event.change == 0:
        return None
    return ProfileRebased(**after.facts(), change=-event.change)


def _base(before: Number | None) -> int:
    return before.quantity if before else 0
