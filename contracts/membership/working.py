"""Facts announced about working members, posts and claims (在职党员进社区).

`area` is the grid where one is known, else the community, so that figures split by grids.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.areas import AreaCode
from contracts.event import Event
from contracts.kinds.books import Bound
from contracts.kinds.working import ClaimEnd, FeedbackReason, ServiceTime

# Employers


class EmployerEvent(Event):
    employer_id: UUID = Field(title="来源单位编号")
    code: str = Field(title="单位代码")
    name: str = Field(title="单位名称")

    @property
    def key(self) -> UUID:
        return self.employer_id


class EmployerRegistered(EmployerEvent, title="来源单位已登记"):
    """An employer sends working members. It is no person, and no node of the tree."""

    type: ClassVar[str] = "jiceng.membership.employer.registered.v1"


class EmployerChanged(EmployerEvent, title="来源单位已变更"):
    type: ClassVar[str] = "jiceng.membership.employer.changed.v1"

    was_area: AreaCode = Field(title="原区划")


# Registrants


class RegistrantEvent(Event):
    """A working member serves where they live; they belong to a branch elsewhere."""

    registrant_id: UUID = Field(title="报到编号")
    employer_id: UUID = Field(title="来源单位编号")
    occupation_kind: str = Field(title="职业")
    main_skill_kind: str | None = Field(default=None, title="主要专长")

    @property
    def key(self) -> UUID:
        return self.registrant_id


class RegistrantRegistered(RegistrantEvent, title="在职党员已报到"):
    type: ClassVar[str] = "jiceng.membership.registrant.registered.v1"


class RegistrantChanged(RegistrantEvent, title="在职党员报到信息已变更"):
    """Says the new state whole and what the figures must take back."""

    type: ClassVar[str] = "jiceng.membership.registrant.changed.v1"

    was_area: AreaCode = Field(title="原区划")
    was_employer_id: UUID = Field(title="原来源单位")
    was_occupation_kind: str = Field(title="原职业")
    was_main_skill_kind: str | None = Field(default=None, title="原主要专长")


class RegistrantDeparted(RegistrantEvent, title="在职党员已离开社区"):
    """Repeats what was registered, so that figures can take it back."""

    type: ClassVar[str] = "jiceng.membership.registrant.departed.v1"


class RegistrantReturned(RegistrantEvent, title="在职党员已重新报到"):
    type: ClassVar[str] = "jiceng.membership.registrant.returned.v1"


# Posts


class ServicePostEvent(Event):
    post_id: UUID = Field(title="岗位编号")
    post_kind: str = Field(title="服务类别")
    places: int = Field(title="名额", ge=1)

    @property
    def key(self) -> UUID:
        return self.post_id


class ServicePostOpened(ServicePostEvent, title="服务岗位已设立"):
    type: ClassVar[str] = "jiceng.membership.service-post.opened.v1"

    starts_on: date = Field(title="开始日期")
    ends_on: date | None = Field(default=None, title="截止日期", description="Inclusive.")


class ServicePostChanged(ServicePostEvent, title="服务岗位已变更"):
    type: ClassVar[str] = "jiceng.membership.service-post.changed.v1"

    starts_on: date = Field(title="开始日期")
    ends_on: date | None = Field(default=None, title="截止日期")
    was_area: AreaCode = Field(title="原区划")
    was_post_kind: str = Field(title="原服务类别")
    was_places: int = Field(title="原名额")


class ServicePostClosed(ServicePostEvent, title="服务岗位已撤销"):
    type: ClassVar[str] = "jiceng.membership.service-post.closed.v1"


# Claims


class PostClaimEvent(Event):
    claim_id: UUID = Field(title="认领编号")
    post_id: UUID = Field(title="岗位编号")
    registrant_id: UUID = Field(title="报到编号")
    employer_id: UUID = Field(title="来源单位编号")
    post_kind: str = Field(title="服务类别")

    @property
    def key(self) -> UUID:
        return self.claim_id


class PostClaimed(PostClaimEvent, title="服务岗位已认领"):
    type: ClassVar[str] = "jiceng.membership.post-claim.claimed.v1"


class PostClaimEnded(PostClaimEvent, title="服务岗位认领已结束"):
    type: ClassVar[str] = "jiceng.membership.post-claim.ended.v1"

    how: ClaimEnd = Field(title="结束方式")


# Service


class ServiceEvent(Event):
    """One occasion of service, or a line that stands for several out of an old ledger."""

    record_id: UUID = Field(title="服务记录编号")
    post_id: UUID | None = Field(default=None, title="岗位编号")
    post_kind: str = Field(title="服务类别")
    held_on: date = Field(title="服务日期")
    service_time: ServiceTime = Field(title="时段")
    sessions: int = Field(title="活动次数", ge=0)
    attended: int = Field(title="参加人次", ge=0, description="Person-times, never persons.")
    service_minutes: int = Field(
        title="服务分钟数", ge=0, description="Of all who attended together; 0 where not kept."
    )
    beneficiaries: int = Field(title="受益人次", ge=0)
    bound: Bound = Field(title="数量含义", description="Of all counts of the record.")

    @property
    def key(self) -> UUID:
        return self.record_id


class ServiceRecorded(ServiceEvent, title="在职党员服务已记录"):
    type: ClassVar[str] = "jiceng.membership.service-record.recorded.v1"


class ServiceVoided(ServiceEvent, title="在职党员服务记录已作废"):
    """The record was wrong. Repeats it, so that figures can take it back."""

    type: ClassVar[str] = "jiceng.membership.service-record.voided.v1"


class ServiceCreditEvent(Event):
    """The part of one named registrant in an occasion."""

    credit_id: UUID = Field(title="服务明细编号")
    record_id: UUID = Field(title="服务记录编号")
    registrant_id: UUID = Field(title="报到编号")
    employer_id: UUID = Field(title="来源单位编号")
    post_kind: str = Field(title="服务类别")
    held_on: date = Field(title="服务日期")
    minutes: int = Field(title="分钟数", ge=0)

    @property
    def key(self) -> UUID:
        return self.credit_id


class ServiceCredited(ServiceCreditEvent, title="在职党员个人服务已记入"):
    type: ClassVar[str] = "jiceng.membership.service-credit.credited.v1"


class ServiceCreditVoided(ServiceCreditEvent, title="在职党员个人服务已撤回"):
    type: ClassVar[str] = "jiceng.membership.service-credit.voided.v1"


# Feedback


class FeedbackIssued(Event, title="在职党员服务情况已反馈"):
    """A letter to an employer about a year; a second edition replaces the first."""

    type: ClassVar[str] = "jiceng.membership.feedback.issued.v1"

    feedback_id: UUID = Field(title="反馈编号")
    employer_id: UUID = Field(title="来源单位编号")
    year: int = Field(title="年度")
    edition: int = Field(title="第几次出具", ge=1)
    reason: FeedbackReason | None = Field(
        default=None,
        title="重出原因",
        description="Only where the year's letters were out already.",
    )
    registrants: int = Field(title="在职党员人数", ge=0)
    attended: int = Field(title="参加人次", ge=0)
    service_minutes: int = Field(title="服务分钟数", ge=0)

    @property
    def key(self) -> UUID:
        return self.feedback_id
