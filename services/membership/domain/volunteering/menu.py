"""The menu of services (点菜式志愿服务), residents' requests, and the hours they earn."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

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
    ServiceQuantityRetracted,
    ServiceQuantityStated,
    ServiceRated,
    ServiceRendered,
    ServiceRequested,
    ServiceRetracted,
    VolunteerStarRaised,
    VolunteerStarred,
)
from services.chassis.clock import LOCAL, business_date
from services.chassis.errors import Conflict, Invalid
from services.chassis.lifecycle import Lifecycle
from services.membership.domain.volunteering.holders import Holder, check_order
from services.membership.domain.volunteering.rules import ResponseTarget

STARS = list(StarTier)
"""In rising order."""

# Commands and state


@dataclass(frozen=True, kw_only=True)
class OfferItem:
    """Offered by a team or by one volunteer, never by both."""

    code: str
    name: str
    service_kind: str
    star: StarTier
    duration_minutes: int
    area: str | None
    team_id: UUID | None
    holder: Holder | None


@dataclass(frozen=True, kw_only=True)
class ChangeItem:
    """`None` leaves a field as it is."""

    name: str | None = None
    service_kind: str | None = None
    star: StarTier | None = None
    duration_minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Item:
    item_id: UUID
    code: str
    name: str
    service_kind: str
    star: StarTier
    duration_minutes: int
    area: str
    team_id: UUID | None
    holder: Holder | None
    withdrawn_on: date | None


@dataclass(frozen=True, kw_only=True)
class Request:
    request_id: UUID
    item_id: UUID
    service_kind: str
    star: StarTier
    channel: RequestChannel
    area: str
    status: RequestStatus
    requested_at: datetime
    assigned_at: datetime | None
    closed_at: datetime | None
    team_id: UUID | None
    holder: Holder | None
    rating: int | None


@dataclass(frozen=True, kw_only=True)
class Statement:
    statement_id: UUID
    organisation_id: UUID
    area: str
    measure: ServiceMeasure
    year: int
    quantity: int
    bound: Bound


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


def offer_item(command: OfferItem, item_id: UUID, area: str) -> ServiceItemOffered:
    return ServiceItemOffered(
        area=area,
        item_id=item_id,
        item_code=command.code,
        service_kind=command.service_kind,
        star=command.star,
        duration_minutes=command.duration_minutes,
        team_id=command.team_id,
        holder_id=command.holder.holder_id if command.holder else None,
    )


def change_item(command: ChangeItem, item: Item) -> ServiceItemChanged | None:
    """`None` when nothing changes."""
    check_offered(item)
    said = _of_item(item) | {
        "service_kind": command.service_kind or item.service_kind,
        "star": command.star or item.star,
        "duration_minutes": command.duration_minutes or item.duration_minutes,
    }
    if said == _of_item(item) and command.name in {None, item.name}:
        return None
    return ServiceItemChanged(**said, was_service_kind=item.service_kind, was_star=item.star)


def withdraw_item(item: Item) -> ServiceItemRetracted:
    check_offered(item)
    return ServiceItemRetracted(**_of_item(item))


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
    return ServiceRequested(
        area=area,
        request_id=request_id,
        item_id=item.item_id,
        service_kind=item.service_kind,
        channel=channel,
        star=item.star,
        wished_on=wished_on,
    )


def assign(
    request: Request,
    team_id: UUID | None,
    holder: Holder | None,
    earned: StarTier,
    target: ResponseTarget,
    at: datetime,
) -> ServiceAssigned:
    """`earned` is the holder's star. The minutes waited run from the request's business time."""
    ASSIGN(request.status)
    check_order(at, request.requested_at)
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
        **_of_request(request),
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
            f"A service of {asked.value} stars needs a volunteer by id.",
            zh=f"{asked.label}服务须指定志愿者本人。",
            field="member_id",
        )
    if STARS.index(earned) < STARS.index(asked):
        raise StarTooLow(
            f"The volunteer has {earned.value} stars, the service asks for {asked.value}.",
            zh=f"该志愿者为{earned.label}，本服务须{asked.label}及以上。",
            field=holder.field,
            earned=earned.value,
            asked=asked.value,
        )


def render(
    request: Request, minutes: int, at: datetime, *, afterwards: bool = False
) -> ServiceRendered:
    """`afterwards`: entered out of the register, which knows no assignment."""
    if not afterwards:
        RENDER(request.status)
    check_order(at, request.assigned_at or request.requested_at)
    return ServiceRendered(
        **_of_request(request),
        team_id=request.team_id,
        holder_id=request.holder.holder_id if request.holder else None,
        service_minutes=minutes,
    )


def decline(request: Request, at: datetime) -> ServiceDeclined:
    DECLINE(request.status)
    check_order(at, request.assigned_at or request.requested_at)
    return ServiceDeclined(**_of_request(request))


def withdraw(request: Request, at: datetime) -> ServiceRetracted:
    WITHDRAW(request.status)
    check_order(at, request.assigned_at or request.requested_at)
    return ServiceRetracted(**_of_request(request))


def rate(request: Request, rating: int, at: datetime) -> ServiceRated:
    """Once, by the resident, after it was done."""
    RATE(request.status)
    check_order(at, request.closed_at or request.requested_at)
    if request.rating is not None:
        raise AlreadyRated(
            f"It was rated with {request.rating}.", zh=f"该服务已评 {request.rating} 分。"
        )
    return ServiceRated(**_of_request(request), rating=rating)


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


def state_quantity(statement: Statement) -> ServiceQuantityStated:
    return ServiceQuantityStated(**vars(statement))


def withdraw_quantity(statement: Statement) -> ServiceQuantityRetracted:
    return ServiceQuantityRetracted(**vars(statement))


def star_of(
    holder: Holder, area: str, was: StarTier, earned: StarTier
) -> VolunteerStarred | VolunteerStarRaised | None:
    """What a higher star announces. A rule that grows stricter takes no star away."""
    if STARS.index(earned) <= STARS.index(was):
        return None
    said: dict[str, Any] = {
        "area": area,
        "volunteer_id": holder.volunteer_id,
        "holder_id": holder.holder_id,
        "holder_kind": holder.holder_kind,
        "star": earned,
    }
    if was is StarTier.NONE:
        return VolunteerStarred(**said)
    return VolunteerStarRaised(**said, was_star=was)


def _of_item(item: Item) -> dict[str, Any]:
    return {
        "area": item.area,
        "item_id": item.item_id,
        "item_code": item.code,
        "service_kind": item.service_kind,
        "star": item.star,
        "duration_minutes": item.duration_minutes,
        "team_id": item.team_id,
        "holder_id": item.holder.holder_id if item.holder else None,
    }


def _of_request(request: Request) -> dict[str, Any]:
    return {
        "area": request.area,
        "request_id": request.request_id,
        "item_id": request.item_id,
        "service_kind": request.service_kind,
        "channel": request.channel,
        "star": request.star,
    }
