"""Who lectures and guides: registered, changed, retired. Names and numbers are not known here."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.areas import within
from contracts.bases.lecturers import LecturerChanged, LecturerRegistered, LecturerRetired
from contracts.kinds.lecturers import LecturerEngagement
from services.bases.domain.lecturers.times import named
from services.chassis.clock import LOCAL
from services.chassis.errors import Conflict, Invalid
from services.chassis.state import State

SHOWN = 20
"""Assignments ahead that a refusal names."""


# State


class Lecturer(State):
    """Roles and skills are codes of kinds, the main one first, none twice."""

    lecturer_id: UUID
    code: str = Field(title="代码")
    area: str = Field(title="区划")
    base_id: UUID | None = Field(title="所属基地")
    roles: list[str] = Field(title="角色")
    skills: list[str] = Field(title="专长")
    engagement: LecturerEngagement = Field(title="聘用方式")
    engaged_on: date = Field(title="聘用日期")
    retired_on: date | None = Field(title="退出日期")

    def serves(self, area: str) -> bool:
        """A lecturer of the street serves every base of it."""
        return within(area, self.area)

    def facts(self) -> dict[str, Any]:
        """What every event about the lecturer repeats."""
        repeated = {"area", "base_id", "code", "engagement", "lecturer_id"}
        roles, skills = self.roles, self.skills
        return self.model_dump(include=repeated) | {
            "role_kind": roles[0], "role_kinds": roles,
            "skill_kind": skills[0], "skill_kinds": skills,
        }  # fmt: skip


class Ahead(State):
    """Something a lecturer is still to do."""

    assignment_id: UUID
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")


# Refusals


class LecturerUnknown(Invalid):
    code = "lecturer-unknown"
    title, title_zh = "There is no such lecturer", "没有该讲师"


class LecturerGone(Conflict):
    code = "lecturer-retired"
    title, title_zh = "The lecturer has left the team", "该讲师已退出"


class LecturerStillThere(Conflict):
    code = "lecturer-not-retired"
    title, title_zh = "Only who has left is erased", "讲师退出后才能清除个人信息"


class AssignmentsAhead(Conflict):
    code = "assignments-ahead"
    title, title_zh = "The lecturer is still to come", "该讲师仍有未完成的安排"


class RetiresBeforeStart(Invalid):
    code = "retires-before-start"
    title, title_zh = "Nobody leaves before having come", "退出日期不能早于聘用日期"


class SaidTwice(Invalid):
    code = "said-twice"
    title, title_zh = "The same is said twice", "同一项填写了两次"


# Decisions


def register(lecturer: Lecturer) -> LecturerRegistered:
    """Raises `SaidTwice`."""
    _check_once(lecturer)
    return LecturerRegistered(**lecturer.facts(), engaged_on=lecturer.engaged_on)


def change(was: Lecturer, now: Lecturer, *, personal: bool) -> LecturerChanged | None:
    """`None` when nothing changes; `personal` when name or phone do. Raises `SaidTwice`."""
    check_here(was)
    _check_once(now)
    if now == was and not personal:
        return None
    return LecturerChanged(
        **now.facts(),
        was_area=was.area,
        was_role_kind=was.roles[0],
        was_skill_kind=was.skills[0],
        was_engagement=was.engagement,
    )


def retire(lecturer: Lecturer, on: date, ahead: Sequence[Ahead]) -> LecturerRetired:
    """`ahead` is what the lecturer is still to do, in order. Raises `AssignmentsAhead`."""
    check_here(lecturer)
    if on < lecturer.engaged_on:
        raise RetiresBeforeStart(
            f"Engaged on {lecturer.engaged_on}.",
            zh=f"聘用日期为 {lecturer.engaged_on}。",
            field="retired_on",
        )
    if ahead:
        raise _ahead(ahead)
    return LecturerRetired(**lecturer.facts(), retired_on=on)


def check_here(lecturer: Lecturer) -> None:
    """Raises `LecturerGone`."""
    if lecturer.retired_on is not None:
        raise LecturerGone(
            f"{lecturer.code} left on {lecturer.retired_on}.",
            zh=f"讲师 {lecturer.code} 已于 {lecturer.retired_on} 退出。",
            field="lecturer_id",
            retired_on=str(lecturer.retired_on),
        )


def check_erasable(lecturer: Lecturer) -> None:
    """Raises `LecturerStillThere`."""
    if lecturer.retired_on is None:
        raise LecturerStillThere(
            f"{lecturer.code} is on the team.", zh=f"讲师 {lecturer.code} 仍在册，请先办理退出。"
        )


def _check_once(lecturer: Lecturer) -> None:
    for field, codes in (("roles", lecturer.roles), ("skills", lecturer.skills)):
        if len(set(codes)) < len(codes):
            raise SaidTwice(f"`{field}` repeats a code.", zh="同一项填写了两次。", field=field)


def unknown(lecturer_id: UUID) -> LecturerUnknown:
    return LecturerUnknown(
        f"No lecturer {lecturer_id}.",
        zh="没有该编号的讲师。",
        field="lecturer_id",
        value=str(lecturer_id),
    )


def _ahead(ahead: Sequence[Ahead]) -> AssignmentsAhead:
    first = ahead[0].starts_at.astimezone(LOCAL)
    return AssignmentsAhead(
        f"{len(ahead)} assignments lie ahead, the first at {first.isoformat()}.",
        zh=f"仍有 {len(ahead)} 项安排未完成，最早一项在 {first:%m月%d日 %H:%M}，请先改派或解除。",
        count=len(ahead),
        assignments=[
            {"assignment_id": str(each.assignment_id), **named((each.starts_at, each.ends_at))}
            for each in ahead[:SHOWN]
        ],
    )
