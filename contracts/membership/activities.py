"""Facts announced about activities: what was planned, what was held, and what came of it."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import Event
from contracts.kinds.activities import RetractReason
from contracts.kinds.books import Bound


class ActivityEvent(Event):
    """What every fact about an activity repeats. `area` is that of the organisation that holds it.

    Times are instants with offset. A row of a summarising ledger stands for several `sessions`.
    """

    activity_id: UUID = Field(title="活动编号")
    organisation_id: UUID = Field(title="举办党组织")
    organisation_kind: str = Field(title="举办党组织类别")
    kind: str = Field(title="活动类别", description="A code of the table of activity kinds.")
    group_kind: str = Field(title="活动大类", description="The kind above, or the kind itself.")
    variant_kind: str | None = Field(
        default=None, title="颜色或形式", description="Colour of a theme day, form of a lecture."
    )
    starts_at: AwareDatetime = Field(title="开始时刻")
    ends_at: AwareDatetime | None = Field(default=None, title="结束时刻")
    sessions: int = Field(title="场次", ge=1)
    sessions_bound: Bound = Field(title="场次口径")
    co_organiser_ids: tuple[UUID, ...] = Field(default=(), title="协办党组织")
    base_id: UUID | None = Field(default=None, title="所在基地")
    venue_id: UUID | None = Field(default=None, title="所在场馆")

    @property
    def key(self) -> UUID:
        return self.activity_id


class ActivityPlanned(ActivityEvent, title="活动已计划"):
    """It is to be held. With the bound `target` it is a goal for a number of sessions."""

    type: ClassVar[str] = "jiceng.membership.activity.planned.v1"

    invited: int = Field(default=0, title="通知人数", ge=0)


class ActivityReplanned(ActivityEvent, title="活动计划已变更"):
    """Says the new plan whole and what the figures must take back."""

    type: ClassVar[str] = "jiceng.membership.activity.replanned.v1"

    invited: int = Field(default=0, title="通知人数", ge=0)
    was_kind: str = Field(title="原活动类别")
    was_group_kind: str = Field(title="原活动大类")
    was_variant_kind: str | None = Field(default=None, title="原颜色或形式")
    was_starts_at: AwareDatetime = Field(title="原开始时刻")
    was_sessions: int = Field(title="原场次", ge=1)
    was_sessions_bound: Bound = Field(title="原场次口径")


class ActivityCancelled(ActivityEvent, title="活动已取消"):
    """A plan that came to nothing."""

    type: ClassVar[str] = "jiceng.membership.activity.cancelled.v1"


class HeldEvent(ActivityEvent):
    """Who came. `headcount` are person-times (人次), counted together only where `bound` is exact.

    `expected` to `exempt` are members: those on whom attendance is a demand and, of them, who came,
    was excused or was missing; beside them those on whom it is none (art. 23). All 0 where
    attendance was not kept by member.
    """

    headcount: int = Field(title="参加人次", ge=0)
    bound: Bound = Field(title="人次口径")
    expected: int = Field(title="应到党员", ge=0)
    attended: int = Field(title="应到党员中实到", ge=0)
    excused: int = Field(title="请假党员", ge=0)
    missed: int = Field(title="缺席党员", ge=0)
    exempt: int = Field(title="不作硬性要求的党员", ge=0)
    present: int = Field(title="出席党员", ge=0, description="Also those on whom it is no demand.")


class ActivityCompleted(HeldEvent, title="活动已开展"):
    """It was held; business time is when it began."""

    type: ClassVar[str] = "jiceng.membership.activity.completed.v1"

    visit_id: UUID | None = Field(
        default=None, title="基地接待编号", description="The visit at a base that it came from."
    )


class ActivityRetracted(HeldEvent, title="活动登记已撤销"):
    """Takes back, on the day it was counted for, all that `completed` had said.

    After a correction the new state follows as another `completed`.
    """

    type: ClassVar[str] = "jiceng.membership.activity.retracted.v1"

    reason: RetractReason = Field(title="撤销原因")


class OutputEvent(Event):
    """Facts about what came of an activity; a quantity counts only where `bound` is exact."""

    output_id: UUID = Field(title="成果编号")
    activity_id: UUID = Field(title="活动编号")
    organisation_id: UUID = Field(title="举办党组织")
    activity_kind: str = Field(title="活动类别")
    kind: str = Field(title="成果类别", description="A code of the table of output kinds.")
    quantity: int = Field(title="数量", ge=1)
    bound: Bound = Field(title="数量口径")

    @property
    def key(self) -> UUID:
        return self.output_id


class OutputRecorded(OutputEvent, title="活动成果已登记"):
    type: ClassVar[str] = "jiceng.membership.output.recorded.v1"


class OutputRetracted(OutputEvent, title="活动成果已撤销"):
    """Takes back what was recorded, also when its activity was retracted."""

    type: ClassVar[str] = "jiceng.membership.output.retracted.v1"
