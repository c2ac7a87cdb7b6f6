"""The duty roster of guides (讲解员排班): who is at which base, and whether they came."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

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
from services.bases.domain.lecturers.assignments import Task, minutes
from services.bases.domain.opening import WEEK
from services.chassis.clock import LOCAL
from services.chassis.errors import Conflict, Invalid
from services.chassis.lifecycle import Lifecycle
from services.chassis.working_days import ONE_DAY

LONGEST_PLAN = timedelta(days=366)
"""One command plans at most so far; a longer roster is several."""

CAME = frozenset({ShiftStatus.SERVED, ShiftStatus.MISSED})


# Commands and state


@dataclass(frozen=True, kw_only=True)
class PlanShifts:
    """`begins` to `ends` of every day of `weekdays` from `first` to `last`, both included."""

    lecturer_id: UUID
    base_id: UUID
    weekdays: Collection[DayKind]
    first: date
    last: date
    begins: time
    ends: time
    skip_clashes: bool
    """Plan the others where the guide cannot come; else all or nothing."""


@dataclass(frozen=True, kw_only=True)
class Shift:
    shift_id: UUID
    lecturer_id: UUID
    base_id: UUID
    area: str
    starts_at: datetime
    ends_at: datetime
    status: ShiftStatus
    version: int

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


# Refusals


class ImpossibleShift(Invalid):
    code = "impossible-time"
    title, title_zh = "The times are impossible", "时间不合理"


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


def days(command: PlanShifts) -> list[tuple[datetime, datetime]]:
    """When the shifts would be, in order. Raises `ImpossibleShift`, `NothingToPlan`."""
    if command.ends <= command.begins:
        raise ImpossibleShift(
            "A shift ends on the day it begins, later.",
            zh="结束时间应晚于开始时间；过夜的班次请分写在两天。",
            field="ends",
        )
    if not command.first <= command.last <= command.first + LONGEST_PLAN:
        raise ImpossibleShift(
            f"`last` lies at most {LONGEST_PLAN.days} days after `first`.",
            zh=f"末日不早于首日，且至多在其后 {LONGEST_PLAN.days} 天。",
            field="last",
        )
    found = [
        (_at(day, command.begins), _at(day, command.ends))
        for day in _days(command.first, command.last)
        if WEEK[day.weekday()] in command.weekdays
    ]
    if not found:
        raise NothingToPlan(
            f"None of these weekdays from {command.first} to {command.last}.",
            zh=f"{command.first} 至 {command.last} 没有所选的星期。",
            field="weekdays",
        )
    return found


def planned(shift: Shift) -> GuideShiftPlanned:
    return GuideShiftPlanned(**_said(shift))


def hand_over(shift: Shift, to: UUID, now: datetime) -> tuple[Shift, GuideShiftReplaced]:
    """Raises `ShiftOver` once it has begun, `SameGuide`."""
    HAND_OVER(shift.status)
    _check_ahead(shift, now)
    if to == shift.lecturer_id:
        raise SameGuide(
            "That one is on it already.", zh="该班次本来就由此人值。", field="lecturer_id"
        )
    after = replace(shift, lecturer_id=to, version=shift.version + 1)
    return after, GuideShiftReplaced(was_lecturer_id=shift.lecturer_id, **_said(after))


def cancel(shift: Shift, now: datetime) -> tuple[Shift, GuideShiftCancelled]:
    """Raises `ShiftOver` once it has begun."""
    CANCEL(shift.status)
    _check_ahead(shift, now)
    after = replace(shift, status=CANCEL.to, version=shift.version + 1)
    return after, GuideShiftCancelled(**_said(after))


Recorded = GuideShiftServed | GuideShiftMissed | GuideShiftCorrected


def record(shift: Shift, outcome: ShiftStatus, now: datetime) -> tuple[Shift, Recorded] | None:
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
    after = replace(shift, status=outcome, version=shift.version + 1)
    if shift.status in CAME:
        return after, GuideShiftCorrected(outcome=outcome, was_outcome=shift.status, **_said(after))
    if outcome is ShiftStatus.SERVED:
        return after, GuideShiftServed(**_said(after))
    return after, GuideShiftMissed(**_said(after))


def _check_ahead(shift: Shift, now: datetime) -> None:
    if now >= shift.starts_at:
        raise ShiftOver(
            f"Shift {shift.shift_id} has begun.",
            zh="该班次已开始，不能再变更。",
            state=shift.status,
        )


def _said(shift: Shift) -> dict[str, Any]:
    return {
        "area": shift.area,
        "shift_id": shift.shift_id,
        "lecturer_id": shift.lecturer_id,
        "base_id": shift.base_id,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "minutes": minutes(shift.starts_at, shift.ends_at),
    }


def _days(first: date, last: date) -> Iterable[date]:
    return (first + ONE_DAY * n for n in range((last - first).days + 1))


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LOCAL)
