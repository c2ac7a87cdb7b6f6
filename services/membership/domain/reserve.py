"""The pool of reserve cadres (后备干部) of a community. Pure."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.areas import AreaLevel, level_of
from contracts.kinds.alerts import Severity
from contracts.membership.reserve import ReserveJoined, ReserveRemoved
from services.chassis.errors import Conflict, Invalid
from services.chassis.rules import EVER, Book, Rule, Stated
from services.chassis.state import State


class ReservePool(Rule):
    code: ClassVar[str] = "reserve.pool"
    label: ClassVar[str] = "社区后备干部人数"

    least: int = Field(ge=0, title="每个社区不少于（人）")
    most: int = Field(ge=1, title="每个社区不超过（人）")


FIRST = (
    Stated(ReservePool(least=3, most=7), "1", EVER, Severity.WARN, "社区后备干部队伍建设制度"),
)
RULES: tuple[type[Rule], ...] = (ReservePool,)


class Reserve(State):
    reserve_id: UUID
    area: str = Field(title="社区")
    member_id: UUID | None
    since: date = Field(title="入库日期")


class PoolFull(Conflict):
    code = "reserve-full"
    title, title_zh = "The community's pool is full", "社区后备干部已满"


class ReserveKnown(Conflict):
    code = "reserve-known"
    title, title_zh = "This member is in the pool already", "该党员已在后备干部库中"


class NoCommunity(Invalid):
    code = "not-a-community"
    title, title_zh = "A pool belongs to a community", "后备干部按社区建立"


class ReserveEndsBeforeStart(Invalid):
    code = "ends-before-start"
    title, title_zh = "It cannot end before it began", "结束日期不能早于开始日期"


def join(reserve: Reserve, present: int, book: Book) -> ReserveJoined:
    """`present` are in the pool already. Raises `NoCommunity` or `PoolFull`."""
    if level_of(reserve.area) is not AreaLevel.COMMUNITY:
        raise NoCommunity(
            f"{reserve.area} is no community.", zh="请填写 12 位社区区划代码。", field="area"
        )
    most = book[ReservePool].most
    if present >= most:
        raise PoolFull(
            f"A community keeps {most} at most.",
            zh=f"每个社区后备干部不超过 {most} 名。",
            field="area",
            most=most,
            rule=ReservePool.code,
        )
    return ReserveJoined(area=reserve.area, reserve_id=reserve.reserve_id, since=reserve.since)


def remove(reserve: Reserve, until: date) -> ReserveRemoved:
    """Raises `ReserveEndsBeforeStart`."""
    if until < reserve.since:
        raise ReserveEndsBeforeStart(
            f"It began on {reserve.since}.", zh=f"开始日期为 {reserve.since}。", field="until"
        )
    return ReserveRemoved(area=reserve.area, reserve_id=reserve.reserve_id, until=until)


def too_few(present: int, book: Book) -> bool:
    return present < book[ReservePool].least
