"""Who lectures when and where: assigned, moved, released, done, rated."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.bases.lecturers import (
    LecturerAssigned,
    LecturerAssignmentCompleted,
    LecturerAssignmentMoved,
    LecturerRated,
    LecturerRatingChanged,
    LecturerReleased,
)
from contracts.kinds import BookingStatus
from contracts.kinds.lecturers import EngagedFor, RatedBy
from services.bases.domain.lecturers.people import Lecturer
from services.bases.domain.lecturers.rules import LecturerRatingWindow
from services.bases.domain.lecturers.times import local, named
from services.bases.domain.opening import Range
from services.chassis.clock import LOCAL
from services.chassis.errors import Conflict, Invalid
from services.chassis.state import State

OPEN = frozenset(
    {
        BookingStatus.OFFERED,
        BookingStatus.PENDING,
        BookingStatus.ENDORSED,
        BookingStatus.CONFIRMED,
        BookingStatus.CHECKED_IN,
    }
)
"""Statuses of a booking for which lecturers are assigned and released."""

OFFERED = 5
"""Other lecturers that a refusal names."""


# State


class Task(State):
    """What takes a lecturer, and where: a base, or the hall of a session that is at none."""

    engaged_for: EngagedFor
    subject_id: UUID
    base_id: UUID | None
    place_id: UUID
    area: str
    starts_at: datetime
    ends_at: datetime

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    @property
    def minutes(self) -> int:
        """Whole ones, at least one."""
        return max(1, round(self.length.total_seconds() / 60))

    @property
    def span(self) -> Range:
        return self.starts_at, self.ends_at

    def subject(self) -> dict[str, UUID]:
        """By the name that its kind has among several."""
        return {f"{self.engaged_for}_id": self.subject_id}


class Claim(Task):
    """A lecturer is taken for it."""

    assignment_id: UUID
    lecturer_id: UUID
    skill: str | None
    completed: bool = False
    version: int = 1

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        apart = {"completed", "place_id", "skill", "subject_id", "version"}
        derived = {"skill_kind": self.skill, "minutes": self.minutes}
        return self.model_dump(exclude=apart) | self.subject() | derived


class Assignment(State):
    """A claim as it is read."""

    assignment_id: UUID
    lecturer_id: UUID = Field(title="讲师代码")
    booking_id: UUID | None
    session_id: UUID | None
    base_id: UUID | None = Field(title="基地")
    area: str = Field(title="区划")
    skill: str | None = Field(title="所需专长")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    completed_at: datetime | None = Field(title="完成时刻")
    headcount: int | None = Field(title="听讲人次")


class Rating(State):
    rating_id: UUID
    lecturer_id: UUID = Field(title="讲师代码")
    booking_id: UUID = Field(title="预约编号")
    stars: int = Field(title="评分")
    rated_by: RatedBy = Field(title="评价方")
    rated_on: date = Field(title="评价日期")

    def facts(self, assignment: Assignment) -> dict[str, Any]:
        """What every event about it repeats."""
        of = assignment.model_dump(include={"area", "assignment_id", "base_id"})
        return self.model_dump(exclude={"rated_on"}) | of


# Refusals


class LecturerTaken(Conflict):
    code = "lecturer-taken"
    title, title_zh = "The lecturer is taken at that time", "该讲师此时段已有安排"


class LecturerNotAvailable(Conflict):
    code = "lecturer-not-available"
    title, title_zh = "The lecturer cannot come at that time", "该讲师此时段不可安排"


class LecturerLacksSkill(Invalid):
    code = "lecturer-lacks-skill"
    title, title_zh = "The lecturer does not have that skill", "该讲师不具备所需专长"


class BookingOver(Conflict):
    code = "booking-over"
    title, title_zh = "The booking is over or was given up", "该预约已结束或已取消"


class AlreadyAssigned(Conflict):
    code = "lecturer-assigned"
    title, title_zh = "The lecturer is assigned to it for another skill", "该讲师已按其他专长安排"


class NotCompleted(Conflict):
    code = "assignment-not-completed"
    title, title_zh = "Nothing was held that could be rated", "讲解尚未完成，不能评分"


class RatingFixed(Conflict):
    code = "rating-fixed"
    title, title_zh = "The rating cannot be changed any more", "评分已过可更改期限"


# Decisions


def assigned(claim: Claim) -> LecturerAssigned:
    return LecturerAssigned(**claim.facts())


def moved(was: Claim, now: Claim) -> LecturerAssignmentMoved:
    return LecturerAssignmentMoved(
        **now.facts(),
        was_starts_at=was.starts_at,
        was_ends_at=was.ends_at,
        was_minutes=was.minutes,
        was_base_id=was.base_id,
        was_area=was.area,
    )


def released(claim: Claim) -> LecturerReleased:
    return LecturerReleased(**claim.facts())


def completed(claim: Claim, headcount: int) -> LecturerAssignmentCompleted:
    return LecturerAssignmentCompleted(**claim.facts(), headcount=headcount)


def check_open(status: BookingStatus) -> None:
    """Raises `BookingOver`."""
    if status not in OPEN:
        raise BookingOver(
            f"The booking is {status}.", zh=f"预约{status.label}，不能再安排讲师。", state=status
        )


def check_skill(lecturer: Lecturer, skill: str | None) -> None:
    """Raises `LecturerLacksSkill`, which says what the lecturer can do."""
    if skill is not None and skill not in lecturer.skills:
        raise LecturerLacksSkill(
            f"{lecturer.code} has {', '.join(lecturer.skills)}, not {skill}.",
            zh=f"讲师 {lecturer.code} 不具备所需专长 {skill}。",
            field="skill",
            value=skill,
            skills=lecturer.skills,
        )


def taken(
    code: str, clashes: Sequence[Range], free: Sequence[Range], others: Sequence[tuple[UUID, str]]
) -> LecturerTaken:
    """`free` is when else that day; `others` are who else, by id and code."""
    detail, zh = _instead(free, others)
    return LecturerTaken(
        f"{code} is taken, travel included: {', '.join(map(_span, clashes))}. {detail}",
        zh=f"讲师 {code} {'、'.join(map(_span_zh, clashes))}（含路途时间）已有安排。{zh}",
        field="lecturer_id",
        lecturer=code,
        taken=[named(each) for each in clashes],
        **_facts(free, others),
    )


def not_available(
    code: str,
    available: Sequence[Range],
    free: Sequence[Range],
    others: Sequence[tuple[UUID, str]],
) -> LecturerNotAvailable:
    """`available` are the times that the lecturer has stated for that day."""
    detail, zh = _instead(free, others)
    return LecturerNotAvailable(
        f"{code} can come: {', '.join(map(_span, available)) or 'not that day'}. {detail}",
        zh=f"讲师 {code} 当日可安排时间：{'、'.join(map(_span_zh, available)) or '无'}。{zh}",
        field="lecturer_id",
        lecturer=code,
        available=[named(each) for each in available],
        **_facts(free, others),
    )


def rate(rating: Rating, assignment: Assignment) -> LecturerRated:
    """Raises `NotCompleted`."""
    if assignment.completed_at is None:
        raise NotCompleted("It has not been held.", zh="讲解尚未完成，完成后才能评分。")
    return LecturerRated(**rating.facts(assignment))


def change_rating(
    was: Rating, now: Rating, assignment: Assignment, window: LecturerRatingWindow, today: date
) -> LecturerRatingChanged | None:
    """`None` when nothing changes. Raises `RatingFixed`."""
    if now == was:
        return None
    last = window.last_day(was.rated_on)
    if today > last:
        raise RatingFixed(
            f"It could be changed up to {last}.", zh=f"评分可更改至 {last}。", last_day=str(last)
        )
    return LecturerRatingChanged(
        **now.facts(assignment), was_stars=was.stars, was_rated_by=was.rated_by
    )


def _facts(free: Sequence[Range], others: Sequence[tuple[UUID, str]]) -> dict[str, Any]:
    return {
        "free": [named(each) for each in free],
        "others": [{"lecturer_id": str(other), "code": code} for other, code in others],
    }


def _instead(free: Sequence[Range], others: Sequence[tuple[UUID, str]]) -> tuple[str, str]:
    codes = [code for _, code in others]
    when, who = ", ".join(map(_span, free)) or "never", ", ".join(codes) or "nobody"
    when_zh, who_zh = "、".join(map(_span_zh, free)) or "无", "、".join(codes) or "无"
    return (
        f"Free that day: {when}. Others: {who}.",
        f"当日空闲：{when_zh}；此时段可安排：{who_zh}。",
    )


def _span(each: Range) -> str:
    return f"{local(each[0])}/{local(each[1])}"


def _span_zh(each: Range) -> str:
    since, until = (instant.astimezone(LOCAL) for instant in each)
    ends = f"{until:%H:%M}" if until.date() == since.date() else f"{until:%m月%d日 %H:%M}"
    return f"{since:%m月%d日 %H:%M}–{ends}"
