"""The rules of rotas: which days and hours of a week somebody is on duty. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.kinds.alerts import Severity
from contracts.kinds.books import Bound
from contracts.kinds.liaison import DutyKind
from contracts.membership.liaison import DutyRotaAdopted, DutyRotaChanged, DutyRotaEnded
from services.chassis.clock import LOCAL
from services.chassis.errors import Conflict, Invalid
from services.chassis.rules import EVER, Rule, Stated
from services.chassis.state import State
from services.chassis.working_days import SATURDAY
from services.membership.domain.liaison.points import check_order


class DutyHorizon(Rule):
    code: ClassVar[str] = "duty.horizon"
    label: ClassVar[str] = "值班表提前排定的天数"

    days: int = Field(ge=1, le=92, title="天数")


DUTY_HORIZON = Stated(
    DutyHorizon(days=28), "2021", EVER, Severity.HINT, "系统初始设定，由区县按值班公示要求修订"
)


class Shift(BaseModel):
    """Hours of one day, Asia/Shanghai."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    starts: time = Field(title="开始时间", examples=["09:00"])
    ends: time = Field(title="结束时间", examples=["11:00"])


class Rota(State):
    """By the week (`weekdays` times `shifts`) or by the month (`times_per_month`), never both.

    `routes` are the areas a patrol goes through. `planned_until` is the last day laid out.
    """

    rota_id: UUID
    code: str = Field(title="值班安排代码")
    kind: DutyKind = Field(title="值勤类别")
    organisation_id: UUID = Field(title="负责党组织")
    area: str = Field(title="区划")
    point_id: UUID | None = Field(title="联络点")
    weekdays: list[int] = Field(title="值班日")
    shifts: list[Shift] = Field(title="班次")
    headcount: int = Field(title="每班人数")
    routes: list[str] = Field(title="巡防区域")
    times_per_month: int = Field(title="每月次数")
    bound: Bound = Field(title="次数含义")
    on_holidays: bool = Field(title="节假日照常")
    effective_from: date = Field(title="开始日期")
    ended_on: date | None = Field(title="终止日期")
    planned_until: date | None = Field(title="已排至")

    @property
    def per_week(self) -> int:
        """Its slots."""
        return len(self.weekdays) * len(self.shifts)

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        repeated = {"area", "rota_id", "code", "kind", "organisation_id", "point_id", "bound"}
        counts = {"slots_per_week": self.per_week, "times_per_month": self.times_per_month}
        return self.model_dump(include=repeated) | counts

    def pattern(self) -> dict[str, Any]:
        """How it goes, for the events that say it whole."""
        return self.model_dump(include={"weekdays", "headcount", "routes"}) | {
            "shift_starts": tuple(shift.starts for shift in self.shifts),
            "shift_ends": tuple(shift.ends for shift in self.shifts),
        }


@dataclass(frozen=True)
class Hours:
    """One shift of one day."""

    starts_at: datetime
    ends_at: datetime


class RotaWithoutTimes(Invalid):
    code = "rota-without-times"
    title, title_zh = (
        "A rota has weekdays and shifts, or times a month",
        "值班安排须有值班日和班次，或每月次数",
    )


class ShiftsOverlap(Invalid):
    code = "shifts-overlap"
    title, title_zh = "Shifts of a day follow each other", "同日班次不能重叠"


class PointMissing(Invalid):
    code = "liaison-point-missing"
    title, title_zh = "Duty at a liaison point names the point", "联络点值班须指明联络点"


class RotaEnded(Conflict):
    code = "rota-ended"
    title, title_zh = "The rota was ended before", "值班安排已终止"


def adopt(rota: Rota) -> DutyRotaAdopted:
    """Raises `RotaWithoutTimes`, `ShiftsOverlap`, `PointMissing`."""
    _check(rota)
    return DutyRotaAdopted(**rota.facts(), **rota.pattern(), effective_from=rota.effective_from)


def change(was: Rota, now: Rota) -> DutyRotaChanged | None:
    """`None` when nothing changes. Raises `RotaEnded` and as `adopt`."""
    check_running(was)
    if now == was:
        return None
    _check(now)
    return DutyRotaChanged(
        **now.facts(),
        **now.pattern(),
        was_slots_per_week=was.per_week,
        was_times_per_month=was.times_per_month,
        was_bound=was.bound,
    )


def end(rota: Rota, on: date) -> DutyRotaEnded:
    """Raises `RotaEnded`, `EndsBeforeStart`."""
    check_running(rota)
    check_order(rota.effective_from, on, field="ended_on")
    return DutyRotaEnded(**rota.facts(), ended_on=on)


def check_running(rota: Rota) -> None:
    if rota.ended_on is not None:
        raise RotaEnded(
            f"{rota.code} ended on {rota.ended_on}.",
            zh=f"值班安排 {rota.code} 已于 {rota.ended_on} 终止。",
        )


def hours(rota: Rota, first: date, last: date, works: Callable[[date], bool]) -> Iterator[Hours]:
    """Every shift from `first` to `last`, both included, in order of time.

    A rota that rests on public holidays asks `works`. A weekend day worked instead (调休) is
    nobody's turn unless the rota names that weekday.
    """
    day = max(first, rota.effective_from)
    while day <= last:
        if day.isoweekday() in rota.weekdays and (rota.on_holidays or _kept(day, works)):
            for shift in sorted(rota.shifts, key=lambda shift: shift.starts):
                yield Hours(
                    datetime.combine(day, shift.starts, LOCAL),
                    datetime.combine(day, shift.ends, LOCAL),
                )
        day += timedelta(days=1)


def _kept(day: date, works: Callable[[date], bool]) -> bool:
    """Weekend rotas (patrols) go on at weekends; a weekday off is off for all who rest."""
    return works(day) or day.weekday() >= SATURDAY


def horizon(today: date, rule: DutyHorizon, years: Sequence[int] | frozenset[int]) -> date:
    """How far to lay out by the clock: never into a year whose holidays are unknown."""
    last = today + timedelta(days=rule.days)
    return last if last.year in years else date(today.year, 12, 31)


def _check(rota: Rota) -> None:
    weekly = bool(rota.weekdays and rota.shifts)
    if weekly == bool(rota.times_per_month) or bool(rota.weekdays) != bool(rota.shifts):
        raise RotaWithoutTimes(
            "Give weekdays with shifts, or times_per_month, and only one of the two.",
            zh="请填写值班日和班次，或填写每月次数，二者只填一种。",
            field="times_per_month" if rota.times_per_month else "weekdays",
        )
    if rota.kind is DutyKind.DUTY and rota.point_id is None:
        raise PointMissing(
            "Duty at a liaison point needs `point_id`.",
            zh="联络点值班须填写联络点。",
            field="point_id",
        )
    _check_shifts(sorted(rota.shifts, key=lambda shift: shift.starts))


def _check_shifts(shifts: Sequence[Shift]) -> None:
    backwards = any(shift.ends <= shift.starts for shift in shifts)
    if backwards or any(later.starts < earlier.ends for earlier, later in pairwise(shifts)):
        raise ShiftsOverlap(
            "A shift ends after it starts, and before the next one starts.",
            zh="班次的结束时间须晚于开始时间，且不与下一班次重叠。",
            field="shifts",
        )
