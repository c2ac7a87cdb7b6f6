"""The menu of services (点菜式志愿服务), residents' requests, and the hours they earn."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.kinds.books import Bound
from contracts.kinds.volunteering import (
    RequestChannel,
    RequestStatus,
    ServiceMeasure,
    StarTier,
    Timeliness,
)
from contracts.membership.volunteering import (
    ServiceAssigned,
    ServiceDeclined,
    ServiceItemChanged,
    ServiceItemOffered,
    ServiceItemRetracted,
    ServiceRated,
    ServiceRendered,
    ServiceRequested,
    ServiceRetracted,
    VolunteerStarRaised,
    VolunteerStarred,
)
from services.chassis.clock import LOCAL, business_date
from services.chassis.errors import Conflict, Invalid
from services.chassis.lifecycle import Lifecycle, Step
from services.chassis.state import State
from services.membership.domain.volunteering.holders import Holder, OfHolder, check_order
from services.membership.domain.volunteering.rules import ResponseTarget

STARS = list(StarTier)
"""In rising order."""


class MenuItem(State):
    """What callers see of an item beside who offers it."""

    item_id: UUID
    code: str = Field(title="项目代码")
    name: str = Field(title="项目名称")
    service_kind: str = Field(title="服务类别")
    star: StarTier = Field(title="服务星级")
    duration_minutes: int = Field(title="服务时长（分钟）")
    area: str = Field(title="区划")
    team_id: UUID | None = Field(title="提供队伍")
    offered_on: date = Field(title="上菜单日期")
    withdrawn_on: date | None = Field(title="下菜单日期")


class Item(MenuItem, OfHolder):
    """Offered by a team or by one volunteer, never by both."""

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        repeated = {"area", "item_id", "service_kind", "star", "duration_minutes"}
        own = self.model_dump(include=repeated | {"team_id", "holder_id"})
        return own | {"item_code": self.code}


class MenuRequest(State):
    """What callers see of a request beside who took it on."""

    request_id: UUID
    item_id: UUID = Field(title="服务项目")
    service_kind: str = Field(title="服务类别")
    star: StarTier = Field(title="服务星级")
    channel: RequestChannel = Field(title="点单方式")
    area: str = Field(title="区划")
    wished_on: date | None = Field(title="希望服务日期")
    status: RequestStatus = Field(title="状态")
    requested_at: datetime = Field(title="点单时刻")
    assigned_at: datetime | None = Field(title="派单时刻")
    closed_at: datetime | None = Field(title="办结时刻")
    team_id: UUID | None = Field(title="承接队伍")
    waited_minutes: int | None = Field(title="响应用时（分钟）")
    timeliness: Timeliness | None = Field(title="响应时效")
    service_minutes: int | None = Field(title="服务时长（分钟）")
    rating: int | None = Field(title="评分")


class Request(MenuRequest, OfHolder):
    """Taken on by a team, by one volunteer, or by nobody yet."""

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        repeated = {"area", "request_id", "item_id", "service_kind", "channel", "star"}
        return self.model_dump(include=repeated)


class Statement(State):
    statement_id: UUID
    organisation_id: UUID = Field(title="申报党组织")
    area: str = Field(title="区划")
    measure: ServiceMeasure = Field(title="申报项目")
    year: int = Field(title="年度")
    quantity: int = Field(title="数量")
    bound: Bound = Field(title="数量性质")

    def facts(self) -> dict[str, Any]:
        """What both events about it say."""
        return self.model_dump(include=set(Statement.model_fields))


# Refusals


class ItemWithdrawn(Conflict):
    code = "item-withdrawn"
    title, title_zh = "The service is no longer on the menu", "该服务项目已下菜单"


class OutsideReach(Invalid):
    code = "outside-reach"
    title, title_zh = "The service is not offered there", "该服务项目不覆盖此区划"


class RequestClosed(Conflict):
    code = "request-closed"
    title, title_zh = (
        "The request does not stand where this is possible",
        "点单当前状态不能如此办理",
    )


class StarTooLow(Conflict):
    code = "star-too-low"
    title, title_zh = "The service asks for a volunteer of a higher star", "志愿者星级不足"


class NobodyAssigned(Invalid):
    code = "nobody-assigned"
    title, title_zh = "Say who will do it", "须指定承接的队伍或志愿者"


class AlreadyRated(Conflict):
    code = "already-rated"
    title, title_zh = "The service has been rated", "该服务已评价"


class QuantityStated(Conflict):
    code = "quantity-stated"
    title, title_zh = "This number has been stated", "该年度的同类数量已申报"


class YearAhead(Invalid):
    code = "year-ahead"
    title, title_zh = "The year has not begun", "年度尚未开始"


WAITING = {RequestStatus.REQUESTED, RequestStatus.ASSIGNED}
LIFE = Lifecycle("request", "点单", RequestStatus, RequestClosed, fact="status")
REQUEST = LIFE.begin("request", "点单", RequestStatus.REQUESTED)
ASSIGN = LIFE.step("assign", "派单", {RequestStatus.REQUESTED}, RequestStatus.ASSIGNED)
RENDER = LIFE.step("render", "完成", {RequestStatus.ASSIGNED}, RequestStatus.DONE)
DECLINE = LIFE.step("decline", "记为未能受理", WAITING, RequestStatus.DECLINED)
WITHDRAW = LIFE.step("withdraw", "撤回", WAITING, RequestStatus.WITHDRAWN)
RATE = LIFE.step("rate", "评分", {RequestStatus.DONE}, None)

# Decisions about the menu


def offer_item(item: Item) -> ServiceItemOffered:
    return ServiceItemOffered(**item.facts())


def change_item(was: Item, now: Item) -> ServiceItemChanged | None:
    """`None` when nothing changes."""
    check_offered(was)
    if now == was:
        return None
    return ServiceItemChanged(**now.facts(), was_service_kind=was.service_kind, was_star=was.star)


def withdraw_item(item: Item) -> ServiceItemRetracted:
    check_offered(item)
    return ServiceItemRetracted(**item.facts())


def check_offered(item: Item) -> None:
    if item.withdrawn_on is not None:
        raise ItemWithdrawn(
            f"{item.code} left the menu on {item.withdrawn_on}.",
            zh=f"“{item.name}”已下菜单。",
            field="item_id",
        )


# Decisions about requests


def request(
    item: Item, request_id: UUID, area: str, channel: RequestChannel, wished_on: date | None
) -> ServiceRequested:
    """A resident of `area` chooses from the menu of an area that holds it."""
    check_offered(item)
    if not area.startswith(item.area):
        raise OutsideReach(
            f"{item.code} is offered in {item.area}, not in {area}.",
            zh=f"“{item.name}”只在区划 {item.area} 内提供。",
            field="area",
            value=area,
        )
    chosen = item.facts() | {"area": area}
    return ServiceRequested(**chosen, request_id=request_id, channel=channel, wished_on=wished_on)


def assign(
    request: Request,
    team_id: UUID | None,
    holder: Holder | None,
    earned: StarTier,
    target: ResponseTarget,
    at: datetime,
) -> ServiceAssigned:
    """`earned` is the holder's star. The minutes waited run from the request's business time."""
    _check(ASSIGN, request, at)
    if team_id is None and holder is None:
        raise NobodyAssigned(
            "Neither a team nor a volunteer is named, and the item names none.",
            zh="请指定承接的队伍或志愿者。",
            field="team_id",
        )
    check_star(request.star, holder, earned)
    waited = max(at - request.requested_at, timedelta())
    in_time = waited.total_seconds() <= target.minutes * 60
    return ServiceAssigned(
        **request.facts(),
        team_id=team_id,
        holder_id=holder.holder_id if holder else None,
        waited_minutes=int(waited.total_seconds() // 60),
        timeliness=Timeliness.IN_TIME if in_time else Timeliness.LATE,
    )


def check_star(asked: StarTier, holder: Holder | None, earned: StarTier) -> None:
    """Starred services are rendered by volunteers of that star, by name (星级服务)."""
    if asked is StarTier.NONE:
        return
    if holder is None:
        raise NobodyAssigned(
            f"A service of {asked} stars needs a volunteer by id.",
            zh=f"{asked.label}服务须指定志愿者本人。",
            field="member_id",
        )
    if STARS.index(earned) < STARS.index(asked):
        raise StarTooLow(
            f"The volunteer has {earned} stars, the service asks for {asked}.",
            zh=f"该志愿者为{earned.label}，本服务须{asked.label}及以上。",
            field=holder.field,
            earned=earned,
            asked=asked,
        )


def render(
    request: Request, minutes: int, at: datetime, *, afterwards: bool = False
) -> ServiceRendered:
    """`afterwards`: entered out of the register, which knows no assignment."""
    if afterwards:
        check_order(at, request.requested_at)
    else:
        _check(RENDER, request, at)
    by = request.model_dump(include={"team_id", "holder_id"})
    return ServiceRendered(**request.facts(), **by, service_minutes=minutes)


def decline(request: Request, at: datetime) -> ServiceDeclined:
    _check(DECLINE, request, at)
    return ServiceDeclined(**request.facts())


def withdraw(request: Request, at: datetime) -> ServiceRetracted:
    _check(WITHDRAW, request, at)
    return ServiceRetracted(**request.facts())


def rate(request: Request, rating: int, at: datetime) -> ServiceRated:
    """Once, by the resident, after it was done."""
    _check(RATE, request, at)
    if request.rating is not None:
        raise AlreadyRated(
            f"It was rated with {request.rating}.", zh=f"该服务已评 {request.rating} 分。"
        )
    return ServiceRated(**request.facts(), rating=rating)


def _check(step: Step[RequestStatus], request: Request, at: datetime) -> None:
    """Possible now, and not before what came last."""
    step(request.status)
    check_order(at, request.closed_at or request.assigned_at or request.requested_at)


# Decisions about numbers and stars


def in_its_year(year: int, at: datetime) -> datetime:
    """When the number counts: `at`, or noon of the year's last day once the year is over.

    Raises `YearAhead`.
    """
    entered = business_date(at).year
    if year > entered:
        raise YearAhead(
            f"It is still {entered}.", zh=f"{year} 年尚未开始。", field="year", value=year
        )
    return at if year == entered else datetime(year, 12, 31, 12, tzinfo=LOCAL)


def star_of(
    holder: Holder, area: str, was: StarTier, earned: StarTier
) -> VolunteerStarred | VolunteerStarRaised | None:
    """What a higher star announces. A rule that grows stricter takes no star away."""
    if STARS.index(earned) <= STARS.index(was):
        return None
    facts = {"area": area, "volunteer_id": holder.volunteer_id, "star": earned, **vars(holder)}
    if was is StarTier.NONE:
        return VolunteerStarred(**facts)
    return VolunteerStarRaised(**facts, was_star=was)
