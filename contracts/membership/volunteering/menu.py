"""Facts announced about the menu of services, residents' requests, and hours of service."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.event import Event
from contracts.kinds.books import Bound
from contracts.kinds.members import HolderKind
from contracts.kinds.volunteering import (
    RequestChannel,
    ServiceMeasure,
    ServiceSource,
    StarTier,
    Timeliness,
)

# The menu


class _ItemEvent(Event):
    item_id: UUID = Field(title="服务项目编号")
    item_code: str = Field(title="服务项目代码")
    service_kind: str = Field(title="服务类别", description="A code of the kinds of services.")
    star: StarTier = Field(title="服务星级")
    duration_minutes: int = Field(title="服务时长（分钟）", gt=0)
    team_id: UUID | None = Field(default=None, title="提供队伍")
    holder_id: UUID | None = Field(default=None, title="提供志愿者")

    @property
    def key(self) -> UUID:
        return self.item_id


class ServiceItemOffered(_ItemEvent, title="服务项目已上菜单"):
    type: ClassVar[str] = "jiceng.membership.service-item.offered.v1"


class ServiceItemChanged(_ItemEvent, title="服务项目已变更"):
    type: ClassVar[str] = "jiceng.membership.service-item.changed.v1"

    was_service_kind: str = Field(title="原服务类别")
    was_star: StarTier = Field(title="原服务星级")


class ServiceItemRetracted(_ItemEvent, title="服务项目已下菜单"):
    type: ClassVar[str] = "jiceng.membership.service-item.retracted.v1"


# Requests


class _RequestEvent(Event):
    request_id: UUID = Field(title="点单编号")
    item_id: UUID = Field(title="服务项目编号")
    service_kind: str = Field(title="服务类别", description="A code of the kinds of services.")
    channel: RequestChannel = Field(title="点单方式")
    star: StarTier = Field(title="服务星级")

    @property
    def key(self) -> UUID:
        return self.request_id


class ServiceRequested(_RequestEvent, title="菜单式服务已点单"):
    type: ClassVar[str] = "jiceng.membership.service-request.requested.v1"

    wished_on: date | None = Field(default=None, title="希望服务日期")


class ServiceAssigned(_RequestEvent, title="菜单式服务已派单"):
    type: ClassVar[str] = "jiceng.membership.service-request.assigned.v1"

    team_id: UUID | None = Field(default=None, title="承接队伍")
    holder_id: UUID | None = Field(default=None, title="承接志愿者")
    waited_minutes: int = Field(title="响应用时（分钟）", ge=0)
    timeliness: Timeliness = Field(title="响应时效")


class ServiceRendered(_RequestEvent, title="菜单式服务已完成"):
    """Done; `team_id` and `holder_id` say who did it, as far as the register said it."""

    type: ClassVar[str] = "jiceng.membership.service-request.fulfilled.v1"

    team_id: UUID | None = Field(default=None, title="承接队伍")
    holder_id: UUID | None = Field(default=None, title="承接志愿者")
    service_minutes: int = Field(title="服务时长（分钟）", gt=0)


class ServiceDeclined(_RequestEvent, title="菜单式服务未能受理"):
    type: ClassVar[str] = "jiceng.membership.service-request.declined.v1"


class ServiceRetracted(_RequestEvent, title="菜单式服务已撤回"):
    type: ClassVar[str] = "jiceng.membership.service-request.retracted.v1"


class ServiceRated(_RequestEvent, title="菜单式服务已评价"):
    type: ClassVar[str] = "jiceng.membership.service-request.rated.v1"

    rating: int = Field(title="评分（1 至 5 分）", ge=1, le=5)


class ServiceQuantityStated(Event, title="服务数量已申报"):
    """A number that an office states without single services behind it: exact, bound or target."""

    type: ClassVar[str] = "jiceng.membership.service-statement.stated.v1"

    statement_id: UUID = Field(title="申报编号")
    organisation_id: UUID = Field(title="申报党组织")
    measure: ServiceMeasure = Field(title="申报项目")
    year: int = Field(title="年度")
    quantity: int = Field(title="数量", ge=0)
    bound: Bound = Field(title="数量性质")

    @property
    def key(self) -> UUID:
        return self.statement_id


class ServiceQuantityRetracted(Event, title="服务数量申报已撤回"):
    """A statement that was wrong; says whole what was stated, so that figures take it back."""

    type: ClassVar[str] = "jiceng.membership.service-statement.retracted.v1"

    statement_id: UUID = Field(title="申报编号")
    organisation_id: UUID = Field(title="申报党组织")
    measure: ServiceMeasure = Field(title="申报项目")
    year: int = Field(title="年度")
    quantity: int = Field(title="数量", ge=0)
    bound: Bound = Field(title="数量性质")

    @property
    def key(self) -> UUID:
        return self.statement_id


# Hours of service


class _VolunteerEvent(Event):
    volunteer_id: UUID = Field(title="服务档案编号")
    holder_id: UUID = Field(title="志愿者编号")
    holder_kind: HolderKind = Field(title="志愿者身份")

    @property
    def key(self) -> UUID:
        return self.volunteer_id


class ServiceTimeCredited(_VolunteerEvent, title="服务时长已计入"):
    """One volunteer, one service: a person-time (人次) and its minutes. `area` is where it was."""

    type: ClassVar[str] = "jiceng.membership.volunteer.credited.v1"

    source: ServiceSource = Field(title="服务来源")
    source_id: UUID = Field(title="来源编号")
    service_minutes: int = Field(title="服务时长（分钟）", gt=0)
    total_minutes: int = Field(title="累计服务时长（分钟）", gt=0)


class ServiceTimeRetracted(_VolunteerEvent, title="服务时长已撤回"):
    """Takes back, on the day it was counted for, what `credited` had said. No star is lost."""

    type: ClassVar[str] = "jiceng.membership.volunteer.retracted.v1"

    source: ServiceSource = Field(title="服务来源")
    source_id: UUID = Field(title="来源编号")
    service_minutes: int = Field(title="服务时长（分钟）", gt=0)
    total_minutes: int = Field(title="累计服务时长（分钟）", ge=0)


class VolunteerStarred(_VolunteerEvent, title="志愿者首次评星"):
    type: ClassVar[str] = "jiceng.membership.volunteer.starred.v1"

    star: StarTier = Field(title="星级")


class VolunteerStarRaised(_VolunteerEvent, title="志愿者星级已提升"):
    type: ClassVar[str] = "jiceng.membership.volunteer.star-raised.v1"

    star: StarTier = Field(title="星级")
    was_star: StarTier = Field(title="原星级")
