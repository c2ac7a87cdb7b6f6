"""Lecture halls and the courses given there (讲习场所与课程)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.bases.courses import (
    CourseChanged,
    CoursePublished,
    CourseRetired,
    LectureHallChanged,
    LectureHallClosed,
    LectureHallOpened,
)
from services.chassis.errors import Conflict, Invalid

# State


@dataclass(frozen=True, kw_only=True)
class Hall:
    hall_id: UUID
    code: str
    name: str
    kind: str
    area: str
    base_id: UUID | None
    venue_id: UUID | None
    opened_on: date
    closed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Course:
    course_id: UUID
    hall_id: UUID
    code: str
    name: str
    kind: str
    audience_kind: str
    area: str
    retired_on: date | None = None


# Refusals


class HallClosed(Conflict):
    code = "lecture-hall-closed"
    title, title_zh = "The lecture hall is closed", "该讲习场所已撤销"


class CourseEnded(Conflict):
    code = "course-retired"
    title, title_zh = "The course is no longer given", "该课程已停开"


class SessionsAhead(Conflict):
    code = "sessions-ahead"
    title, title_zh = "Sessions are announced that were not held yet", "仍有已发布而未举办的场次"


class ClosedBeforeOpened(Invalid):
    code = "closed-before-opened"
    title, title_zh = "It closed before it was opened", "撤销日期早于挂牌日期"


# Decisions


def open_hall(hall: Hall) -> LectureHallOpened:
    return LectureHallOpened(**_of_hall(hall))


def change_hall(was: Hall, changes: dict[str, Any]) -> LectureHallChanged | None:
    """`None` when nothing changes. Raises `HallClosed`."""
    check_open(was)
    now = replace(was, **changes)
    return None if now == was else LectureHallChanged(**_of_hall(now), was_kind=was.kind)


def close_hall(hall: Hall, on: date, next_session: datetime | None) -> LectureHallClosed:
    """Raises `HallClosed`, `ClosedBeforeOpened` or `SessionsAhead`."""
    check_open(hall)
    if on < hall.opened_on:
        raise ClosedBeforeOpened(
            f"It was opened on {hall.opened_on}.",
            zh=f"挂牌日期为 {hall.opened_on}。",
            field="closed_on",
            least=hall.opened_on.isoformat(),
        )
    check_none_ahead(next_session)
    return LectureHallClosed(**_of_hall(hall), closed_on=on)


def check_open(hall: Hall) -> None:
    if hall.closed_on is not None:
        raise HallClosed(
            f"{hall.code} was closed on {hall.closed_on}.",
            zh=f"“{hall.name}”已于 {hall.closed_on} 撤销。",
            field="hall_id",
        )


def publish_course(course: Course, hall: Hall) -> CoursePublished:
    """Raises `HallClosed`."""
    check_open(hall)
    return CoursePublished(**_of_course(course))


def change_course(was: Course, changes: dict[str, Any]) -> CourseChanged | None:
    """`None` when nothing changes. Raises `CourseEnded`."""
    check_given(was)
    now = replace(was, **changes)
    if now == was:
        return None
    return CourseChanged(**_of_course(now), was_kind=was.kind, was_audience_kind=was.audience_kind)


def retire_course(course: Course, next_session: datetime | None) -> CourseRetired:
    """Raises `CourseEnded` or `SessionsAhead`."""
    check_given(course)
    check_none_ahead(next_session)
    return CourseRetired(**_of_course(course))


def check_given(course: Course) -> None:
    if course.retired_on is not None:
        raise CourseEnded(
            f"{course.code} ended on {course.retired_on}.",
            zh=f"“{course.name}”已于 {course.retired_on} 停开。",
            field="course_id",
        )


def check_none_ahead(next_session: datetime | None) -> None:
    """`next_session` is the first that is announced and neither held nor cancelled."""
    if next_session is not None:
        raise SessionsAhead(
            f"Hold or cancel them first; the first begins at {next_session.isoformat()}.",
            zh="请先举办或取消已发布的场次。",
            starts_at=next_session.isoformat(),
        )


def _of_hall(hall: Hall) -> dict[str, Any]:
    return {name: value for name, value in vars(hall).items() if name != "closed_on"}


def _of_course(course: Course) -> dict[str, Any]:
    return {name: value for name, value in vars(course).items() if name != "retired_on"}
