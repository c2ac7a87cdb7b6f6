"""The duty roster of guides (讲解员排班): who is at which base, and whether they came."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.bases.lecturers import (
    GuideShiftCancelled,
    GuideShiftCorrected,
    GuideShiftMissed,
    GuideShiftPlanned,
    GuideShiftReplaced,
    GuideShiftServed,
)
from contracts.kinds.bases import DayKind
from contracts.kinds.lecturers import EngagedFor, ShiftStatus
from services.bases.domain.bookings.refusals import ImpossibleTime
from services.bases.domain.lecturers.assignments import Task
from services.bases.domain.opening import WEEK, Range
from services.chassis.clock import LOCAL
from services.chassis.errors import Conflict, Invalid
from services.chassis.lifecycle import Lifecycle
from services.chassis.state import State
from services.chassis.working_days import ONE_DAY

LONGEST_PLAN = timedelta(days=366)
"""One command plans at most so far; a longer roster is several."""

CAME = frozenset({ShiftStatus.SERVED, ShiftStatus.MISSED})


# State


class Shift(State):
    shift_id: UUID
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    base_id: UUID = Field(title="基地")
    area: str = Field(title="区划")
    lecturer_id: UUID = Field(title="讲解员代码")
    status: ShiftStatus = Field(title="状态")

    @property
    def task(self) -> Task:
        return Task(
            engaged_for=EngagedFor.SHIFT,
            subject_id=self.shift_id,
            base_id=self.base_id,
            place_id=self.base_id,
            area=self.area,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
        )

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        repeated = {"area", "base_id", "ends_at", "lecturer_id", "shift_id", "starts_at"}
        return self.model_dump(include=repeated) | {"minutes": self.task.minutes}


# Refusals


class NothingToPlan(Invalid):
    code = "nothing-to-plan"
    title, title_zh = "There is no such day in these dates", "所选日期内没有这样的日子"


class ShiftOver(Conflict):
    code = "shift-over"
    title, title_zh = "The shift has begun or is no longer on", "该班次已开始或已取消"


class ShiftNotBegun(Conflict):
    code = "shift-not-begun"
    title, title_zh = "The shift has not begun yet", "该班次尚未开始"


class SameGuide(Invalid):
    code = "same-guide"
    title, title_zh = "There is nothing to swap", "换班双方为同一人"


PLANNED = {ShiftStatus.PLANNED}
LIFE = Lifecycle("shift", "班次", ShiftStatus, ShiftOver)
PLAN = LIFE.begin("plan", "排班", ShiftStatus.PLANNED)
HAND_OVER = LIFE.step("hand over", "换人", PLANNED, None)
CANCEL = LIFE.step("cancel", "取消", PLANNED, ShiftStatus.CANCELLED)
SERVE = LIFE.step("serve", "记到岗", {*PLANNED, ShiftStatus.MISSED}, ShiftStatus.SERVED)
MISS = LIFE.step("miss", "记缺岗", {*PLANNED, ShiftStatus.SERVED}, ShiftStatus.MISSED)

# Decisions


def days(
    weekdays: Collection[DayKind], first: date, last: date, begins: time, ends: time
) -> list[Range]:
    """`begins` to `ends` of every day of `weekdays` from `first` to `last`, both included.

    In order. Raises `ImpossibleTime`, `NothingToPlan`.
    """
    if ends <= begins:
        raise ImpossibleTime(
            "A shift ends on the day it begins, later.",
            zh="结束时间应晚于开始时间；过夜的班次请分写在两天。",
            field="ends",
        )
    if not first <= last <= first + LONGEST_PLAN:
        raise ImpossibleTime(
            f"`last` lies at most {LONGEST_PLAN.days} days after `first`.",
            zh=f"末日不早于首日，且至多在其后 {LONGEST_PLAN.days} 天。",
            field="last",
        )
    dates = (first + ONE_DAY * n for n in range((last - first).days + 1))
    found = [
        (datetime.combine(day, begins, LOCAL), datetime.combine(day, ends, LOCAL))
        for day in dates
        if WEEK[day.weekday()] in weekdays
    ]
    if not found:
        raise NothingToPlan(
            f"None of these weekdays from {first} to {last}.",
            zh=f"{first} 至 {last} 没有所选的星期。",
            field="weekdays",
        )
    return found


def planned(shift: Shift) -> GuideShiftPlanned:
    return GuideShiftPlanned(**shift.facts())


def hand_over(shift: Shift, to: UUID, now: datetime) -> GuideShiftReplaced:
    """Raises `ShiftOver` once it has begun, `SameGuide`."""
    HAND_OVER(shift.status)
    _check_ahead(shift, now)
    if to == shift.lecturer_id:
        raise SameGuide(
            "That one is on it already.", zh="该班次本来就由此人值。", field="lecturer_id"
        )
    after = shift.facts() | {"lecturer_id": to}
    return GuideShiftReplaced(**after, was_lecturer_id=shift.lecturer_id)


def cancel(shift: Shift, now: datetime) -> GuideShiftCancelled:
    """Raises `ShiftOver` once it has begun."""
    CANCEL(shift.status)
    _check_ahead(shift, now)
    return GuideShiftCancelled(**shift.facts())


Recorded = GuideShiftServed | GuideShiftMissed | GuideShiftCorrected


def record(shift: Shift, outcome: ShiftStatus, now: datetime) -> Recorded | None:
    """Whether the guide came; `None` when that is what stands.

    Raises `ShiftNotBegun`, and `ShiftOver` for a cancelled one.
    """
    if shift.status is not outcome:
        (SERVE if outcome is ShiftStatus.SERVED else MISS)(shift.status)
    if now < shift.starts_at:
        raise ShiftNotBegun(
            f"It begins at {shift.starts_at.isoformat()}.",
            zh="班次开始后才能登记到岗情况。",
            field="outcome",
            starts_at=shift.starts_at.isoformat(),
        )
    if shift.status is outcome:
        return None
    if shift.status in CAME:
        return GuideShiftCorrected(**shift.facts(), outcome=outcome, was_outcome=shift.status)
    happened = GuideShiftServed if outcome is ShiftStatus.SERVED else GuideShiftMissed
    return happened(**shift.facts())


def _check_ahead(shift: Shift, now: datetime) -> None:
    if now >= shift.starts_at:
        raise ShiftOver(
            f"Shift {shift.shift_id} has begun.",
            zh="该班次已开始，不能再变更。",
            state=shift.status,
        )
