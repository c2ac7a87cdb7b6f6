"""Facts about courses, their sessions and who signed up (讲习活动). Counts, never persons."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import Event
from contracts.kinds import Channel


class LectureHallEvent(Event):
    """Facts about a site where lectures are held (新时代大讲堂、讲习所、社区学堂)."""

    hall_id: UUID = Field(title="讲习场所编号")
    base_id: UUID | None = Field(default=None, title="所在基地")
    venue_id: UUID | None = Field(default=None, title="所在场馆")
    code: str = Field(title="场所代码")
    name: str = Field(title="名称")
    kind: str = Field(title="场所类别", description="A code of the kinds of `lecture-hall`.")
    opened_on: date = Field(title="挂牌日期")

    @property
    def key(self) -> UUID:
        return self.hall_id


class LectureHallOpened(LectureHallEvent, title="讲习场所已挂牌"):
    type: ClassVar[str] = "jiceng.bases.lecture-hall.opened.v1"


class LectureHallChanged(LectureHallEvent, title="讲习场所已变更"):
    type: ClassVar[str] = "jiceng.bases.lecture-hall.changed.v1"

    was_kind: str = Field(title="原场所类别")


class LectureHallClosed(LectureHallEvent, title="讲习场所已撤销"):
    type: ClassVar[str] = "jiceng.bases.lecture-hall.closed.v1"

    closed_on: date = Field(title="撤销日期")


class CourseEvent(Event):
    """Facts about a course; `area` is where its hall stands."""

    course_id: UUID = Field(title="课程编号")
    hall_id: UUID = Field(title="讲习场所编号")
    code: str = Field(title="课程代码")
    name: str = Field(title="名称")
    kind: str = Field(title="课程类别", description="A code of the kinds of `course`.")
    audience_kind: str = Field(
        title="授课对象", description="A code of the kinds of `course-audience`."
    )

    @property
    def key(self) -> UUID:
        return self.course_id


class CoursePublished(CourseEvent, title="课程已发布"):
    type: ClassVar[str] = "jiceng.bases.course.published.v1"


class CourseChanged(CourseEvent, title="课程已变更"):
    type: ClassVar[str] = "jiceng.bases.course.changed.v1"

    was_kind: str = Field(title="原课程类别")
    was_audience_kind: str = Field(title="原授课对象")


class CourseRetired(CourseEvent, title="课程已停开"):
    type: ClassVar[str] = "jiceng.bases.course.retired.v1"


class SessionEvent(Event):
    """Facts about one session of a course; from `starts_at` up to, not including, `ends_at`."""

    session_id: UUID = Field(title="场次编号")
    course_id: UUID = Field(title="课程编号")
    course_kind: str = Field(title="课程类别")
    audience_kind: str = Field(title="授课对象")
    hall_id: UUID = Field(title="讲习场所编号")
    hall_kind: str = Field(title="场所类别")
    base_id: UUID | None = Field(default=None, title="基地编号")
    venue_id: UUID | None = Field(default=None, title="场馆编号")
    booking_id: UUID | None = Field(
        default=None, title="场馆预约", description="The booking that holds the venue for it."
    )
    lecturer_id: UUID | None = Field(default=None, title="讲师编号")
    starts_at: AwareDatetime = Field(title="开始时刻")
    ends_at: AwareDatetime = Field(title="结束时刻")
    closes_at: AwareDatetime = Field(title="报名截止时刻")
    seats: int = Field(title="座位数", ge=1)

    @property
    def key(self) -> UUID:
        return self.session_id


class SessionAnnounced(SessionEvent, title="讲习场次已发布"):
    type: ClassVar[str] = "jiceng.bases.session.announced.v1"


class SessionChanged(SessionEvent, title="讲习场次已变更"):
    type: ClassVar[str] = "jiceng.bases.session.changed.v1"

    was_starts_at: AwareDatetime = Field(title="原开始时刻")
    was_ends_at: AwareDatetime = Field(title="原结束时刻")
    was_venue_id: UUID | None = Field(default=None, title="原场馆")
    was_lecturer_id: UUID | None = Field(default=None, title="原讲师")
    was_seats: int = Field(title="原座位数", ge=1)


class SessionCancelled(SessionEvent, title="讲习场次已取消"):
    """Its sign-ups are withdrawn with it, each by its own fact."""

    type: ClassVar[str] = "jiceng.bases.session.cancelled.v1"

    signed_up_headcount: int = Field(title="已报名人数", ge=0)


class SessionCompleted(SessionEvent, title="讲习场次已举办"):
    """It was held. `attended_headcount` is person-times, those who came unannounced included."""

    type: ClassVar[str] = "jiceng.bases.session.completed.v1"

    attended_headcount: int = Field(title="参加人次", ge=0)
    walk_in_headcount: int = Field(title="其中未报名到场人次", ge=0)
    absent_headcount: int = Field(title="报名未到人次", ge=0)


class SignUpEvent(Event):
    """Facts about seats taken in a session; without an organisation they came from outside."""

    sign_up_id: UUID = Field(title="报名编号")
    session_id: UUID = Field(title="场次编号")
    course_id: UUID = Field(title="课程编号")
    course_kind: str = Field(title="课程类别")
    hall_id: UUID = Field(title="讲习场所编号")
    organisation_id: UUID | None = Field(default=None, title="报名党组织")
    headcount: int = Field(title="报名人数", ge=1)
    channel: Channel = Field(title="报名方式")

    @property
    def key(self) -> UUID:
        return self.sign_up_id


class SignUpAccepted(SignUpEvent, title="讲习报名已受理"):
    type: ClassVar[str] = "jiceng.bases.sign-up.accepted.v1"


class SignUpChanged(SignUpEvent, title="讲习报名已变更"):
    type: ClassVar[str] = "jiceng.bases.sign-up.changed.v1"

    was_headcount: int = Field(title="原报名人数", ge=1)


class SignUpWithdrawn(SignUpEvent, title="讲习报名已退出"):
    """Its seats are free again."""

    type: ClassVar[str] = "jiceng.bases.sign-up.withdrawn.v1"

    session_cancelled: bool = Field(title="因场次取消")


class SignUpAttended(SignUpEvent, title="讲习到场已登记"):
    """How many of those signed up came; noted anew, it takes the place of what was noted."""

    type: ClassVar[str] = "jiceng.bases.sign-up.attended.v1"

    attended_headcount: int = Field(title="到场人数", ge=0)
    was_attended_headcount: int | None = Field(default=None, title="原到场人数", ge=0)
