"""The rules of visits and calls at a liaison point. Pure. What people said is sealed elsewhere."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from contracts.kinds.books import Bound
from contracts.kinds.liaison import CountUnit, LiaisonChannel
from contracts.membership.liaison import LiaisonVisitLogged, LiaisonVisitRetracted
from services.chassis.errors import Conflict, Invalid
from services.membership.domain.liaison import points
from services.membership.domain.liaison.points import Point


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One line of the logbook: one who came, or a count stated for a whole period."""

    visit_id: UUID
    number: str | None
    point_id: UUID
    organisation_id: UUID
    area: str
    channel: LiaisonChannel
    topic_kind: str
    headcount: int
    counted_as: CountUnit
    bound: Bound
    asks_for_work: bool
    category_code: str | None
    withdrawn: bool = False


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
    return LiaisonVisitLogged(**_said(visit))


def withdraw(visit: Visit) -> LiaisonVisitRetracted:
    """Raises `VisitWithdrawn`."""
    if visit.withdrawn:
        raise VisitWithdrawn("It was withdrawn before.", zh="该登记已经撤销。")
    return LiaisonVisitRetracted(**_said(visit))


def _said(visit: Visit) -> dict[str, Any]:
    left_out = {"number", "withdrawn"}
    said = {name: value for name, value in vars(visit).items() if name not in left_out}
    return said | {"work_requests": int(visit.asks_for_work)}
