"""Facts about lecturers, their assignments and duties (讲师与讲解员).

A lecturer is an id: who it is stays in the vault of the service.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.areas import AreaCode
from contracts.event import Event
from contracts.kinds.lecturers import EngagedFor, LecturerEngagement, RatedBy, ShiftStatus

# Lecturers


class LecturerEvent(Event):
    """`area` is where the lecturer serves, all within included."""

    lecturer_id: UUID = Field(title="讲师编号")
    code: str = Field(title="讲师代码")
    base_id: UUID | None = Field(default=None, title="所属基地")
    role_kind: str = Field(
        title="主要角色", description="The first of `role_kinds`; a code of `lecturer-role`."
    )
    role_kinds: tuple[str, ...] = Field(title="角色")
    skill_kind: str = Field(
        title="主要专长", description="The first of `skill_kinds`; a code of `lecturer-skill`."
    )
    skill_kinds: tuple[str, ...] = Field(title="专长", description="Best first.")
    engagement: LecturerEngagement = Field(title="聘用方式")

    @property
    def key(self) -> UUID:
        return self.lecturer_id


class LecturerRegistered(LecturerEvent, title="讲师已登记"):
    """Somebody joins the team of lecturers."""

    type: ClassVar[str] = "jiceng.bases.lecturer.registered.v1"

    engaged_on: date = Field(title="聘用日期")


class LecturerChanged(LecturerEvent, title="讲师已变更"):
    """Says the new state whole and what the figures must take back."""

    type: ClassVar[str] = "jiceng.bases.lecturer.changed.v1"

    was_area: AreaCode = Field(title="原区划")
    was_role_kind: str = Field(title="原主要角色")
    was_skill_kind: str = Field(title="原主要专长")
    was_engagement: LecturerEngagement = Field(title="原聘用方式")


class LecturerRetired(LecturerEvent, title="讲师已退出"):
    """Leaves the team; nothing lay ahead for this lecturer."""

    type: ClassVar[str] = "jiceng.bases.lecturer.retired.v1"

    retired_on: date = Field(title="退出日期")


# Assignments


class AssignmentEvent(Event):
    """A lecturer is taken for a booking or a session; `area` is where that is held."""

    assignment_id: UUID = Field(title="讲解安排编号")
    lecturer_id: UUID = Field(title="讲师编号")
    engaged_for: EngagedFor = Field(title="安排对象")
    booking_id: UUID | None = Field(default=None, title="预约编号")
    session_id: UUID | None = Field(default=None, title="讲习场次编号")
    base_id: UUID | None = Field(
        default=None, title="基地编号", description="Null for a session in a hall of no base."
    )
    skill_kind: str | None = Field(
        default=None, title="所需专长", description="A code of `lecturer-skill`."
    )
    starts_at: AwareDatetime = Field(title="开始时刻")
    ends_at: AwareDatetime = Field(title="结束时刻", description="Exclusive.")
    minutes: int = Field(title="时长（分钟）", ge=1)

    @property
    def key(self) -> UUID:
        return self.assignment_id


class LecturerAssigned(AssignmentEvent, title="讲师已安排"):
    """The lecturer is taken from now on: nobody else has them at that time."""

    type: ClassVar[str] = "jiceng.bases.lecturer-assignment.assigned.v1"


class LecturerAssignmentMoved(AssignmentEvent, title="讲师安排已改期"):
    """What the lecturer is assigned to is held at another time or base."""

    type: ClassVar[str] = "jiceng.bases.lecturer-assignment.moved.v1"

    was_starts_at: AwareDatetime = Field(title="原开始时刻")
    was_ends_at: AwareDatetime = Field(title="原结束时刻")
    was_minutes: int = Field(title="原时长（分钟）", ge=1)
    was_base_id: UUID | None = Field(default=None, title="原基地")
    was_area: AreaCode = Field(title="原区划")


class LecturerReleased(AssignmentEvent, title="讲师安排已解除"):
    """The lecturer is free again."""

    type: ClassVar[str] = "jiceng.bases.lecturer-assignment.released.v1"


class LecturerAssignmentCompleted(AssignmentEvent, title="讲解已完成"):
    """The lecturer has spoken, guided or shown."""

    type: ClassVar[str] = "jiceng.bases.lecturer-assignment.completed.v1"

    headcount: int = Field(
        title="听讲人次", ge=0, description="Counted again for each lecturer of one batch."
    )


# Duty roster of guides


class GuideShiftEvent(Event):
    """A guide is on duty at a base; `area` is where the base lies."""

    shift_id: UUID = Field(title="讲解班次编号")
    lecturer_id: UUID = Field(title="讲解员编号")
    base_id: UUID = Field(title="基地编号")
    starts_at: AwareDatetime = Field(title="开始时刻")
    ends_at: AwareDatetime = Field(title="结束时刻", description="Exclusive.")
    minutes: int = Field(title="时长（分钟）", ge=1)

    @property
    def key(self) -> UUID:
        return self.shift_id


class GuideShiftPlanned(GuideShiftEvent, title="讲解班次已排定"):
    type: ClassVar[str] = "jiceng.bases.guide-shift.planned.v1"


class GuideShiftCancelled(GuideShiftEvent, title="讲解班次已取消"):
    """Nobody is to come."""

    type: ClassVar[str] = "jiceng.bases.guide-shift.cancelled.v1"


class GuideShiftReplaced(GuideShiftEvent, title="讲解班次已换人"):
    """Handed over or swapped; `lecturer_id` is who comes now."""

    type: ClassVar[str] = "jiceng.bases.guide-shift.replaced.v1"

    was_lecturer_id: UUID = Field(title="原讲解员编号")


class GuideShiftServed(GuideShiftEvent, title="讲解员已到岗"):
    type: ClassVar[str] = "jiceng.bases.guide-shift.served.v1"


class GuideShiftMissed(GuideShiftEvent, title="讲解员缺岗"):
    type: ClassVar[str] = "jiceng.bases.guide-shift.missed.v1"


class GuideShiftCorrected(GuideShiftEvent, title="讲解员到岗情况已更正"):
    """It had been recorded otherwise."""

    type: ClassVar[str] = "jiceng.bases.guide-shift.corrected.v1"

    outcome: ShiftStatus = Field(title="到岗情况")
    was_outcome: ShiftStatus = Field(title="原到岗情况")


# Ratings


class LecturerRatingEvent(Event):
    """What visitors or staff thought of one completed assignment."""

    rating_id: UUID = Field(title="评价编号")
    assignment_id: UUID = Field(title="讲解安排编号")
    lecturer_id: UUID = Field(title="讲师编号")
    booking_id: UUID = Field(title="预约编号")
    base_id: UUID = Field(title="基地编号")
    rated_by: RatedBy = Field(title="评价方")
    stars: int = Field(title="评分", ge=1, le=5)

    @property
    def key(self) -> UUID:
        return self.rating_id


class LecturerRated(LecturerRatingEvent, title="讲师已评分"):
    type: ClassVar[str] = "jiceng.bases.lecturer-rating.recorded.v1"


class LecturerRatingChanged(LecturerRatingEvent, title="讲师评分已更改"):
    type: ClassVar[str] = "jiceng.bases.lecturer-rating.changed.v1"

    was_stars: int = Field(title="原评分", ge=1, le=5)
    was_rated_by: RatedBy = Field(title="原评价方")
