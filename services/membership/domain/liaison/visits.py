"""The rules of visits and calls at a liaison point. Pure. What people said is sealed elsewhere."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.kinds.books import Bound
from contracts.kinds.liaison import CountUnit, LiaisonChannel
from contracts.membership.liaison import LiaisonVisitLogged, LiaisonVisitRetracted
from services.chassis.errors import Conflict, Invalid
from services.chassis.state import State
from services.membership.domain.liaison import points
from services.membership.domain.liaison.points import Point


class Visit(State):
    """One line of the logbook: one who came, or a count stated for a whole period."""

    visit_id: UUID
    number: str | None = Field(title="登记编号")
    point_id: UUID = Field(title="联络点")
    organisation_id: UUID = Field(title="负责党组织")
    area: str = Field(title="区划")
    channel: LiaisonChannel = Field(title="来访方式")
    topic_kind: str = Field(title="事由类别")
    headcount: int = Field(title="人数")
    counted_as: CountUnit = Field(title="计数单位")
    bound: Bound = Field(title="数量含义")
    asks_for_work: bool = Field(title="是否请求办理")
    category_code: str | None = Field(title="请求办理的事件类别")
    sealed: bool = Field(title="存有来访人信息")
    withdrawn: bool = Field(title="已撤销")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        own = {"number", "sealed", "withdrawn"}
        repeated = self.model_dump(include={*Visit.model_fields} - own)
        return repeated | {"work_requests": int(self.asks_for_work)}


class CategoryWithoutWork(Invalid):
    code = "category-without-work"
    title, title_zh = "A category belongs to a request for work", "未请求办理，不应有事件类别"


class CountNotSingle(Invalid):
    code = "request-in-a-count"
    title, title_zh = (
        "A request for work is logged by itself",
        "请求办理的来访应单独登记",
    )


class VisitWithdrawn(Conflict):
    code = "visit-withdrawn"
    title, title_zh = "The line was withdrawn before", "该登记已撤销"


def log(visit: Visit, point: Point, on: date) -> LiaisonVisitLogged:
    """Raises `PointClosed`, `NotYetOpen`, `CategoryWithoutWork`, `CountNotSingle`."""
    points.check_open(point, on)
    if visit.category_code and not visit.asks_for_work:
        raise CategoryWithoutWork(
            "`category_code` is given, `asks_for_work` is false.",
            zh="填写了事件类别，却没有勾选“请求办理”。",
            field="category_code",
        )
    if visit.asks_for_work and visit.bound is not Bound.EXACT:
        raise CountNotSingle(
            "Log what asks for work by itself, with an exact headcount.",
            zh="请求办理的来访请单独登记，人数填实数。",
            field="bound",
        )
    return LiaisonVisitLogged(**visit.facts())


def withdraw(visit: Visit) -> LiaisonVisitRetracted:
    """Raises `VisitWithdrawn`."""
    if visit.withdrawn:
        raise VisitWithdrawn("It was withdrawn before.", zh="该登记已经撤销。")
    return LiaisonVisitRetracted(**visit.facts())
