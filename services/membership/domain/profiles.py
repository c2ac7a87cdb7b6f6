"""The rules of profile numbers (辖区概况): each holds until the next one of its kind and area.

Paper is entered in any order, so a number may come to stand between two others. Every event carries
the change against the number valid before, dated where it became valid: a stock that adds them up
shows the right number on every day.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from contracts.membership.books import (
    ProfileCorrected,
    ProfileEvent,
    ProfileRebased,
    ProfileStated,
    ProfileWithdrawn,
)
from services.chassis.errors import Conflict


@dataclass(frozen=True, kw_only=True)
class Number:
    """What an area states of itself from `day` on."""

    entry_id: UUID
    area: str
    kind: str
    quantity: int
    day: date
    occurred_at: datetime
    source: str
    version: int = 1


@dataclass(frozen=True)
class Neighbours:
    """The numbers of the same kind and area around a day."""

    before: Number | None
    after: Number | None

    @property
    def base(self) -> int:
        return self.before.quantity if self.before else 0


class NumberOfThatDay(Conflict):
    code = "profile-stated"
    title, title_zh = "The number of that day is stated already", "该日的数字已登记"


Told = list[tuple[Number, ProfileEvent]]
"""Whose event, and the event; the number as it is after it."""


def state(number: Number, around: Neighbours) -> Told:
    """A new number takes its place between its neighbours."""
    told: Told = [(number, _event(ProfileStated, number, number.quantity - around.base))]
    return [*told, *_rebased(around.after, around.base - number.quantity)]


def correct(was: Number, quantity: int, around: Neighbours) -> Told:
    """The number of that day was another one all along; nothing where it is the same."""
    if quantity == was.quantity:
        return []
    now = replace(was, quantity=quantity, version=was.version + 1)
    told: Told = [(now, _event(ProfileCorrected, now, quantity - was.quantity))]
    return [*told, *_rebased(around.after, was.quantity - quantity)]


def withdraw(was: Number, around: Neighbours) -> Told:
    """The number should never have been stated."""
    now = replace(was, version=was.version + 1)
    told: Told = [(now, _event(ProfileWithdrawn, was, around.base - was.quantity))]
    return [*told, *_rebased(around.after, was.quantity - around.base)]


def _rebased(number: Number | None, change: int) -> Told:
    if number is None or change == 0:
        return []
    now = replace(number, version=number.version + 1)
    return [(now, _event(ProfileRebased, number, change))]


def _event(kind: type[ProfileEvent], number: Number, change: int) -> ProfileEvent:
    return kind(
        area=number.area,
        entry_id=number.entry_id,
        kind=number.kind,
        quantity=number.quantity,
        change=change,
    )
