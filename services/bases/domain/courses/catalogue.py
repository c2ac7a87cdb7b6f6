"""Lecture halls and the courses given there (讲习场所与课程)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.bases.courses import (
    CourseChanged,
    CourseEvent,
    CoursePublished,
    CourseRetired,
    LectureHallChanged,
    LectureHallClosed,
    LectureHallEvent,
    LectureHallOpened,
)
from services.chassis.errors import Conflict, Invalid
from services.chassis.state import State

# State


class Hall(State):
    hall_id: UUID
    code: str = Field(title="场所代码")
    name: str = Field(title="名称")
    kind: str = Field(title="场所类别")
    area: str = Field(title="区划")
    base_id: UUID | None = Field(title="所在基地")
    venue_id: UUID | None = Field(title="所在场馆")
    opened_on: date = Field(title="挂牌日期")
    closed_on: date | None = Field(title="撤销日期")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include=set(LectureHallEvent.model_fields))


class Course(State):
    course_id: UUID
    hall_id: UUID = Field(title="讲习场所")
    code: str = Field(title="课程代码")
    name: str = Field(title="名称")
    kind: str = Field(title="课程类别")
    audience_kind: str = Field(title="授课对象")
    area: str = Field(title="区划")
    retired_on: date | None = Field(title="停开日期")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include=set(CourseEvent.model_fields))


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
    return LectureHallOpened(**hall.facts())


def change_hall(was: Hall, now: Hall) -> LectureHallChanged | None:
    """`None` when nothing changes. Raises `HallClosed`."""
    check_open(was)
    return None if now == was else LectureHallChanged(**now.facts(), was_kind=was.kind)


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
    return LectureHallClosed(**hall.facts(), closed_on=on)


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
    return CoursePublished(**course.facts())


def change_course(was: Course, now: Course) -> CourseChanged | None:
    """`None` when nothing changes. Raises `CourseEnded`."""
    check_given(was)
    if now == was:
        return None
    return CourseChanged(**now.facts(), was_kind=was.kind, was_audience_kind=was.audience_kind)


def retire_course(course: Course, next_session: datetime | None) -> CourseRetired:
    """Raises `CourseEnded` or `SessionsAhead`."""
    check_given(course)
    check_none_ahead(next_session)
    return CourseRetired(**course.facts())


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
