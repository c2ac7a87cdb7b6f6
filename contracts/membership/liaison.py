"""Facts announced about liaison points, duty rotas, their visits, and who looks after what.

Whoever is on duty is named by id (`holder_id`): a member of the roll, or a working member who
registered.
"""

from datetime import date, datetime, time
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.areas import AreaCode
from contracts.event import Event
from contracts.kinds.books import Bound
from contracts.kinds.liaison import CountUnit, DutyKind, DutyOutcome, LiaisonChannel
from contracts.kinds.members import HolderKind

Weekday = Annotated[int, Field(ge=1, le=7, title="星期", description="1 Monday to 7 Sunday.")]


# Liaison points


class _PointEvent(Event):
    point_id: UUID = Field(title="联络点编号")
    code: str = Field(title="联络点代码")
    organisation_id: UUID = Field(title="负责党组织")
    estate_code: str | None = Field(default=None, title="小区代码")

    @property
    def key(self) -> UUID:
        return self.point_id


class LiaisonPointOpened(_PointEvent, title="党群联络点已设立"):
    """A place where members are on duty for whoever comes or calls."""

    type: ClassVar[str] = "jiceng.membership.liaison-point.opened.v1"

    opened_on: date = Field(title="设立日期")
    artefact_count: int = Field(title="配备物件种数")


class LiaisonPointChanged(_PointEvent, title="党群联络点已变更"):
    """Says the new state whole and what the figures must take back."""

    type: ClassVar[str] = "jiceng.membership.liaison-point.changed.v1"

    artefact_count: int = Field(title="配备物件种数")
    was_organisation_id: UUID = Field(title="原负责党组织")
    was_estate_code: str | None = Field(default=None, title="原小区代码")
    was_area: AreaCode = Field(title="原区划")


class LiaisonPointClosed(_PointEvent, title="党群联络点已撤销"):
    type: ClassVar[str] = "jiceng.membership.liaison-point.closed.v1"

    closed_on: date = Field(title="撤销日期")


# Rotas


class _RotaEvent(Event):
    rota_id: UUID = Field(title="值班安排编号")
    code: str = Field(title="值班安排代码")
    kind: DutyKind = Field(title="值勤类别")
    organisation_id: UUID = Field(title="负责党组织")
    point_id: UUID | None = Field(default=None, title="联络点编号")
    slots_per_week: int = Field(
        title="每周班次", description="Weekdays times shifts; 0 for a rota by the month."
    )
    times_per_month: int = Field(title="每月次数", description="0 for a rota by the week.")
    bound: Bound = Field(title="次数含义", description="Of `times_per_month`.")

    @property
    def key(self) -> UUID:
        return self.rota_id


class DutyRotaAdopted(_RotaEvent, title="值班安排已制定"):
    """The days and hours of every week, or so many times a month."""

    type: ClassVar[str] = "jiceng.membership.duty-rota.adopted.v1"

    weekdays: tuple[Weekday, ...] = Field(title="值班日")
    shift_starts: tuple[time, ...] = Field(title="各班开始时间", description="Asia/Shanghai.")
    shift_ends: tuple[time, ...] = Field(title="各班结束时间", description="In the same order.")
    headcount: int = Field(title="每班人数")
    routes: tuple[AreaCode, ...] = Field(title="巡防区域")
    effective_from: date = Field(title="开始日期")


class DutyRotaChanged(_RotaEvent, title="值班安排已调整"):
    """Duties that had not begun are released and laid out anew."""

    type: ClassVar[str] = "jiceng.membership.duty-rota.changed.v1"

    weekdays: tuple[Weekday, ...] = Field(title="值班日")
    shift_starts: tuple[time, ...] = Field(title="各班开始时间", description="Asia/Shanghai.")
    shift_ends: tuple[time, ...] = Field(title="各班结束时间", description="In the same order.")
    headcount: int = Field(title="每班人数")
    routes: tuple[AreaCode, ...] = Field(title="巡防区域")
    was_slots_per_week: int = Field(title="原每周班次")
    was_times_per_month: int = Field(title="原每月次数")
    was_bound: Bound = Field(title="原次数含义")


class DutyRotaEnded(_RotaEvent, title="值班安排已终止"):
    type: ClassVar[str] = "jiceng.membership.duty-rota.ended.v1"

    ended_on: date = Field(title="终止日期")


# Duties


class _DutyEvent(Event):
    duty_id: UUID = Field(title="值勤编号")
    kind: DutyKind = Field(title="值勤类别")
    organisation_id: UUID = Field(title="负责党组织")
    point_id: UUID | None = Field(default=None, title="联络点编号")
    visited_id: UUID | None = Field(default=None, title="被督导党组织")
    holder_id: UUID = Field(title="值勤人员编号")
    holder_kind: HolderKind = Field(title="值勤人员类别")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")

    @property
    def key(self) -> UUID:
        return self.duty_id


class DutyAssigned(_DutyEvent, title="值勤已排定"):
    """Somebody is to be there at that time."""

    type: ClassVar[str] = "jiceng.membership.duty-shift.assigned.v1"


class DutyReassigned(_DutyEvent, title="值勤已换人"):
    """Swapped, or handed over; `holder_id` is who comes now."""

    type: ClassVar[str] = "jiceng.membership.duty-shift.reassigned.v1"

    was_holder_id: UUID = Field(title="原值勤人员编号")
    was_holder_kind: HolderKind = Field(title="原值勤人员类别")


class DutyReleased(_DutyEvent, title="值勤已取消"):
    """Nobody is to come: the rota was changed or ended."""

    type: ClassVar[str] = "jiceng.membership.duty-shift.released.v1"


class DutyRecorded(_DutyEvent, title="值勤情况已登记"):
    type: ClassVar[str] = "jiceng.membership.duty-shift.recorded.v1"

    outcome: DutyOutcome = Field(title="到岗情况")


class DutyCorrected(_DutyEvent, title="值勤情况已更正"):
    type: ClassVar[str] = "jiceng.membership.duty-shift.corrected.v1"

    outcome: DutyOutcome = Field(title="到岗情况")
    was_outcome: DutyOutcome = Field(title="原到岗情况")


# Visits


class _VisitEvent(Event):
    visit_id: UUID = Field(title="来访登记编号")
    point_id: UUID = Field(title="联络点编号")
    organisation_id: UUID = Field(title="负责党组织")
    channel: LiaisonChannel = Field(title="来访方式")
    topic_kind: str = Field(title="事由类别", description="A code of the liaison topics.")
    headcount: int = Field(title="人数")
    counted_as: CountUnit = Field(title="计数单位")
    bound: Bound = Field(title="数量含义")
    asks_for_work: bool = Field(title="是否请求办理")
    work_requests: int = Field(title="请求办理事项数", description="1 where it asks for work.")
    category_code: str | None = Field(
        default=None,
        title="请求办理的事件类别",
        description="Code of an incident's category, where one was chosen.",
    )

    @property
    def key(self) -> UUID:
        return self.visit_id


class LiaisonVisitLogged(_VisitEvent, title="联络点来访已登记"):
    """Somebody came or called. Where it asks for work, a case may be opened for it."""

    type: ClassVar[str] = "jiceng.membership.liaison-visit.logged.v1"


class LiaisonVisitRetracted(_VisitEvent, title="联络点来访登记已撤销"):
    """It was entered wrongly. Says whole what was logged, so that figures can take it back."""

    type: ClassVar[str] = "jiceng.membership.liaison-visit.retracted.v1"


# Grids


class _ResponderEvent(Event):
    responder_id: UUID = Field(title="服务圈登记编号")
    holder_id: UUID = Field(title="党员编号")
    holder_kind: HolderKind = Field(title="党员类别")

    @property
    def key(self) -> UUID:
        return self.responder_id


class GridResponderAssigned(_ResponderEvent, title="党员已编入网格"):
    """Who is near: a member or working member belongs to the service circle of a grid."""

    type: ClassVar[str] = "jiceng.membership.grid-responder.assigned.v1"


class GridResponderReleased(_ResponderEvent, title="党员已退出网格"):
    type: ClassVar[str] = "jiceng.membership.grid-responder.released.v1"
